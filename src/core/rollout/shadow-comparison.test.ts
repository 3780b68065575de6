import { expect, test } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Intent } from '../../domain/input.ts';
import { openDesk } from '../../testing/rollout/rollout-desk.ts';
import { agreementOf, compareIntent, createComparison } from './shadow-comparison.ts';

/** An intent as a desk has it, of so many lots. */
function intentOf(qty: number, more: Partial<Intent> = {}): Intent {
  const { input } = openDesk().intent(0, 'buy', qty);
  if (input.kind !== 'intent') throw new Error('expected an intent');
  return { ...input, orderQty: lots(qty), ...more };
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

test.each([
  [10_000, 10_000, 1],
  [10_000, 10_010, 1],
  [10_000, 9_989, 0],
  [10_000, 5_000, 0],
  [-3, -2, 1],
  [-4, -2, 0],
])('limits of %i and %i ticks: %i agreement', (from, to, matched) => {
  const comparison = createComparison();
  compareIntent(comparison, intentOf(100, { price: ticks(from) }), true, micros(1_000_000));
  compareIntent(comparison, intentOf(100, { price: ticks(to) }), false, micros(1_000_000));
  expect(comparison.matched).toBe(matched);
});

test('stops are compared like limits', () => {
  const comparison = createComparison();
  compareIntent(comparison, intentOf(100, { ordType: 'stop', stopPx: ticks(10_000) }), true, micros(1_000_000));
  compareIntent(comparison, intentOf(100, { ordType: 'stop', stopPx: ticks(9_000) }), false, micros(1_000_000));
  expect(comparison.matched).toBe(0);
});

test('an order takes its nearest counterpart, not the first that is like it', () => {
  const comparison = createComparison();
  for (const price of [10_000, 10_009]) compareIntent(comparison, intentOf(100, { price: ticks(price) }), true, micros(1_000_000));
  for (const price of [10_009, 9_991]) compareIntent(comparison, intentOf(100, { price: ticks(price) }), false, micros(1_100_000));
  // with the first alike 9,991 would be left alone with 10,009
  expect(comparison.matched).toBe(2);
  const sizes = createComparison();
  for (const qty of [100, 109]) compareIntent(sizes, intentOf(qty), true, micros(1_000_000));
  for (const qty of [109, 91]) compareIntent(sizes, intentOf(qty), false, micros(1_100_000));
  expect(sizes.matched).toBe(2);
});
