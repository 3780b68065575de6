import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { expectClose, golden } from '../../testing/quant/golden.ts';
import { drawdowns, maxDrawdown, worstDrawdowns } from './drawdown.ts';
import { annualGrowth, annualTurnover, calmarRatio } from './growth.ts';
import { sharpeInterval } from './sharpe-interval.ts';
import { sharpeRatio, simpleReturns } from './sharpe.ts';
import { downsideDeviation, sortinoRatio } from './sortino.ts';
import { tradeOutcomes } from './trade-outcomes.ts';

interface Golden {
  readonly returns: readonly number[];
  readonly empyrical: Readonly<Record<'sharpe' | 'sortino' | 'annualGrowth' | 'maxDrawdown' | 'calmar' | 'downsideDeviation', number>>;
  readonly numpy: { readonly equityEnd: number };
}

const { returns, empyrical, numpy } = golden<Golden>('performance');
const equity = [1_000_000];
for (const value of returns) equity.push(equity[equity.length - 1] * (1 + value));

describe('ratios agree with empyrical-reloaded 0.7.1, 252 periods a year', () => {
  it('the equity curve is the one NumPy compounds', () => expectClose(equity.at(-1), numpy.equityEnd, 'end'));
  it('Sharpe', () => expectClose(sharpeRatio(returns, 252), empyrical.sharpe, 'Sharpe'));
  it('Sortino and downside deviation', () => {
    expectClose(sortinoRatio(returns, 252), empyrical.sortino, 'Sortino');
    expectClose(downsideDeviation(returns), empyrical.downsideDeviation, 'downside');
  });
  it('annual growth, drawdown, Calmar', () => {
    expectClose(annualGrowth(equity, 252), empyrical.annualGrowth, 'growth');
    expectClose(maxDrawdown(equity), empyrical.maxDrawdown, 'drawdown');
    expectClose(calmarRatio(equity, 252), empyrical.calmar, 'Calmar');
  });
  it('returns come back from the equity', () => {
    const back = simpleReturns(equity) ?? [];
    expect(back.length).toBe(returns.length);
    returns.forEach((value, i) => expectClose(back[i], value, `return ${i}`, 1e-12));
  });
});

describe('drawdowns', () => {
  it('are magnitudes from the running peak', () => {
    expect(Array.from(drawdowns([100, 80, 120, 90, 120, 60]))).toEqual([0, 0.2, 0, 0.25, 0, 0.5]);
  });
  it('are listed from peak to recovery, deepest first, the last one still open', () => {
    expect(worstDrawdowns([100, 80, 120, 90, 120, 120, 60, 70], 5)).toEqual([
      { peak: 5, trough: 6, recovery: undefined, depth: 0.5 },
      { peak: 2, trough: 3, recovery: 4, depth: 0.25 },
      { peak: 0, trough: 1, recovery: 2, depth: 0.2 },
    ]);
    expect(worstDrawdowns([100, 80, 120, 90, 120], 1)).toHaveLength(1);
    expect(worstDrawdowns([1, 2, 3], 9)).toEqual([]);
  });
  it('may pass 1 when the equity falls below zero', () => expect(maxDrawdown([100, -50])).toBe(1.5));
  it('the worst of the list is the maximum of the series, and spans never overlap', () => {
    let listed = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 }), (values) => {
        const worst = worstDrawdowns(values, 100);
        expect(worst[0]?.depth ?? 0).toBe(maxDrawdown(values));
        const inOrder = [...worst].sort((a, b) => a.peak - b.peak);
        inOrder.forEach(({ peak, trough, recovery }, i) => {
          expect(peak).toBeLessThan(trough);
          if (recovery !== undefined) expect(trough).toBeLessThan(recovery);
          else expect(i).toBe(inOrder.length - 1);
          if (i > 0) expect(inOrder[i - 1].recovery).toBeLessThanOrEqual(peak);
        });
        listed += worst.length;
      }),
      { numRuns: 300 },
    );
    expect(listed).toBeGreaterThan(300);
  });
});

describe('what cannot be divided is undefined', () => {
  it('no variation, no shortfall, no drawdown, no trades', () => {
    expect([sharpeRatio([0.1, 0.1, 0.1], 252), sharpeRatio([0.1], 252), sortinoRatio([0.1, 0.2], 252)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(calmarRatio([1, 2, 3], 252)).toBeUndefined();
    expect(simpleReturns([1, 0, 1])).toBeUndefined();
    expect(tradeOutcomes([])).toMatchObject({ trades: 0, winRate: undefined, profitFactor: undefined, expectancy: undefined });
    expect(annualTurnover(100, 0, 1)).toBeUndefined();
  });
  it('a number that is not finite is refused, never passed over', () => {
    expect(() => maxDrawdown([100, NaN, 90])).toThrow('expected equity value to be a finite number, was NaN');
    expect(() => tradeOutcomes([1, NaN])).toThrow('expected PnL to be a finite number');
    expect(sharpeRatio([0.1, NaN, 0.2], 252)).toBeUndefined();
  });
  it('everything lost is a growth of -1', () => expect(annualGrowth([100, -3], 252)).toBe(-1));
});

describe('trades and turnover', () => {
  it('wins, losses, profit factor, expectancy, payoff', () => {
    expect(tradeOutcomes([30, -10, 0, 50, -30])).toEqual({
      trades: 5,
      wins: 2,
      losses: 2,
      winRate: 0.4,
      grossProfit: 80,
      grossLoss: 40,
      profitFactor: 2,
      expectancy: 8,
      payoff: 2,
    });
  });
  it('buying and selling the whole equity in half a year is a turnover of 2', () => expect(annualTurnover(2000, 1000, 0.5)).toBe(2));
});

describe('bootstrap interval of the Sharpe ratio', () => {
  it('holds the estimate, repeats by seed, and narrows with confidence', () => {
    const options = { periodsPerYear: 252, samples: 1000 };
    const wide = sharpeInterval(returns, { ...options, random: prng(1) });
    const again = sharpeInterval(returns, { ...options, random: prng(1) });
    const narrow = sharpeInterval(returns, { ...options, confidence: 0.5, random: prng(1) });
    if (wide === undefined || narrow === undefined) throw new Error('expected intervals');
    expect(again).toEqual(wide);
    expect(wide.samples).toBe(1000);
    expect(wide.lower).toBeLessThan(narrow.lower);
    expect(narrow.lower).toBeLessThan(empyrical.sharpe);
    expect(empyrical.sharpe).toBeLessThan(narrow.upper);
    expect(narrow.upper).toBeLessThan(wide.upper);
  });
  it('on normal returns it is about as wide as theory says: 2 x 1.96 sqrt(252 / n)', () => {
    const random = prng(2);
    const normal = Float64Array.from({ length: 1000 }, () => 0.01 * random.normal());
    const interval = sharpeInterval(normal, { periodsPerYear: 252, meanBlock: 1, random });
    const width = (interval?.upper ?? NaN) - (interval?.lower ?? NaN);
    expect(Math.abs(width / (2 * 1.96 * Math.sqrt(252 / 1000)) - 1)).toBeLessThan(0.1);
  });
  it('one return has none', () => expect(sharpeInterval([0.1], { periodsPerYear: 252, random: prng(1) })).toBeUndefined());
});
