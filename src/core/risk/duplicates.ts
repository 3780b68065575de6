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
  readonly at: Float64Array;
  readonly row: Int32Array;
  readonly listing: Int32Array;
  readonly kind: Uint8Array;
  readonly price: Float64Array;
  readonly stopPx: Float64Array;
  readonly qty: Float64Array;
  /** Number of the order before it in its chain; -1 = none. */
  readonly before: Float64Array;
  /** Number of the newest of each chain, -1 = none, and beside it its time: most orders are told from all of their chain by that alone. */
  readonly heads: Float64Array;
  /** Orders ever remembered. */
  count: number;
}

/** A power of two, few enough to stay in the nearest cache: a chain is followed only as far back as the window reaches. */
const chains = 4_096;

/** Row of an order that no row's duplicate can be of. */
const nobody = -1;

export function createOrderKey(): OrderKey {
  return { row: 0, listing: 0, kind: 0, price: 0, stopPx: 0, qty: 0 };
}

export function createDuplicates(capacity: number): Duplicates {
  assert((capacity & (capacity - 1)) === 0, `duplicates: expected a power of two, was ${capacity}`);
  return {
    capacity,
    at: new Float64Array(capacity),
    row: new Int32Array(capacity),
    listing: new Int32Array(capacity),
    kind: new Uint8Array(capacity),
    price: new Float64Array(capacity),
    stopPx: new Float64Array(capacity),
    qty: new Float64Array(capacity),
    before: new Float64Array(capacity).fill(-1),
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
    const i = n & (memory.capacity - 1);
    const since = at - memory.at[i];
    if (since >= window) return Infinity;
    if (isSame(memory, i, key)) return since;
    n = memory.before[i];
  }
  return Infinity;
}

function isSame(memory: Duplicates, i: number, key: OrderKey): boolean {
  return (
    memory.row[i] === key.row &&
    memory.listing[i] === key.listing &&
    memory.kind[i] === key.kind &&
    memory.price[i] === key.price &&
    memory.stopPx[i] === key.stopPx &&
    memory.qty[i] === key.qty
  );
}

/** Whether remembering one more order at `at` would forget one that is younger than `window`. */
export function forgetsEarly(memory: Duplicates, at: number, window: number): boolean {
  return memory.count >= memory.capacity && at - memory.at[memory.count & (memory.capacity - 1)] < window;
}

/** Remembers an order; `chain` is that of its key. */
export function remember(memory: Duplicates, at: number, key: OrderKey, chain: number): void {
  const n = memory.count++;
  const i = n & (memory.capacity - 1);
  memory.at[i] = at;
  memory.row[i] = key.row;
  memory.listing[i] = key.listing;
  memory.kind[i] = key.kind;
  memory.price[i] = key.price;
  memory.stopPx[i] = key.stopPx;
  memory.qty[i] = key.qty;
  memory.before[i] = memory.heads[2 * chain];
  memory.heads[2 * chain] = n;
  memory.heads[2 * chain + 1] = at;
}

const moved = createOrderKey();

/**
 * One row takes over from another: what `from` has sent lately are duplicates of `to` from now on, and what `to` has tried in the shadow are nobody's. Every chain is
 * laid anew, oldest first.
 */
export function rehomeDuplicates(memory: Duplicates, from: number, to: number): void {
  const { capacity, count, heads, before } = memory;
  heads.fill(-1);
  for (let n = Math.max(0, count - capacity); n < count; n++) {
    const i = n & (capacity - 1);
    if (memory.row[i] === to) memory.row[i] = nobody;
    else if (memory.row[i] === from) memory.row[i] = to;
    moved.row = memory.row[i];
    moved.listing = memory.listing[i];
    moved.kind = memory.kind[i];
    moved.price = memory.price[i];
    moved.stopPx = memory.stopPx[i];
    moved.qty = memory.qty[i];
    const chain = chainOf(moved);
    before[i] = heads[2 * chain];
    heads[2 * chain] = n;
    heads[2 * chain + 1] = memory.at[i];
  }
}
