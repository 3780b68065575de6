import { describe, expect, it } from 'vitest';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import { runOfResult } from '../../research/tear-sheet/run-of-result.ts';
import { tearSheetOf, type TearSheet } from '../../research/tear-sheet/tear-sheet.ts';
import { closeOf } from '../../testing/backtest/desk-run.ts';
import { swingingBars } from '../../testing/backtest/generated-bars.ts';
import { createRunBacktest } from './run-backtest.ts';

const pointValue = 50;
const inputs = swingingBars('contracts', 3, 260);

/** The same bars as contracts of 50 a point, or as shares at 50 times the price: every money is the same. */
function setOf(as: 'contracts' | 'shares'): BarSet {
  const factor = as === 'shares' ? pointValue : 1;
  const series = inputs.map(({ id, bars }) => {
    const prices = (name: 'open' | 'high' | 'low' | 'close'): Float64Array => Float64Array.from(bars, (bar) => bar[name] * factor);
    const columns = { open: prices('open'), high: prices('high'), low: prices('low'), close: prices('close') };
    return {
      instrumentID: id,
      closeTime: Float64Array.from(bars, (bar) => closeOf(bar.date)),
      ...columns,
      volume: Float64Array.from(bars, (bar) => bar.volume),
      ...(as === 'contracts' ? { multiplier: String(pointValue) } : {}),
    };
  });
  return { series, dataHash: 'd', currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 };
}

function sheetOf(as: 'contracts' | 'shares'): TearSheet {
  const bars = setOf(as);
  // half a spread is in price units, a rate of the price would be rounded to another one
  const ticks = as === 'contracts' ? 10_000 : 10_000 * pointValue;
  const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'halfSpread', ticks }, maxParticipationBps: 1_000 } as const;
  const terms = { parameters: { fast: 3, slow: 9, capBps: 5_000 }, capital: '5000000', seed: 1, keep: 'everything' } as const;
  const request: BacktestRequest = { strategy: 'moving-average', bars, costs, ...terms };
  const result = createRunBacktest('c')(request);
  return tearSheetOf(runOfResult(result, { bars, capital: request.capital, costs }), {
    notes: [],
    trials: { count: 1, variance: 0 },
    seed: 1,
  });
}

describe('the tear sheet of contracts with a multiplier', () => {
  it('shows the money of the same shares at as many times their price', () => {
    const [contracts, shares] = [sheetOf('contracts'), sheetOf('shares')];
    expect(contracts.run.fills.length).toBeGreaterThan(30);
    expect(contracts.run.fills.map(({ qty }) => qty)).toEqual(shares.run.fills.map(({ qty }) => qty));
    expect(contracts.run.equityMicros).toEqual(shares.run.equityMicros);
    expect(contracts.run.trades.map(({ pnl, fees }) => [pnl, fees])).toEqual(shares.run.trades.map(({ pnl, fees }) => [pnl, fees]));
    const near = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
      expect(a.length).toBe(b.length);
      for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(1e-9 * Math.abs(b[i]));
    };
    near(contracts.holdings.long, shares.holdings.long);
    near(contracts.exposure.gross, shares.exposure.gross);
    near(contracts.costs.slippage, shares.costs.slippage);
    near([contracts.costs.traded, contracts.turnover ?? NaN], [shares.costs.traded, shares.turnover ?? NaN]);
    expect(contracts.costs.totalSlippage).toBeGreaterThan(100);
    expect(contracts.exposure.maxGross).toBeGreaterThan(0.3);
  });
});
