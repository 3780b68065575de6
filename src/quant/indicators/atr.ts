import { requireSameLength } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';
import { trueRange } from './true-range.ts';
import { type WilderState, createWilder } from './wilder.ts';

export interface AtrState {
  readonly period: number;
  readonly seed: Seed;
  /** The last close; null before the first bar. */
  readonly previousClose: number | null;
  readonly ranges: WilderState;
}

/**
 * Average true range, in the unit of the prices: Wilder average of the true ranges from index 1 on (Wilder 1978; TA-Lib `ATR`).
 * First value at index period.
 */
export function createAtr(period: number, seed: Seed = 'talib'): Streaming<[high: number, low: number, close: number], number, AtrState> {
  const ranges = createWilder(period, seed);
  let previousClose: number | null = null;
  return {
    push(high, low, close) {
      const range = previousClose === null ? undefined : trueRange(high, low, previousClose);
      previousClose = close;
      return range === undefined ? undefined : ranges.push(range);
    },
    exportState: () => ({ period, seed, previousClose, ranges: ranges.exportState() }),
    restore(state) {
      requireSameParameters('ATR', { period, seed }, { period: state.period, seed: state.seed });
      previousClose = state.previousClose;
      ranges.restore(state.ranges);
    },
  };
}

/** The whole series: element i answers bar i. The three arrays have one length. */
export function atrSeries(
  highs: ArrayLike<number>,
  lows: ArrayLike<number>,
  closes: ArrayLike<number>,
  period: number,
  seed: Seed = 'talib',
): (number | undefined)[] {
  requireSameLength('highs and lows', highs, lows);
  requireSameLength('highs and closes', highs, closes);
  const atr = createAtr(period, seed);
  return series(closes.length, (i) => atr.push(highs[i], lows[i], closes[i]));
}
