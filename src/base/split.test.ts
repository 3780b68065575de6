import { expect, test } from 'vitest';
import {
  addInto,
  cmp,
  columnAdd,
  columnGet,
  columnSet,
  divHalfEvenInto,
  fromBigInt,
  fromSafe,
  growColumn,
  isNeg,
  isZero,
  moneyColumn,
  mulDivFloorInto,
  mulInto,
  mulSmallInto,
  negInto,
  setInto,
  sign,
  splitString,
  splitZero,
  subInto,
  toBigInt,
  toNumber,
} from './split.ts';
import type { Split } from './split.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const TOP = (BigInt(MAX) << 48n) + (1n << 48n) - 1n;

function split(b: bigint): Split {
  const out = splitZero();
  fromBigInt(out, b);
  return out;
}

test('the low part is never negative and the high part carries the sign', () => {
  const out = splitZero();
  fromSafe(out, -1);
  expect(out).toEqual({ hi: -1, lo: 281474976710655 });
  expect([isNeg(out), isZero(out), sign(out), toNumber(out), splitString(out)]).toEqual([true, false, -1, -1, '-1']);
  fromSafe(out, -0);
  expect(Object.is(out.hi, 0) && Object.is(out.lo, 0)).toBe(true);
  expect(sign(out)).toBe(0);
});

test('a product with zero has no minus zero in it', () => {
  const out = splitZero();
  for (const [a, b] of [
    [0, -5],
    [-5, 0],
    [-0, 3],
  ]) {
    mulInto(out, a, b);
    expect([Object.is(out.hi, 0), Object.is(out.lo, 0)]).toEqual([true, true]);
  }
});

test('a partial close takes the floor of cost times closed over held, also of a negative cost', () => {
  const out = splitZero();
  mulDivFloorInto(out, split(-10n), 1, 3);
  expect(toBigInt(out)).toBe(-4n);
  mulDivFloorInto(out, split(10n), 1, 3);
  expect(toBigInt(out)).toBe(3n);
  mulDivFloorInto(out, split(-10n), 3, 3);
  expect(toBigInt(out)).toBe(-10n);
});

test('a division rounds ties to even on both sides of zero', () => {
  const out = splitZero();
  const rounded = [-5n, -3n, -1n, 1n, 3n, 5n].map((b) => {
    divHalfEvenInto(out, split(b), 2);
    return toNumber(out);
  });
  expect(rounded).toEqual([-2, -2, 0, 0, 2, 2]);
  expect(Object.is(rounded[2], 0)).toBe(true);
});

test('the range ends at about 2^101 and beyond it is a RangeError', () => {
  const out = splitZero();
  const top = split(TOP);
  const bottom = split(-(BigInt(MAX) << 48n));
  for (const beyond of [
    () => addInto(out, top, split(1n)),
    () => addInto(out, bottom, split(-1n)),
    () => subInto(out, bottom, split(1n)),
    () => negInto(out, top),
    () => mulInto(out, MAX, MAX),
    () => mulInto(out, -MAX, MAX),
    () => mulSmallInto(out, top, 2),
    () => mulSmallInto(out, bottom, -2),
    () => fromBigInt(out, TOP + 1n),
    () => mulSmallInto(out, split(1n << 100n), 4),
  ]) {
    expect(beyond).toThrow('split: the result is beyond the range of about 2^101');
  }
  negInto(out, bottom);
  expect(toBigInt(out)).toBe(BigInt(MAX) << 48n);
  addInto(out, top, split(0n));
  expect(toBigInt(out)).toBe(TOP);
});

test('wrong operands are refused in a sentence', () => {
  const out = splitZero();
  expect(() => fromSafe(out, 0.5)).toThrow('split: expected a safe integer, was 0.5');
  expect(() => mulInto(out, 2 * MAX, 1)).toThrow('split: expected two safe integers, was 18014398509481982 and 1');
  expect(() => mulSmallInto(out, split(1n), NaN)).toThrow(RangeError);
  expect(() => mulDivFloorInto(out, split(1n), 3, 2)).toThrow('split: expected 0 <= num <= 2, was 3');
  expect(() => mulDivFloorInto(out, split(1n), 0, 0)).toThrow('expected a positive safe integer as denominator, was 0');
  expect(() => divHalfEvenInto(out, split(1n), -2)).toThrow(RangeError);
});

test('results may overwrite their operands', () => {
  const x = split(7n);
  addInto(x, x, x);
  mulSmallInto(x, x, 10);
  subInto(x, x, split(1n));
  negInto(x, x);
  expect(toBigInt(x)).toBe(-139n);
  mulDivFloorInto(x, x, 1, 2);
  divHalfEvenInto(x, x, 7);
  expect(toBigInt(x)).toBe(-10n);
  const copy = splitZero();
  setInto(copy, x);
  expect(cmp(copy, x)).toBe(0);
});

test('a column keeps balances in rows and grows without losing them', () => {
  const col = moneyColumn(2);
  columnSet(col, 1, split(-5n));
  columnAdd(col, 1, 0, 281474976710655);
  growColumn(col, 10);
  growColumn(col, 1);
  const out = splitZero();
  columnGet(out, col, 1);
  expect(toBigInt(out)).toBe((1n << 48n) - 6n);
  columnGet(out, col, 9);
  expect(isZero(out)).toBe(true);
  expect(() => columnAdd(col, 10, 0, 1)).toThrow('column: expected a row below 10, was 10');
  expect(() => columnGet(out, col, -1)).toThrow(RangeError);
  columnAdd(col, 0, MAX, 0);
  expect(() => columnAdd(col, 0, 1, 0)).toThrow('beyond the range');
});
