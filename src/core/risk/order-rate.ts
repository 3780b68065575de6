import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { scopeKinds } from './scopes.ts';

/**
 * Exact sliding windows: an order is within a rate of n when the n-th order before it lies a whole window back. Every order of the last minute stands in
 * one log, so that a limit set now counts what was before it, as far as the log reaches. Windows are looked at only where they could be full: each scope has
 * a number of orders that are surely within both of its limits (`spare`), worked out anew when it is used up.
 */
export interface OrderRate {
  readonly capacity: number;
  /** `logStride` numbers for each order: when it left, its row, account and listing. */
  readonly log: Float64Array;
  /** Orders ever logged. */
  count: number;
  /** Latest time that was logged or looked at, and until when the log may be out of order because the clock went back. */
  latest: number;
  disorderUntil: number;
  /** [scope][index]: where the times of the latest orders stand, as many as the larger of the two limits. */
  readonly rings: (RateRing | undefined)[][];
  /** All rings, one after the other; place 0 is nobody's. -Infinity = no order yet. */
  times: Float64Array;
  /** Places given away. */
  given: number;
}

/** Places within an order of the log. */
export const logStride = 4;
export const loggedAt = 0;
export const loggedRow = 1;
export const loggedAccount = 2;
export const loggedListing = 3;

/** The latest orders of one scope, as many as the larger of its limits. */
export interface RateRing {
  /** Its places, the end excluded, and where the time of the next order goes. */
  first: number;
  size: number;
  end: number;
  next: number;
  /** Orders that are surely within both limits; not more than 0 = look at the windows. */
  spare: number;
  /** By window; -1 = none. */
  readonly limits: [number, number];
}

export const secondWindow = 0 as const;
export const minuteWindow = 1 as const;
/** Microseconds of the windows. */
export const windowMicros: readonly [number, number] = [1_000_000, 60_000_000];

export function createOrderRate(capacity: number): OrderRate {
  return {
    capacity,
    log: new Float64Array(capacity * logStride),
    count: 0,
    latest: -Infinity,
    disorderUntil: -Infinity,
    rings: Array.from({ length: scopeKinds }, () => []),
    times: new Float64Array(64),
    given: 1,
  };
}

/** Whether spare orders may be counted on at `at`. */
export function sparesHold(rate: OrderRate, at: number): boolean {
  return at >= rate.latest && at >= rate.disorderUntil;
}

/** Whether one more order at `at` is within the limit of a window. Exact. */
export function isWithinRate(rate: OrderRate, window: 0 | 1, scope: number, ix: number, at: number): boolean {
  const ring = rate.rings[scope][ix];
  if (ring === undefined) return true;
  return ring.limits[window] !== 0 && isOld(rate, ring, window, ring.limits[window], at);
}

/** Whether the n-th latest order (n = 1 is the latest) lies a whole window back; n <= 0: there is no such limit. */
function isOld(rate: OrderRate, ring: RateRing, window: 0 | 1, n: number, at: number): boolean {
  if (n <= 0) return true;
  const back = ring.next - n;
  return at >= rate.times[back < ring.first ? back + ring.size : back] + windowMicros[window];
}

/** Works out how many orders from now on are surely within both limits of a scope; to be called when one more at `at` is. */
export function findSpareOrders(rate: OrderRate, ring: RateRing, at: number): void {
  if (at < rate.latest) return;
  rate.latest = at;
  let spare = 1;
  while (isOldAfter(rate, ring, secondWindow, 2 * spare - 1, at) && isOldAfter(rate, ring, minuteWindow, 2 * spare - 1, at)) spare *= 2;
  ring.spare = spare;
}

/** Whether one more order would be within the limit of a window also when `more` others had come before it. */
function isOldAfter(rate: OrderRate, ring: RateRing, window: 0 | 1, more: number, at: number): boolean {
  const limit = ring.limits[window];
  return limit < 0 || (more < limit && isOld(rate, ring, window, limit - more, at));
}

/** Orders of the scope in the window that ends at `at` and began after `at - window`, at most as many as are kept. */
export function countInWindow(rate: OrderRate, window: 0 | 1, scope: number, ix: number, at: number): number {
  const ring = rate.rings[scope][ix];
  if (ring === undefined) return 0;
  const from = at - windowMicros[window];
  const next = ring.next - ring.first;
  // the times grow: search for the first one past the window's beginning
  let low = 0;
  let high = ring.size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (rate.times[ring.first + ((next + middle) % ring.size)] > from) high = middle;
    else low = middle + 1;
  }
  return ring.size - low;
}

/** The index under which an order counts in a scope, -1 = it does not. */
export type ScopeOf = (scope: number, row: RowIx, account: AccountIx, listing: ListingIx) => number;

/** Takes a limit that was set or changed, and fills its ring from the log; `limit` < 0 drops it. */
export function setRateLimit(rate: OrderRate, window: 0 | 1, scope: number, ix: number, limit: number, scopeOf: ScopeOf): void {
  const ring: RateRing = rate.rings[scope][ix] ?? { first: 0, size: 0, end: 0, next: 0, spare: 0, limits: [-1, -1] };
  ring.limits[window] = limit;
  const size = Math.max(ring.limits[secondWindow], ring.limits[minuteWindow]);
  rate.rings[scope][ix] = undefined;
  if (size < 0) return;
  ring.size = Math.max(1, size);
  ring.first = roomFor(rate, ring.size);
  ring.end = ring.first + ring.size;
  ring.next = ring.first;
  ring.spare = 0;
  rate.rings[scope][ix] = ring;
  refill(rate, ring, scope, ix, scopeOf);
}

/** Places for one more ring; what rings have left behind is taken back when the room is used up. */
function roomFor(rate: OrderRate, size: number): number {
  if (rate.given + size > rate.times.length) rearrange(rate, size);
  const first = rate.given;
  rate.given += size;
  return first;
}

function rearrange(rate: OrderRate, needed: number): void {
  let used = 1;
  for (const rings of rate.rings) for (const ring of rings) used += ring?.size ?? 0;
  const times = new Float64Array(2 * (used + needed));
  rate.given = 1;
  for (let scope = 0; scope < scopeKinds; scope++) {
    for (let ix = 0; ix < rate.rings[scope].length; ix++) {
      const ring = rate.rings[scope][ix];
      if (ring === undefined) continue;
      times.set(rate.times.subarray(ring.first, ring.first + ring.size), rate.given);
      ring.next += rate.given - ring.first;
      ring.first = rate.given;
      rate.given += ring.size;
      ring.end = rate.given;
    }
  }
  rate.times = times;
}

/** The latest orders of the scope, newest at the end: the next one takes the place of the oldest. */
function refill(rate: OrderRate, ring: RateRing, scope: number, ix: number, scopeOf: ScopeOf): void {
  const { times, log } = rate;
  times.fill(-Infinity, ring.first, ring.first + ring.size);
  const first = Math.max(0, rate.count - rate.capacity);
  let at = ring.first + ring.size - 1;
  for (let i = rate.count - 1; i >= first && at >= ring.first; i--) {
    const entry = (i % rate.capacity) * logStride;
    if (scopeOf(scope, log[entry + loggedRow], log[entry + loggedAccount], log[entry + loggedListing]) === ix)
      times[at--] = log[entry + loggedAt];
  }
}

// constants of its own file V8 knows, imported and exported ones it fetches and tests at every use (docs/decisions/0010)
const logsApart = logStride;
const atOf = loggedAt;
const rowOf = loggedRow;
const accountOf = loggedAccount;
const listingOf = loggedListing;

/** Account under which the orders of a row on paper are logged: they count in their own version alone. */
export const paperAccount = -1;

/** Logs an order that leaves; `countOrder` counts it in the rings of its scopes. */
export function logOrder(rate: OrderRate, at: number, row: RowIx, account: AccountIx, listing: ListingIx): void {
  const { log } = rate;
  const entry = (rate.count++ % rate.capacity) * logsApart;
  log[entry + atOf] = at;
  log[entry + rowOf] = row;
  log[entry + accountOf] = account;
  log[entry + listingOf] = listing;
  if (at < rate.latest) rate.disorderUntil = Math.max(rate.disorderUntil, rate.latest + windowMicros[minuteWindow]);
  else rate.latest = at;
}

/** Counts an order at `at` in the rings of these places; a scope without a limit has none. */
export function countOrder({ times }: OrderRate, at: number, rings: readonly (RateRing | undefined)[], from: number, many: number): void {
  for (let n = from; n < from + many; n++) {
    const ring = rings[n];
    if (ring === undefined) continue;
    times[ring.next] = at;
    ring.next = ring.next + 1 < ring.end ? ring.next + 1 : ring.first;
    ring.spare -= 1;
  }
}
