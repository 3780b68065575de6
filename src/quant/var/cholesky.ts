import { type Result, err, ok } from '../../base/result.ts';
import { requireWhole } from '../preconditions.ts';

/** Most risk factors of one covariance matrix. */
export const MAX_FACTORS = 2048;

export interface NotPositive {
  readonly code: 'COVARIANCE_NOT_POSITIVE';
  /** Row at which the variance left over is below zero. */
  readonly row: number;
  readonly pivot: number;
}

/** A pivot this small against its variance is a factor that the ones before explain. */
const DEPENDENT = 1e-12;

/**
 * Lower triangle L with L L' = covariance (Cholesky 1910; Golub & Van Loan 2013, algorithm 4.2.1), row i of length i + 1. A factor that
 * depends on those before it gets a zero pivot; a matrix with a negative direction is refused.
 */
export function cholesky(covariance: readonly ArrayLike<number>[]): Result<readonly Float64Array[], NotPositive> {
  const size = covariance.length;
  requireWhole('number of factors', size, 1, MAX_FACTORS);
  const lower: Float64Array[] = [];
  for (let i = 0; i < size; i++) {
    requireWhole('length of a covariance row', covariance[i].length, size, size);
    const row = new Float64Array(i + 1);
    for (let j = 0; j < i; j++) {
      const pivot = lower[j][j];
      row[j] = pivot > 0 ? (covariance[i][j] - dot(row, lower[j], j)) / pivot : 0;
    }
    const left = covariance[i][i] - dot(row, row, i);
    if (!(left >= -DEPENDENT * Math.abs(covariance[i][i]))) return err({ code: 'COVARIANCE_NOT_POSITIVE', row: i, pivot: left });
    row[i] = left > DEPENDENT * covariance[i][i] ? Math.sqrt(left) : 0;
    lower.push(row);
  }
  return ok(lower);
}

function dot(first: Float64Array, second: Float64Array, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += first[k] * second[k];
  return sum;
}
