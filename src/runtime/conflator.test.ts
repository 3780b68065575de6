import { expect, test } from 'vitest';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Quote } from '../domain/market.ts';
import { Conflator, markInterval } from './conflator.ts';

const at = (micros: number) => microsUnchecked(micros);

function quote(listing: number, eventTime: number): Quote {
  const one = {
    kind: 'quote',
    eventSeq: 0,
    feed: 0,
    feedSeq: eventTime + listing,
    eventTime: at(eventTime),
    receivedAt: at(eventTime),
    listing,
  } as const;
  const [px, qty] = [ticksUnchecked(100), lotsUnchecked(1)];
  return { ...one, bid: px, bidQty: qty, ask: px, askQty: qty };
}

test('marks that fall due together go a few at a time, whoever waited longest first, and none is left out', () => {
  const conflator = new Conflator(() => {
    throw new Error('a quote needs no book');
  });
  for (let listing = 0; listing < 10; listing++) conflator.take(quote(listing, 0), listing + 1);
  expect(conflator.dueAll(at(0), 4).map((mark) => mark.listing)).toEqual([0, 1, 2, 3]);
  expect(conflator.nextAt()).toBeLessThanOrEqual(0);
  // one that has had its turn and changes again does not go before those that wait
  conflator.take(quote(0, 1), 11);
  expect(conflator.dueAll(at(markInterval), 4).map((mark) => mark.listing)).toEqual([4, 5, 6, 7]);
  expect(conflator.dueAll(at(markInterval), 4).map((mark) => mark.listing)).toEqual([0, 8, 9]);
  expect(conflator.nextAt()).toBeUndefined();
});
