import type { Prng } from '../../base/prng.ts';
import { requireBetween, requireFinite, requireWhole } from '../preconditions.ts';

/** Draws one path of innovations: mean 0, variance 1 over the model, scaled to the declared volatility by who asks. */
export interface ReturnModel {
  readonly name: 'iid' | 'jumps' | 'bootstrap';
  /** A fresh path; draws come from `random` alone. */
  path(random: Prng): () => number;
}

/** Independent standard normals. */
export function iidReturns(): ReturnModel {
  return { name: 'iid', path: (random) => () => random.normal() };
}

export interface JumpTerms {
  /** Jumps of a year, on average. */
  readonly jumpsPerYear: number;
  readonly intervalsPerYear: number;
  /** Largest loss of one interval, as a fraction of capital. */
  readonly stressLoss: number;
  readonly annualVol: number;
}

/** Share of the variance that jumps may carry at most; more of them are thinned out to it. */
const MAX_JUMP_SHARE = 0.5;
/** Jumps are uniform between this share of the stress loss and all of it. */
const SMALLEST_JUMP = 0.25;

/**
 * Normal returns with downward jumps (Merton 1976, eq. 1, with bounded uniform jump sizes): losses from a quarter of the stress loss to all of it arrive
 * as a Bernoulli chance an interval; drift and diffusion are set so that mean and variance stay as declared.
 */
export function jumpReturns(terms: JumpTerms): ReturnModel {
  const { jumpsPerYear, intervalsPerYear, stressLoss, annualVol } = terms;
  requireBetween('jumps per year', jumpsPerYear, 0, intervalsPerYear);
  requireBetween('stress loss', stressLoss, 0, 1);
  requireBetween('annual volatility', annualVol, 0, Infinity);
  // in units of the interval's standard deviation
  const largest = stressLoss / (annualVol / Math.sqrt(intervalsPerYear));
  const meanSize = (largest * (1 + SMALLEST_JUMP)) / 2;
  const meanSquare = (largest * largest * (1 - SMALLEST_JUMP * SMALLEST_JUMP * SMALLEST_JUMP)) / (3 * (1 - SMALLEST_JUMP));
  const chance = Math.min(jumpsPerYear / intervalsPerYear, MAX_JUMP_SHARE / meanSquare);
  const drift = chance * meanSize;
  const diffusion = Math.sqrt(1 - chance * meanSquare + drift * drift);
  return {
    name: 'jumps',
    path: (random) => () => {
      const calm = drift + diffusion * random.normal();
      return random.float() < chance ? calm - largest * (SMALLEST_JUMP + (1 - SMALLEST_JUMP) * random.float()) : calm;
    },
  };
}

/** Fewest returns that a bootstrap is drawn from. */
export const MIN_BOOTSTRAP_RETURNS = 100;

/**
 * Stationary bootstrap of given returns (Politis & Romano 1994, section 2), standardised to mean 0 and variance 1: blocks of geometric length with the
 * given mean keep what returns have in common with those before them.
 */
export function bootstrapReturns(returns: readonly number[], meanBlock: number): ReturnModel {
  requireWhole('number of returns', returns.length, MIN_BOOTSTRAP_RETURNS, 1e8);
  requireBetween('mean block length', meanBlock, 0.999_999, returns.length);
  const count = returns.length;
  let mean = 0;
  for (const value of returns) {
    requireFinite('return', value);
    mean += value / count;
  }
  let variance = 0;
  for (const value of returns) variance += ((value - mean) * (value - mean)) / count;
  if (returns.every((value) => value === returns[0])) throw new RangeError('expected returns that differ, were all equal');
  const standard = Float64Array.from(returns, (value) => (value - mean) / Math.sqrt(variance));
  return {
    name: 'bootstrap',
    path: (random) => {
      let at = random.int(count);
      return () => {
        const value = standard[at];
        at = random.float() * meanBlock < 1 ? random.int(count) : at + 1 === count ? 0 : at + 1;
        return value;
      };
    },
  };
}
