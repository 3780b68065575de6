import { requireWhole } from '../preconditions.ts';

/**
 * Mean of `values[from .. to)`, in the unit of the values; needs at least one. Summed as distances from the first value, so that
 * equal values have exactly that mean and the error scales with their spread, not their size.
 */
export function mean(values: ArrayLike<number>, from = 0, to: number = values.length): number {
  requireRange(values, from, to, 1);
  const origin = values[from];
  let sum = 0;
  for (let i = from + 1; i < to; i++) sum += values[i] - origin;
  return origin + sum / (to - from);
}

/** Sum of squared distances from `center` over `values[from .. to)`, unit squared; two-pass, never below zero. */
export function squaredDistances(values: ArrayLike<number>, center: number, from = 0, to: number = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const distance = values[i] - center;
    sum += distance * distance;
  }
  return sum;
}

/** `population` divides by n, `sample` by n - 1 (Bessel). */
export type Divisor = 'population' | 'sample';

/** Variance of `values[from .. to)`, unit squared; needs one value (population) or two (sample). */
export function variance(values: ArrayLike<number>, divisor: Divisor, from = 0, to: number = values.length): number {
  const lost = divisor === 'sample' ? 1 : 0;
  requireRange(values, from, to, 1 + lost);
  return squaredDistances(values, mean(values, from, to), from, to) / (to - from - lost);
}

/** Standard deviation of `values[from .. to)`, in the unit of the values; needs as many as `variance`. */
export function deviation(values: ArrayLike<number>, divisor: Divisor, from = 0, to: number = values.length): number {
  return Math.sqrt(variance(values, divisor, from, to));
}

/**
 * Skewness g1 = m3 / m2^(3/2) with central moments over n (Joanes & Gill 1998, eq. for g1), dimensionless.
 * `undefined` when all values are equal.
 */
export function skewness(values: ArrayLike<number>): number | undefined {
  requireRange(values, 0, values.length, 1);
  const [second, third] = centralMoments(values);
  return second > 0 ? third / (second * Math.sqrt(second)) : undefined;
}

/**
 * Kurtosis m4 / m2^2 with central moments over n, *not* in excess: 3 for a normal distribution (Pearson 1905).
 * `undefined` when all values are equal.
 */
export function kurtosis(values: ArrayLike<number>): number | undefined {
  requireRange(values, 0, values.length, 1);
  const [second, , fourth] = centralMoments(values);
  return second > 0 ? fourth / (second * second) : undefined;
}

function centralMoments(values: ArrayLike<number>): readonly [second: number, third: number, fourth: number] {
  const center = mean(values);
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = values[i] - center;
    const square = distance * distance;
    second += square;
    third += square * distance;
    fourth += square * square;
  }
  const n = values.length;
  return [second / n, third / n, fourth / n];
}

function requireRange(values: ArrayLike<number>, from: number, to: number, least: number): void {
  requireWhole('range end', to, 0, values.length);
  requireWhole('values in range', to - from, least, Number.MAX_SAFE_INTEGER);
  requireWhole('range start', from, 0, to);
}
