import { type Result, err, ok } from '../../base/result.ts';
import { requireSameLength, requireWhole } from '../preconditions.ts';
import { backSubstitute, factorize } from './householder.ts';

/** Most regressors of one fit. */
export const MAX_REGRESSORS = 256;

export interface LeastSquaresFit {
  /** One per column, in units of the response per unit of the column. */
  readonly coefficients: Float64Array;
  /** Classical standard errors, s^2 (X'X)^-1 with s^2 = residual squares / (n - k); in the unit of the coefficients. */
  readonly standardErrors: Float64Array;
  /** n of them, in the unit of the response. */
  readonly residuals: Float64Array;
  readonly residualSquares: number;
  /** (X'X)^-1, row by row, k x k. */
  readonly inverseGram: readonly Float64Array[];
}

export type LeastSquaresRefusal =
  | { readonly code: 'TOO_FEW_OBSERVATIONS'; readonly observations: number; readonly least: number }
  | { readonly code: 'DEPENDENT_COLUMN'; readonly column: number };

/**
 * Ordinary least squares by Householder reflections (Golub & Van Loan 2013, section 5.3). No constant is added: give a column of ones.
 * `columns`: k arrays of length n; `response`: n. Refused when n <= k, or when a column is a combination of those before it.
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[],
  response: ArrayLike<number>,
): Result<LeastSquaresFit, LeastSquaresRefusal> {
  requireWhole('number of regressors', columns.length, 1, MAX_REGRESSORS);
  for (const column of columns) requireSameLength('column and response', column, response);
  const size = columns.length;
  const observations = response.length;
  if (observations <= size) return err({ code: 'TOO_FEW_OBSERVATIONS', observations, least: size + 1 });
  const { upper, rotated, dependent } = factorize(columns, response);
  if (dependent !== undefined) return err({ code: 'DEPENDENT_COLUMN', column: dependent });

  const coefficients = backSubstitute(upper, rotated, size);
  const residuals = new Float64Array(response);
  for (let j = 0; j < size; j++) {
    const column = columns[j];
    for (let i = 0; i < observations; i++) residuals[i] -= coefficients[j] * column[i];
  }
  let residualSquares = 0;
  for (const residual of residuals) residualSquares += residual * residual;
  const inverseGram = invertGram(upper, size);
  const noise = residualSquares / (observations - size);
  const standardErrors = Float64Array.from(inverseGram, (row, j) => Math.sqrt(noise * row[j]));
  return ok({ coefficients, standardErrors, residuals, residualSquares, inverseGram });
}

/** (R'R)^-1 = W W' with W the inverse of R, whose column j solves R w = e_j. */
function invertGram(upper: readonly Float64Array[], size: number): Float64Array[] {
  const inverse = Array.from({ length: size }, (_, j) => {
    const unit = new Float64Array(size);
    unit[j] = 1;
    return backSubstitute(upper, unit, size);
  });
  return Array.from({ length: size }, (_, a) =>
    Float64Array.from({ length: size }, (__, b) => {
      let sum = 0;
      for (let j = Math.max(a, b); j < size; j++) sum += inverse[j][a] * inverse[j][b];
      return sum;
    }),
  );
}
