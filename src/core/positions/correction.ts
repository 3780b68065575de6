import { assert } from '../../base/assert.ts';
import type { Split } from '../../base/split.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import { amendBasis } from './average.ts';
import { charge, readBooking, refuseFee, refuseLot, refuseMove, refuseTerms, type Booking, type BookingRefusal } from './booking.ts';
import { leafLink } from './leaf.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { DILUTED, FIRST_LOT, LEAF_INSTRUMENT, LEAF_LISTING, OWN_LINE, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import type { LotIx } from './lot-pool.ts';
import {
  LOT_CL_ORD_ID,
  LOT_COST,
  LOT_FILL,
  LOT_NEXT,
  LOT_OPENED_AT,
  LOT_PX,
  LOT_QTY,
  dropLot,
  lotStride,
  noLot,
  notionalPair,
} from './lot-pool.ts';
import { AVERAGE_REALIZED, BOUGHT, CASH, ENTRY_COST, REALIZED, SOLD, TRADES, allSums, post } from './money-rows.ts';
import { addSigned, addSize, copyPair, negPair, subPair, subSize } from './pair.ts';
import { A_SIDE, closingOf, createArrival, intoAverage, intoLots, movePosition, prepare } from './trade.ts';

/** A fill as the order store remembers it; after a correction it is kept with the corrected terms under the same number. */
export interface BookedFill {
  /** The leaf that it was booked to, which its fee and volume stay with; the lots may have been handed to another since. */
  readonly leaf: LeafIx;
  readonly fill: FillNo;
  readonly clOrdID: ClOrdID;
  readonly side: Side;
  readonly lots: Lots;
  readonly px: Ticks;
  readonly commissionHi: number;
  readonly commissionLo: number;
  readonly commissionCurrency: CurrencyIx;
}

/** The right figures of a corrected fill; its side cannot change. */
export interface CorrectedTerms {
  readonly lots: Lots;
  readonly px: Ticks;
  readonly commissionHi: number;
  readonly commissionLo: number;
  readonly commissionCurrency: CurrencyIx;
}

const arrival = createArrival();
const fillDelta = new Float64Array(allSums);

/** Pairs of the replacement under way: notional of the fill as it was and as it is, of a lot, and what closes took more; then two plain quantities. */
const r = new Float64Array(10);
const WAS = 0;
const IS = 2;
const PIECE = 4;
const RELEASED = 6;
const QTY = 8;
const PX = 9;

/**
 * Replaces a booked fill by its corrected terms. Position, cash and total PnL (realized + unrealized at any mark, fees apart) of the books together are from
 * now on exactly what they would be had the fill always been the corrected one. With q lots at p becoming q' at p', and `open` the lots of this fill
 * that the leaf still holds on the fill's side:
 * - FIFO lots: the open lots keep their place and cost p' each. q' > q: the difference joins them if there are any. q' < q: they shrink first, at most to nothing.
 *   What this changes in cash and not in the cost of open lots is realized (a fill that closed others, or was closed since, has its effect there).
 *   What is left of q' - q is booked as a trade at p' now, behind all others, under the fill's number: lots that were closed do not come back, and lots that
 *   the fill had opened and are gone are compensated by a lot on the other side.
 * - Average cost: while the fill is whole in the basis (nothing was added after a close since) and no more was closed than would have been held, the basis is
 *   the one it would be, closes since take their share of it, the difference is realized. Otherwise q x (p - p') is realized and q' - q trades at p'.
 * - Fee and volume change on the leaf that the fill was booked to. PnL that was split between giver and taker by a hand-over of its lots stays as recorded.
 * @param leaf that owns the lots now (the original's own unless they were handed over)
 * @param at time of the correction, for a lot that has to be opened
 */
export function correctFill(
  ledger: Ledger,
  leaf: LeafIx,
  original: BookedFill,
  corrected: CorrectedTerms,
  at: Micros,
  out: Booking,
): BookingRefusal | undefined {
  if (!(corrected.lots >= 1)) return { code: 'FILL_QTY_NOT_POSITIVE', lastQty: corrected.lots, min: 1 };
  const charged = corrected.commissionHi !== 0 || corrected.commissionLo !== 0;
  return replaceFill(ledger, leaf, original, corrected, corrected.lots, charged, at, out);
}

/**
 * Takes a booked fill back: `correctFill` to no lots at its own price. If its lots are still open they are the ones removed, at their cost, and nothing is
 * realized; lots that it closed cannot come back, so for these a trade at the fill's own price on the other side is booked now.
 */
export function bustFill(ledger: Ledger, leaf: LeafIx, original: BookedFill, at: Micros, out: Booking): BookingRefusal | undefined {
  return replaceFill(ledger, leaf, original, original, 0, false, at, out);
}

/** Replaces the fill by qty lots at the price of `is`; qty 0 takes it back, `charged` says whether there is a new commission. */
function replaceFill(
  ledger: Ledger,
  leaf: LeafIx,
  was: BookedFill,
  is: CorrectedTerms,
  qty: number,
  charged: boolean,
  at: Micros,
  out: Booking,
): BookingRefusal | undefined {
  checkOwner(ledger, leaf, was);
  const side = was.side === 'buy' ? 1 : -1;
  const position = ledger.leaves.numbers[leaf * leafStride + POSITION];
  const wanted = qty - was.lots;
  const open = position * side > 0 ? openLotsOf(ledger, leaf, was.fill) : 0;
  const inPlace = wanted >= 0 ? (open > 0 ? wanted : 0) : 0 - Math.min(open, 0 - wanted);
  const between = position + side * inPlace;
  const refusal =
    refuseReplacement(ledger, leaf, was, is, qty, between, wanted - inPlace) ??
    (charged ? refuseFee(ledger, was.leaf, is.commissionCurrency) : undefined);
  if (refusal !== undefined) return refusal;
  const { delta } = ledger;
  delta.fill(0);
  setNotional(ledger, leaf, WAS, was.lots, was.px);
  setNotional(ledger, leaf, IS, qty, is.px);
  if (wanted !== 0) ledger.fills += 1;
  arrival[LOT_PX] = is.px;
  arrival[LOT_FILL] = was.fill;
  arrival[LOT_CL_ORD_ID] = was.clOrdID;
  arrival[LOT_OPENED_AT] = at;
  if (open > 0) recostLots(ledger, leaf, was.fill, inPlace, is.px, side);
  addSigned(delta, REALIZED, r, WAS, side);
  setNotional(ledger, leaf, PIECE, was.lots + inPlace, is.px);
  addSigned(delta, REALIZED, r, PIECE, 0 - side);
  if (wanted !== inPlace) {
    aim(ledger, leaf, between, side, wanted - inPlace);
    intoLots(ledger, leaf, arrival);
  }
  replaceInAverage(ledger, leaf, was, wanted, position, side);
  addSigned(delta, CASH, r, WAS, side);
  addSigned(delta, CASH, r, IS, 0 - side);
  if (wanted !== 0) movePosition(ledger, leaf, side * wanted);
  post(ledger.money, leafLink(ledger, leaf, OWN_LINE), delta);
  settleFee(ledger, was, is, qty, charged, out);
  out.fill = was.fill;
  out.leaf = was.leaf;
  readBooking(ledger, leaf, out);
  return undefined;
}

/** r[at] = qty x px x tick value */
function setNotional(ledger: Ledger, leaf: LeafIx, at: number, qty: number, px: number): void {
  r[QTY] = qty;
  r[PX] = px;
  notionalPair(r, at, r, QTY, r, PX, ledger.leaves.numbers, leaf * leafStride + TICK_VALUE);
}

/** Aims the arrival at a leaf that holds `position`: |lots| on the fill's side or, when negative, on the other. */
function aim(ledger: Ledger, leaf: LeafIx, position: number, side: number, lots: number): void {
  arrival[A_SIDE] = lots > 0 ? side : 0 - side;
  arrival[LOT_QTY] = Math.abs(lots);
  notionalPair(arrival, LOT_COST, arrival, LOT_QTY, arrival, LOT_PX, ledger.leaves.numbers, leaf * leafStride + TICK_VALUE);
  prepare(ledger, leaf, position, arrival);
}

function checkOwner(ledger: Ledger, leaf: LeafIx, was: BookedFill): void {
  assert(was.fill > 0 && was.fill <= ledger.fills, 'ledger: a fill is busted or corrected after it was booked');
  assert(leafLink(ledger, leaf, LEAF_LISTING) === leafLink(ledger, was.leaf, LEAF_LISTING), 'ledger: lots stay in their listing');
}

/** `apart` lots (signed to the fill's side) are traded at the new price once the position stands at `between`. */
function refuseReplacement(
  ledger: Ledger,
  leaf: LeafIx,
  was: BookedFill,
  is: CorrectedTerms,
  qty: number,
  between: number,
  apart: number,
): BookingRefusal | undefined {
  const splitAfter = ledger.splitAt[leafLink(ledger, leaf, LEAF_INSTRUMENT)] ?? 0;
  if (was.fill <= splitAfter) return { code: 'FILL_BEFORE_STOCK_SPLIT', fill: was.fill, splitAfter };
  const side = was.side === 'buy' ? 1 : -1;
  const refusal = (qty === 0 ? undefined : refuseTerms(ledger, leaf, qty, is.px)) ?? refuseMove(ledger, leaf, side * (qty - was.lots));
  if (refusal !== undefined) return refusal;
  const opens = apart !== 0 && closingOf(between, Math.sign(apart) * side, Math.abs(apart)) < Math.abs(apart);
  return opens ? refuseLot(ledger) : undefined;
}

/** Lots of this fill that the leaf holds. */
function openLotsOf(ledger: Ledger, leaf: LeafIx, fill: FillNo): number {
  const { cells } = ledger.lots;
  let open = 0;
  for (let lot = ledger.leaves.links[leaf * leafLinks + FIRST_LOT]; lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    if (cells[lot * lotStride + LOT_FILL] === fill) open += cells[lot * lotStride + LOT_QTY];
  }
  return open;
}

/** Gives the open lots of the fill the new price and `change` more or fewer lots; the first takes all that is more. */
function recostLots(ledger: Ledger, leaf: LeafIx, fill: FillNo, change: number, px: number, side: number): void {
  const { cells } = ledger.lots;
  const { links } = ledger.leaves;
  const ends = leaf * leafLinks + FIRST_LOT;
  let left = change;
  let before: LotIx = noLot;
  for (let lot: LotIx = links[ends]; lot !== noLot;) {
    const at = lot * lotStride;
    const next = cells[at + LOT_NEXT];
    if (cells[at + LOT_FILL] === fill) {
      const part = left >= 0 ? left : Math.max(left, 0 - cells[at + LOT_QTY]);
      left -= part;
      setNotional(ledger, leaf, PIECE, cells[at + LOT_QTY] + part, px);
      recost(ledger.delta, cells, at, side);
    }
    if (cells[at + LOT_QTY] === 0) dropLot(ledger.lots, links, ends, before, lot);
    else before = lot;
    lot = next;
  }
}

/** Gives one lot the quantity, price and cost that `setNotional` found. The change of cost is realized here, the cash for it taken out again by the caller. */
function recost(delta: Float64Array, cells: Float64Array, at: number, side: number): void {
  addSigned(delta, REALIZED, cells, at + LOT_COST, 0 - side);
  subSize(delta, ENTRY_COST, cells, at + LOT_COST);
  addSigned(delta, REALIZED, r, PIECE, side);
  addSize(delta, ENTRY_COST, r, PIECE);
  cells[at + LOT_QTY] = r[QTY];
  cells[at + LOT_PX] = r[PX];
  copyPair(cells, at + LOT_COST, r, PIECE);
}

function replaceInAverage(ledger: Ledger, leaf: LeafIx, was: BookedFill, wanted: number, position: number, side: number): void {
  const { delta } = ledger;
  if (position * side > 0 && was.fill > ledger.leaves.numbers[leaf * leafStride + DILUTED]) {
    copyPair(r, PIECE, r, IS);
    subPair(r, PIECE, r, WAS);
    if (amendBasis(ledger, leaf, wanted, r, PIECE, r, RELEASED)) {
      addSigned(delta, AVERAGE_REALIZED, r, RELEASED, 0 - side);
      return;
    }
  }
  setNotional(ledger, leaf, PIECE, was.lots, arrival[LOT_PX]);
  addSigned(delta, AVERAGE_REALIZED, r, WAS, side);
  addSigned(delta, AVERAGE_REALIZED, r, PIECE, 0 - side);
  if (wanted === 0) return;
  aim(ledger, leaf, position, side, wanted);
  intoAverage(ledger, leaf, arrival, ledger.fills);
}

/** Fee, volume and count, on the leaf that the fill was booked to. */
function settleFee(ledger: Ledger, was: BookedFill, is: CorrectedTerms, qty: number, charged: boolean, out: Booking): void {
  fillDelta.fill(0);
  const volume = was.side === 'buy' ? BOUGHT : SOLD;
  addSize(fillDelta, volume, r, IS);
  subSize(fillDelta, volume, r, WAS);
  if (qty === 0) {
    fillDelta[TRADES + 1] = 1;
    negPair(fillDelta, TRADES);
  }
  post(ledger.money, leafLink(ledger, was.leaf, OWN_LINE), fillDelta);
  setFee(out.returnedFee, was.commissionHi, was.commissionLo);
  out.returnedCurrency = was.commissionCurrency;
  charge(ledger, was.leaf, was.commissionCurrency, out.returnedFee, -1);
  setFee(out.fee, charged ? is.commissionHi : 0, charged ? is.commissionLo : 0);
  out.feeCurrency = charged ? is.commissionCurrency : -1;
  charge(ledger, was.leaf, is.commissionCurrency, out.fee, 1);
}

function setFee(out: Split, hi: number, lo: number): void {
  out.hi = hi;
  out.lo = lo;
}
