import { expect, test } from 'vitest';
import { lots, micros } from '../../base/units.ts';
import type { Intent } from '../../domain/input.ts';
import { openDesk } from '../../testing/rollout/rollout-desk.ts';
import { agreementOf, compareIntent, createComparison } from './shadow-comparison.ts';

/** An intent as a desk has it, of so many lots. */
function intentOf(qty: number): Intent {
  const { input } = openDesk().intent(0, 'buy', qty);
  if (input.kind !== 'intent') throw new Error('expected an intent');
  return { ...input, orderQty: lots(qty) };
}

test.each([
  [100, 100, 1],
  [100, 90, 1],
  [100, 89, 0],
  [100, 111, 1],
  [100, 112, 0],
  [2, 1, 1],
  [3, 1, 0],
])('an order of %i lots and one of %i within a second: %i agreement', (from, to, matched) => {
  const comparison = createComparison();
  compareIntent(comparison, intentOf(from), true, micros(1_000_000));
  compareIntent(comparison, intentOf(to), false, micros(1_500_000));
  expect(comparison.matched).toBe(matched);
  expect(agreementOf(comparison, micros(3_000_000))).toBe(matched);
});

test('an order finds the one of its own quantity, whichever came first', () => {
  const comparison = createComparison();
  for (const qty of [10, 1_000]) compareIntent(comparison, intentOf(qty), true, micros(1_000_000));
  for (const qty of [1_000, 10]) compareIntent(comparison, intentOf(qty), false, micros(1_100_000));
  expect([comparison.matched, comparison.fromWaiting.length, comparison.toWaiting.length]).toEqual([2, 0, 0]);
});
