import type { Split } from '../../base/split.ts';
import { scopeKinds } from './scopes.ts';

/**
 * One row of numbers for each thing that a limit can stand for: its limits, and beside them what they are compared with most often, so that a check fetches
 * one or two cache lines for each scope of an order. Rows are found by number: no check does text work.
 */
export interface ScopeTable {
  numbers: Float64Array;
  /** Raised when a limit changes and when rows move: what was read off the table before is old. */
  version: number;
  /** By scope: its first row, and how many it has. */
  readonly first: Int32Array;
  readonly room: Int32Array;
}

/** Limits that most orders are compared with stand in the table, the first of `limitNames`; the others apart (`limits.ts`). */
export const tableLimits = 12;
/** Places 0…11 are these limits; `noLimit` where nobody has set one. */
export const scopeStride = 18;
/** Instruments held: with a position or an open order. */
export const heldInstruments = 12;
/** Money of the firm's currency, split integers in two places each: result of the session day; of accounts, venues and the firm the result since the beginning. */
export const dayResult = 13;
export const madeResult = 15;

/** A limit that nobody has set. */
export const noLimit = Infinity;

export function createScopeTable(): ScopeTable {
  const room = new Int32Array(scopeKinds).fill(1);
  return { numbers: emptyRows(scopeKinds), version: 1, first: Int32Array.from({ length: scopeKinds }, (_, i) => i), room };
}

function emptyRows(rows: number): Float64Array {
  const numbers = new Float64Array(rows * scopeStride);
  for (let row = 0; row < rows; row++) numbers.fill(noLimit, row * scopeStride, row * scopeStride + tableLimits);
  return numbers;
}

/** Where the numbers of a thing begin; makes room when it is new. */
export function placeOf(table: ScopeTable, scope: number, ix: number): number {
  if (ix >= table.room[scope]) widen(table, scope, ix + 1);
  return (table.first[scope] + ix) * stride;
}

function widen(table: ScopeTable, scope: number, needed: number): void {
  const { first, room, numbers } = table;
  const was = room[scope];
  const now = Math.max(needed, was * 2);
  const wider = emptyRows(numbers.length / scopeStride + now - was);
  const cut = (first[scope] + was) * scopeStride;
  wider.set(numbers.subarray(0, cut));
  wider.set(numbers.subarray(cut), cut + (now - was) * scopeStride);
  table.numbers = wider;
  table.version += 1;
  room[scope] = now;
  for (let i = scope + 1; i < scopeKinds; i++) first[i] += now - was;
}

// a constant that is exported V8 fetches and tests at every use, this one it knows
const stride = scopeStride;
const splitBase = 281_474_976_710_656;

/** Adds to the money in two places of a thing. */
export function addMoney(table: ScopeTable, scope: number, ix: number, money: number, x: Split): void {
  const at = placeOf(table, scope, ix) + money;
  const { numbers } = table;
  let lo = numbers[at + 1] + x.lo;
  let carry = 0;
  if (lo >= splitBase) {
    lo -= splitBase;
    carry = 1;
  }
  numbers[at] += x.hi + carry;
  numbers[at + 1] = lo;
}

/** The money at a place, exact. */
export function moneyInto(out: Split, table: ScopeTable, at: number): void {
  out.hi = table.numbers[at];
  out.lo = table.numbers[at + 1];
}

/** The money at a place as a double, for estimates. */
export function moneyEstimate(numbers: Float64Array, at: number): number {
  return numbers[at] * splitBase + numbers[at + 1];
}
