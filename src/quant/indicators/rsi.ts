import { requireFinite } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';
import { type WilderState, createWilder } from './wilder.ts';

export interface RsiState {
  readonly period: number;
  readonly seed: Seed;
  /** The last observation; null before the first. */
  readonly previous: number | null;
  readonly gains: WilderState;
  readonly losses: WilderState;
}

/**
 * Relative strength index, 0 ... 100: 100 g / (g + l) with Wilder averages of gains and losses, 0 when g + l = 0 (Wilder 1978;
 * TA-Lib `RSI`). First value at index period.
 */
export function createRsi(period: number, seed: Seed = 'talib'): Streaming<[close: number], number, RsiState> {
  const gains = createWilder(period, seed);
  const losses = createWilder(period, seed);
  let previous: number | null = null;
  return {
    push(close) {
      requireFinite('close', close);
      const change = previous === null ? undefined : close - previous;
      previous = close;
      if (change === undefined) return undefined;
      const gain = gains.push(change > 0 ? change : 0);
      const loss = losses.push(change < 0 ? -change : 0);
      if (gain === undefined || loss === undefined) return undefined;
      const both = gain + loss;
      return both > 0 ? 100 * (gain / both) : 0;
    },
    exportState: () => ({ period, seed, previous, gains: gains.exportState(), losses: losses.exportState() }),
    restore(state) {
      requireSameParameters('RSI', { period, seed }, { period: state.period, seed: state.seed });
      previous = state.previous;
      gains.restore(state.gains);
      losses.restore(state.losses);
    },
  };
}

/** The whole series: element i answers close i. */
export function rsiSeries(closes: ArrayLike<number>, period: number, seed: Seed = 'talib'): (number | undefined)[] {
  const rsi = createRsi(period, seed);
  return series(closes.length, (i) => rsi.push(closes[i]));
}
