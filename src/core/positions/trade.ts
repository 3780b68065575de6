import { addToBasis, takeFromBasis } from './average.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { BASE_UNITS, BEHIND, FIRST_LOT, LEAF_INSTRUMENT, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import { LOT_COST, LOT_QTY, TAKEN_COST, TAKEN_ENTRY, TAKEN_TICK, pushLot, sharePair, takeFront, takenLength } from './lot-pool.ts';
import { AVERAGE_REALIZED, ENTRY_COST, REALIZED } from './money-rows.ts';
import { addSigned, addSize, copyPair, copySigned, copySize, signedDifference, subPair, zeroPair, type Cells } from './pair.ts';

/**
 * Lots of one side on their way into a leaf, as numbers: the first seven are those of a lot (`lot-pool.ts`; price 0 = parts take floor(cost x part / qty)),
 * then the side (+1 bought, -1 sold), and what `prepare` finds: how many of them close lots of the other side, what these cost, and the rest.
 */
export type Arrival = Cells;
export const A_SIDE = 7;
const A_CLOSING = 8;
const A_CLOSING_COST = 9;
const A_REST = 11;
const A_REST_COST = 12;
const A_GONE = 14;
const arrivalLength = 16;

export function createArrival(): Arrival {
  return new Float64Array(arrivalLength);
}

const taken = new Float64Array(takenLength);

/** How many of qty lots on `side` close the signed `position`. */
export function closingOf(position: number, side: number, qty: number): number {
  return position * side < 0 ? Math.min(Math.abs(position), qty) : 0;
}

/** Splits an arrival at a leaf that holds `position` (signed) into what closes and what opens. */
export function prepare(ledger: Ledger, leaf: LeafIx, position: number, a: Arrival): void {
  const closing = closingOf(position, a[A_SIDE], a[LOT_QTY]);
  a[A_CLOSING] = closing;
  a[A_REST] = a[LOT_QTY] - closing;
  if (closing === a[LOT_QTY]) {
    copyPair(a, A_CLOSING_COST, a, LOT_COST);
    return;
  }
  copyPair(a, A_REST_COST, a, LOT_COST);
  if (closing === 0) return;
  sharePair(a, A_CLOSING_COST, a, 0, LOT_COST, a, A_CLOSING, ledger.leaves.numbers, leaf * leafStride + TICK_VALUE);
  subPair(a, A_REST_COST, a, A_CLOSING_COST);
}

/** FIFO: closes the oldest lots of the other side, what is left becomes a lot. Adds realized and entry cost to the ledger's delta; the caller moves the position. */
export function intoLots(ledger: Ledger, leaf: LeafIx, a: Arrival): void {
  if (a[A_CLOSING] > 0) closeLots(ledger, leaf, a);
  if (a[A_REST] === 0) return;
  pushLot(ledger.lots, ledger.leaves.links, leaf * leafLinks + FIRST_LOT, a, A_REST, A_REST_COST);
  addSize(ledger.delta, ENTRY_COST, a, A_REST_COST);
}

function closeLots(ledger: Ledger, leaf: LeafIx, a: Arrival): void {
  const { delta } = ledger;
  taken[TAKEN_TICK] = ledger.leaves.numbers[leaf * leafStride + TICK_VALUE];
  takeFront(ledger.lots, ledger.leaves.links, leaf * leafLinks + FIRST_LOT, a[A_CLOSING], taken);
  subPair(delta, ENTRY_COST, taken, TAKEN_ENTRY);
  subPair(taken, TAKEN_COST, a, A_CLOSING_COST);
  addSigned(delta, REALIZED, taken, TAKEN_COST, a[A_SIDE]);
}

/** The same for the average book; `booking` numbers what happens now (for what is whole in the basis). */
export function intoAverage(ledger: Ledger, leaf: LeafIx, a: Arrival, booking: FillNo): void {
  if (a[A_CLOSING] > 0) {
    takeFromBasis(ledger, leaf, a[A_CLOSING], a, A_GONE);
    subPair(a, A_GONE, a, A_CLOSING_COST);
    addSigned(ledger.delta, AVERAGE_REALIZED, a, A_GONE, a[A_SIDE]);
  }
  if (a[A_REST] > 0) addToBasis(ledger, leaf, a[A_REST], a, A_REST_COST, booking);
}

/** Both books of a fill that closes nothing: a lot, an addition to the basis, entry cost. Sets what it adds to the ledger's delta. */
export function openFill(ledger: Ledger, leaf: LeafIx, a: Arrival, booking: FillNo): void {
  const { delta } = ledger;
  pushLot(ledger.lots, ledger.leaves.links, leaf * leafLinks + FIRST_LOT, a, LOT_QTY, LOT_COST);
  addToBasis(ledger, leaf, a[LOT_QTY], a, LOT_COST, booking);
  copySize(delta, ENTRY_COST, a, LOT_COST);
  zeroPair(delta, REALIZED);
  zeroPair(delta, AVERAGE_REALIZED);
}

/** Both books of a fill that closes, and no more than there is. Sets what it adds to the ledger's delta. */
export function closeFill(ledger: Ledger, leaf: LeafIx, a: Arrival, side: number): void {
  const { delta } = ledger;
  taken[TAKEN_TICK] = ledger.leaves.numbers[leaf * leafStride + TICK_VALUE];
  takeFront(ledger.lots, ledger.leaves.links, leaf * leafLinks + FIRST_LOT, a[LOT_QTY], taken);
  copySigned(delta, ENTRY_COST, taken, TAKEN_ENTRY, -1);
  signedDifference(delta, REALIZED, taken, TAKEN_COST, a, LOT_COST, side);
  takeFromBasis(ledger, leaf, a[LOT_QTY], a, A_GONE);
  signedDifference(delta, AVERAGE_REALIZED, a, A_GONE, a, LOT_COST, side);
}

/** Both books of a fill that closes all and opens the other side. Sets what it adds to the ledger's delta. */
export function flipFill(ledger: Ledger, leaf: LeafIx, position: number, a: Arrival, booking: FillNo): void {
  const { delta } = ledger;
  zeroPair(delta, ENTRY_COST);
  zeroPair(delta, REALIZED);
  zeroPair(delta, AVERAGE_REALIZED);
  prepare(ledger, leaf, position, a);
  intoLots(ledger, leaf, a);
  intoAverage(ledger, leaf, a, booking);
}

/** Moves the leaf's position by signed lots, those of its scopes follow when they are read; the caller has asked for room. */
export function movePosition(ledger: Ledger, leaf: LeafIx, lots: number): void {
  const { links, numbers } = ledger.leaves;
  const { positions } = ledger;
  const at = leaf * leafStride;
  const before = numbers[at + POSITION];
  const baseUnits = numbers[at + BASE_UNITS];
  numbers[at + POSITION] = before + lots;
  positions.gross[links[leaf * leafLinks + LEAF_INSTRUMENT]] += (Math.abs(before + lots) - Math.abs(before)) * baseUnits;
  if (links[leaf * leafLinks + BEHIND] === 1) return;
  links[leaf * leafLinks + BEHIND] = 1;
  positions.behind[positions.behindCount++] = leaf;
}

/**
 * Whether all sums of the instrument stay safe integers of base units when the leaf moves by signed lots: none is larger than the gross position, the sum of
 * |position| over all leaves. Rounding is monotone, so that what is beyond the range shows.
 */
export function roomForMove(ledger: Ledger, leaf: LeafIx, lots: number): boolean {
  const { links, numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const before = numbers[at + POSITION];
  const grown = (Math.abs(before + lots) - Math.abs(before)) * numbers[at + BASE_UNITS];
  return ledger.positions.gross[links[leaf * leafLinks + LEAF_INSTRUMENT]] + grown <= Number.MAX_SAFE_INTEGER;
}
