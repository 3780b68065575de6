import { requireBetween, requireFinite, requireSameLength, requireWhole } from '../preconditions.ts';
import { integrate } from '../stats/gauss-legendre.ts';
import { MAX_BETS, MAX_WEALTH } from './betting.ts';

/** Plain JSON. */
export interface SharpeMixtureState {
  /** Per-period Sharpe ratio of the null hypothesis "at most this". */
  readonly nullSharpe: number;
  /** Per-period Sharpe ratios bet on, each above the null's. */
  readonly grid: readonly number[];
  /** One per ratio, >= 0, adding up to 1. */
  readonly weights: readonly number[];
  readonly observations: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

export interface SharpeMixture {
  /** One return per period, a finite number. */
  observe(value: number): void;
  /** The e-value so far, from 1 on; 1 while every return was 0. */
  value(): number;
  exportState(): SharpeMixtureState;
}

/** How far an integrand is followed to either side of its peak, whose deviation is at most 1 (the exponent bends by more than -1). */
const REACH = 12;
const WEIGHT_TOLERANCE = 1e-9;

/** Begins with equal weights and no returns. */
export function sharpeMixture(nullSharpe: number, grid: readonly number[]): SharpeMixture {
  const weights = grid.map(() => 1 / grid.length);
  return sharpeMixtureFrom({ nullSharpe, grid, weights, observations: 0, sum: 0, sumOfSquares: 0 });
}

/**
 * E-process against "the Sharpe ratio is at most s0" when the variance is unknown (e-t): the likelihood ratio of S / sqrt(V), S and V the
 * sums of the returns and their squares, averaged over the grid (Perez-Ortiz, Lardy, de Heide & Grunwald 2024, E-statistics, group
 * invariance and anytime-valid testing; Wang & Ramdas 2024, Anytime-valid t-tests). Valid for independent *normal* returns only, which
 * returns are not: for dry runs, never for capital.
 */
export function sharpeMixtureFrom(state: SharpeMixtureState): SharpeMixture {
  const { nullSharpe, grid, weights } = state;
  requireGrid(nullSharpe, grid, weights);
  let { observations, sum, sumOfSquares } = state;
  return {
    observe(value) {
      requireFinite('return', value);
      observations++;
      sum += value;
      sumOfSquares += value * value;
    },
    value() {
      if (!(sumOfSquares > 0)) return 1;
      const direction = sum / Math.sqrt(sumOfSquares);
      const nullLog = logLikelihood(nullSharpe, observations, direction);
      let mixture = 0;
      for (let j = 0; j < grid.length; j++) mixture += weights[j] * Math.exp(logLikelihood(grid[j], observations, direction) - nullLog);
      return Math.min(MAX_WEALTH, mixture);
    },
    exportState: () => ({ nullSharpe, grid, weights, observations, sum, sumOfSquares }),
  };
}

/**
 * Log likelihood of a Sharpe ratio s from n returns with S / sqrt(V) = direction, up to a constant of n alone, the scale integrated out with its
 * invariant prior: -n s^2 / 2 + log of the integral of u^(n-1) exp(-u^2 / 2 + s direction u) over u > 0.
 */
function logLikelihood(sharpe: number, n: number, direction: number): number {
  const tilt = sharpe * direction;
  const peak = (tilt + Math.sqrt(tilt * tilt + 4 * (n - 1))) / 2;
  const exponent = (u: number): number => (n > 1 ? (n - 1) * Math.log(u) : 0) - (u * u) / 2 + tilt * u;
  const mode = Math.max(0, peak);
  const highest = mode > 0 ? exponent(mode) : 0;
  const from = Math.max(0, mode - REACH);
  const area = integrate((u) => Math.exp(exponent(u) - highest), from, mode + REACH, 1);
  return (-n * sharpe * sharpe) / 2 + highest + Math.log(area);
}

function requireGrid(nullSharpe: number, grid: readonly number[], weights: readonly number[]): void {
  requireFinite('Sharpe ratio under the null', nullSharpe);
  requireWhole('number of Sharpe ratios', grid.length, 1, MAX_BETS);
  requireSameLength('grid and weights', grid, weights);
  let sum = 0;
  for (let j = 0; j < grid.length; j++) {
    requireBetween('Sharpe ratio', grid[j], nullSharpe, Infinity);
    requireBetween('weight', weights[j], -Number.MIN_VALUE, Infinity);
    sum += weights[j];
  }
  if (!(Math.abs(sum - 1) <= WEIGHT_TOLERANCE)) throw new RangeError(`expected weights that add up to 1, was ${sum}`);
}
