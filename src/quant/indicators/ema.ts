import { requireFinite, requireWhole } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters, series } from './streaming.ts';

export interface EmaState {
  readonly period: number;
  readonly seed: Seed;
  readonly count: number;
  readonly average: number;
}

/**
 * Exponential moving average, in the unit of the observations: e += (x - e) * 2 / (period + 1) (TA-Lib `EMA`; Brown 1959 with
 * alpha = 2 / (n + 1)). First value at index period - 1.
 */
export function createEma(period: number, seed: Seed = 'talib'): Streaming<[value: number], number, EmaState> {
  requireWhole('EMA period', period, 1);
  const weight = 2 / (period + 1);
  let count = 0;
  let average = 0; // the running sum of the observations while the talib seed is being collected
  return {
    push(value) {
      requireFinite('observation', value);
      if (count < period) count++;
      else return (average += (value - average) * weight);
      if (seed === 'talib') {
        average += value;
        if (count === period) average /= period;
      } else {
        average = count === 1 ? value + 0 : average + (value - average) * weight;
      }
      return count === period ? average : undefined;
    },
    exportState: () => ({ period, seed, count, average }),
    restore(state) {
      requireSameParameters('EMA', { period, seed }, { period: state.period, seed: state.seed });
      ({ count, average } = state);
    },
  };
}

/** The whole series: element i answers observation i. */
export function emaSeries(values: ArrayLike<number>, period: number, seed: Seed = 'talib'): (number | undefined)[] {
  const ema = createEma(period, seed);
  return series(values.length, (i) => ema.push(values[i]));
}
