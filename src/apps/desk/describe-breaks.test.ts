import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { areAnswered } from '../../core/reconcile/reconciliation.ts';
import { createDeskView, foldDecision, foldInput } from '../../projections/desk-view.ts';
import { ComparedDesk } from '../../testing/reconcile/compared-desk.ts';
import { divergences } from '../../testing/reconcile/divergences.ts';
import type { ControlAnswer } from './control-socket.ts';
import { reconciliationAnswer } from './describe-breaks.ts';

/** What `plimsoll reconcile` would say of a desk, from nothing but its turns. */
function answerOf({ desk }: ComparedDesk): ControlAnswer {
  const view = createDeskView();
  for (const { seq, at, input, decisions } of desk.turns) {
    foldInput(view, seq - decisions.length, at, input);
    decisions.forEach((decision, n) => foldDecision(view, seq - decisions.length + 1 + n, at, decision));
  }
  return reconciliationAnswer(view, areAnswered(desk.core.reconciliation));
}

const world = (seed: string): ComparedDesk => new ComparedDesk(prng(seed));

test('exit 0: every venue has answered and no break is open', () => {
  const answer = answerOf(world('equal'));
  expect([answer.exitCode, answer.text.split('\n').at(-1)]).toEqual([0, 'no break is open']);
});

test('exit 1: a break is open and its rule is at work', () => {
  const one = world('at work');
  const { heal } = divergences.cumQty(one);
  one.compare();
  const answer = answerOf(one);
  expect([answer.exitCode, answer.text.split('\n').at(-1)]).toEqual([1, '1 break is open']);
  expect(answer.text).toMatch(/correcting, ask \d+x {2}cumQty\/V\/A1\//);
  heal();
  one.compare();
  expect(answerOf(one).exitCode).toBe(0);
});

test('exit 2: a venue has not answered, whatever else is known', () => {
  const one = world('silent');
  divergences.position(one);
  one.compare();
  one.desk.say({ kind: 'reconcile', reason: 'person', venue: -1, every: 0 });
  const answer = answerOf(one);
  expect([answer.exitCode, (answer.body as { answered: boolean }).answered]).toEqual([2, false]);
  expect(answer.text).toContain('not every venue has answered');
});

test('exit 3: a break waits for people', () => {
  const one = world('people');
  divergences.position(one);
  one.compare();
  const answer = answerOf(one);
  expect(answer.exitCode).toBe(3);
  expect(answer.text).toMatch(/found {2}position\/V\/A1\/[XY]: /);
});
