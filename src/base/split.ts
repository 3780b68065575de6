import { SPLIT_BASE, lowProduct, quotient, scratch } from './split-kernel.ts';

/**
 * Exact money: value = hi * 2^48 + lo, 0 <= lo < 2^48, hi a safe integer, so about -2^101 .. 2^101.
 * Every function writes its result into `out` and allocates nothing; `out` may be one of the operands.
 * A result beyond the range is a RangeError.
 */
export interface Split {
  hi: number;
  lo: number;
}

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const BASE = SPLIT_BASE;
const results = scratch;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const INVERSE_BASE = 1 / BASE;
const BIG_BASE = 281474976710656n;

export function splitZero(): Split {
  return { hi: 0, lo: 0 };
}

export function setInto(out: Split, x: Split): void {
  out.hi = x.hi;
  out.lo = x.lo;
}

export function fromSafe(out: Split, n: number): void {
  if (!Number.isSafeInteger(n)) throw new RangeError(`split: expected a safe integer, was ${String(n)}`);
  const hi = Math.floor(n * INVERSE_BASE) + 0;
  out.hi = hi;
  out.lo = n - hi * BASE + 0;
}

export function addInto(out: Split, a: Split, b: Split): void {
  let lo = a.lo + b.lo;
  let carry = 0;
  if (lo >= BASE) {
    lo -= BASE;
    carry = 1;
  }
  put(out, a.hi + carry + b.hi, lo);
}

export function subInto(out: Split, a: Split, b: Split): void {
  let lo = a.lo - b.lo;
  let borrow = 0;
  if (lo < 0) {
    lo += BASE;
    borrow = 1;
  }
  put(out, a.hi - borrow - b.hi, lo);
}

export function negInto(out: Split, x: Split): void {
  if (x.lo === 0) put(out, 0 - x.hi, 0);
  else put(out, -1 - x.hi, BASE - x.lo);
}

/** Exact product of two safe integers of any sign. */
export function mulInto(out: Split, a: number, b: number): void {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) {
    throw new RangeError(`split: expected two safe integers, was ${String(a)} and ${String(b)}`);
  }
  const p = a * b;
  const hi = Math.floor(p * INVERSE_BASE) + 0;
  if (p <= MAX_SAFE && p >= -MAX_SAFE) {
    out.hi = hi;
    out.lo = p - hi * BASE + 0;
  } else {
    const lo = p - hi * BASE + lowProduct(a, b, p);
    const carry = Math.floor(lo * INVERSE_BASE);
    put(out, hi + carry, lo - carry * BASE);
  }
}

/** Exact x * m, m a safe integer of any sign. */
export function mulSmallInto(out: Split, x: Split, m: number): void {
  const negative = x.hi < 0 !== m < 0;
  const factor = Math.abs(m);
  const hi = x.hi >= 0 ? x.hi : x.lo === 0 ? -x.hi : -1 - x.hi;
  const lo = x.hi >= 0 || x.lo === 0 ? x.lo : BASE - x.lo;
  const top = hi * factor;
  if (top > MAX_SAFE) overflow();
  mulInto(out, lo, factor);
  put(out, out.hi + top, out.lo);
  if (negative) negInto(out, out);
}

/** floor(x * num / den) toward minus infinity; safe integers with 0 <= num <= den and den > 0. */
export function mulDivFloorInto(out: Split, x: Split, num: number, den: number): void {
  checkDenominator(den);
  if (!Number.isSafeInteger(num) || num < 0 || num > den) {
    throw new RangeError(`split: expected 0 <= num <= ${den}, was ${String(num)}`);
  }
  const negative = x.hi < 0;
  quotient(x.hi, x.lo, num, den);
  putQuotient(out, negative, negative && results[2] > 0);
}

/** x / den rounded to the nearest integer, ties to even; den a positive safe integer. */
export function divHalfEvenInto(out: Split, x: Split, den: number): void {
  checkDenominator(den);
  const negative = x.hi < 0;
  quotient(x.hi, x.lo, 1, den);
  const rest = results[2];
  const up = rest > den - rest || (rest === den - rest && results[1] % 2 === 1);
  putQuotient(out, negative, up);
}

export function cmp(a: Split, b: Split): -1 | 0 | 1 {
  if (a.hi !== b.hi) return a.hi < b.hi ? -1 : 1;
  if (a.lo !== b.lo) return a.lo < b.lo ? -1 : 1;
  return 0;
}

export function isZero(x: Split): boolean {
  return x.hi === 0 && x.lo === 0;
}

export function isNeg(x: Split): boolean {
  return x.hi < 0;
}

export function sign(x: Split): -1 | 0 | 1 {
  if (x.hi < 0) return -1;
  return x.hi === 0 && x.lo === 0 ? 0 : 1;
}

/** The nearest double, for display and for limit checks. */
export function toNumber(x: Split): number {
  return x.hi * BASE + x.lo;
}

/** For borders and oracles only. */
export function toBigInt(x: Split): bigint {
  return BigInt(x.hi) * BIG_BASE + BigInt(x.lo);
}

/** For borders and oracles only. */
export function fromBigInt(out: Split, b: bigint): void {
  const lo = BigInt.asUintN(48, b);
  put(out, Number((b - lo) / BIG_BASE), Number(lo));
}

/** Decimal digits of the integer, for borders. */
export function splitString(x: Split): string {
  return toBigInt(x).toString();
}

/** One rounding at most has happened to `hi`, and rounding is monotone: what is beyond the range shows here. */
function put(out: Split, hi: number, lo: number): void {
  if (hi > MAX_SAFE || hi < -MAX_SAFE) overflow();
  out.hi = hi;
  out.lo = lo;
}

/** Takes the magnitude left in scratch by `quotient`, one more when `up`, with its sign. */
function putQuotient(out: Split, negative: boolean, up: boolean): void {
  let hi = results[0];
  let lo = results[1];
  if (up) {
    lo += 1;
    if (lo === BASE) {
      lo = 0;
      hi += 1;
    }
  }
  if (!negative) put(out, hi, lo);
  else if (lo === 0) put(out, 0 - hi, 0);
  else put(out, -1 - hi, BASE - lo);
}

function checkDenominator(den: number): void {
  if (!Number.isSafeInteger(den) || den <= 0) {
    throw new RangeError(`split: expected a positive safe integer as denominator, was ${String(den)}`);
  }
}

function overflow(): never {
  throw new RangeError('split: the result is beyond the range of about 2^101');
}

/**
 * Many balances side by side, as the ledger keeps them; row i is one split integer. `rows` stands first so that V8 never takes a column for a `Split`: where
 * both are made of `hi` and `lo` alone they share a shape, and every write to a `Split` makes a new number (docs/decisions/0028).
 */
export interface MoneyColumn {
  rows: number;
  hi: Float64Array;
  lo: Float64Array;
}

export function moneyColumn(rows: number): MoneyColumn {
  return { rows, hi: new Float64Array(rows), lo: new Float64Array(rows) };
}

/** Makes room for `rows` rows; the new ones are zero, the old ones stay. A column never shrinks. */
export function growColumn(col: MoneyColumn, rows: number): void {
  if (rows <= col.rows) return;
  const wider = moneyColumn(rows);
  col.rows = rows;
  wider.hi.set(col.hi);
  wider.lo.set(col.lo);
  col.hi = wider.hi;
  col.lo = wider.lo;
}

/** Adds hi * 2^48 + lo, 0 <= lo < 2^48, to row i. */
export function columnAdd(col: MoneyColumn, i: number, hi: number, lo: number): void {
  checkRow(col, i);
  let low = col.lo[i] + lo;
  let carry = 0;
  if (low >= BASE) {
    low -= BASE;
    carry = 1;
  }
  const high = col.hi[i] + carry + hi;
  if (high > MAX_SAFE || high < -MAX_SAFE) overflow();
  col.hi[i] = high;
  col.lo[i] = low;
}

/** Adds the pair (hi, lo) that stands in the first two places of `pair` to row i. */
export function columnAddPair(col: MoneyColumn, i: number, pair: Float64Array): void {
  checkRow(col, i);
  const low = col.lo[i] + pair[1];
  const carry = low >= SPLIT_BASE ? 1 : 0;
  const high = col.hi[i] + carry + pair[0];
  if (high > MAX_SAFE || high < -MAX_SAFE) overflow();
  col.hi[i] = high;
  col.lo[i] = low - carry * SPLIT_BASE;
}

export function columnGet(out: Split, col: MoneyColumn, i: number): void {
  checkRow(col, i);
  out.hi = col.hi[i];
  out.lo = col.lo[i];
}

export function columnSet(col: MoneyColumn, i: number, x: Split): void {
  checkRow(col, i);
  col.hi[i] = x.hi;
  col.lo[i] = x.lo;
}

function checkRow(col: MoneyColumn, i: number): void {
  if (!(i >= 0 && i < col.hi.length)) throw new RangeError(`column: expected a row below ${col.hi.length}, was ${String(i)}`);
}
