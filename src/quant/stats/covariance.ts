import { requireSameLength, requireWhole } from '../preconditions.ts';
import { type Divisor, mean, squaredDistances } from './moments.ts';

/** Covariance of two series of one length, in the product of their units; needs one pair (population) or two (sample). */
export function covariance(first: ArrayLike<number>, second: ArrayLike<number>, divisor: Divisor): number {
  requireSameLength('series', first, second);
  const lost = divisor === 'sample' ? 1 : 0;
  requireWhole('number of pairs', first.length, 1 + lost, Number.MAX_SAFE_INTEGER);
  return crossProducts(first, second, mean(first), mean(second)) / (first.length - lost);
}

/**
 * Correlation of two series of one length, -1 ... 1 (Pearson 1895). `undefined` when one of them does not vary; needs two pairs.
 */
export function pearson(first: ArrayLike<number>, second: ArrayLike<number>): number | undefined {
  requireSameLength('series', first, second);
  requireWhole('number of pairs', first.length, 2, Number.MAX_SAFE_INTEGER);
  const firstMean = mean(first);
  const secondMean = mean(second);
  const firstSquares = squaredDistances(first, firstMean);
  const secondSquares = squaredDistances(second, secondMean);
  if (!(firstSquares > 0 && secondSquares > 0)) return undefined;
  const ratio = crossProducts(first, second, firstMean, secondMean) / (Math.sqrt(firstSquares) * Math.sqrt(secondSquares));
  return Math.min(1, Math.max(-1, ratio));
}

/** Sum of (a - a0)(b - b0) over both series. */
export function crossProducts(first: ArrayLike<number>, second: ArrayLike<number>, firstCenter: number, secondCenter: number): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += (first[i] - firstCenter) * (second[i] - secondCenter);
  return sum;
}
