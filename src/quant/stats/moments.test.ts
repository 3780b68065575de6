import { describe, expect, it } from 'vitest';
import { expectAllClose, expectClose, golden } from '../../testing/quant/golden.ts';
import { autocorrelations } from './autocorrelation.ts';
import { jarqueBera } from './jarque-bera.ts';
import { ljungBox } from './ljung-box.ts';
import { deviation, kurtosis, mean, skewness, variance } from './moments.ts';
import { median, quantile } from './quantile.ts';

interface Golden {
  readonly values: readonly number[];
  readonly numpy: {
    readonly mean: number;
    readonly varianceSample: number;
    readonly variancePopulation: number;
    readonly quantilesLinear: readonly (readonly [number, number])[];
    readonly quantilesInverse: readonly (readonly [number, number])[];
  };
  readonly scipy: { readonly skewness: number; readonly kurtosis: number; readonly jarqueBera: readonly [number, number] };
  readonly statsmodels: {
    readonly acf10: readonly number[];
    readonly ljungBoxLags: readonly number[];
    readonly ljungBox: readonly [statistics: readonly number[], pValues: readonly number[]];
  };
}

const { values, numpy, scipy, statsmodels } = golden<Golden>('stats');

describe('moments and quantiles agree with NumPy 2.4.6 and SciPy 1.17.1', () => {
  it('mean and variances', () => {
    expectClose(mean(values), numpy.mean, 'mean', 1e-12);
    expectClose(variance(values, 'sample'), numpy.varianceSample, 'sample variance', 1e-12);
    expectClose(variance(values, 'population'), numpy.variancePopulation, 'population variance', 1e-12);
  });
  it('skewness, kurtosis, Jarque-Bera', () => {
    expectClose(skewness(values), scipy.skewness, 'skewness');
    expectClose(kurtosis(values), scipy.kurtosis, 'kurtosis');
    expectClose(jarqueBera(values)?.statistic, scipy.jarqueBera[0], 'Jarque-Bera');
    expectClose(jarqueBera(values)?.pValue, scipy.jarqueBera[1], 'Jarque-Bera p');
  });
  it.each(numpy.quantilesLinear)('quantile %d, linear', (p, expected) => expectClose(quantile(values, p), expected, 'quantile', 1e-12));
  it.each(numpy.quantilesInverse)('quantile %d, inverse: one of the values', (p, expected) => {
    expect(quantile(values, p, 'inverse')).toBe(expected);
  });
});

describe('autocorrelation agrees with statsmodels 0.15.0', () => {
  it('lags 0 to 10', () => {
    expect(expectAllClose(autocorrelations(values, 10) ?? [], statsmodels.acf10, 'acf')).toBe(11);
  });
  it.each(statsmodels.ljungBoxLags.map((lags, i) => [lags, i]))('Ljung-Box over %d lags', (lags, i) => {
    expectClose(ljungBox(values, lags)?.statistic, statsmodels.ljungBox[0][i], 'statistic');
    expectClose(ljungBox(values, lags)?.pValue, statsmodels.ljungBox[1][i], 'p');
  });
});

describe('what the numbers cannot answer', () => {
  const same = new Array<number>(60).fill(0.1);
  it('equal values have exactly that mean, and deviation exactly 0', () => {
    expect(mean(same)).toBe(0.1);
    expect(deviation(same, 'sample')).toBe(0);
  });
  it('a large level does not hide a small spread', () => {
    const lifted = [1, 2, 3, 4].map((x) => x / 1024 + 2 ** 40);
    expect(variance(lifted, 'population')).toBe(1.25 / 1024 ** 2);
  });
  it('equal values have no shape and no autocorrelation', () => {
    expect([skewness(same), kurtosis(same), jarqueBera(same), autocorrelations(same, 2), ljungBox(same, 2)]).toEqual(
      new Array(5).fill(undefined),
    );
  });
  it('ranges are half open and must hold enough', () => {
    expect(mean([9, 1, 3, 9], 1, 3)).toBe(2);
    expect(median([3, 1, 2])).toBe(2);
    expect(() => mean([])).toThrow('expected values in range to be a whole number from 1');
    expect(() => variance([1], 'sample')).toThrow(RangeError);
    expect(() => mean([1, 2], 1, 3)).toThrow(RangeError);
    expect(() => quantile([1], 1.5)).toThrow('expected probability from 0 to 1, was 1.5');
  });
});
