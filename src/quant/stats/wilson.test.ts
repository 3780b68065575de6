import { expect, test } from 'vitest';
import { wilsonLower } from './wilson.ts';

const z = 1.959963984540054;

test('Wilson interval, published example (Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29)', () => {
  expect(wilsonLower(81, 263, z)).toBeCloseTo(0.2553, 4);
  expect(wilsonLower(15, 148, z)).toBeCloseTo(0.0624, 4);
  expect(wilsonLower(0, 20, z)).toBe(0);
  expect(wilsonLower(1, 29, z)).toBeCloseTo(0.0061, 4);
});

test('without trials there is no bound, and more of the same raises it', () => {
  expect(wilsonLower(0, 0, z)).toBeUndefined();
  expect(wilsonLower(60, 100, z) ?? 0).toBeGreaterThan(wilsonLower(6, 10, z) ?? 1);
});
