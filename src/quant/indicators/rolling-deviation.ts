import { requireWhole } from '../preconditions.ts';
import { type Divisor, deviation } from '../stats/moments.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';
import { createWindow, isFull, pushInto, refillWindow, windowValues } from './window.ts';

export interface RollingDeviationState {
  readonly period: number;
  readonly divisor: Divisor;
  readonly values: readonly number[];
}

/**
 * Standard deviation of the last `period` observations, in their unit, taken over the window anew at each step. First value at index
 * period - 1; `sample` needs a period of at least 2.
 */
export function createRollingDeviation(period: number, divisor: Divisor): Streaming<[value: number], number, RollingDeviationState> {
  requireWhole('deviation period', period, divisor === 'sample' ? 2 : 1);
  const window = createWindow(period);
  return {
    push(value) {
      pushInto(window, value);
      return isFull(window) ? deviation(window.slots, divisor, window.oldest, window.oldest + period) : undefined;
    },
    exportState: () => ({ period, divisor, values: windowValues(window) }),
    restore(state) {
      requireSameParameters('rolling deviation', { period, divisor }, { period: state.period, divisor: state.divisor });
      refillWindow(window, state.values);
    },
  };
}

/** The whole series: element i answers value i. */
export function rollingDeviationSeries(values: ArrayLike<number>, period: number, divisor: Divisor): (number | undefined)[] {
  const rolling = createRollingDeviation(period, divisor);
  return series(values.length, (i) => rolling.push(values[i]));
}
