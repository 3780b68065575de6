import { limitNames } from '../../domain/limit.ts';
import { scopeKinds } from './scopes.ts';

/**
 * One row of numbers for each thing that a limit can stand for: its limits, and beside them what they are compared with most often, so that a check fetches
 * one or two cache lines for each scope of an order. Rows are found by number: no check does text work.
 */
export interface ScopeTable {
  numbers: Float64Array;
  /** By scope: its first row, and how many it has. */
  readonly first: Int32Array;
  readonly room: Int32Array;
}

/** Places 0…11 are the limits in the order of `limitNames`; `noLimit` where nobody has set one. */
export const scopeStride = 16;
/** First microsecond at which one more order is within maxOrdersPerSecond, and maxOrdersPerMinute; 0 = always, Infinity = never. */
export const allowedFrom = 12;
/** Instruments held: with a position or an open order. */
export const heldInstruments = 14;
/** Result of the session day in units of the firm's currency, a double for estimates; the exact one stands in pnl.ts. */
export const dayEstimate = 15;

/** A limit that nobody has set. */
export const noLimit = Infinity;

export function createScopeTable(): ScopeTable {
  const room = new Int32Array(scopeKinds).fill(1);
  return { numbers: emptyRows(scopeKinds), first: Int32Array.from({ length: scopeKinds }, (_, i) => i), room };
}

function emptyRows(rows: number): Float64Array {
  const numbers = new Float64Array(rows * scopeStride);
  for (let row = 0; row < rows; row++) numbers.fill(noLimit, row * scopeStride, row * scopeStride + limitNames.length);
  return numbers;
}

/** Where the numbers of a thing begin; makes room when it is new. */
export function placeOf(table: ScopeTable, scope: number, ix: number): number {
  if (ix >= table.room[scope]) widen(table, scope, ix + 1);
  return (table.first[scope] + ix) * scopeStride;
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
  room[scope] = now;
  for (let i = scope + 1; i < scopeKinds; i++) first[i] += now - was;
}
