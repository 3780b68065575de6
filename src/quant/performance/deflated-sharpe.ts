import { normInv } from '../../base/math.ts';
import { requireWhole, requireWithin } from '../preconditions.ts';
import { type SharpeEstimate, type SharpeVariance, probabilisticSharpe } from './probabilistic-sharpe.ts';

/** Euler-Mascheroni constant. */
const EULER_GAMMA = 0.5772156649015329;

/** Most trials that one estimate can be the best of. */
export const MAX_TRIALS = 1e12;

/**
 * Expected largest of `trials` independent standard normal variables, by the extreme-value approximation
 * (1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e)) (Bailey & Lopez de Prado 2014, The Deflated Sharpe Ratio, appendix 1); 0 for a single trial.
 */
export function expectedMaximum(trials: number): number {
  requireWhole('number of trials', trials, 1, MAX_TRIALS);
  if (trials === 1) return 0;
  return -((1 - EULER_GAMMA) * normInv(1 / trials) + EULER_GAMMA * normInv(1 / (trials * Math.E)));
}

export interface DeflatedSharpe {
  /** The Sharpe ratio, per period, that the best of so many trials without skill is expected to show. */
  readonly benchmark: number;
  /** PSR against it, 0 ... 1. */
  readonly probability: number;
}

/**
 * Deflated Sharpe ratio (Bailey & Lopez de Prado 2014, eq. 1 and 2): PSR against the best that luck would show. `trials` independent trials
 * whose per-period Sharpe ratios have the variance `trialVariance` (annual variance / periods per year). `undefined` as PSR.
 */
export function deflatedSharpe(
  estimate: SharpeEstimate,
  trials: number,
  trialVariance: number,
  variance: SharpeVariance = '2012',
): DeflatedSharpe | undefined {
  requireWithin('variance of the trials', trialVariance, 0, Number.MAX_VALUE);
  const benchmark = Math.sqrt(trialVariance) * expectedMaximum(trials);
  const probability = probabilisticSharpe(estimate, benchmark, variance);
  return probability === undefined ? undefined : { benchmark, probability };
}
