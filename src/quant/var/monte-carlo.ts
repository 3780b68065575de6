import type { Prng } from '../../base/prng.ts';
import { type Result, ok } from '../../base/result.ts';
import { requireSameLength, requireWhole } from '../preconditions.ts';
import { type NotPositive, cholesky } from './cholesky.ts';
import { historicalTail } from './historical.ts';
import type { TailRisk } from './losses.ts';

/** Most draws of one simulation. */
export const MAX_DRAWS = 10_000_000;

export interface NormalFactors {
  /** Mean return of each factor over the horizon. */
  readonly means: ArrayLike<number>;
  /** Covariance of the factors' returns over the horizon, one row each. */
  readonly covariance: readonly ArrayLike<number>[];
}

/**
 * PnL of `draws` scenarios of jointly normal factor returns (Glasserman 2004, section 2.3.3). `pnlOf` gets one return per factor in an array that
 * the next scenario overwrites; non-linear positions are revalued in it.
 */
export function simulatePnls(
  factors: NormalFactors,
  pnlOf: (returns: Float64Array) => number,
  draws: number,
  random: Prng,
): Result<Float64Array, NotPositive> {
  requireSameLength('means and covariance', factors.means, factors.covariance);
  requireWhole('number of draws', draws, 1, MAX_DRAWS);
  const lower = cholesky(factors.covariance);
  if (!lower.ok) return lower;
  const size = factors.means.length;
  const normals = new Float64Array(size);
  const returns = new Float64Array(size);
  const pnls = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) normals[i] = random.normal();
    for (let i = 0; i < size; i++) {
      const row = lower.value[i];
      let sum = factors.means[i];
      for (let j = 0; j <= i; j++) sum += row[j] * normals[j];
      returns[i] = sum;
    }
    pnls[draw] = pnlOf(returns);
  }
  return ok(pnls);
}

/** Tail of a linear portfolio: `exposures` in money per factor; results in that money. */
export function monteCarloTail(
  exposures: ArrayLike<number>,
  factors: NormalFactors,
  level: number,
  draws: number,
  random: Prng,
): Result<TailRisk, NotPositive> {
  requireSameLength('exposures and means', exposures, factors.means);
  const pnlOf = (returns: Float64Array): number => {
    let pnl = 0;
    for (let i = 0; i < returns.length; i++) pnl += exposures[i] * returns[i];
    return pnl;
  };
  const pnls = simulatePnls(factors, pnlOf, draws, random);
  return pnls.ok ? ok(historicalTail(pnls.value, level)) : pnls;
}
