import { type ExactSum, addTo } from './exact-sum.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';
import { createWindow, isFull, oldestOf, pushInto, refillWindow, windowValues } from './window.ts';

export interface SmaState {
  readonly period: number;
  readonly values: readonly number[];
  readonly sum: readonly [high: number, low: number];
}

/**
 * Simple moving average of the last `period` observations, in their unit; also the mean volume of a window. First value at index
 * period - 1. One step costs the same for every period; the sum is carried to 106 bits (see exact-sum.ts).
 */
export function createSma(period: number): Streaming<[value: number], number, SmaState> {
  const window = createWindow(period);
  const sum: ExactSum = { high: 0, low: 0 };
  return {
    push(value) {
      const leaving = isFull(window) ? oldestOf(window) : 0;
      pushInto(window, value);
      addTo(sum, value);
      addTo(sum, -leaving);
      return isFull(window) ? sum.high / period : undefined;
    },
    exportState: () => ({ period, values: windowValues(window), sum: [sum.high, sum.low] }),
    restore(state) {
      requireSameParameters('SMA', { period }, { period: state.period });
      refillWindow(window, state.values);
      [sum.high, sum.low] = state.sum;
    },
  };
}

/** The whole series: element i answers observation i. */
export function smaSeries(values: ArrayLike<number>, period: number): (number | undefined)[] {
  const sma = createSma(period);
  return series(values.length, (i) => sma.push(values[i]));
}
