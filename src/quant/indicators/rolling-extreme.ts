import { requireFinite, requireWhole } from '../preconditions.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';

export type Extreme = 'highest' | 'lowest';

export interface RollingExtremeState {
  readonly period: number;
  readonly extreme: Extreme;
  /** Observations so far; the next one has this index. */
  readonly count: number;
  readonly candidates: readonly (readonly [index: number, value: number])[];
}

/**
 * Highest or lowest of the last `period` observations, exact, in their unit. First value at index period - 1. Keeps only the
 * observations that can still become the extreme (monotone queue), so a step costs a constant on average.
 */
export function createRollingExtreme(period: number, extreme: Extreme): Streaming<[value: number], number, RollingExtremeState> {
  requireWhole('extreme period', period, 1);
  const sign = extreme === 'highest' ? 1 : -1;
  const indices = new Float64Array(period);
  const values = new Float64Array(period);
  let first = 0; // slot of the oldest candidate
  let length = 0;
  let count = 0;

  function append(index: number, value: number): void {
    const slot = (first + length) % period;
    indices[slot] = index;
    values[slot] = value;
    length++;
  }

  return {
    push(value) {
      requireFinite('observation', value);
      if (length > 0 && indices[first] <= count - period) {
        first = (first + 1) % period;
        length--;
      }
      while (length > 0 && sign * values[(first + length - 1) % period] <= sign * value) length--;
      append(count, value + 0);
      count++;
      return count >= period ? values[first] : undefined;
    },
    exportState() {
      const candidates: [number, number][] = [];
      for (let i = 0; i < length; i++) candidates.push([indices[(first + i) % period], values[(first + i) % period]]);
      return { period, extreme, count, candidates };
    },
    restore(state) {
      requireSameParameters('rolling extreme', { period, extreme }, { period: state.period, extreme: state.extreme });
      requireWhole('number of candidates', state.candidates.length, 0, period);
      first = 0;
      length = 0;
      for (const [index, value] of state.candidates) append(index, value);
      count = state.count;
    },
  };
}

/** The whole series: element i answers value i. */
export function rollingExtremeSeries(values: ArrayLike<number>, period: number, extreme: Extreme): (number | undefined)[] {
  const rolling = createRollingExtreme(period, extreme);
  return series(values.length, (i) => rolling.push(values[i]));
}
