import { type Result, err, ok } from '../../base/result.ts';
import { requireSameLength, requireWhole } from '../preconditions.ts';
import { type DickeyFullerRefusal, testUnitRoot } from './dickey-fuller.ts';
import { type LeastSquaresRefusal, leastSquares } from './least-squares.ts';
import { type DeterministicTerms, MAX_SERIES } from './mackinnon.ts';
import { mean, squaredDistances } from './moments.ts';

export interface Cointegration {
  /** t statistic of the residuals' lagged level; -Infinity when the series are collinear. */
  readonly statistic: number;
  /** MacKinnon (1994) for this number of series and these terms, 0 ... 1. */
  readonly pValue: number;
  /** Lagged differences in the test of the residuals. */
  readonly lag: number;
  /** Coefficients of the cointegrating regression: one per regressor, then the constant, then the trend. */
  readonly coefficients: Float64Array;
  /** n residuals of the cointegrating regression, in the unit of the response. */
  readonly residuals: Float64Array;
  /** The regression explains all but 1.5e-6 of the variance; no test is made and p is 0, as in statsmodels. */
  readonly collinear: boolean;
}

export type CointegrationRefusal = LeastSquaresRefusal | DickeyFullerRefusal;

/** 1 - 100 sqrt(machine epsilon): from here on the residuals are rounding. */
const COLLINEAR_R_SQUARED = 1 - 100 * Math.sqrt(2.220446049250313e-16);

/**
 * Two-step test for cointegration (Engle & Granger 1987, section 5): least squares of `response` on the regressors and the terms, then an
 * augmented Dickey-Fuller test without constant on the residuals, lag by least AIC. All series of one length n; up to MAX_SERIES - 1
 * regressors. Conventions and p-values of statsmodels `coint` with `autolag='aic'`.
 */
export function engleGranger(
  response: ArrayLike<number>,
  regressors: readonly ArrayLike<number>[],
  terms: DeterministicTerms = 'constant',
  maxLag?: number,
): Result<Cointegration, CointegrationRefusal> {
  requireWhole('number of regressors', regressors.length, 1, MAX_SERIES - 1);
  for (const regressor of regressors) requireSameLength('response and regressor', response, regressor);
  const columns = [...regressors, ...deterministicColumns(terms, response.length)];
  const fit = leastSquares(columns, response);
  if (!fit.ok) return fit;
  const { coefficients, residuals, residualSquares } = fit.value;
  const total = squaredDistances(response, terms === 'none' ? 0 : mean(response));
  if (!(total > 0)) return err({ code: 'SERIES_WITHOUT_VARIATION', observations: response.length });
  if (!(1 - residualSquares / total < COLLINEAR_R_SQUARED)) {
    return ok({ statistic: -Infinity, pValue: 0, lag: 0, coefficients, residuals, collinear: true });
  }
  const options = maxLag === undefined ? { terms: 'none' as const } : { terms: 'none' as const, maxLag };
  const test = testUnitRoot(residuals, options, terms, regressors.length + 1);
  if (!test.ok) return err(test.error);
  const { statistic, pValue, lag } = test.value;
  return ok({ statistic, pValue, lag, coefficients, residuals, collinear: false });
}

function deterministicColumns(terms: DeterministicTerms, length: number): Float64Array[] {
  const columns: Float64Array[] = [];
  if (terms !== 'none') columns.push(new Float64Array(length).fill(1));
  if (terms === 'trend') columns.push(Float64Array.from({ length }, (_, i) => i + 1));
  return columns;
}
