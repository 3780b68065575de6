import { expect, test } from 'vitest';
import { TickGrid } from './tick-grid.ts';

function tickOf(...columns: readonly (readonly number[])[]): string | undefined {
  const grid = new TickGrid();
  for (const column of columns) grid.add(Float64Array.from(column));
  return grid.text;
}

const upFrom = (first: number, step: number, divisor: number) => Array.from({ length: 100 }, (_, i) => (first + i * step) / divisor);

test.for([
  [upFrom(167_650, 25, 100), '0.25'],
  [upFrom(1_001, 1, 100), '0.01'],
  [upFrom(100, 5, 1), '5'],
  [upFrom(135_001, 1, 100_000), '0.00001'],
  [upFrom(1, 1, 3), undefined],
  [[1, 2, 3], undefined],
] as const)('the largest step of which every price is a whole number of times: %#', ([prices, tick]) => {
  expect(tickOf(prices)).toBe(tick);
});

test('a finer column makes the step finer, whatever comes first; empty prices say nothing', () => {
  expect(tickOf(upFrom(100, 25, 100), upFrom(101, 1, 100))).toBe('0.01');
  expect(tickOf(upFrom(101, 1, 1_000), upFrom(100, 1, 1))).toBe('0.001');
  expect(tickOf([NaN, 0, -1, Infinity], upFrom(100, 25, 100))).toBe('0.25');
});
