import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { allowedFrom, placeOf, type ScopeTable } from './scope-table.ts';
import { scopeKinds, versionScope } from './scopes.ts';

/**
 * Exact sliding windows: an order is within a rate of n when the n-th order before it lies a whole window back. Every order of the last minute stands in
 * one log, so that a limit set now counts what was before it, as far as the log reaches.
 */
export interface OrderRate {
  readonly capacity: number;
  readonly at: Float64Array;
  readonly row: Int32Array;
  readonly account: Int32Array;
  readonly listing: Int32Array;
  /** Orders ever logged. */
  count: number;
  /** Holds the first microsecond at which one more order is within a limit. */
  readonly table: ScopeTable;
  /** [window][scope][index]: times of the latest orders, as many as the limit. */
  readonly rings: (RateRing | undefined)[][][];
}

interface RateRing {
  readonly times: Float64Array;
  /** Orders ever counted. */
  count: number;
}

export const secondWindow = 0;
export const minuteWindow = 1;
/** Microseconds of the windows. */
export const windowMicros: readonly number[] = [1_000_000, 60_000_000];

export function createOrderRate(capacity: number, table: ScopeTable): OrderRate {
  return {
    capacity,
    at: new Float64Array(capacity),
    row: new Int32Array(capacity),
    account: new Int32Array(capacity),
    listing: new Int32Array(capacity),
    count: 0,
    table,
    rings: windowMicros.map(() => Array.from({ length: scopeKinds }, () => [])),
  };
}

/** Orders of the scope in the window that ends at `at` and began after `at - window`, at most as many as the limit. */
export function countInWindow(rate: OrderRate, window: number, scope: number, ix: number, at: number): number {
  const ring = rate.rings[window][scope][ix];
  if (ring === undefined) return 0;
  const from = at - windowMicros[window];
  const size = ring.times.length;
  let n = 0;
  for (let i = ring.count - 1; i >= 0 && i >= ring.count - size && ring.times[i % size] > from; i--) n++;
  return n;
}

/** The index under which an order counts in a scope, -1 = it does not. */
export type ScopeOf = (scope: number, row: RowIx, account: AccountIx, listing: ListingIx) => number;

/** Takes a limit that was set or changed, and fills its ring from the log; `limit` < 0 drops it. */
export function setRateLimit(rate: OrderRate, window: number, scope: number, ix: number, limit: number, scopeOf: ScopeOf): void {
  const place = placeOf(rate.table, scope, ix) + allowedFrom + window;
  rate.rings[window][scope][ix] = undefined;
  rate.table.numbers[place] = limit === 0 ? Infinity : 0;
  if (limit <= 0) return;
  const times = new Float64Array(limit);
  const first = Math.max(0, rate.count - rate.capacity);
  let n = 0;
  for (let i = rate.count - 1; i >= first && n < limit; i--) {
    const entry = i % rate.capacity;
    if (scopeOf(scope, rate.row[entry], rate.account[entry], rate.listing[entry]) === ix) times[limit - 1 - n++] = rate.at[entry];
  }
  // the n latest stand at the end, oldest first: shift them to the front so that place i holds order i
  times.copyWithin(0, limit - n);
  rate.rings[window][scope][ix] = { times, count: n };
  if (n === limit) rate.table.numbers[place] = times[0] + windowMicros[window];
}

/** Account under which the orders of a row on paper are logged: they count in their own version alone. */
export const paperAccount = -1;

/** Logs an order that leaves, under its scopes (`scopeIx` by scope number). */
export function logOrder(rate: OrderRate, at: number, row: RowIx, account: AccountIx, listing: ListingIx, scopeIx: Int32Array): void {
  const place = rate.count++ % rate.capacity;
  rate.at[place] = at;
  rate.row[place] = row;
  rate.account[place] = account;
  rate.listing[place] = listing;
  for (let window = 0; window < rate.rings.length; window++) {
    const rings = rate.rings[window];
    for (let scope = 0; scope < rings.length; scope++) {
      const ix = scopeIx[scope];
      if (ix >= rings[scope].length || (account === paperAccount && scope !== versionScope)) continue;
      const ring = rings[scope][ix];
      if (ring === undefined) continue;
      const size = ring.times.length;
      ring.times[ring.count % size] = at;
      ring.count++;
      if (ring.count >= size)
        rate.table.numbers[placeOf(rate.table, scope, ix) + allowedFrom + window] = ring.times[ring.count % size] + windowMicros[window];
    }
  }
}
