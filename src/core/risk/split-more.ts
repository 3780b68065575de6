import { cmp, mulDivFloorInto, mulInto, negInto, splitZero, type Split } from '../../base/split.ts';

/** ceil(x / den) for x >= 0: a quotient rounded against the trader. */
export function divCeilInto(out: Split, x: Split, den: number): void {
  negInto(out, x);
  mulDivFloorInto(out, out, 1, den);
  negInto(out, out);
}

/** ceil(x * num / den) for x >= 0 and 0 <= num <= den. */
export function mulDivCeilInto(out: Split, x: Split, num: number, den: number): void {
  negInto(out, x);
  mulDivFloorInto(out, out, num, den);
  negInto(out, out);
}

/** A finite double >= 0, rounded down to a whole number; exact below 2^53. */
export function fromDoubleInto(out: Split, x: number): void {
  const whole = Math.floor(x);
  const hi = Math.floor(whole / 281474976710656);
  out.hi = hi;
  out.lo = whole - hi * 281474976710656;
}

const left = splitZero();
const right = splitZero();

/** a * b > c * d, exactly; safe integers of any sign, the products within +-2^101. */
export function productExceeds(a: number, b: number, c: number, d: number): boolean {
  const p = a * b;
  const q = c * d;
  if (Math.abs(p) <= Number.MAX_SAFE_INTEGER && Math.abs(q) <= Number.MAX_SAFE_INTEGER) return p > q;
  mulInto(left, a, b);
  mulInto(right, c, d);
  return cmp(left, right) > 0;
}
