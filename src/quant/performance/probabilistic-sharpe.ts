import { normCdf, normInv } from '../../base/math.ts';
import { requireBetween, requireFinite, requireWhole } from '../preconditions.ts';
import { kurtosis, skewness } from '../stats/moments.ts';
import { periodSharpe } from './sharpe.ts';

/**
 * The two published forms. `2012` (Bailey & Lopez de Prado, The Sharpe Ratio Efficient Frontier): the variance of the estimate
 * taken at the *estimate*, over n - 1. `2025` (Lopez de Prado, Lipton & Zoonekynd, How to Use the Sharpe Ratio, for returns without
 * autocorrelation): taken at the *benchmark*, as a test's null asks, over n. On the same 24 months they say 0.913 and 0.987.
 */
export type SharpeVariance = '2012' | '2025';

/** All Sharpe ratios here are per period, never annualized. */
export interface SharpeEstimate {
  readonly sharpe: number;
  /** Number of returns. */
  readonly observations: number;
  /** g1 of the returns, 0 for normal ones. */
  readonly skewness: number;
  /** m4 / m2^2 of the returns, 3 for normal ones. */
  readonly kurtosis: number;
}

/** From per-period returns. `undefined` with fewer than two or without variation. */
export function estimateSharpe(returns: ArrayLike<number>): SharpeEstimate | undefined {
  const sharpe = periodSharpe(returns);
  if (sharpe === undefined) return undefined;
  const skew = skewness(returns);
  const kurt = kurtosis(returns);
  if (skew === undefined || kurt === undefined) return undefined;
  return { sharpe, observations: returns.length, skewness: skew, kurtosis: kurt };
}

/**
 * Chance that the true Sharpe ratio exceeds `benchmark` (per period), 0 ... 1 (PSR). `undefined` when the moments leave the estimate no
 * variance.
 */
export function probabilisticSharpe(estimate: SharpeEstimate, benchmark = 0, variance: SharpeVariance = '2012'): number | undefined {
  requireFinite('benchmark', benchmark);
  const deviation = sharpeDeviation(estimate, benchmark, variance);
  return deviation === undefined ? undefined : normCdf((estimate.sharpe - benchmark) / deviation);
}

/** Standard deviation of the estimated Sharpe ratio, per period. `undefined` when the moments leave none. */
export function sharpeDeviation(estimate: SharpeEstimate, benchmark: number, variance: SharpeVariance): number | undefined {
  requireWhole('number of returns', estimate.observations, 2, Number.MAX_SAFE_INTEGER);
  const at = variance === '2012' ? estimate.sharpe : benchmark;
  const numerator = varianceNumerator(estimate, at);
  const divisor = variance === '2012' ? estimate.observations - 1 : estimate.observations;
  return numerator > 0 ? Math.sqrt(numerator / divisor) : undefined;
}

/**
 * Minimum track record length: returns needed before PSR reaches `confidence` if estimate and moments stay as they are (2012: 1 + ...;
 * 2025 without the 1). Not rounded. `undefined` when the estimate is not above the benchmark or has no variance.
 */
export function minimumTrackRecord(
  estimate: SharpeEstimate,
  benchmark = 0,
  confidence = 0.95,
  variance: SharpeVariance = '2012',
): number | undefined {
  requireFinite('benchmark', benchmark);
  requireBetween('confidence', confidence, 0, 1);
  if (!(estimate.sharpe > benchmark)) return undefined;
  const numerator = varianceNumerator(estimate, variance === '2012' ? estimate.sharpe : benchmark);
  if (!(numerator > 0)) return undefined;
  const distance = normInv(confidence) / (estimate.sharpe - benchmark);
  return numerator * distance * distance + (variance === '2012' ? 1 : 0);
}

/** 1 - g3 SR + (g4 - 1) / 4 SR^2 (Mertens 2002). */
function varianceNumerator(estimate: SharpeEstimate, sharpe: number): number {
  return 1 - estimate.skewness * sharpe + ((estimate.kurtosis - 1) / 4) * sharpe * sharpe;
}
