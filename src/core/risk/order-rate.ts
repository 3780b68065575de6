import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { versionScope } from './scopes.ts';

/**
 * Exact sliding windows: an order is within the rate when the limit-th order before it lies a whole window back. Every order of the last minute stands in
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
  /** [window][scope][index]: ring of the times of the latest orders, where a limit is set. */
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

export function createOrderRate(capacity: number, scopes: number): OrderRate {
  const perScope = (): (RateRing | undefined)[][] => Array.from({ length: scopes }, () => []);
  return {
    capacity,
    at: new Float64Array(capacity),
    row: new Int32Array(capacity),
    account: new Int32Array(capacity),
    listing: new Int32Array(capacity),
    count: 0,
    rings: [perScope(), perScope()],
  };
}

/** How many orders the scope sent in the window that ends at `at` and began after `at - window`, at most `most`. */
export function countInWindow(rate: OrderRate, window: number, scope: number, ix: number, at: number, most: number): number {
  const ring = rate.rings[window][scope][ix];
  if (ring === undefined) return 0;
  const from = at - windowMicros[window];
  const size = ring.times.length;
  let n = 0;
  for (let i = ring.count - 1; i >= 0 && i >= ring.count - size && n < most; i--) {
    if (ring.times[i % size] <= from) break;
    n++;
  }
  return n;
}

/** Whether one more order at `at` keeps the scope within `limit` in every window. O(1). */
export function rateAllows(rate: OrderRate, window: number, scope: number, ix: number, at: number, limit: number): boolean {
  if (limit <= 0) return false;
  const ring = rate.rings[window][scope][ix];
  if (ring === undefined || ring.count < limit) return true;
  return ring.times[(ring.count - limit) % ring.times.length] <= at - windowMicros[window];
}

/** Belongs to a scope? `ix` of the order's things by scope number. */
export type ScopeOf = (scope: number, row: RowIx, account: AccountIx, listing: ListingIx) => number;

/** Makes the ring of a limit that was set or changed, and fills it from the log; `limit` < 0 drops it. */
export function setRateLimit(rate: OrderRate, window: number, scope: number, ix: number, limit: number, scopeOf: ScopeOf): void {
  const rings = rate.rings[window][scope];
  if (limit <= 0) {
    rings[ix] = undefined;
    return;
  }
  const times = new Float64Array(limit);
  const first = Math.max(0, rate.count - rate.capacity);
  let n = 0;
  for (let i = rate.count - 1; i >= first && n < limit; i--) {
    const place = i % rate.capacity;
    if (scopeOf(scope, rate.row[place], rate.account[place], rate.listing[place]) === ix) times[limit - 1 - n++] = rate.at[place];
  }
  // the n latest stand at the end, oldest first: shift them to the front so that place i holds order i
  times.copyWithin(0, limit - n);
  rings[ix] = { times, count: n };
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
      if (account === paperAccount && scope !== versionScope) continue;
      const ix = scopeIx[scope];
      const ring = ix < rings[scope].length ? rings[scope][ix] : undefined;
      if (ring === undefined) continue;
      ring.times[ring.count % ring.times.length] = at;
      ring.count++;
    }
  }
}
