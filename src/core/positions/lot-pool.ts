import { addInto, fromSafe, mulDivFloorInto, mulInto, mulSmallInto, setInto, splitZero, subInto, type Split } from '../../base/split.ts';
import { addSplitHere, readHere, widerNumbers } from './money-rows.ts';

/** Place of a lot in the pool. */
export type LotIx = number;

export const noLot = -1;

/** Most open lots of one ledger (64 bytes each). A fill that would open one more is refused: merging lots would not be FIFO any more. */
export const maxLots = 1_048_576;

/**
 * Numbers per lot: one cache line. `LOT_PX` is its price in ticks, 0 when only its cost says what it was worth (after a stock split);
 * the cost is |qty| x px x tick value, counted without the side; `LOT_OPENED_AT` in microseconds.
 */
export const lotStride = 8;
export const LOT_QTY = 0;
export const LOT_PX = 1;
export const LOT_FILL = 2;
export const LOT_CL_ORD_ID = 3;
export const LOT_OPENED_AT = 4;
export const LOT_COST = 5;
export const LOT_NEXT = 7;

/** All open lots; those of a leaf form a queue, oldest first, all on one side. Freed places are taken again before new ones. */
export interface LotPool {
  cells: Float64Array;
  /** Places ever used. */
  used: number;
  /** Head of the chain of freed places. */
  free: LotIx;
  live: number;
  readonly max: number;
}

/** What `takeFront` took: cost with the sign of the prices, and what that was to the entry cost (|cost| lot by lot). */
export interface TakenLots {
  readonly cost: Split;
  readonly entryCost: Split;
}

const part = splitZero();

export function createLotPool(room: number, max: number): LotPool {
  return { cells: new Float64Array(Math.min(room, max) * lotStride), used: 0, free: noLot, live: 0, max };
}

export function roomForLots(pool: LotPool, lots: number): boolean {
  return pool.live + lots <= pool.max;
}

/** Appends a lot to the queue whose ends stand at `ends[first]` and `ends[first + 1]`; the caller has asked for room. */
export function pushLot(
  pool: LotPool,
  ends: Int32Array,
  first: number,
  qty: number,
  px: number,
  cost: Split,
  fill: number,
  clOrdID: number,
  at: number,
): void {
  const lot = takePlace(pool);
  const { cells } = pool;
  const base = lot * lotStride;
  cells[base + LOT_QTY] = qty;
  cells[base + LOT_PX] = px;
  cells[base + LOT_FILL] = fill;
  cells[base + LOT_CL_ORD_ID] = clOrdID;
  cells[base + LOT_OPENED_AT] = at;
  cells[base + LOT_COST] = cost.hi;
  cells[base + LOT_COST + 1] = cost.lo;
  cells[base + LOT_NEXT] = noLot;
  const last = ends[first + 1];
  if (last === noLot) ends[first] = lot;
  else cells[last * lotStride + LOT_NEXT] = lot;
  ends[first + 1] = lot;
}

function takePlace(pool: LotPool): LotIx {
  pool.live += 1;
  if (pool.free !== noLot) {
    const lot = pool.free;
    pool.free = pool.cells[lot * lotStride + LOT_NEXT];
    return lot;
  }
  const lot = pool.used;
  if ((lot + 1) * lotStride > pool.cells.length) {
    pool.cells = widerNumbers(pool.cells, Math.min(pool.max, Math.max(16, 2 * lot)) * lotStride);
  }
  pool.used = lot + 1;
  return lot;
}

/** Takes `lot`, which follows `before` (noLot = it is the first), out of the queue and frees its place. */
export function dropLot(pool: LotPool, ends: Int32Array, first: number, before: LotIx, lot: LotIx): void {
  const { cells } = pool;
  const next = cells[lot * lotStride + LOT_NEXT];
  if (before === noLot) ends[first] = next;
  else cells[before * lotStride + LOT_NEXT] = next;
  if (next === noLot) ends[first + 1] = before;
  cells[lot * lotStride + LOT_NEXT] = pool.free;
  pool.free = lot;
  pool.live -= 1;
}

/**
 * Takes qty from the front of the queue, at most what is there. A part of a lot takes its quantity x price; where a lot has no single price,
 * floor(cost x part / qty) of what it still costs, and its last part the rest.
 */
export function takeFront(pool: LotPool, ends: Int32Array, first: number, qty: number, tickValue: number, out: TakenLots): void {
  const { cells } = pool;
  fromSafe(out.cost, 0);
  fromSafe(out.entryCost, 0);
  for (let left = qty; left > 0;) {
    const lot = ends[first];
    left -= takeFromLot(pool, lot, left, tickValue, part);
    addInto(out.cost, out.cost, part);
    addSize(out.entryCost, part);
    if (cells[lot * lotStride + LOT_QTY] === 0) dropLot(pool, ends, first, noLot, lot);
  }
}

/** Takes up to qty from one lot, its cost into `cost`; an emptied lot stays in its queue. @returns what was taken. */
export function takeFromLot(pool: LotPool, lot: LotIx, qty: number, tickValue: number, cost: Split): number {
  const { cells } = pool;
  const at = lot * lotStride;
  const held = cells[at + LOT_QTY];
  readHere(cost, cells, at + LOT_COST);
  if (held <= qty) {
    cells[at + LOT_QTY] = 0;
    cells[at + LOT_COST] = 0;
    cells[at + LOT_COST + 1] = 0;
    return held;
  }
  const px = cells[at + LOT_PX];
  setInto(whole, cost);
  shareOf(cost, whole, qty, held, px, tickValue);
  subInto(whole, whole, cost);
  cells[at + LOT_QTY] = held - qty;
  cells[at + LOT_COST] = whole.hi;
  cells[at + LOT_COST + 1] = whole.lo;
  return qty;
}

const whole = splitZero();

/** Cost of `qty` out of `held` that cost `cost` together: qty x px where there is a price, else floor(cost x qty / held). `out` is not `cost`. */
export function shareOf(out: Split, cost: Split, qty: number, held: number, px: number, tickValue: number): void {
  if (qty === held) setInto(out, cost);
  else if (px !== 0) notionalInto(out, qty, px, tickValue);
  else mulDivFloorInto(out, cost, qty, held);
}

/** qty x px x tickValue, exact. */
export function notionalInto(out: Split, qty: number, px: number, tickValue: number): void {
  const unit = px * tickValue;
  if (unit <= Number.MAX_SAFE_INTEGER && unit >= -Number.MAX_SAFE_INTEGER) {
    mulInto(out, qty, unit);
    return;
  }
  mulInto(out, qty, px);
  mulSmallInto(out, out, tickValue);
}

/** sum += |x| */
export function addSize(sum: Split, x: Split): void {
  if (x.hi < 0) subInto(sum, sum, x);
  else addInto(sum, sum, x);
}

/** Adds x to the cost of a lot. */
export function addToLotCost(pool: LotPool, lot: LotIx, x: Split): void {
  addSplitHere(pool.cells, lot * lotStride + LOT_COST, x);
}
