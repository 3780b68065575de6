import type { Lots, Ticks } from '../../base/units.ts';

/** 0 = bid (buyers), 1 = ask (sellers). */
export type BookSide = 0 | 1;
export const bidSide: BookSide = 0;
export const askSide: BookSide = 1;

export function opposite(side: BookSide): BookSide {
  return side === bidSide ? askSide : bidSide;
}

/** Prices lie in -2^51 … 2^51 ticks, so that distances between them stay exact. */
export const maxBookPrice = 2_251_799_813_685_248;
/** Owner of nobody: never a self-match. */
export const noOwner = 0;
/** Id of no order. */
export const noOrder = 0;

export const bookRefusals = ['BOOK_FULL', 'DUPLICATE_ID', 'PRICE_OUT_OF_RANGE', 'QTY_NOT_POSITIVE'] as const;
export type BookRefusal = (typeof bookRefusals)[number];

/**
 * Order-level book of one listing: price-time priority, whole ticks and lots. It rests and matches; what an order type means is the engine's.
 * A book never crosses itself: callers `match` first and `add` what is left.
 */
export interface MatchingBook {
  /** Most resting orders. */
  readonly maxOrders: number;
  readonly size: number;
  /**
   * Rests at the end of its price's queue. A guarded order trades only when it is named to `match` (its owner may have to shrink it first).
   * `owner`: whom a self-match is judged by, noOwner = nobody.
   */
  add(id: number, side: BookSide, price: Ticks, qty: Lots, owner: number, guarded: boolean): 'resting' | BookRefusal;
  /** Takes an order out. @returns its quantity, or -1 when there is no such order. */
  cancel(id: number): number;
  /** Fewer lots at the same place in the queue; false when there is no such order or `qty` is not in 1 … current. */
  reduce(id: number, qty: Lots): boolean;
  /**
   * Takes from the other side, best price and oldest first, down to `limit` (use +-Infinity for none). Executions are appended to `out` after it was cleared;
   * `out.stop` says why it ended. @returns the lots left of `qty`.
   */
  match(side: BookSide, limit: number, qty: Lots, owner: number, passGuard: number, out: Executions): number;
  /** Lots that an order of `side` could take down to `limit`, counted up to `enough`; guards and owners are not looked at. */
  available(side: BookSide, limit: number, enough: number): number;
  has(id: number): boolean;
  /** Lots of a resting order; -1 when there is none. */
  qtyOf(id: number): number;
  /** Best price of a side; -Infinity for no bid, +Infinity for no ask. */
  bestPx(side: BookSide): number;
  /** Lots at a price; 0 = nothing there. */
  qtyAt(side: BookSide, price: Ticks): number;
  /** Aggregated levels from the best on. @returns how many were written, at most `out.capacity`. */
  depth(side: BookSide, out: Depth): number;
  /** Ids at a price in order of priority; allocates, for comparison and display. */
  queueAt(side: BookSide, price: Ticks): number[];
}

export type MatchStop = 'done' | 'full' | 'self' | 'guarded';

/** Where executions go: a buffer made once. `match` stops with `full` when it is, and is called again after it was read. */
export interface Executions {
  readonly capacity: number;
  count: number;
  readonly makerID: Float64Array;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  readonly makerLeaves: Float64Array;
  /** done: filled or nothing more to take · full: buffer full · self / guarded: met `stopID` and took nothing of it. */
  stop: MatchStop;
  stopID: number;
}

/** Default length of an executions buffer. */
export const defaultExecutions = 256;

export function createExecutions(capacity: number = defaultExecutions): Executions {
  if (!(Number.isInteger(capacity) && capacity >= 1))
    throw new RangeError(`executions: expected a capacity of at least 1, was ${String(capacity)}`);
  const column = (): Float64Array => new Float64Array(capacity);
  return { capacity, count: 0, makerID: column(), price: column(), qty: column(), makerLeaves: column(), stop: 'done', stopID: noOrder };
}

/** Aggregated levels of one side, best first; made once. */
export interface Depth {
  readonly capacity: number;
  count: number;
  readonly price: Float64Array;
  readonly qty: Float64Array;
  /** Orders at the level. */
  readonly orders: Int32Array;
}

export function createDepth(capacity: number): Depth {
  return { capacity, count: 0, price: new Float64Array(capacity), qty: new Float64Array(capacity), orders: new Int32Array(capacity) };
}
