import { type Result, err, ok } from '../../base/result.ts';
import { requireWhole } from '../preconditions.ts';
import { factorize, nestedResidualSquares } from './householder.ts';
import { leastSquares } from './least-squares.ts';
import { type DeterministicTerms, mackinnonPValue } from './mackinnon.ts';

export interface DickeyFuller {
  /** t statistic of the lagged level; the more negative, the less a unit root. */
  readonly statistic: number;
  /** MacKinnon (1994), 0 ... 1. */
  readonly pValue: number;
  /** Lagged differences in the final regression. */
  readonly lag: number;
  /** Observations of the final regression. */
  readonly observations: number;
}

export type DickeyFullerRefusal =
  | { readonly code: 'SERIES_TOO_SHORT'; readonly observations: number; readonly least: number }
  | { readonly code: 'SERIES_WITHOUT_VARIATION'; readonly observations: number }
  | { readonly code: 'REGRESSION_UNDETERMINED'; readonly lag: number };

export interface DickeyFullerOptions {
  readonly terms: DeterministicTerms;
  /** Largest lag tried; by default Schwert's ceil(12 (n / 100)^(1/4)), at most floor(n / 2) - deterministic terms - 1. */
  readonly maxLag?: number;
  /** `aic` searches 0 ... maxLag, `fixed` uses maxLag itself. */
  readonly lags?: 'aic' | 'fixed';
}

/** Residuals below this share of the differences' squares are rounding: the t statistic would be noise over noise. */
const EXACT_FIT = 1e-24;

/**
 * Augmented Dickey-Fuller test (Said & Dickey 1984; Schwert 1989 for the largest lag): Delta x_t on x_{t-1}, the deterministic terms and
 * Delta x_{t-1} ... Delta x_{t-lag}. `aic`: the lag of least n ln(RSS / n) + 2 k over the observations common to all lags, the lower
 * one on a tie, then refitted on all observations available at it. Conventions and p-values of statsmodels `adfuller`.
 */
export function dickeyFuller(values: ArrayLike<number>, options: DickeyFullerOptions): Result<DickeyFuller, DickeyFullerRefusal> {
  return testUnitRoot(values, options, options.terms, 1);
}

/** The same statistic with the p-value of another table: residuals of a cointegrating regression are tested this way. */
export function testUnitRoot(
  values: ArrayLike<number>,
  options: DickeyFullerOptions,
  tableTerms: DeterministicTerms,
  seriesCount: number,
): Result<DickeyFuller, DickeyFullerRefusal> {
  const n = values.length;
  const termCount = countTerms(options.terms);
  const mostLag = Math.floor(n / 2) - termCount - 1;
  if (mostLag < 0) return err({ code: 'SERIES_TOO_SHORT', observations: n, least: 2 * (termCount + 1) });
  if (!varies(values)) return err({ code: 'SERIES_WITHOUT_VARIATION', observations: n });
  const maxLag = options.maxLag ?? Math.min(schwertLag(n), mostLag);
  requireWhole('largest lag', maxLag, 0, mostLag);

  const lag = options.lags === 'fixed' ? maxLag : lagOfLeastAic(values, options.terms, maxLag);
  const { response, columns } = regression(values, options.terms, lag);
  const fit = leastSquares(columns, response);
  if (!fit.ok) return err({ code: 'REGRESSION_UNDETERMINED', lag });
  if (fit.value.residualSquares <= EXACT_FIT * squares(response)) return err({ code: 'REGRESSION_UNDETERMINED', lag });
  const statistic = fit.value.coefficients[termCount] / fit.value.standardErrors[termCount];
  return ok({ statistic, pValue: mackinnonPValue(statistic, tableTerms, seriesCount), lag, observations: response.length });
}

/** ceil(12 (n / 100)^(1/4)) (Schwert 1989, l12). */
export function schwertLag(observations: number): number {
  return Math.ceil(12 * Math.sqrt(Math.sqrt(observations / 100)));
}

function lagOfLeastAic(values: ArrayLike<number>, terms: DeterministicTerms, maxLag: number): number {
  const { response, columns } = regression(values, terms, maxLag);
  const residualSquares = nestedResidualSquares(factorize(columns, response));
  const fixed = countTerms(terms) + 1;
  const n = response.length;
  let best = 0;
  let least = Infinity;
  for (let lag = 0; fixed + lag < residualSquares.length; lag++) {
    const aic = n * Math.log(residualSquares[fixed + lag] / n) + 2 * (fixed + lag);
    if (aic < least) {
      least = aic;
      best = lag;
    }
  }
  return best;
}

interface Regression {
  readonly response: Float64Array;
  /** Deterministic terms, level, then the lagged differences from the nearest on. */
  readonly columns: readonly Float64Array[];
}

/** Rows t = lag + 1 ... n - 1 of the test regression: the first `lag` differences are kept for the lags. */
function regression(values: ArrayLike<number>, terms: DeterministicTerms, lag: number): Regression {
  const differences = new Float64Array(values.length - 1);
  for (let t = 1; t < values.length; t++) differences[t - 1] = values[t] - values[t - 1];
  const rows = differences.length - lag;
  const columns: Float64Array[] = [];
  if (terms !== 'none') columns.push(new Float64Array(rows).fill(1));
  if (terms === 'trend') columns.push(Float64Array.from({ length: rows }, (_, i) => i + 1));
  const level = new Float64Array(rows);
  for (let i = 0; i < rows; i++) level[i] = values[lag + i];
  columns.push(level);
  for (let k = 1; k <= lag; k++) columns.push(differences.subarray(lag - k, lag - k + rows));
  return { response: differences.subarray(lag), columns };
}

function countTerms(terms: DeterministicTerms): number {
  switch (terms) {
    case 'none':
      return 0;
    case 'constant':
      return 1;
    case 'trend':
      return 2;
  }
}

function varies(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return true;
  return false;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
