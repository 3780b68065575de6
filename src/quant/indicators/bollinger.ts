import { requireFinite } from '../preconditions.ts';
import { mean, squaredDistances } from '../stats/moments.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';
import { createWindow, isFull, pushInto, refillWindow, windowValues } from './window.ts';

export interface BollingerBands {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

export interface BollingerState {
  readonly period: number;
  readonly width: number;
  readonly values: readonly number[];
}

/**
 * Bollinger bands, in the unit of the observations: simple mean of the last `period` plus and minus `width` *population* deviations
 * (Bollinger 2001; TA-Lib `BBANDS` with a simple average). First value at index period - 1. Both moments are taken over the window
 * anew at each step, so the bands depend on the window alone.
 */
export function createBollinger(period: number, width = 2): Streaming<[value: number], BollingerBands, BollingerState> {
  requireFinite('band width', width);
  const window = createWindow(period);
  return {
    push(value) {
      pushInto(window, value);
      return isFull(window) ? bandsOf(window.slots, window.oldest, period, width) : undefined;
    },
    exportState: () => ({ period, width, values: windowValues(window) }),
    restore(state) {
      requireSameParameters('Bollinger bands', { period, width }, { period: state.period, width: state.width });
      refillWindow(window, state.values);
    },
  };
}

/** The bands of a full window, `size` slots from `oldest` on: for whoever looks at few of many observations. */
export function bandsOf(slots: Float64Array, oldest: number, size: number, width: number): BollingerBands {
  const middle = mean(slots, oldest, oldest + size);
  const reach = width * Math.sqrt(squaredDistances(slots, middle, oldest, oldest + size) / size);
  return { lower: middle - reach, middle, upper: middle + reach };
}

/** The whole series: element i answers value i. */
export function bollingerSeries(values: ArrayLike<number>, period: number, width = 2): (BollingerBands | undefined)[] {
  const bollinger = createBollinger(period, width);
  return series(values.length, (i) => bollinger.push(values[i]));
}
