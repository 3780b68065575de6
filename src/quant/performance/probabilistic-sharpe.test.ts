import { describe, expect, it } from 'vitest';
import { golden } from '../../testing/quant/golden.ts';
import { deflatedSharpe, expectedMaximum } from './deflated-sharpe.ts';
import {
  type SharpeEstimate,
  type SharpeVariance,
  estimateSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
} from './probabilistic-sharpe.ts';

const variants: readonly SharpeVariance[] = ['2012', '2025'];

const rounded = (value: number | undefined, digits: number): string | undefined => value?.toFixed(digits);

/** The track record that both papers calculate with: 24 months, mean 3.6 %, deviation 7.9 %. */
const hedgeFund: SharpeEstimate = { sharpe: 0.036 / 0.079, observations: 24, skewness: -2.448, kurtosis: 10.164 };

describe('probabilistic Sharpe ratio, published values', () => {
  it('Bailey & Lopez de Prado 2012, from the unrounded ratio 0.458: 0.913, with normal moments 0.982', () => {
    const estimate = { ...hedgeFund, sharpe: 0.458 };
    expect(rounded(probabilisticSharpe(estimate), 3)).toBe('0.913');
    expect(rounded(probabilisticSharpe({ ...estimate, skewness: 0, kurtosis: 3 }), 3)).toBe('0.982');
  });
  it('on the same rounded numbers the variants say 0.913 and 0.987', () => {
    expect(variants.map((variance) => rounded(probabilisticSharpe(hedgeFund, 0, variance), 3))).toEqual(['0.913', '0.987']);
  });
  it('Lopez de Prado, Lipton & Zoonekynd 2025 (values of their published code): 0.987 against 0, 0.939 against 0.1', () => {
    expect(rounded(probabilisticSharpe(hedgeFund, 0, '2025'), 3)).toBe('0.987');
    expect(rounded(probabilisticSharpe(hedgeFund, 0.1, '2025'), 3)).toBe('0.939');
  });
  it('the default is 2012', () => expect(probabilisticSharpe(hedgeFund)).toBe(probabilisticSharpe(hedgeFund, 0, '2012')));
  it('an estimate without variance has no probability', () => {
    // returns of two values: kurtosis 1 + skewness^2, and a Sharpe ratio of 2 / skewness
    expect(probabilisticSharpe({ sharpe: 1, observations: 10, skewness: 2, kurtosis: 5 })).toBeUndefined();
    expect(minimumTrackRecord({ sharpe: 1, observations: 10, skewness: 2, kurtosis: 5 })).toBeUndefined();
    expect(estimateSharpe([0.1, 0.1])).toBeUndefined();
  });
});

describe('minimum track record length', () => {
  it('is the number of returns at which PSR reaches the confidence, in both variants', () => {
    for (const variance of variants) {
      const needed = minimumTrackRecord(hedgeFund, 0.1, 0.95, variance) ?? NaN;
      const before = probabilisticSharpe({ ...hedgeFund, observations: Math.floor(needed) }, 0.1, variance) ?? NaN;
      const after = probabilisticSharpe({ ...hedgeFund, observations: Math.ceil(needed) }, 0.1, variance) ?? NaN;
      expect(before).toBeLessThan(0.95);
      expect(after).toBeGreaterThanOrEqual(0.95);
    }
  });
  it('Bailey & Lopez de Prado 2012, normal daily returns: an annual 2 against 1 takes 2.73 years', () => {
    const daily = { sharpe: 2 / Math.sqrt(250), observations: 250, skewness: 0, kurtosis: 3 };
    expect(rounded((minimumTrackRecord(daily, 1 / Math.sqrt(250)) ?? NaN) / 250, 2)).toBe('2.73');
  });
  it('an estimate that is not above the benchmark never gets there', () => expect(minimumTrackRecord(hedgeFund, 0.5)).toBeUndefined());
});

describe('expected maximum of trials', () => {
  it('values of the specification', () => {
    expect(rounded(expectedMaximum(10), 6)).toBe('1.574598');
    expect(rounded(expectedMaximum(100), 6)).toBe('2.530603');
    expect(expectedMaximum(1)).toBe(0);
  });
  it('the approximation stays within 0.04 of the integral (SciPy quad) from 10 trials on', () => {
    const { normalMaximum } = golden<{ scipy: { normalMaximum: readonly (readonly [number, number])[] } }>('performance').scipy;
    expect(normalMaximum.length).toBe(4);
    for (const [trials, exact] of normalMaximum) {
      if (trials >= 10) expect(Math.abs(expectedMaximum(trials) - exact)).toBeLessThan(0.04);
    }
  });
  it('trials are counted from 1', () => expect(() => expectedMaximum(0)).toThrow('expected number of trials to be a whole number from 1'));
});

describe('deflated Sharpe ratio, example of Bailey & Lopez de Prado 2014', () => {
  const estimate: SharpeEstimate = { sharpe: 2.5 / Math.sqrt(250), observations: 1250, skewness: -3, kurtosis: 10 };
  it.each([
    [100, '0.113172', '0.9004'],
    [46, '0.100362', '0.9505'],
  ])('best of %d trials with annual variance 0.5', (trials, benchmark, probability) => {
    const deflated = deflatedSharpe(estimate, trials, 0.5 / 250);
    expect([rounded(deflated?.benchmark, 6), rounded(deflated?.probability, 4)]).toEqual([benchmark, probability]);
  });
  it('more trials never deflate less', () => {
    let last = 1;
    for (const trials of [1, 2, 5, 10, 100, 1000, 1e6, 1e12]) {
      const probability = deflatedSharpe(estimate, trials, 0.5 / 250)?.probability ?? NaN;
      expect(probability).toBeLessThanOrEqual(last);
      last = probability;
    }
  });
});
