import { prng } from '../../base/prng.ts';
import { deflatedSharpe, type DeflatedSharpe } from '../../quant/performance/deflated-sharpe.ts';
import {
  estimateSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeDeviation,
  type SharpeEstimate,
} from '../../quant/performance/probabilistic-sharpe.ts';
import { sharpeInterval, type SharpeInterval } from '../../quant/performance/sharpe-interval.ts';
import type { SheetTrials } from './sheet-run.ts';

/** What every probability here is asked to reach. */
export const confidence = 0.95;
/** Stationary-bootstrap samples behind the interval; fewer, down to 500, where all of them would draw more than 40 million returns. */
const [mostSamples, fewestSamples, mostDraws] = [2000, 500, 40_000_000];

/** What stands beside a Sharpe ratio wherever one is shown. */
export interface SharpeEvidence {
  /** Annualized. */
  readonly sharpe: number;
  /** Per period. */
  readonly estimate: SharpeEstimate;
  /** Standard deviation of the annualized estimate (Mertens 2002). */
  readonly deviation: number | undefined;
  readonly interval: SharpeInterval | undefined;
  /** Chance that the true ratio is above 0: Bailey & Lopez de Prado 2012, and Lopez de Prado, Lipton & Zoonekynd 2025. */
  readonly psr2012: number | undefined;
  readonly psr2025: number | undefined;
  /** Returns that are needed; `undefined` when no length would do. */
  readonly minimumRecord: number | undefined;
  readonly trials: SheetTrials;
  readonly deflated: DeflatedSharpe | undefined;
}

/**
 * Per-period returns of one record. `seed` draws the bootstrap. `undefined` when there is no Sharpe ratio: fewer than two returns, or
 * no variation.
 */
export function sharpeEvidence(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  trials: SheetTrials,
  seed: number | string,
): SharpeEvidence | undefined {
  const estimate = estimateSharpe(returns);
  if (estimate === undefined) return undefined;
  const scale = Math.sqrt(periodsPerYear);
  const samples = Math.max(fewestSamples, Math.min(mostSamples, Math.floor(mostDraws / returns.length)));
  const deviation = sharpeDeviation(estimate, 0, '2012');
  return {
    sharpe: scale * estimate.sharpe,
    estimate,
    deviation: deviation === undefined ? undefined : scale * deviation,
    interval: sharpeInterval(returns, { periodsPerYear, confidence, samples, random: prng(seed) }),
    psr2012: probabilisticSharpe(estimate, 0, '2012'),
    psr2025: probabilisticSharpe(estimate, 0, '2025'),
    minimumRecord: minimumTrackRecord(estimate, 0, confidence, '2012'),
    trials,
    deflated: deflatedSharpe(estimate, trials.count, trials.variance),
  };
}
