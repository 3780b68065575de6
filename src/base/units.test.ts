import { expect, test } from 'vitest';
import { assert, never } from './assert.ts';
import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import { addMicros, baseQty, bps, lots, lotsUnchecked, micros, negBaseQty, negLots, ticks } from './units.ts';

const makers = { ticks, lots, micros, baseQty };

test('whole units take every safe integer and nothing else', () => {
  for (const [name, make] of Object.entries(makers)) {
    for (const n of [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) expect(make(n)).toBe(n);
    for (const n of [0.5, NaN, Infinity, 9007199254740992]) {
      expect(() => make(n)).toThrow(new RangeError(`${name}: expected a safe integer, was ${String(n)}`));
    }
  }
});

test('minus zero becomes zero, so that equal units have equal bytes', () => {
  for (const make of [...Object.values(makers), bps]) expect(Object.is(make(-0), 0)).toBe(true);
  expect(Object.is(negLots(lots(0)), 0)).toBe(true);
  expect(Object.is(negBaseQty(baseQty(0)), 0)).toBe(true);
});

test('basis points may be fractional but not infinite', () => {
  expect(bps(-2.5)).toBe(-2.5);
  expect(() => bps(Infinity)).toThrow('bps: expected a finite number, was Infinity');
  expect(() => bps(NaN)).toThrow(RangeError);
});

test('time moves by whole microseconds within the safe integers', () => {
  expect(addMicros(micros(10), -11)).toBe(-1);
  expect(() => addMicros(micros(Number.MAX_SAFE_INTEGER), 1)).toThrow(RangeError);
  expect(() => addMicros(micros(0), 0.5)).toThrow(RangeError);
});

test('negation turns the sign of a quantity', () => {
  expect(negLots(lotsUnchecked(3))).toBe(-3);
  expect(negBaseQty(baseQty(-4))).toBe(4);
});

test('a result is either a value or an error', () => {
  const results: Result<number, string>[] = [ok(1), err('refused')];
  expect(results.map((r) => (r.ok ? r.value : r.error))).toEqual([1, 'refused']);
});

test('an assertion throws where our own code broke its word', () => {
  expect(() => assert(true, 'one is one')).not.toThrow();
  expect(() => assert(false, 'one is two')).toThrow('assertion failed: one is two');
  expect(() => never('blue' as never, 'side')).toThrow('side: unexpected value blue');
});
