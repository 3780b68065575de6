import { assert } from '../../base/assert.ts';

/** What makes two orders the same. */
export interface OrderKey {
  row: number;
  listing: number;
  /** Type and side in one number. */
  kind: number;
  price: number;
  stopPx: number;
  qty: number;
}

/** The latest orders by their keys: a ring with hash chains, newest first; an order leaves it when `capacity` newer ones have come. */
export interface Duplicates {
  readonly capacity: number;
  /** `duplicateStride` numbers for each order, one cache line: when it came, its key, and the number of the order before it in its chain; -1 = none. */
  readonly orders: Float64Array;
  /** Number of the newest of each chain, -1 = none, and beside it its time: most orders are told from all of their chain by that alone. */
  readonly heads: Float64Array;
  /** Orders ever remembered. */
  count: number;
}

/** A power of two, few enough to stay in the nearest cache: a chain is followed only as far back as the window reaches. */
const chains = 4_096;

/** Places within an order. */
export const duplicateStride = 8;
export const sentAt = 0;
export const keyRow = 1;
export const keyListing = 2;
export const keyKind = 3;
export const keyPrice = 4;
export const keyStopPx = 5;
export const keyQty = 6;
const chainBefore = 7;
// constants of its own file V8 knows, exported ones it fetches and tests at every use (docs/decisions/0010)
const apart = duplicateStride;
const atOf = sentAt;
const rowOf = keyRow;
const listingOf = keyListing;
const kindOf = keyKind;
const priceOf = keyPrice;
const stopPxOf = keyStopPx;
const qtyOf = keyQty;

/** Row of an order that no row's duplicate can be of. */
const nobody = -1;

export function createOrderKey(): OrderKey {
  return { row: 0, listing: 0, kind: 0, price: 0, stopPx: 0, qty: 0 };
}

export function createDuplicates(capacity: number): Duplicates {
  assert((capacity & (capacity - 1)) === 0, `duplicates: expected a power of two, was ${capacity}`);
  return {
    capacity,
    orders: new Float64Array(capacity * apart),
    heads: new Float64Array(2 * chains).fill(-1),
    count: 0,
  };
}

/** The chain that an order of this key stands in. */
export function chainOf(key: OrderKey): number {
  let h = Math.imul(key.row, 0x9e3779b1) ^ Math.imul(key.listing, 0x85ebca6b) ^ Math.imul(key.kind + 1, 0xc2b2ae35);
  h ^= Math.imul(key.price | 0, 0x27d4eb2f) ^ Math.imul(key.stopPx | 0, 0x165667b1) ^ Math.imul(key.qty | 0, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) & (chains - 1);
}

/** Whether no order of the chain is younger than `window`. */
export function isQuiet(memory: Duplicates, at: number, window: number, chain: number): boolean {
  return memory.heads[2 * chain] < 0 || at - memory.heads[2 * chain + 1] >= window;
}

/** Microseconds since the same order was last remembered, when that is less than `window`; else Infinity. */
export function sinceSame(memory: Duplicates, at: number, window: number, key: OrderKey): number {
  const oldest = memory.count - memory.capacity;
  let n = memory.heads[2 * chainOf(key)];
  while (n >= 0 && n >= oldest) {
    const i = placeOf(memory, n);
    const since = at - memory.orders[i + atOf];
    if (since >= window) return Infinity;
    if (isSame(memory.orders, i, key)) return since;
    n = memory.orders[i + chainBefore];
  }
  return Infinity;
}

function placeOf(memory: Duplicates, n: number): number {
  return (n & (memory.capacity - 1)) * apart;
}

function isSame(orders: Float64Array, i: number, key: OrderKey): boolean {
  return (
    orders[i + rowOf] === key.row &&
    orders[i + listingOf] === key.listing &&
    orders[i + kindOf] === key.kind &&
    orders[i + priceOf] === key.price &&
    orders[i + stopPxOf] === key.stopPx &&
    orders[i + qtyOf] === key.qty
  );
}

/** Whether remembering one more order at `at` would forget one that is younger than `window`. */
export function forgetsEarly(memory: Duplicates, at: number, window: number): boolean {
  return memory.count >= memory.capacity && at - memory.orders[placeOf(memory, memory.count) + atOf] < window;
}

/** Remembers an order; `chain` is that of its key. */
export function remember(memory: Duplicates, at: number, key: OrderKey, chain: number): void {
  const n = memory.count++;
  const { orders } = memory;
  const i = placeOf(memory, n);
  orders[i + atOf] = at;
  orders[i + rowOf] = key.row;
  orders[i + listingOf] = key.listing;
  orders[i + kindOf] = key.kind;
  orders[i + priceOf] = key.price;
  orders[i + stopPxOf] = key.stopPx;
  orders[i + qtyOf] = key.qty;
  orders[i + chainBefore] = memory.heads[2 * chain];
  memory.heads[2 * chain] = n;
  memory.heads[2 * chain + 1] = at;
}

const moved = createOrderKey();

/**
 * One row takes over from another: what `from` has sent lately are duplicates of `to` from now on, and what `to` has tried in the shadow are nobody's. Every chain is
 * laid anew, oldest first.
 */
export function rehomeDuplicates(memory: Duplicates, from: number, to: number): void {
  const { capacity, count, heads, orders } = memory;
  heads.fill(-1);
  for (let n = Math.max(0, count - capacity); n < count; n++) {
    const i = placeOf(memory, n);
    if (orders[i + rowOf] === to) orders[i + rowOf] = nobody;
    else if (orders[i + rowOf] === from) orders[i + rowOf] = to;
    moved.row = orders[i + rowOf];
    moved.listing = orders[i + listingOf];
    moved.kind = orders[i + kindOf];
    moved.price = orders[i + priceOf];
    moved.stopPx = orders[i + stopPxOf];
    moved.qty = orders[i + qtyOf];
    const chain = chainOf(moved);
    orders[i + chainBefore] = heads[2 * chain];
    heads[2 * chain] = n;
    heads[2 * chain + 1] = orders[i + atOf];
  }
}
