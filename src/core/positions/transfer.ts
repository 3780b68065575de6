import { assert } from '../../base/assert.ts';
import { divHalfEvenInto, splitZero, type Split } from '../../base/split.ts';
import { diluteBasis, takeFromBasis } from './average.ts';
import { leafLink, positionOfLeaf } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { FIRST_LOT, LEAF_ACCOUNT, LEAF_LISTING, LEAF_SIMULATED, OWN_LINE, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import {
  LOT_CL_ORD_ID,
  LOT_COST,
  LOT_FILL,
  LOT_OPENED_AT,
  LOT_PX,
  LOT_QTY,
  TAKEN_PART,
  TAKEN_TICK,
  dropLot,
  lotStride,
  noLot,
  notionalPair,
  roomForLots,
  takeFromLot,
  takenLength,
} from './lot-pool.ts';
import { AVERAGE_REALIZED, CASH, ENTRY_COST, HANDOVER, REALIZED, allSums, post } from './money-rows.ts';
import { addSigned, addSize, copyPair, readPair, subPair, writePair, zeroPair } from './pair.ts';
import { A_SIDE, createArrival, intoAverage, intoLots, movePosition, prepare } from './trade.ts';

/** What a hand-over moved; reused from one to the next. */
export interface Transfer {
  /** Signed lots that changed hands. */
  lots: number;
  /** Signed cost at entry of these lots (long +): what the taker pays the giver for them. */
  readonly cost: Split;
  /** PnL up to the mark, kept by the giver and missing from the taker: lots x mark - cost. Zero without a mark. */
  readonly earned: Split;
  /** What closing opposite lots of the taker realized there (FIFO). */
  readonly realized: Split;
  fromPosition: number;
  toPosition: number;
}

export type TransferRefusal = { readonly code: 'LOT_CAPACITY_REACHED'; readonly lots: number; readonly max: number };

export function createTransfer(): Transfer {
  return { lots: 0, cost: splitZero(), earned: splitZero(), realized: splitZero(), fromPosition: 0, toPosition: 0 };
}

const piece = createArrival();
const average = createArrival();
const taken = new Float64Array(takenLength);
const takerDelta = new Float64Array(allSums);

/** Pairs of the hand-over under way: signed cost of the lots, their |cost|, what they earned up to the mark; then two plain numbers. */
const r = new Float64Array(8);
const COST = 0;
const ENTRY = 2;
const EARNED = 4;
const QTY = 6;
const MARK = 7;

/**
 * Hands the oldest lots of one leaf to another of the same account and listing, at their cost at entry: custody now, swaps later. Nothing is traded: quantity,
 * cost, cash and total PnL of the two together stay what they were (POS3). Each lot keeps its price, fill number and opening time and stands behind the
 * taker's own; lots against which the taker holds the other side close it at their entry cost. The average book gives its own share of cost (cumulative floor).
 * The mark splits PnL between the two: the giver keeps, and the taker starts with minus, what the lots had earned up to it.
 * @param lots how many, 1 to all that is held; asking for more is our own bug and throws
 * @param midTwice the mark in half ticks, 0 = none: then all PnL of the lots, past and to come, is the taker's
 */
export function transferLots(
  ledger: Ledger,
  from: LeafIx,
  to: LeafIx,
  lots: number,
  midTwice: number,
  out: Transfer,
): TransferRefusal | undefined {
  checkLeaves(ledger, from, to);
  const position = positionOfLeaf(ledger, from);
  assert(lots >= 1 && lots <= Math.abs(position), 'ledger: lots to hand over are held');
  if (lots < Math.abs(position) && !roomForLots(ledger.lots, 1))
    return { code: 'LOT_CAPACITY_REACHED', lots: ledger.lots.live, max: ledger.lots.max };
  const side = position > 0 ? 1 : -1;
  ledger.fills += 1;
  moveLots(ledger, from, to, lots, side);
  moveAverage(ledger, from, to, lots, side);
  copyPair(takerDelta, REALIZED, ledger.delta, REALIZED);
  copyPair(takerDelta, AVERAGE_REALIZED, ledger.delta, AVERAGE_REALIZED);
  copyPair(takerDelta, ENTRY_COST, ledger.delta, ENTRY_COST);
  setEarned(ledger, from, lots, side, midTwice);
  settleGiver(ledger, from, 0 - side * lots);
  settleTaker(ledger, to, side * lots);
  out.lots = side * lots;
  readPair(out.cost, r, COST);
  readPair(out.earned, r, EARNED);
  readPair(out.realized, takerDelta, REALIZED);
  out.fromPosition = positionOfLeaf(ledger, from);
  out.toPosition = positionOfLeaf(ledger, to);
  return undefined;
}

function checkLeaves(ledger: Ledger, from: LeafIx, to: LeafIx): void {
  assert(from !== to, 'ledger: lots go to another leaf');
  for (const link of [LEAF_ACCOUNT, LEAF_LISTING, LEAF_SIMULATED]) {
    assert(leafLink(ledger, from, link) === leafLink(ledger, to, link), 'ledger: lots stay in their account, listing and kind of money');
  }
}

/** Lot by lot; what the taker realizes and how its entry cost changes stands in the ledger's delta afterwards. */
function moveLots(ledger: Ledger, from: LeafIx, to: LeafIx, lots: number, side: number): void {
  const { links, numbers } = ledger.leaves;
  const ends = from * leafLinks + FIRST_LOT;
  let position: number = positionOfLeaf(ledger, to);
  taken[TAKEN_TICK] = numbers[from * leafStride + TICK_VALUE];
  zeroPair(r, COST);
  zeroPair(r, ENTRY);
  ledger.delta.fill(0);
  for (let left = lots; left > 0;) {
    const lot = links[ends];
    const { cells } = ledger.lots;
    const at = lot * lotStride;
    const qty = takeFromLot(ledger.lots, lot, left, taken);
    for (const n of [LOT_PX, LOT_FILL, LOT_CL_ORD_ID, LOT_OPENED_AT]) piece[n] = cells[at + n];
    if (cells[at + LOT_QTY] === 0) dropLot(ledger.lots, links, ends, noLot, lot);
    addSigned(r, COST, taken, TAKEN_PART, side);
    addSize(r, ENTRY, taken, TAKEN_PART);
    piece[LOT_QTY] = qty;
    piece[A_SIDE] = side;
    copyPair(piece, LOT_COST, taken, TAKEN_PART);
    prepare(ledger, to, position, piece);
    intoLots(ledger, to, piece);
    position += side * qty;
    left -= qty;
  }
}

function moveAverage(ledger: Ledger, from: LeafIx, to: LeafIx, lots: number, side: number): void {
  takeFromBasis(ledger, from, lots, average, LOT_COST);
  average[LOT_QTY] = lots;
  average[LOT_PX] = 0;
  average[A_SIDE] = side;
  prepare(ledger, to, positionOfLeaf(ledger, to), average);
  intoAverage(ledger, to, average, ledger.fills);
  diluteBasis(ledger, from);
  diluteBasis(ledger, to);
}

/** lots x mark - cost, signed; half-even to the money unit where the mark is half a tick. */
function setEarned(ledger: Ledger, from: LeafIx, lots: number, side: number, midTwice: number): void {
  zeroPair(r, EARNED);
  if (midTwice === 0) return;
  r[QTY] = side * lots;
  r[MARK] = midTwice;
  notionalPair(r, EARNED, r, QTY, r, MARK, ledger.leaves.numbers, from * leafStride + TICK_VALUE);
  readPair(value, r, EARNED);
  divHalfEvenInto(value, value, 2);
  writePair(r, EARNED, value);
  subPair(r, EARNED, r, COST);
}

const value = splitZero();

function settleGiver(ledger: Ledger, leaf: LeafIx, signedLots: number): void {
  const { delta } = ledger;
  delta.fill(0);
  copyPair(delta, CASH, r, COST);
  copyPair(delta, HANDOVER, r, EARNED);
  subPair(delta, ENTRY_COST, r, ENTRY);
  movePosition(ledger, leaf, signedLots);
  post(ledger.money, leafLink(ledger, leaf, OWN_LINE), delta);
}

function settleTaker(ledger: Ledger, leaf: LeafIx, signedLots: number): void {
  zeroPair(takerDelta, CASH);
  zeroPair(takerDelta, HANDOVER);
  subPair(takerDelta, CASH, r, COST);
  subPair(takerDelta, HANDOVER, r, EARNED);
  movePosition(ledger, leaf, signedLots);
  post(ledger.money, leafLink(ledger, leaf, OWN_LINE), takerDelta);
}
