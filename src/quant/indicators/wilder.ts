import { requireFinite, requireWhole } from '../preconditions.ts';
import { type Seed, type Streaming, requireSameParameters } from './streaming.ts';

export interface WilderState {
  readonly period: number;
  readonly seed: Seed;
  readonly count: number;
  readonly average: number;
}

/**
 * Wilder's smoothed average, in the unit of the observations: a = (a (period - 1) + x) / period (Wilder 1978, New Concepts in
 * Technical Trading Systems). First value at index period - 1.
 */
export function createWilder(period: number, seed: Seed = 'talib'): Streaming<[value: number], number, WilderState> {
  requireWhole('Wilder period', period, 1);
  const kept = period - 1;
  // a field is written in place, a captured number would be a new one each time; the running sum while the talib seed is being collected
  const state = { count: 0, average: 0.5 };
  state.average = 0;
  return {
    push(value) {
      requireFinite('observation', value);
      if (state.count < period) state.count++;
      else return (state.average = (state.average * kept + value) / period);
      if (seed === 'talib') {
        state.average += value;
        if (state.count === period) state.average /= period;
      } else {
        state.average = state.count === 1 ? value + 0 : (state.average * kept + value) / period;
      }
      return state.count === period ? state.average : undefined;
    },
    exportState: () => ({ period, seed, count: state.count, average: state.average }),
    restore(from) {
      requireSameParameters('Wilder average', { period, seed }, { period: from.period, seed: from.seed });
      state.count = from.count;
      state.average = from.average;
    },
  };
}
