import { expect, test } from 'vitest';
import { plainOrder } from '../../testing/venue/plain-order.ts';
import { AnswerWatch } from './answer-watch.ts';

const second = 1_000_000;

/** What it tells at each of these times. */
function told(watch: AnswerWatch, ...times: readonly number[]): readonly string[] {
  const said: string[] = [];
  for (const now of times)
    watch.expire(
      now * second,
      ({ order, replacing }) => said.push(`${now} s: order ${order.clOrdID}${replacing ? ' replacing' : ''}`),
      (venue) => said.push(`${now} s: venue ${venue}`),
    );
  return said;
}

test('an order without a word is told of once, in the order of handing over; one that has an answer is not', () => {
  const watch = new AnswerWatch();
  watch.ordered(plainOrder({ clOrdID: 1 }), false, 0);
  watch.ordered(plainOrder({ clOrdID: 2 }), false, second);
  watch.ordered(plainOrder({ clOrdID: 3 }), true, second);
  expect(watch.answered(2)).toBe(second);
  expect(watch.answered(2)).toBeUndefined();
  expect(told(watch, 4, 5, 6, 7)).toEqual(['5 s: order 1', '6 s: order 3 replacing']);
});

test('a venue that was asked and says nothing at all is told of once, and again only after it has spoken', () => {
  const watch = new AnswerWatch();
  watch.asked(0, 0);
  watch.asked(1, 0);
  watch.asked(0, 3 * second);
  watch.heard(1);
  expect(told(watch, 4, 5, 6)).toEqual(['5 s: venue 0']);
  watch.asked(0, 7 * second);
  expect(told(watch, 20)).toEqual([]);
  watch.heard(0);
  watch.asked(0, 21 * second);
  expect(told(watch, 25, 26)).toEqual(['26 s: venue 0']);
});

test('who owes nothing may be silent for ever', () => {
  const watch = new AnswerWatch();
  watch.asked(0, 0);
  watch.heard(0);
  expect(told(watch, 3_600)).toEqual([]);
});
