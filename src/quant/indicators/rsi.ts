import { requireFinite, requireWhole } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';
import { widened } from './widened.ts';
import type { WilderState } from './wilder.ts';

export interface RsiState {
  readonly period: number;
  readonly seed: Seed;
  /** The last observation; null before the first. */
  readonly previous: number | null;
  readonly gains: WilderState;
  readonly losses: WilderState;
}

/** RSI of many series as columns, a place for each, for whoever follows many: nothing is allocated on the way and little memory is touched. */
export interface RsiColumns {
  readonly period: number;
  readonly seed: Seed;
  /** Changes seen, at most `period`. */
  count: Int32Array;
  /** NaN before the first close. */
  previous: Float64Array;
  /** Wilder averages, sums while the talib seed is being collected. */
  gain: Float64Array;
  loss: Float64Array;
}

export function createRsiColumns(period: number, places: number, seed: Seed = 'talib'): RsiColumns {
  requireWhole('Wilder period', period, 1);
  const column = (): Float64Array => new Float64Array(places);
  return { period, seed, count: new Int32Array(places), previous: column().fill(NaN), gain: column(), loss: column() };
}

/** Makes room for series up to `places`. */
export function growRsi(columns: RsiColumns, places: number): void {
  const known = columns.count.length;
  columns.count = widened(columns.count, new Int32Array(places));
  columns.previous = widened(columns.previous, new Float64Array(places)).fill(NaN, known);
  columns.gain = widened(columns.gain, new Float64Array(places));
  columns.loss = widened(columns.loss, new Float64Array(places));
}

/** Takes a close of the series at a place, which the caller knows to be finite. */
export function pushRsi(columns: RsiColumns, at: number, close: number): void {
  const change = close - columns.previous[at];
  columns.previous[at] = close;
  if (!(change === change)) return;
  const { period, gain, loss } = columns;
  if (columns.count[at] !== period) return pushSeed(columns, at, change);
  // no branch: whether a price rises or falls cannot be foretold
  gain[at] = (gain[at] * (period - 1) + Math.max(change, 0)) / period;
  loss[at] = (loss[at] * (period - 1) + Math.max(-change, 0)) / period;
}

/** One of the first `period` changes. */
function pushSeed(columns: RsiColumns, at: number, change: number): void {
  const { count, gain, loss } = columns;
  count[at]++;
  gain[at] = seeded(columns, count[at], gain[at], Math.max(change, 0));
  loss[at] = seeded(columns, count[at], loss[at], Math.max(-change, 0));
}

/** The index at the last close of a series, NaN = too few closes. */
export function rsiAt({ period, count, gain, loss }: RsiColumns, at: number): number {
  if (count[at] < period) return NaN;
  const both = gain[at] + loss[at];
  return both > 0 ? 100 * (gain[at] / both) : 0;
}

/** One more of the first `period` changes, `count` of them with this one. */
function seeded({ seed, period }: RsiColumns, count: number, average: number, value: number): number {
  if (seed !== 'talib') return count === 1 ? value : (average * (period - 1) + value) / period;
  return count === period ? (average + value) / period : average + value;
}

export function exportRsi({ period, seed, count, previous, gain, loss }: RsiColumns, at: number): RsiState {
  const wilder = { period, seed, count: count[at] };
  return {
    period,
    seed,
    previous: Number.isNaN(previous[at]) ? null : previous[at],
    gains: { ...wilder, average: gain[at] },
    losses: { ...wilder, average: loss[at] },
  };
}

/** @throws RangeError when the state belongs to other parameters */
export function restoreRsi(columns: RsiColumns, at: number, state: RsiState): void {
  const { period, seed } = columns;
  requireSameParameters('RSI', { period, seed }, { period: state.period, seed: state.seed });
  columns.count[at] = state.gains.count;
  columns.previous[at] = state.previous ?? NaN;
  columns.gain[at] = state.gains.average;
  columns.loss[at] = state.losses.average;
}

/**
 * Relative strength index, 0 ... 100: 100 g / (g + l) with Wilder averages of gains and losses, 0 when g + l = 0 (Wilder 1978;
 * TA-Lib `RSI`). First value at index period.
 */
export function createRsi(period: number, seed: Seed = 'talib'): Streaming<[close: number], number, RsiState> {
  const columns = createRsiColumns(period, 1, seed);
  return {
    push(close) {
      requireFinite('close', close);
      pushRsi(columns, 0, close);
      const index = rsiAt(columns, 0);
      return Number.isNaN(index) ? undefined : index;
    },
    exportState: () => exportRsi(columns, 0),
    restore: (state) => restoreRsi(columns, 0, state),
  };
}

/** The whole series: element i answers close i. */
export function rsiSeries(closes: ArrayLike<number>, period: number, seed: Seed = 'talib'): (number | undefined)[] {
  const rsi = createRsi(period, seed);
  return series(closes.length, (i) => rsi.push(closes[i]));
}
