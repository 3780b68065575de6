import { chiSquareTail } from './gamma.ts';
import type { ChiSquareTest } from './ljung-box.ts';
import { kurtosis, skewness } from './moments.ts';

/**
 * Whether skewness and kurtosis are those of a normal distribution: n / 6 (S^2 + (K - 3)^2 / 4), chi-square with 2 degrees (Jarque & Bera
 * 1980). Asymptotic: below some hundred observations p is too large. `undefined` without variation.
 */
export function jarqueBera(values: ArrayLike<number>): ChiSquareTest | undefined {
  const skew = skewness(values);
  const kurt = kurtosis(values);
  if (skew === undefined || kurt === undefined) return undefined;
  const excess = kurt - 3;
  const statistic = (values.length / 6) * (skew * skew + (excess * excess) / 4);
  return { statistic, pValue: chiSquareTail(statistic, 2), degrees: 2 };
}
