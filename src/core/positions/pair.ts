import { mulDivFloorInto, splitZero, type Split } from '../../base/split.ts';

/**
 * Split integers (hi * 2^48 + lo, 0 <= lo < 2^48) as two neighbors in a Float64Array, named by the array and the place of hi. Same values and range as
 * `base/split.ts`. Operands are places and never numbers, because a double handed to a function that is not inlined is put on the heap first; and carries
 * come from a floor and not from a branch, because a low part is as good as random and would be mispredicted half of the time.
 */
export type Cells = Float64Array;

const base = 281474976710656;
const inverse = 1 / base;
const veltkamp = 134217729;
const maxHigh = Number.MAX_SAFE_INTEGER;

/** to += from */
export function addPair(to: Cells, t: number, from: Cells, f: number): void {
  const low = to[t + 1] + from[f + 1];
  const carry = Math.floor(low * inverse);
  const high = to[t] + from[f] + carry;
  if (high > maxHigh || high < -maxHigh) beyond();
  to[t + 1] = low - carry * base;
  to[t] = high;
}

/** to -= from */
export function subPair(to: Cells, t: number, from: Cells, f: number): void {
  const low = to[t + 1] - from[f + 1];
  const borrow = Math.floor(low * inverse);
  const high = to[t] - from[f] + borrow;
  if (high > maxHigh || high < -maxHigh) beyond();
  to[t + 1] = low - borrow * base;
  to[t] = high;
}

/** to += sign * from, sign +1 or -1, without a branch. */
export function addSigned(to: Cells, t: number, from: Cells, f: number, sign: number): void {
  const low = to[t + 1] + sign * from[f + 1];
  const carry = Math.floor(low * inverse);
  const high = to[t] + sign * from[f] + carry + 0;
  if (high > maxHigh || high < -maxHigh) beyond();
  to[t + 1] = low - carry * base;
  to[t] = high;
}

/** to = sign * (x - y), sign +1 or -1, without a branch. */
export function signedDifference(to: Cells, t: number, x: Cells, i: number, y: Cells, j: number, sign: number): void {
  const low = sign * (x[i + 1] - y[j + 1]) + 0;
  const carry = Math.floor(low * inverse);
  const high = sign * (x[i] - y[j]) + carry + 0;
  if (high > maxHigh || high < -maxHigh) beyond();
  to[t + 1] = low - carry * base;
  to[t] = high;
}

/** to += |from| */
export function addSize(to: Cells, t: number, from: Cells, f: number): void {
  if (from[f] >= 0) addPair(to, t, from, f);
  else subPair(to, t, from, f);
}

/** to -= |from| */
export function subSize(to: Cells, t: number, from: Cells, f: number): void {
  if (from[f] >= 0) subPair(to, t, from, f);
  else addPair(to, t, from, f);
}

export function copyPair(to: Cells, t: number, from: Cells, f: number): void {
  to[t] = from[f];
  to[t + 1] = from[f + 1];
}

/** to = sign * from, sign +1 or -1, without a branch. */
export function copySigned(to: Cells, t: number, from: Cells, f: number, sign: number): void {
  const low = sign * from[f + 1] + 0;
  const carry = Math.floor(low * inverse);
  to[t + 1] = low - carry * base;
  to[t] = sign * from[f] + carry + 0;
}

/** to = |from|, whose carry is settled */
export function copySize(to: Cells, t: number, from: Cells, f: number): void {
  if (from[f] >= 0) copyPair(to, t, from, f);
  else negated(to, t, from, f);
}

function negated(to: Cells, t: number, from: Cells, f: number): void {
  copySigned(to, t, from, f, -1);
}

export function zeroPair(to: Cells, t: number): void {
  to[t] = 0;
  to[t + 1] = 0;
}

/** to = -to */
export function negPair(to: Cells, t: number): void {
  copySigned(to, t, to, t, -1);
}

/** to = x[i] * y[j], both safe integers: the rounded product plus its exact error (Dekker 1971, mul12; halves by Veltkamp), cut at 2^48. */
export function mulPair(to: Cells, t: number, x: Cells, i: number, y: Cells, j: number): void {
  const a = x[i];
  const b = y[j];
  const p = a * b;
  const u = veltkamp * a;
  const a1 = u - (u - a);
  const a0 = a - a1;
  const v = veltkamp * b;
  const b1 = v - (v - b);
  const b0 = b - b1;
  const hi = Math.floor(p * inverse);
  const lo = p - hi * base + (a1 * b1 - p + a1 * b0 + a0 * b1 + a0 * b0);
  const carry = Math.floor(lo * inverse);
  const high = hi + carry + 0;
  if (high > maxHigh || high < -maxHigh) beyond();
  to[t + 1] = lo - carry * base;
  to[t] = high;
}

const whole = splitZero();
const half = 16777216;
const inverseHalf = 1 / half;
/** Below these every step of the quick division is exact: 2^31 for the high part, 2^21 for the denominator, 2^52 for the first product. */
const quickHigh = 2147483648;
const quickDenominator = 2097152;
const quickProduct = 4503599627370496;

/**
 * to = floor(from * num / den), toward minus infinity; 0 <= num <= den, den > 0. Small ones by long division in two digits: all but the lowest 24 bits, then these, with
 * what the first left over; in three where the first product is too large. The quotient of doubles is off by one at most, which its remainder shows.
 */
export function mulDivFloorPair(to: Cells, t: number, from: Cells, f: number, num: number, den: number): void {
  const hi = from[f];
  if (hi < 0 || hi >= quickHigh || den >= quickDenominator) {
    whole.hi = hi;
    whole.lo = from[f + 1];
    mulDivFloorInto(whole, whole, num, den);
    to[t] = whole.hi;
    to[t + 1] = whole.lo;
    return;
  }
  const middle = Math.floor(from[f + 1] * inverseHalf);
  const bottom = from[f + 1] - middle * half;
  const scale = 1 / den;
  let rest = (hi * half + middle) * num;
  if (rest < quickProduct) {
    const upper = digit(rest, den, scale);
    const top = Math.floor(upper * inverseHalf);
    const low = (upper - top * half) * half + digit((rest - upper * den) * half + bottom * num, den, scale);
    const carry = Math.floor(low * inverse);
    to[t] = top + carry;
    to[t + 1] = low - carry * base;
    return;
  }
  rest = hi * num;
  const q2 = digit(rest, den, scale);
  rest = (rest - q2 * den) * half + middle * num;
  const q1 = digit(rest, den, scale);
  rest = (rest - q1 * den) * half + bottom * num;
  const low = q1 * half + digit(rest, den, scale);
  const carry = Math.floor(low * inverse);
  to[t] = q2 + carry;
  to[t + 1] = low - carry * base;
}

/** floor(x / den) for whole x from 0 to 2^53. */
function digit(x: number, den: number, scale: number): number {
  const q = Math.floor(x * scale);
  const rest = x - q * den;
  return rest < 0 ? q - 1 : rest >= den ? q + 1 : q;
}

/** A pair whose carry is known to be settled. */
export function copyOut(out: Split, from: Cells, f: number): void {
  out.hi = from[f];
  out.lo = from[f + 1];
}

/** A pair as a split integer, its carry settled. */
export function readPair(out: Split, from: Cells, f: number): void {
  const carry = Math.floor(from[f + 1] * inverse);
  out.hi = from[f] + carry;
  out.lo = from[f + 1] - carry * base;
}

/** Moves what the low part holds beyond 2^48 into the high part. */
export function settlePair(to: Cells, t: number): void {
  const carry = Math.floor(to[t + 1] * inverse);
  to[t + 1] -= carry * base;
  to[t] += carry;
}

export function writePair(to: Cells, t: number, x: Split): void {
  to[t] = x.hi;
  to[t + 1] = x.lo;
}

function beyond(): never {
  throw new RangeError('ledger: a sum is beyond the range of about 2^101');
}
