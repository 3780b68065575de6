import { describe, expect, it } from 'vitest';
import { micros } from '../../base/units.ts';
import type { BacktestFill, BacktestOrder, BacktestResult, BarSet } from '../../ports/backtest.ts';
import { dayAt } from '../../testing/tear-sheet/small-run.ts';
import { runOfResult } from './run-of-result.ts';

const ticks = (...prices: number[]): Float64Array => Float64Array.from(prices, (price) => Math.round(price * 1e6));

const bars: BarSet = {
  series: [
    {
      instrumentID: 'AAA',
      closeTime: Float64Array.from([0, 1, 2, 3], dayAt),
      open: ticks(10, 10, 9, 8),
      high: ticks(11, 11, 9.5, 9),
      low: ticks(9.5, 9.2, 8, 7),
      close: ticks(10.5, 10, 8.5, 8),
      volume: Float64Array.from([100, 100, 100, 100]),
    },
  ],
  dataHash: 'd'.repeat(64),
  currency: 'USD',
  priceUnit: '0.000001',
  periodsPerYear: 252,
};

const order = (more: Partial<BacktestOrder>): BacktestOrder => ({
  no: 1,
  replaces: null,
  instrumentID: 'AAA',
  side: 'sell',
  ordType: 'market',
  timeInForce: 'gtc',
  qty: '10',
  price: null,
  stopPx: null,
  time: micros(dayAt(0)),
  reason: 'entry',
  ordStatus: 'filled',
  cumQty: '10',
  endTime: null,
  ...more,
});

const filled = (day: number, side: 'buy' | 'sell', px: string): BacktestFill => ({
  order: 1,
  instrumentID: 'AAA',
  side,
  qty: '10',
  px,
  time: micros(dayAt(day)),
  fee: '0.100000',
});

function slippageOf(ofOrder: Partial<BacktestOrder>, fill: BacktestFill): number {
  const result: BacktestResult = {
    strategy: 'by-hand',
    version: '1.0.0',
    params: { window: 3 },
    runId: 'a',
    dataHash: bars.dataHash,
    resultHash: 'c',
    trades: [],
    orders: [order({ side: fill.side, ...ofOrder })],
    fills: [fill],
    denials: [],
    equity: { time: Float64Array.from([0, 1, 2, 3], dayAt), value: Float64Array.from([1e8, 1e8, 1e8, 1e8]) },
    metrics: {
      bars: 4,
      dates: 4,
      trades: 0,
      orders: 1,
      fills: 1,
      denied: 0,
      finalEquity: '100.000000',
      fees: '0.100000',
      traded: '100.000000',
      totalReturn: 0,
      sharpe: null,
      maxDrawdown: 0,
      winRate: null,
      exits: {},
    },
  };
  const costs = { fees: { kind: 'none' }, slippage: { kind: 'none' }, maxParticipationBps: 1000 } as const;
  return runOfResult(result, { bars, capital: '100', costs }).fills[0].slippage;
}

describe('slippage of a fill, from the bar that it happened in', () => {
  it('of a market order is its distance from the open', () => {
    expect(slippageOf({}, filled(1, 'buy', '10.010000'))).toBeCloseTo(0.1, 9);
    expect(slippageOf({}, filled(1, 'buy', '10.000000'))).toBe(0);
    expect(slippageOf({}, filled(1, 'sell', '9.990000'))).toBeCloseTo(0.1, 9);
  });
  it('of a stop is its distance from the stop, or from the open beyond it', () => {
    expect(slippageOf({ stopPx: '9.300000' }, filled(1, 'sell', '9.290700'))).toBeCloseTo(0.093, 9);
    expect(slippageOf({ stopPx: '9.100000' }, filled(2, 'sell', '8.991000'))).toBeCloseTo(0.09, 9);
  });
  it('of what a triggered stop left over is its distance from the next open', () => {
    expect(slippageOf({ stopPx: '9.300000' }, filled(2, 'sell', '8.991000'))).toBeCloseTo(0.09, 9);
  });
  it('of a limit is none', () => expect(slippageOf({ price: '9.500000' }, filled(1, 'buy', '9.500000'))).toBe(0));
});
