import { cmp, mulDivFloorInto, mulInto, negInto, splitZero, type Split } from '../../base/split.ts';

/** ceil(x / den) for x >= 0: a quotient rounded against the trader. */
export function divCeilInto(out: Split, x: Split, den: number): void {
  mulDivCeilInto(out, x, 1, den);
}

const splitBase = 281_474_976_710_656;
const digitBase = 16_777_216;
/** Below these each digit's product and remainder is a safe integer: 2^31 for the high part, 2^21 for the denominator. */
const quickHigh = 2_147_483_648;
const quickDenominator = 2_097_152;

/**
 * ceil(x * num / den) for x >= 0 and 0 <= num <= den. Usual sizes by long division in three digits: the high part, then 24 bits of the low part at a time,
 * each with what the digit before left over.
 */
export function mulDivCeilInto(out: Split, x: Split, num: number, den: number): void {
  const { hi, lo } = x;
  if (!(hi >= 0 && hi < quickHigh && den < quickDenominator && num >= 0 && num <= den)) {
    negInto(out, x);
    mulDivFloorInto(out, out, num, den);
    negInto(out, out);
    return;
  }
  const middle = Math.floor(lo / digitBase);
  let rest = hi * num;
  const top = Math.floor(rest / den);
  rest = (rest - top * den) * digitBase + middle * num;
  const upper = Math.floor(rest / den);
  rest = (rest - upper * den) * digitBase + (lo - middle * digitBase) * num;
  const lower = Math.ceil(rest / den);
  const low = upper * digitBase + lower;
  const carry = low >= splitBase ? 1 : 0;
  out.hi = top + carry;
  out.lo = low - carry * splitBase;
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
