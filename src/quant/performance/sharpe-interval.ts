import type { Prng } from '../../base/prng.ts';
import { requireBetween } from '../preconditions.ts';
import { quantileOfSorted, sorted } from '../stats/quantile.ts';
import { bootstrapStatistics } from '../stats/stationary-bootstrap.ts';
import { periodSharpe } from './sharpe.ts';

export interface SharpeInterval {
  readonly lower: number;
  readonly upper: number;
  /** Bootstrap samples on which the ratio was defined. */
  readonly samples: number;
}

export interface SharpeIntervalOptions {
  readonly periodsPerYear: number;
  /** Two-sided, 0.95 by default. */
  readonly confidence?: number;
  /** 2,000 by default. */
  readonly samples?: number;
  /** Mean block length in periods; by default the cube root of the number of returns, rounded up. */
  readonly meanBlock?: number;
  readonly random: Prng;
}

/**
 * Percentile interval of the annualized Sharpe ratio from the stationary bootstrap (Efron & Tibshirani 1993, section 13.3; Politis & Romano
 * 1994). `undefined` with fewer than two returns or when no sample varied.
 */
export function sharpeInterval(returns: ArrayLike<number>, options: SharpeIntervalOptions): SharpeInterval | undefined {
  const { periodsPerYear, confidence = 0.95, samples = 2000, random } = options;
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  requireBetween('confidence', confidence, 0, 1);
  if (returns.length < 2) return undefined;
  const meanBlock = options.meanBlock ?? defaultBlock(returns.length);
  const ratios = sorted(bootstrapStatistics(returns, periodSharpe, { samples, meanBlock, random }));
  if (ratios.length === 0) return undefined;
  const scale = Math.sqrt(periodsPerYear);
  return {
    lower: scale * quantileOfSorted(ratios, (1 - confidence) / 2),
    upper: scale * quantileOfSorted(ratios, (1 + confidence) / 2),
    samples: ratios.length,
  };
}

/** The optimal mean block grows with n^(1/3) (Politis & White 2004, section 3); the factor depends on the series and is left at 1. */
function defaultBlock(observations: number): number {
  let block = 1;
  while (block * block * block < observations) block++;
  return block;
}
