import { requireWhole } from '../preconditions.ts';
import { type EmaState, createEma } from './ema.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';

export interface Macd {
  /** Fast less slow average. */
  readonly line: number;
  readonly signal: number;
  /** line - signal. */
  readonly histogram: number;
}

export interface MacdPeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

export interface MacdState extends MacdPeriods {
  readonly seed: Seed;
  readonly skipped: number;
  readonly fastAverage: EmaState;
  readonly slowAverage: EmaState;
  readonly signalAverage: EmaState;
}

export const MACD_PERIODS: MacdPeriods = { fast: 12, slow: 26, signal: 9 };

/**
 * Moving average convergence divergence (Appel 1979), in the unit of the observations. First value at index slow + signal - 2.
 * `talib`: the fast average is seeded with the simple mean of the `fast` observations that *end* where the slow seed ends, as TA-Lib
 * `MACD` does, so the first slow - fast observations reach only the slow one. `first`: each average starts
 * with its first input, which for the signal is the line at index slow - 1.
 */
export function createMacd(periods: MacdPeriods = MACD_PERIODS, seed: Seed = 'talib'): Streaming<[value: number], Macd, MacdState> {
  const { fast, slow, signal } = periods;
  requireWhole('slow period', slow, fast + 1);
  const fastAverage = createEma(fast, seed);
  const slowAverage = createEma(slow, seed);
  const signalAverage = createEma(signal, seed);
  const lead = seed === 'talib' ? slow - fast : 0;
  let skipped = 0;

  function line(value: number): number | undefined {
    const slowValue = slowAverage.push(value);
    if (skipped < lead) {
      skipped++;
      return undefined;
    }
    const fastValue = fastAverage.push(value);
    return fastValue === undefined || slowValue === undefined ? undefined : fastValue - slowValue;
  }

  return {
    push(value) {
      const distance = line(value);
      const smoothed = distance === undefined ? undefined : signalAverage.push(distance);
      if (distance === undefined || smoothed === undefined) return undefined;
      return { line: distance, signal: smoothed, histogram: distance - smoothed };
    },
    exportState: () => ({
      fast,
      slow,
      signal,
      seed,
      skipped,
      fastAverage: fastAverage.exportState(),
      slowAverage: slowAverage.exportState(),
      signalAverage: signalAverage.exportState(),
    }),
    restore(state) {
      requireSameParameters(
        'MACD',
        { fast, slow, signal, seed },
        { fast: state.fast, slow: state.slow, signal: state.signal, seed: state.seed },
      );
      skipped = state.skipped;
      fastAverage.restore(state.fastAverage);
      slowAverage.restore(state.slowAverage);
      signalAverage.restore(state.signalAverage);
    },
  };
}

/** The whole series: element i answers value i. */
export function macdSeries(values: ArrayLike<number>, periods: MacdPeriods = MACD_PERIODS, seed: Seed = 'talib'): (Macd | undefined)[] {
  const macd = createMacd(periods, seed);
  return series(values.length, (i) => macd.push(values[i]));
}
