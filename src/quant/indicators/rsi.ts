import { requireFinite, requireWhole } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';
import type { WilderState } from './wilder.ts';

export interface RsiState {
  readonly period: number;
  readonly seed: Seed;
  /** The last observation; null before the first. */
  readonly previous: number | null;
  readonly gains: WilderState;
  readonly losses: WilderState;
}

/** RSI of one instrument as plain numbers, for whoever follows many: nothing is allocated on the way. */
export interface RsiTrack {
  readonly period: number;
  readonly seed: Seed;
  /** Changes seen, at most `period`. */
  count: number;
  /** NaN before the first close. */
  previous: number;
  /** Wilder averages, sums while the talib seed is being collected. */
  gain: number;
  loss: number;
}

export function createRsiTrack(period: number, seed: Seed = 'talib'): RsiTrack {
  requireWhole('Wilder period', period, 1);
  // starts as doubles, which the fields are soon
  const track = { period, seed, count: 0, previous: NaN, gain: 0.5, loss: 0.5 };
  track.gain = 0;
  track.loss = 0;
  return track;
}

/** Takes a close. @returns the index, NaN = too few closes */
export function pushRsi(track: RsiTrack, close: number): number {
  requireFinite('close', close);
  const change = close - track.previous;
  const { period } = track;
  track.previous = close;
  if (!(change === change)) return NaN;
  const up = change > 0 ? change : 0;
  const down = change < 0 ? -change : 0;
  if (track.count === period) {
    track.gain = (track.gain * (period - 1) + up) / period;
    track.loss = (track.loss * (period - 1) + down) / period;
  } else {
    track.count++;
    track.gain = seeded(track, track.gain, up);
    track.loss = seeded(track, track.loss, down);
    if (track.count < period) return NaN;
  }
  const both = track.gain + track.loss;
  return both > 0 ? 100 * (track.gain / both) : 0;
}

/** One more of the first `period` changes, `count` of them with this one. */
function seeded({ seed, count, period }: RsiTrack, average: number, value: number): number {
  if (seed !== 'talib') return count === 1 ? value : (average * (period - 1) + value) / period;
  return count === period ? (average + value) / period : average + value;
}

export function exportRsi({ period, seed, count, previous, gain, loss }: RsiTrack): RsiState {
  const wilder = { period, seed, count };
  return {
    period,
    seed,
    previous: Number.isNaN(previous) ? null : previous,
    gains: { ...wilder, average: gain },
    losses: { ...wilder, average: loss },
  };
}

/** @throws RangeError when the state belongs to other parameters */
export function restoreRsi(track: RsiTrack, state: RsiState): void {
  const { period, seed } = track;
  requireSameParameters('RSI', { period, seed }, { period: state.period, seed: state.seed });
  track.count = state.gains.count;
  track.previous = state.previous ?? NaN;
  track.gain = state.gains.average;
  track.loss = state.losses.average;
}

/**
 * Relative strength index, 0 ... 100: 100 g / (g + l) with Wilder averages of gains and losses, 0 when g + l = 0 (Wilder 1978;
 * TA-Lib `RSI`). First value at index period.
 */
export function createRsi(period: number, seed: Seed = 'talib'): Streaming<[close: number], number, RsiState> {
  const track = createRsiTrack(period, seed);
  return {
    push(close) {
      const index = pushRsi(track, close);
      return Number.isNaN(index) ? undefined : index;
    },
    exportState: () => exportRsi(track),
    restore: (state) => restoreRsi(track, state),
  };
}

/** The whole series: element i answers close i. */
export function rsiSeries(closes: ArrayLike<number>, period: number, seed: Seed = 'talib'): (number | undefined)[] {
  const rsi = createRsi(period, seed);
  return series(closes.length, (i) => rsi.push(closes[i]));
}
