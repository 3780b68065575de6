import { requireWhole } from '../preconditions.ts';
import { autocorrelations } from './autocorrelation.ts';
import { chiSquareTail } from './gamma.ts';

export interface ChiSquareTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly degrees: number;
}

/**
 * Whether the first `lags` autocorrelations are jointly zero: Q = n (n + 2) sum r_k^2 / (n - k), chi-square with lags - fitted degrees
 * (Ljung & Box 1978). `fitted`: parameters of the model whose residuals these are. `undefined` without variation.
 */
export function ljungBox(values: ArrayLike<number>, lags: number, fitted = 0): ChiSquareTest | undefined {
  requireWhole('number of lags', lags, 1, values.length - 1);
  requireWhole('fitted parameters', fitted, 0, lags - 1);
  const correlations = autocorrelations(values, lags);
  if (correlations === undefined) return undefined;
  const n = values.length;
  let sum = 0;
  for (let k = 1; k <= lags; k++) sum += (correlations[k] * correlations[k]) / (n - k);
  const statistic = n * (n + 2) * sum;
  return { statistic, pValue: chiSquareTail(statistic, lags - fitted), degrees: lags - fitted };
}
