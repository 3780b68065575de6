/**
 * The latest orders by what makes two the same: (row, listing, side, type, price, stop price, quantity). A ring with hash chains, newest first; an order
 * leaves it when `capacity` newer ones have come.
 */
export interface Duplicates {
  readonly capacity: number;
  readonly at: Float64Array;
  readonly row: Int32Array;
  readonly listing: Int32Array;
  /** ordType * 2 + sell. */
  readonly kind: Uint8Array;
  readonly price: Float64Array;
  readonly stopPx: Float64Array;
  readonly qty: Float64Array;
  /** Number of the order before it in its chain, -1 = none. */
  readonly before: Float64Array;
  readonly head: Float64Array;
  /** Orders ever remembered. */
  count: number;
}

export function createDuplicates(capacity: number): Duplicates {
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
    head: new Float64Array(capacity).fill(-1),
    count: 0,
  };
}

/** Microseconds since the same order was last remembered; Infinity = not within the memory. */
export function sinceSame(
  memory: Duplicates,
  at: number,
  row: number,
  listing: number,
  kind: number,
  price: number,
  stopPx: number,
  qty: number,
): number {
  const oldest = memory.count - memory.capacity;
  let n = memory.head[chainOf(memory, row, listing, kind, price, stopPx, qty)];
  while (n >= 0 && n >= oldest) {
    const i = n % memory.capacity;
    if (
      memory.row[i] === row &&
      memory.listing[i] === listing &&
      memory.kind[i] === kind &&
      memory.price[i] === price &&
      memory.stopPx[i] === stopPx &&
      memory.qty[i] === qty
    ) {
      return at - memory.at[i];
    }
    n = memory.before[i];
  }
  return Infinity;
}

/** Whether remembering one more order at `at` would forget one that is younger than `window`. */
export function forgetsEarly(memory: Duplicates, at: number, window: number): boolean {
  return memory.count >= memory.capacity && at - memory.at[memory.count % memory.capacity] < window;
}

export function remember(
  memory: Duplicates,
  at: number,
  row: number,
  listing: number,
  kind: number,
  price: number,
  stopPx: number,
  qty: number,
): void {
  const n = memory.count++;
  const i = n % memory.capacity;
  memory.at[i] = at;
  memory.row[i] = row;
  memory.listing[i] = listing;
  memory.kind[i] = kind;
  memory.price[i] = price;
  memory.stopPx[i] = stopPx;
  memory.qty[i] = qty;
  const chain = chainOf(memory, row, listing, kind, price, stopPx, qty);
  memory.before[i] = memory.head[chain];
  memory.head[chain] = n;
}

/** Place of the chain; capacity is a power of two. */
function chainOf(memory: Duplicates, row: number, listing: number, kind: number, price: number, stopPx: number, qty: number): number {
  let h = Math.imul(row, 0x9e3779b1) ^ Math.imul(listing, 0x85ebca6b) ^ Math.imul(kind + 1, 0xc2b2ae35);
  h ^= Math.imul(price | 0, 0x27d4eb2f) ^ Math.imul(stopPx | 0, 0x165667b1) ^ Math.imul(qty | 0, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) & (memory.capacity - 1);
}
