import { expect, test } from 'vitest';
import { casesOf } from './cases.ts';

test('every case is asked for where nobody says otherwise, a tenth of them as a sample, and any other word is refused', () => {
  expect(casesOf(100_000, '')).toBe(100_000);
  expect([100_000, 15, 1].map((all) => casesOf(all, 'sample'))).toEqual([10_000, 2, 1]);
  expect(() => casesOf(10, 'few')).toThrow('PLIMSOLL_CASES: expected sample or nothing, was few');
});
