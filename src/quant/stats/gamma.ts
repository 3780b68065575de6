import { lgamma } from '../../base/math.ts';
import { requireWithin } from '../preconditions.ts';

/** Terms of the series or of the continued fraction before it is given up as a mistake; 10 sqrt(shape) suffice. */
const MOST_TERMS = 100_000;
const PRECISION = 1e-16;
/** Stands in for a zero denominator in Lentz's method. */
const TINY = 1e-300;

/**
 * Regularized upper incomplete gamma function Q(shape, x), 0 ... 1; shape > 0, x >= 0. Series below shape + 1 and continued fraction
 * above (Abramowitz & Stegun 1964, 6.5.29 and 6.5.31; Lentz 1976 for the evaluation).
 */
export function upperGamma(shape: number, x: number): number {
  requireWithin('shape', shape, Number.MIN_VALUE, Number.MAX_VALUE);
  requireWithin('gamma argument', x, 0, Infinity);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  const scale = Math.exp(shape * Math.log(x) - x - lgamma(shape));
  return x < shape + 1 ? 1 - scale * lowerSeries(shape, x) : scale * upperFraction(shape, x);
}

/** Chance that a chi-square variable with `degrees` degrees of freedom exceeds x (Abramowitz & Stegun 1964, 26.4.19). */
export function chiSquareTail(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let i = 1; i < MOST_TERMS; i++) {
    term *= x / (shape + i);
    sum += term;
    if (term < sum * PRECISION) return sum;
  }
  throw new RangeError(`expected the gamma series to end within ${MOST_TERMS} terms, was shape ${shape}, x ${x}`);
}

function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < MOST_TERMS; i++) {
    const a = -i * (i - shape);
    b += 2;
    d = 1 / awayFromZero(a * d + b);
    c = awayFromZero(b + a / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) return fraction;
  }
  throw new RangeError(`expected the gamma fraction to end within ${MOST_TERMS} terms, was shape ${shape}, x ${x}`);
}

function awayFromZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
