import { requireSameLength } from '../preconditions.ts';
import { type RollingExtremeState, createRollingExtreme } from './rolling-extreme.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';

export interface DonchianChannel {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

export interface DonchianState {
  readonly period: number;
  readonly highest: RollingExtremeState;
  readonly lowest: RollingExtremeState;
}

/**
 * Donchian channel, in the unit of the prices: lowest low and highest high of the last `period` bars, this one included, and the
 * middle of both (Donchian's rule as in Kaufman 2013, Trading Systems and Methods). First value at index period - 1.
 */
export function createDonchian(period: number): Streaming<[high: number, low: number], DonchianChannel, DonchianState> {
  const highest = createRollingExtreme(period, 'highest');
  const lowest = createRollingExtreme(period, 'lowest');
  return {
    push(high, low) {
      const upper = highest.push(high);
      const lower = lowest.push(low);
      return upper === undefined || lower === undefined ? undefined : { lower, middle: (lower + upper) / 2, upper };
    },
    exportState: () => ({ period, highest: highest.exportState(), lowest: lowest.exportState() }),
    restore(state) {
      requireSameParameters('Donchian channel', { period }, { period: state.period });
      highest.restore(state.highest);
      lowest.restore(state.lowest);
    },
  };
}

/** The whole series: element i answers bar i. Both arrays have one length. */
export function donchianSeries(highs: ArrayLike<number>, lows: ArrayLike<number>, period: number): (DonchianChannel | undefined)[] {
  requireSameLength('highs and lows', highs, lows);
  const donchian = createDonchian(period);
  return series(highs.length, (i) => donchian.push(highs[i], lows[i]));
}
