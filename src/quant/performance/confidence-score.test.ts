import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { noMoments, takeValue } from '../stats/running-moments.ts';
import { evidenceConfidence, seedConfidence } from './confidence-score.ts';
import { estimateSharpe } from './probabilistic-sharpe.ts';
import { sharpeOfMoments } from './running-sharpe.ts';

const estimate = { sharpe: 0.2, observations: 1_000, skewness: 0, kurtosis: 3 };
const record = { estimate, periodsPerYear: 365, wins: 60, losses: 40, drawdown: 0.02 };

describe('confidence of seedV1', () => {
  it('is the sum worked out by hand: 0.4 clip((0.2 - 1.6449 x 0.031954) sqrt(365) / 2) + 0.3 x 0.5174 + 0.3 x 0.8', () => {
    // sqrt((1 + 0.02) / 999) = 0.031953; lower bound of 60 of 100: (0.6 + 0.013528 - 1.644854 sqrt(0.0024 + 0.0000676)) / 1.027055 = 0.517805
    const sharpe = ((0.2 - 1.6448536 * Math.sqrt(1.02 / 999)) * Math.sqrt(365)) / 2;
    expect(sharpe).toBeGreaterThan(1);
    expect(seedConfidence(record)).toBeCloseTo(0.4 + 0.3 * 0.517805 + 0.24, 4);
  });

  it('stays within 0 and 1, whatever is put in, and no bad term takes from a good one', () => {
    const luck = prng('confidence');
    let seen = 0;
    for (let n = 0; n < 2_000; n++) {
      const sharpe = 3 * luck.normal();
      const value = seedConfidence({
        estimate: { ...estimate, sharpe, observations: 2 + luck.int(500) },
        periodsPerYear: 8_760,
        wins: luck.int(50),
        losses: luck.int(50),
        drawdown: luck.float() * 2,
      });
      if (value === undefined) continue;
      seen++;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    expect(seen).toBeGreaterThan(1_900);
    expect(seedConfidence({ ...record, drawdown: 0.9 }) ?? 0).toBeCloseTo((seedConfidence(record) ?? 0) - 0.24, 12);
  });

  it('says nothing without round trips', () => {
    expect(seedConfidence({ ...record, wins: 0, losses: 0 })).toBeUndefined();
  });
});

describe('confidence by evidence', () => {
  it('is 1 - 1 / K, and 0 up to K = 1', () => {
    expect([0, 1, 2, 5, 20].map(evidenceConfidence)).toEqual([0, 0, 0.5, 0.8, 0.95]);
  });
});

describe('Sharpe ratio from running sums', () => {
  it('is the estimate that the returns themselves give', () => {
    const luck = prng('sums');
    const values: number[] = [];
    const sums = noMoments();
    expect(sharpeOfMoments(sums)).toBeUndefined();
    for (let n = 0; n < 300; n++) {
      values.push(0.001 + 0.01 * luck.normal());
      takeValue(sums, values[n]);
    }
    const exact = estimateSharpe(values);
    const running = sharpeOfMoments(sums);
    for (const key of ['sharpe', 'skewness', 'kurtosis', 'observations'] as const)
      expect(running?.[key] ?? NaN).toBeCloseTo(exact?.[key] ?? Infinity, 9);
  });
});
