import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import { maxDrawdown } from '../quant/performance/drawdown.ts';
import { sharpeRatio } from '../quant/performance/sharpe.ts';
import { automaticBlock } from '../quant/stats/block-length.ts';
import { crossing } from '../testing/backtest/crossing.ts';
import { barSetOf, freeCosts, plainBacktest } from '../testing/backtest/plain-backtest.ts';
import { bootstrapReturns, reshuffleTrades, slippageStress } from './monte-carlo.ts';

describe('trades in other orders', () => {
  it('agree with every order of a few trades', () => {
    const pnls = [30, -10, -20, 15];
    const orders = permutations(pnls);
    const depths = orders.map((order) => maxDrawdown(order.reduce((path, pnl) => [...path, path[path.length - 1] + pnl], [100])));
    const found = reshuffleTrades(pnls, 100, 20_000, 1);
    const happened = depths[0];
    expect(found?.maxDrawdown.happened).toBeCloseTo(happened, 12);
    expect(found?.deeper).toBeCloseTo(depths.filter((depth) => depth > happened + 1e-12).length / orders.length, 1);
    expect(found?.maxDrawdown.high).toBeCloseTo(Math.max(...depths), 12);
  });
  it('repeat by seed, and one trade has no order', () => {
    expect(reshuffleTrades([1, -2, 3], 10, 50, 4)).toEqual(reshuffleTrades([1, -2, 3], 10, 50, 4));
    expect(reshuffleTrades([1], 10, 50, 4)).toBeUndefined();
    expect(() => reshuffleTrades([1, 2], 10, 0, 4)).toThrow('paths: expected 1…1000000, was 0');
  });
});

describe('other histories of the same returns', () => {
  const luck = prng('histories');
  const returns = Float64Array.from({ length: 750 }, () => 0.0006 + 0.01 * luck.normal());
  it('surround what happened, as wide as theory says of independent returns', () => {
    const found = bootstrapReturns(returns, { periodsPerYear: 252, paths: 2000, block: 1, seed: 1 });
    if (found === undefined) throw new Error('expected histories');
    expect(found.sharpe.happened).toBeCloseTo(sharpeRatio(returns, 252) ?? 0, 12);
    const width = found.sharpe.high - found.sharpe.low;
    expect(Math.abs(width / (2 * 1.645 * Math.sqrt(252 / 750)) - 1)).toBeLessThan(0.1);
    for (const { low, median, high, happened } of [found.totalReturn, found.sharpe]) {
      expect(low).toBeLessThan(happened);
      expect(happened).toBeLessThan(high);
      expect(low).toBeLessThan(median);
    }
    expect(found.losing).toBeGreaterThan(0);
  });
  it('find their block length when asked, and repeat by seed', () => {
    const options = { periodsPerYear: 252, paths: 200, block: 'automatic', seed: 3 } as const;
    const found = bootstrapReturns(returns, options);
    expect(found?.meanBlock).toBe(automaticBlock(returns));
    expect(bootstrapReturns(returns, options)).toEqual(found);
    expect(bootstrapReturns(returns, { ...options, seed: 4 })).not.toEqual(found);
    expect(bootstrapReturns([0.1, 0.1], options)).toBeUndefined();
  });
});

describe('slippage stress', () => {
  it('never earns more at more slippage, and the first row is the run without any', () => {
    const luck = prng('stress');
    let price = 50;
    const bars = barSetOf({ A: Array.from({ length: 200 }, () => (price *= Math.exp(0.01 * luck.normal()))) });
    const run = plainBacktest();
    const parameters = { fast: 2, slow: 6 };
    const request = { strategy: 'crossing', definition: crossing, parameters, bars, capital: '1000000', costs: freeCosts, seed: 1 };
    const rows = slippageStress(run, { ...request, keep: 'everything' }, [0, 1, 5, 25]);
    const values = rows.map(({ finalEquity }) => Number(finalEquity));
    expect(rows[0].finalEquity).toBe(run({ ...request, keep: 'equity' }).metrics.finalEquity);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(new Set(values).size).toBe(4);
  });
});

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, i) => permutations([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]));
}
