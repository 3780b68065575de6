import { assert } from '../../base/assert.ts';
import {
  addInto,
  divHalfEvenInto,
  fromSafe,
  mulInto,
  mulSmallInto,
  negInto,
  setInto,
  splitZero,
  subInto,
  type Split,
} from '../../base/split.ts';
import { diluteBasis, takeFromBasis } from './average.ts';
import { leafLink, positionOfLeaf } from './leaf.ts';
import type { LeafIx, Ledger } from './ledger.ts';
import { FIRST_LOT, LEAF_ACCOUNT, LEAF_LISTING, LEAF_SIMULATED, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import {
  LOT_CL_ORD_ID,
  LOT_FILL,
  LOT_OPENED_AT,
  LOT_PX,
  LOT_QTY,
  addSize,
  dropLot,
  lotStride,
  noLot,
  roomForLots,
  takeFromLot,
} from './lot-pool.ts';
import { AVERAGE_REALIZED, CASH, ENTRY_COST, HANDOVER, REALIZED, addSignedHere, allSums, readHere, subSplitHere } from './money-rows.ts';
import { createArrival, intoAverage, intoLots, movePosition, postOwn } from './trade.ts';

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
const cost = splitZero();
const entryCost = splitZero();
const value = splitZero();
const takerRealized = splitZero();
const takerAverage = splitZero();
const takerEntry = splitZero();

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
  setEarned(ledger, from, lots, side, midTwice, out.earned);
  setInto(out.cost, cost);
  if (side < 0) negInto(out.cost, out.cost);
  setInto(out.realized, takerRealized);
  moveAverage(ledger, from, to, lots, side);
  settle(ledger, from, 0 - side * lots, out, 1);
  settle(ledger, to, side * lots, out, -1);
  out.lots = side * lots;
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

/** Lot by lot; their cost into `cost`, |cost| into `entryCost`, what the taker realized and how its entry cost changed into the taker's sums. */
function moveLots(ledger: Ledger, from: LeafIx, to: LeafIx, lots: number, side: number): void {
  const { links, numbers } = ledger.leaves;
  const ends = from * leafLinks + FIRST_LOT;
  const tickValue = numbers[from * leafStride + TICK_VALUE];
  let position = numbers[to * leafStride + POSITION];
  fromSafe(cost, 0);
  fromSafe(entryCost, 0);
  ledger.delta.fill(0);
  for (let left = lots; left > 0;) {
    const lot = links[ends];
    const { cells } = ledger.lots;
    const at = lot * lotStride;
    piece.side = side;
    piece.qty = takeFromLot(ledger.lots, lot, left, tickValue, piece.cost);
    piece.px = cells[at + LOT_PX];
    piece.fill = cells[at + LOT_FILL];
    piece.clOrdID = cells[at + LOT_CL_ORD_ID];
    piece.openedAt = cells[at + LOT_OPENED_AT];
    if (cells[at + LOT_QTY] === 0) dropLot(ledger.lots, links, ends, noLot, lot);
    addInto(cost, cost, piece.cost);
    addSize(entryCost, piece.cost);
    intoLots(ledger, to, position, piece);
    position += side * piece.qty;
    left -= piece.qty;
  }
  readHere(takerRealized, ledger.delta, REALIZED);
  readHere(takerEntry, ledger.delta, ENTRY_COST);
}

/** qty x mark - cost, signed; half-even to the money unit where the mark is half a tick. */
function setEarned(ledger: Ledger, from: LeafIx, lots: number, side: number, midTwice: number, earned: Split): void {
  fromSafe(earned, 0);
  if (midTwice === 0) return;
  mulInto(value, lots, midTwice);
  mulSmallInto(value, value, ledger.leaves.numbers[from * leafStride + TICK_VALUE]);
  divHalfEvenInto(value, value, 2);
  subInto(earned, value, cost);
  if (side < 0) negInto(earned, earned);
}

function moveAverage(ledger: Ledger, from: LeafIx, to: LeafIx, lots: number, side: number): void {
  takeFromBasis(ledger, from, lots, average.cost);
  average.side = side;
  average.qty = lots;
  average.px = 0;
  ledger.delta.fill(0);
  intoAverage(ledger, to, positionOfLeaf(ledger, to), average, ledger.fills);
  readHere(takerAverage, ledger.delta, AVERAGE_REALIZED);
  diluteBasis(ledger, from);
  diluteBasis(ledger, to);
}

/** Posts one side: `sign` +1 the giver, -1 the taker. */
function settle(ledger: Ledger, leaf: LeafIx, signedLots: number, out: Transfer, sign: number): void {
  const { delta } = ledger;
  delta.fill(0);
  addSignedHere(delta, CASH, out.cost, sign);
  addSignedHere(delta, HANDOVER, out.earned, sign);
  if (sign > 0) {
    subSplitHere(delta, ENTRY_COST, entryCost);
  } else {
    addSignedHere(delta, REALIZED, takerRealized, 1);
    addSignedHere(delta, AVERAGE_REALIZED, takerAverage, 1);
    addSignedHere(delta, ENTRY_COST, takerEntry, 1);
  }
  movePosition(ledger, leaf, signedLots);
  postOwn(ledger, leaf, allSums);
}
