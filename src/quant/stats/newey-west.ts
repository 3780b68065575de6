import { type Result, ok } from '../../base/result.ts';
import { pow } from '../../base/math.ts';
import { requireWhole } from '../preconditions.ts';
import { type LeastSquaresFit, type LeastSquaresRefusal, leastSquares } from './least-squares.ts';

export interface NeweyWestFit extends LeastSquaresFit {
  /** Standard errors that hold under heteroskedasticity and autocorrelation up to the lag. */
  readonly robustErrors: Float64Array;
  readonly lag: number;
}

/** floor(4 (n / 100)^(2/9)) (Newey & West 1994, as commonly used for the Bartlett kernel). */
export function neweyWestLag(observations: number): number {
  return Math.floor(4 * pow(observations / 100, 2 / 9));
}

/**
 * Least squares with the covariance of Newey & West (1987, eq. 5): (X'X)^-1 S (X'X)^-1 with S = sum_l w_l (G_l + G_l'), Bartlett weights
 * w_l = 1 - l / (lag + 1), no small-sample correction. Shapes and refusals as `leastSquares`.
 */
export function neweyWest(
  columns: readonly ArrayLike<number>[],
  response: ArrayLike<number>,
  lag: number = neweyWestLag(response.length),
): Result<NeweyWestFit, LeastSquaresRefusal> {
  requireWhole('lag', lag, 0, Math.max(0, response.length - 1));
  const fit = leastSquares(columns, response);
  if (!fit.ok) return fit;
  const { residuals, inverseGram } = fit.value;
  const size = columns.length;
  const scores = columns.map((column) => residuals.map((residual, i) => residual * column[i]));
  const center = Array.from({ length: size }, (_, a) => Float64Array.from({ length: size }, (__, b) => longRun(scores[a], scores[b], lag)));
  const robustErrors = Float64Array.from(inverseGram, (row) => Math.sqrt(Math.max(0, quadratic(center, row))));
  return ok({ ...fit.value, robustErrors, lag });
}

export interface RobustMean {
  readonly mean: number;
  /** In the unit of the values. */
  readonly standardError: number;
}

/** Mean of a series with its Newey-West standard error; needs two observations. */
export function neweyWestMean(
  values: ArrayLike<number>,
  lag: number = neweyWestLag(values.length),
): Result<RobustMean, LeastSquaresRefusal> {
  const fit = neweyWest([new Float64Array(values.length).fill(1)], values, lag);
  if (!fit.ok) return fit;
  return ok({ mean: fit.value.coefficients[0], standardError: fit.value.robustErrors[0] });
}

function longRun(first: Float64Array, second: Float64Array, lag: number): number {
  let total = 0;
  for (let l = 0; l <= lag; l++) {
    let sum = 0;
    for (let i = l; i < first.length; i++) sum += first[i] * second[i - l] + (l > 0 ? first[i - l] * second[i] : 0);
    total += (1 - l / (lag + 1)) * sum;
  }
  return total;
}

/** row' M row */
function quadratic(matrix: readonly Float64Array[], row: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < row.length; a++) for (let b = 0; b < row.length; b++) sum += row[a] * matrix[a][b] * row[b];
  return sum;
}
