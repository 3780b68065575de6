import { requireFinite, requireSameLength, requireWhole } from '../preconditions.ts';
import { type Streaming, requireSameParameters, series } from './streaming.ts';
import { trueRange } from './true-range.ts';

interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface AdxState {
  readonly period: number;
  /** Bars seen, at most 2 period: from there on only the averages change. */
  readonly count: number;
  /** The last bar; null before the first. */
  readonly previous: Bar | null;
  readonly plusMovement: number;
  readonly minusMovement: number;
  readonly range: number;
  /** Sum of DX while the first mean is being collected, then ADX. */
  readonly strength: number;
}

/**
 * Average directional index, 0 ... 100, with the conventions of TA-Lib `ADX` (after Wilder 1978): directional movements and true range
 * start as the sum of their first period - 1 terms, then x = x - x / period + new; DX from index period; first ADX at index
 * 2 period - 1 as the mean of `period` values of DX, then the Wilder average. A bar without range or without direction adds 0 to
 * the first mean and leaves a later ADX as it is.
 */
export function createAdx(period: number): Streaming<[high: number, low: number, close: number], number, AdxState> {
  requireWhole('ADX period', period, 1);
  let previous: Bar | null = null;
  let count = 0;
  let plusMovement = 0;
  let minusMovement = 0;
  let range = 0;
  let strength = 0;

  function accumulate(last: Bar, high: number, low: number): void {
    const up = high - last.high;
    const down = last.low - low;
    const plus = up > 0 && up > down ? up : 0;
    const minus = down > 0 && down > up ? down : 0;
    plusMovement = sum(plusMovement, plus);
    minusMovement = sum(minusMovement, minus);
    range = sum(range, trueRange(high, low, last.close));
  }

  function sum(total: number, term: number): number {
    return count < period ? total + term : total - total / period + term;
  }

  return {
    push(high, low, close) {
      requireFinite('range of the bar', high - low + close);
      const last = previous;
      previous = { high, low, close };
      if (last === null) {
        count = 1;
        return undefined;
      }
      accumulate(last, high, low);
      const index = count;
      if (count < 2 * period) count++;
      if (index < period) return undefined;
      const direction = directionalIndex(plusMovement, minusMovement, range);
      if (index === 2 * period) {
        if (direction !== undefined) strength = (strength * (period - 1) + direction) / period;
        return strength;
      }
      strength += direction ?? 0;
      if (index < 2 * period - 1) return undefined;
      return (strength /= period);
    },
    exportState: () => ({ period, count, previous, plusMovement, minusMovement, range, strength }),
    restore(state) {
      requireSameParameters('ADX', { period }, { period: state.period });
      ({ previous, count, plusMovement, minusMovement, range, strength } = state);
    },
  };
}

/** DX = 100 |+DI - -DI| / (+DI + -DI), 0 ... 100; `undefined` when there is no range or no movement in either direction. */
function directionalIndex(plusMovement: number, minusMovement: number, range: number): number | undefined {
  if (!(range > 0)) return undefined;
  const plus = 100 * (plusMovement / range);
  const minus = 100 * (minusMovement / range);
  return plus + minus > 0 ? 100 * (Math.abs(plus - minus) / (plus + minus)) : undefined;
}

/** The whole series: element i answers bar i. The three arrays have one length. */
export function adxSeries(
  highs: ArrayLike<number>,
  lows: ArrayLike<number>,
  closes: ArrayLike<number>,
  period: number,
): (number | undefined)[] {
  requireSameLength('highs and lows', highs, lows);
  requireSameLength('highs and closes', highs, closes);
  const adx = createAdx(period);
  return series(closes.length, (i) => adx.push(highs[i], lows[i], closes[i]));
}
