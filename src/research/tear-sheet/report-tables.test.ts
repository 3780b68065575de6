import { describe, expect, it } from 'vitest';
import { microsFromCivil } from '../../base/time.ts';
import { costTable, foldTable, pathTable, slippageTable } from './report-tables.ts';
import { runOfWalkForward } from './run-of-walk-forward.ts';
import { tearSheetOf } from './tear-sheet.ts';

const row = { finalEquity: '1056256.310364', totalReturn: 0.056256, sharpe: 0.4, trades: 77 };

describe('tables of a report', () => {
  it('say what other costs leave, and at which nothing is left', () => {
    const table = costTable({ rows: [{ multiple: 2, ...row }], breakEvenBps: 81.04, notes: [] });
    expect(table.rows).toEqual([['2', '1,056,256.310364', '+5.63 %', '77']]);
    expect(table.text).toContain('it earned 81.0 bps of what it traded');
    expect(costTable({ rows: [], breakEvenBps: null, notes: [] }).text).toContain('Nothing was traded.');
    expect(slippageTable([{ bps: 5, ...row, totalReturn: -0.01 }]).rows).toEqual([['5', '1,056,256.310364', '−1.00 %', '77']]);
  });
  it('show the paths that there are', () => {
    const spread = { low: 0.01, median: 0.02, high: 0.05, happened: 0.03 };
    expect(pathTable({ paths: 100, maxDrawdown: spread, deeper: 0.25 }, undefined).rows).toEqual([
      ['drawdown, the same trades in other orders', '1.00 %', '2.00 %', '5.00 %', '3.00 %'],
    ]);
    expect(pathTable(undefined, undefined).rows).toEqual([]);
  });
});

describe('a walk-forward as a tear sheet', () => {
  const [learned, judged] = [microsFromCivil(2020, 1, 3, 21), microsFromCivil(2020, 1, 6, 21)];
  const fold = {
    learnFrom: microsFromCivil(2020, 1, 1, 21),
    learnTo: learned,
    judgeFrom: judged,
    judgeTo: microsFromCivil(2020, 1, 7, 21),
  };
  const result = {
    folds: [{ fold, chosen: { fast: 5 }, runId: 'r', candidates: 3, inSampleSharpe: 1, outOfSampleSharpe: null, outOfSampleReturn: 0.21 }],
    equity: { time: Float64Array.of(judged, fold.judgeTo), value: Float64Array.of(110e6, 121e6) },
    outOfSample: {
      index: 0,
      parameters: {},
      runId: 'chained',
      sharpe: null,
      totalReturn: 0.21,
      maxDrawdown: 0,
      trades: 0,
      finalEquity: '121.000000',
      observations: 2,
      skewness: null,
      kurtosis: null,
    },
    efficiency: null,
    trials: [],
  };
  const costs = { fees: { kind: 'none' }, slippage: { kind: 'none' }, maxParticipationBps: 1000 } as const;
  const base = { strategy: 'by-hand', capital: '100', costs, seed: 1 };
  const bars = { series: [], dataHash: 'd', currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 };

  it('begins with the capital, so that its first return counts', () => {
    const run = runOfWalkForward(result, { strategy: 'by-hand', base, bars, terms: [] });
    expect(Array.from(run.equity)).toEqual([100, 110, 121]);
    expect(run.time[0]).toBe(learned);
    const sheet = tearSheetOf(run, { notes: [], trials: { count: 1, variance: 0 }, seed: 1 });
    expect(sheet.returns.length).toBe(2);
    expect(sheet.totalReturn).toBeCloseTo(0.21, 12);
  });
  it('lists its folds', () => {
    expect(foldTable(result.folds, 0.5).rows).toEqual([
      ['2020-01-06 to 2020-01-07', '2020-01-01 to 2020-01-03', '3', '+21.00 %', 'fast 5'],
    ]);
    expect(foldTable(result.folds, 0.5).text).toContain('0.50 times that in sample');
  });
});
