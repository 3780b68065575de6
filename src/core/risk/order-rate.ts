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
  /** [scope][index]: times of the latest orders, as many as the larger of the two limits. */
  readonly rings: (RateRing | undefined)[][];
}

interface RateRing {
  times: Float64Array;
  /** Orders ever counted. */
  count: number;
  /** By window; -1 = none. */
  readonly limits: [number, number];
}

export const secondWindow = 0 as const;
export const minuteWindow = 1 as const;
/** Microseconds of the windows. */
export const windowMicros: readonly [number, number] = [1_000_000, 60_000_000];

export function createOrderRate(capacity: number, table: ScopeTable): OrderRate {
  return {
    capacity,
    at: new Float64Array(capacity),
    row: new Int32Array(capacity),
    account: new Int32Array(capacity),
    listing: new Int32Array(capacity),
    count: 0,
    table,
    rings: Array.from({ length: scopeKinds }, () => []),
  };
}

/** Orders of the scope in the window that ends at `at` and began after `at - window`, at most as many as are kept. */
export function countInWindow(rate: OrderRate, window: 0 | 1, scope: number, ix: number, at: number): number {
  const ring = rate.rings[scope][ix];
  if (ring === undefined) return 0;
  const from = at - windowMicros[window];
  const size = ring.times.length;
  // the times grow: search for the first one past the window's beginning
  let low = Math.max(0, ring.count - size);
  let high = ring.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (ring.times[middle % size] > from) high = middle;
    else low = middle + 1;
  }
  return ring.count - low;
}

/** The index under which an order counts in a scope, -1 = it does not. */
export type ScopeOf = (scope: number, row: RowIx, account: AccountIx, listing: ListingIx) => number;

/** Takes a limit that was set or changed, and fills its ring from the log; `limit` < 0 drops it. */
export function setRateLimit(rate: OrderRate, window: 0 | 1, scope: number, ix: number, limit: number, scopeOf: ScopeOf): void {
  const known = rate.rings[scope][ix];
  const ring = known ?? { times: new Float64Array(0), count: 0, limits: [-1, -1] };
  ring.limits[window] = limit;
  const size = Math.max(ring.limits[secondWindow], ring.limits[minuteWindow]);
  rate.rings[scope][ix] = size < 0 ? undefined : ring;
  if (size >= 0) refill(rate, ring, Math.max(1, size), scope, ix, scopeOf);
  const place = placeOf(rate.table, scope, ix) + allowedFrom;
  rate.table.numbers[place + secondWindow] = nextAllowed(ring, secondWindow);
  rate.table.numbers[place + minuteWindow] = nextAllowed(ring, minuteWindow);
}

function refill(rate: OrderRate, ring: RateRing, size: number, scope: number, ix: number, scopeOf: ScopeOf): void {
  const times = new Float64Array(size);
  const first = Math.max(0, rate.count - rate.capacity);
  let n = 0;
  for (let i = rate.count - 1; i >= first && n < size; i--) {
    const entry = i % rate.capacity;
    if (scopeOf(scope, rate.row[entry], rate.account[entry], rate.listing[entry]) === ix) times[size - 1 - n++] = rate.at[entry];
  }
  // the n latest stand at the end, oldest first: shift them to the front so that place i holds order i
  times.copyWithin(0, size - n);
  ring.times = times;
  ring.count = n;
}

/** First microsecond at which one more order is within the limit of a window. */
function nextAllowed(ring: RateRing, window: 0 | 1): number {
  const limit = ring.limits[window];
  if (limit === 0) return Infinity;
  return limit < 0 || ring.count < limit ? 0 : ring.times[(ring.count - limit) % ring.times.length] + windowMicros[window];
}

/** Account under which the orders of a row on paper are logged: they count in their own version alone. */
export const paperAccount = -1;

/** Logs an order that leaves, under its scopes (`scopeIx` by scope number). */
export function logOrder(rate: OrderRate, at: number, row: RowIx, account: AccountIx, listing: ListingIx, scopeIx: Int32Array): void {
  const entry = rate.count++ % rate.capacity;
  rate.at[entry] = at;
  rate.row[entry] = row;
  rate.account[entry] = account;
  rate.listing[entry] = listing;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const rings = rate.rings[scope];
    const ix = scopeIx[scope];
    if (ix >= rings.length || (account === paperAccount && scope !== versionScope)) continue;
    const ring = rings[ix];
    if (ring === undefined) continue;
    ring.times[ring.count % ring.times.length] = at;
    ring.count++;
    const place = placeOf(rate.table, scope, ix) + allowedFrom;
    rate.table.numbers[place + secondWindow] = nextAllowed(ring, secondWindow);
    rate.table.numbers[place + minuteWindow] = nextAllowed(ring, minuteWindow);
  }
}
