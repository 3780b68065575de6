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
  let count = 0;
  let average = 0; // the running sum of the observations while the talib seed is being collected
  return {
    push(value) {
      requireFinite('observation', value);
      if (count < period) count++;
      else return (average = (average * kept + value) / period);
      if (seed === 'talib') {
        average += value;
        if (count === period) average /= period;
      } else {
        average = count === 1 ? value + 0 : (average * kept + value) / period;
      }
      return count === period ? average : undefined;
    },
    exportState: () => ({ period, seed, count, average }),
    restore(state) {
      requireSameParameters('Wilder average', { period, seed }, { period: state.period, seed: state.seed });
      ({ count, average } = state);
    },
  };
}
