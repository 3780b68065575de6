import { type Result, err, ok } from '../../base/result.ts';
import { requireBetween, requireFinite, requireSameLength, requireWhole, requireWithin } from '../preconditions.ts';

/**
 * `edge` refutes "the mean is at most m" by betting on more, `harm` refutes "the mean is at least m" by betting on less.
 */
export type BettingSide = 'edge' | 'harm';

/** Declared before the first datum and never changed. */
export interface BettingSpec {
  readonly side: BettingSide;
  /** m of the null hypothesis, in the unit of the datum (net return per interval). */
  readonly nullMean: number;
  /** Bets l_j > 0, per unit of the datum. */
  readonly grid: readonly number[];
  /** One per bet, >= 0, adding up to 1; equal when left out. */
  readonly weights?: readonly number[];
  /**
   * Largest move against the bet in one interval, in the unit of the datum, > 0: the stress loss on the edge side, the stress gain on the
   * harm side. `undefined`: the tail is unknown.
   */
  readonly stressMove: number | undefined;
}

export type BettingRefusal =
  { readonly code: 'UNBOUNDED_TAIL' } | { readonly code: 'BET_EXCEEDS_STRESS'; readonly bet: number; readonly max: number };

/** Plain JSON. */
export interface BettingState {
  readonly side: BettingSide;
  readonly nullMean: number;
  readonly grid: readonly number[];
  readonly weights: readonly number[];
  readonly stressMove: number;
  /** Wealth of each bet, from 1. */
  readonly wealth: readonly number[];
  readonly observations: number;
  /** Data that moved further against the bet than was declared; from the first one on the process proves nothing. */
  readonly beyondStress: number;
  readonly peak: number;
}

export interface Betting {
  /** Takes the next datum, a finite number. */
  observe(datum: number): void;
  /** K_n, from 1 on; by Ville's inequality it ever reaches 1 / alpha with chance at most alpha when the null holds. */
  value(): number;
  /** Largest K so far; 1 / peak is an anytime-valid p-value (at most 1). */
  peak(): number;
  observations(): number;
  /** Data beyond the declared stress move: unless 0, the bound behind the bets was wrong and K is not evidence. */
  beyondStress(): number;
  exportState(): BettingState;
}

/** Most bets of one grid. */
export const MAX_BETS = 256;

/** Wealth stops growing here: far above every 1 / alpha, far below overflow. Stopping early never adds evidence. */
export const MAX_WEALTH = 1e250;

const WEIGHT_TOLERANCE = 1e-9;

/**
 * Betting e-process K_n = sum_j w_j prod_t (1 + l_j (r_t - m)), harm with -l_j (Waudby-Smith & Ramdas 2024, Estimating means of bounded
 * random variables by betting, section 4; Ville 1939). Refused when the tail is unknown or a bet could lose more than everything in
 * the stress move: `lambdaMax` bounds the grid.
 */
export function createBetting(spec: BettingSpec): Result<Betting, BettingRefusal> {
  const { side, nullMean, grid, stressMove } = spec;
  requireFinite('mean under the null', nullMean);
  requireWhole('number of bets', grid.length, 1, MAX_BETS);
  if (stressMove === undefined) return err({ code: 'UNBOUNDED_TAIL' });
  const max = lambdaMax(side, stressMove, nullMean);
  for (const bet of grid) {
    requireBetween('bet', bet, 0, Infinity);
    if (bet > max) return err({ code: 'BET_EXCEEDS_STRESS', bet, max });
  }
  const weights = spec.weights ?? grid.map(() => 1 / grid.length);
  requireWeights(grid, weights);
  const wealth = grid.map(() => 1);
  return ok(bettingFrom({ side, nullMean, grid, weights, stressMove, wealth, observations: 0, beyondStress: 0, peak: 1 }));
}

/**
 * Largest bet that a stress move cannot ruin, per unit of the datum: 1 / stress move, less when the null's mean lies on the far side of 0
 * (the move is counted from it).
 */
export function lambdaMax(side: BettingSide, stressMove: number, nullMean = 0): number {
  requireBetween('stress move', stressMove, 0, Infinity);
  const shift = side === 'edge' ? nullMean : -nullMean;
  return 1 / (stressMove + Math.max(0, shift));
}

/** Continues an exported process with the same bits; a state that `createBetting` could not have begun throws. */
export function bettingFrom(state: BettingState): Betting {
  const { side, nullMean, grid, weights, stressMove } = state;
  requireSameLength('grid and wealth', grid, state.wealth);
  for (const bet of grid) requireWithin('bet', bet, 0, lambdaMax(side, stressMove, nullMean));
  const wealth = Float64Array.from(state.wealth);
  const sign = side === 'edge' ? 1 : -1;
  let { observations, beyondStress, peak } = state;

  function value(): number {
    let sum = 0;
    for (let j = 0; j < wealth.length; j++) sum += weights[j] * wealth[j];
    return sum;
  }

  return {
    observe(datum) {
      requireFinite('datum', datum);
      if (sign * datum < -stressMove) beyondStress++;
      const gain = sign * (datum - nullMean);
      for (let j = 0; j < wealth.length; j++) {
        wealth[j] = Math.min(MAX_WEALTH, wealth[j] * Math.max(0, 1 + grid[j] * gain));
      }
      observations++;
      peak = Math.max(peak, value());
    },
    value,
    peak: () => peak,
    observations: () => observations,
    beyondStress: () => beyondStress,
    exportState: () => ({ side, nullMean, grid, weights, stressMove, wealth: Array.from(wealth), observations, beyondStress, peak }),
  };
}

function requireWeights(grid: readonly number[], weights: readonly number[]): void {
  requireSameLength('grid and weights', grid, weights);
  let sum = 0;
  for (const weight of weights) {
    requireBetween('weight', weight, -Number.MIN_VALUE, Infinity);
    sum += weight;
  }
  if (!(Math.abs(sum - 1) <= WEIGHT_TOLERANCE)) throw new RangeError(`expected weights that add up to 1, was ${sum}`);
}
