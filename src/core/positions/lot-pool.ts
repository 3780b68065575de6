import { mulSmallInto, splitZero } from '../../base/split.ts';
import { widerNumbers } from './money-rows.ts';
import { addPair, copyPair, mulDivFloorPair, mulPair, readPair, subPair, writePair, zeroPair, type Cells } from './pair.ts';

/** Place of a lot in the pool. */
export type LotIx = number;

export const noLot = -1;

/** Most open lots of one ledger (64 bytes each). A fill that would open one more is refused: merging lots would not be FIFO any more. */
export const maxLots = 1_048_576;

/**
 * Numbers per lot: one cache line. `LOT_PX` is its price in ticks, 0 when only its cost says what it was worth (after a stock split);
 * the cost is qty x px x tick value, counted without the side; `LOT_OPENED_AT` in microseconds.
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
  cells: Cells;
  /** Places ever used. */
  used: number;
  /** Head of the chain of freed places. */
  free: LotIx;
  live: number;
  readonly max: number;
}

/** What `takeFront` and `takeFromLot` took, pairs: cost with the sign of the prices, sum of |cost| lot by lot, and the last part. */
export const TAKEN_COST = 0;
export const TAKEN_ENTRY = 2;
export const TAKEN_PART = 4;
/** Their inputs: the tick value of the listing, and a quantity of their own. */
export const TAKEN_TICK = 6;
const TAKEN_QTY = 7;
export const takenLength = 8;

export function createLotPool(room: number, max: number): LotPool {
  return { cells: new Float64Array(Math.min(room, max) * lotStride), used: 0, free: noLot, live: 0, max };
}

export function roomForLots(pool: LotPool, lots: number): boolean {
  return pool.live + lots <= pool.max;
}

/**
 * Appends a lot to the queue whose ends stand at `ends[first]` and `ends[first + 1]`: `lot` holds its first seven numbers. The caller has asked for room.
 * @param qty and
 * @param cost where its own quantity and cost stand in `lot` (a fill that went through zero opens less than it was)
 */
export function pushLot(pool: LotPool, ends: Int32Array, first: number, lot: Cells, qty: number, cost: number): void {
  const place = takePlace(pool);
  const { cells } = pool;
  const at = place * lotStride;
  cells[at + LOT_QTY] = lot[qty];
  cells[at + LOT_PX] = lot[LOT_PX];
  cells[at + LOT_FILL] = lot[LOT_FILL];
  cells[at + LOT_CL_ORD_ID] = lot[LOT_CL_ORD_ID];
  cells[at + LOT_OPENED_AT] = lot[LOT_OPENED_AT];
  copyPair(cells, at + LOT_COST, lot, cost);
  cells[at + LOT_NEXT] = noLot;
  const last = ends[first + 1];
  if (last === noLot) ends[first] = place;
  else cells[last * lotStride + LOT_NEXT] = place;
  ends[first + 1] = place;
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

/** Takes qty from the front of the queue, at most what is there; what they cost goes to TAKEN_COST and TAKEN_ENTRY. */
export function takeFront(pool: LotPool, ends: Int32Array, first: number, qty: number, taken: Cells): void {
  const { cells } = pool;
  let negative = false;
  zeroPair(taken, TAKEN_COST);
  zeroPair(taken, TAKEN_ENTRY);
  for (let left = qty; left > 0;) {
    const lot = ends[first];
    const at = lot * lotStride;
    const held = cells[at + LOT_QTY];
    if (held > left) {
      takeFromLot(pool, lot, left, taken);
      left = 0;
    } else {
      copyPair(taken, TAKEN_PART, cells, at + LOT_COST);
      dropLot(pool, ends, first, noLot, lot);
      left -= held;
    }
    addPair(taken, TAKEN_COST, taken, TAKEN_PART);
    if (taken[TAKEN_PART] < 0) {
      negative = true;
      subPair(taken, TAKEN_ENTRY, taken, TAKEN_PART);
    }
  }
  if (!negative) {
    copyPair(taken, TAKEN_ENTRY, taken, TAKEN_COST);
    return;
  }
  addPair(taken, TAKEN_ENTRY, taken, TAKEN_ENTRY);
  addPair(taken, TAKEN_ENTRY, taken, TAKEN_COST);
}

/**
 * Takes up to qty from one lot; what that cost goes to TAKEN_PART. A part takes its quantity x price; where a lot has no single price, floor(cost x part / qty)
 * of what it still costs, and its last part the rest. An emptied lot stays in its queue. @returns what was taken.
 */
export function takeFromLot(pool: LotPool, lot: LotIx, qty: number, taken: Cells): number {
  const { cells } = pool;
  const at = lot * lotStride;
  const held = cells[at + LOT_QTY];
  if (held <= qty) {
    copyPair(taken, TAKEN_PART, cells, at + LOT_COST);
    cells[at + LOT_QTY] = 0;
    zeroPair(cells, at + LOT_COST);
    return held;
  }
  taken[TAKEN_QTY] = qty;
  sharePair(taken, TAKEN_PART, cells, at, at + LOT_COST, taken, TAKEN_QTY, taken, TAKEN_TICK);
  subPair(cells, at + LOT_COST, taken, TAKEN_PART);
  cells[at + LOT_QTY] = held - qty;
  return qty;
}

/**
 * to = the cost of `part[p]` lots of a lot that starts at `lot[at]` and costs `lot[cost]`: part x px x tick value where there is a price,
 * else floor(cost x part / qty).
 */
export function sharePair(
  to: Cells,
  t: number,
  lot: Cells,
  at: number,
  cost: number,
  part: Cells,
  p: number,
  tick: Cells,
  k: number,
): void {
  if (lot[at + LOT_PX] !== 0) notionalPair(to, t, part, p, lot, at + LOT_PX, tick, k);
  else mulDivFloorPair(to, t, lot, cost, part[p], lot[at + LOT_QTY]);
}

const unit = new Float64Array(1);
const wide = splitZero();
const base = 281474976710656;
const half = 16777216;
/** Below these the short multiplication is exact: |qty x px| under 2^28, a tick value under 2^48. */
const shortQty = 268435456;

/**
 * to = qty x px x tick value, exact. Usual sizes by short multiplication, the tick value in two digits of 24 bits; large ones by the exact product of two doubles.
 */
export function notionalPair(to: Cells, t: number, qty: Cells, q: number, px: Cells, p: number, tick: Cells, k: number): void {
  const n = qty[q] * px[p];
  const value = tick[k];
  if (n < shortQty && n > -shortQty && value < base) {
    const high = Math.floor(value / half);
    const upper = n * high;
    const top = Math.floor(upper / half);
    const low = (upper - top * half) * half + n * (value - high * half);
    const carry = Math.floor(low / base);
    to[t] = top + carry + 0;
    to[t + 1] = low - carry * base + 0;
    return;
  }
  unit[0] = px[p] * value;
  if (unit[0] <= Number.MAX_SAFE_INTEGER && unit[0] >= -Number.MAX_SAFE_INTEGER) {
    mulPair(to, t, qty, q, unit, 0);
    return;
  }
  mulPair(to, t, qty, q, px, p);
  readPair(wide, to, t);
  mulSmallInto(wide, wide, value);
  writePair(to, t, wide);
}
