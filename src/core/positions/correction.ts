import { assert } from '../../base/assert.ts';
import { fromSafe, splitZero, subInto, type Split } from '../../base/split.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import { amendBasis } from './average.ts';
import { charge, readBooking, refuseFee, refuseLot, refuseMove, refuseTerms, type Booking, type BookingRefusal } from './booking.ts';
import { leafLink } from './leaf.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { DILUTED, FIRST_LOT, LEAF_INSTRUMENT, LEAF_LISTING, OWN_LINE, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import { LOT_COST, LOT_FILL, LOT_NEXT, LOT_PX, LOT_QTY, addSize, dropLot, lotStride, noLot, notionalInto, type LotIx } from './lot-pool.ts';
import {
  AVERAGE_REALIZED,
  BOUGHT,
  CASH,
  ENTRY_COST,
  REALIZED,
  SOLD,
  TRADES,
  addSignedHere,
  addSplitHere,
  fillSums,
  post,
  readHere,
  subSplitHere,
} from './money-rows.ts';
import { closingOf, createArrival, intoAverage, intoLots, movePosition, postOwn } from './trade.ts';

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
const wasCost = splitZero();
const isCost = splitZero();
const pieceCost = splitZero();
const difference = splitZero();
const released = splitZero();
const fillDelta = new Float64Array(fillSums);

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
  const noFee = corrected.commissionHi === 0 && corrected.commissionLo === 0;
  return replaceFill(ledger, leaf, original, corrected, corrected.lots, noFee, at, out);
}

/**
 * Takes a booked fill back: `correctFill` to no lots at its own price. If its lots are still open they are the ones removed, at their cost, and nothing is
 * realized; lots that it closed cannot come back, so for these a trade at the fill's own price on the other side is booked now.
 */
export function bustFill(ledger: Ledger, leaf: LeafIx, original: BookedFill, at: Micros, out: Booking): BookingRefusal | undefined {
  return replaceFill(ledger, leaf, original, original, 0, true, at, out);
}

function replaceFill(
  ledger: Ledger,
  leaf: LeafIx,
  was: BookedFill,
  is: CorrectedTerms,
  qty: number,
  noFee: boolean,
  at: Micros,
  out: Booking,
): BookingRefusal | undefined {
  checkOwner(ledger, leaf, was);
  const side = was.side === 'buy' ? 1 : -1;
  const { delta } = ledger;
  const number = leaf * leafStride;
  const position = ledger.leaves.numbers[number + POSITION];
  const tickValue = ledger.leaves.numbers[number + TICK_VALUE];
  const wanted = qty - was.lots;
  const open = position * side > 0 ? openLotsOf(ledger, leaf, was.fill) : 0;
  const inPlace = wanted >= 0 ? (open > 0 ? wanted : 0) : 0 - Math.min(open, 0 - wanted);
  const apart = wanted - inPlace;
  const refusal =
    refuseReplacement(ledger, leaf, was, is, qty, position + side * inPlace, apart) ??
    (noFee ? undefined : refuseFee(ledger, was.leaf, is.commissionCurrency));
  if (refusal !== undefined) return refusal;
  delta.fill(0);
  notionalInto(wasCost, was.lots, was.px, tickValue);
  notionalInto(isCost, qty, is.px, tickValue);
  if (open > 0) recostLots(ledger, leaf, was.fill, inPlace, is.px, side);
  realizeInPlace(delta, was, is.px, was.lots + inPlace, tickValue, side);
  if (wanted !== 0) ledger.fills += 1;
  arrival.px = is.px;
  arrival.fill = was.fill;
  arrival.clOrdID = was.clOrdID;
  arrival.openedAt = at;
  if (apart !== 0) {
    aim(side, apart, tickValue);
    intoLots(ledger, leaf, position + side * inPlace, arrival);
  }
  replaceInAverage(ledger, leaf, was, wanted, position, side, tickValue);
  addSignedHere(delta, CASH, wasCost, side);
  addSignedHere(delta, CASH, isCost, 0 - side);
  if (wanted !== 0) movePosition(ledger, leaf, side * wanted);
  postOwn(ledger, leaf, fillSums);
  settleFee(ledger, was, is, qty, noFee, out);
  readBooking(ledger, leaf, was.fill, out);
  return undefined;
}

/** Sets the arrival to |lots| on the fill's side or, when negative, on the other. */
function aim(side: number, lots: number, tickValue: number): void {
  arrival.side = lots > 0 ? side : 0 - side;
  arrival.qty = Math.abs(lots);
  notionalInto(arrival.cost, arrival.qty, arrival.px, tickValue);
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

/** Gives the open lots of the fill the new price and `change` more or fewer lots (the first takes all that is more); the change of cost goes to `difference`. */
function recostLots(ledger: Ledger, leaf: LeafIx, fill: FillNo, change: number, px: number, side: number): void {
  const { cells } = ledger.lots;
  const { links } = ledger.leaves;
  const ends = leaf * leafLinks + FIRST_LOT;
  let left = change;
  let before: LotIx = noLot;
  for (let lot: LotIx = links[ends]; lot !== noLot;) {
    const base = lot * lotStride;
    const next = cells[base + LOT_NEXT];
    if (cells[base + LOT_FILL] === fill) {
      const part = left >= 0 ? left : Math.max(left, 0 - cells[base + LOT_QTY]);
      left -= part;
      recost(ledger, lot, cells[base + LOT_QTY] + part, px, side, ledger.leaves.numbers[leaf * leafStride + TICK_VALUE]);
    }
    if (cells[base + LOT_QTY] === 0) dropLot(ledger.lots, links, ends, before, lot);
    else before = lot;
    lot = next;
  }
}

/** The part of a lot's change of cost that cash does not pay for is realized: the whole change here, `realizeInPlace` takes the cash out again. */
function recost(ledger: Ledger, lot: LotIx, qty: number, px: number, side: number, tickValue: number): void {
  const { delta } = ledger;
  const { cells } = ledger.lots;
  const base = lot * lotStride;
  readHere(pieceCost, cells, base + LOT_COST);
  addSignedHere(delta, REALIZED, pieceCost, 0 - side);
  fromSafe(difference, 0);
  addSize(difference, pieceCost);
  subSplitHere(delta, ENTRY_COST, difference);
  notionalInto(pieceCost, qty, px, tickValue);
  addSignedHere(delta, REALIZED, pieceCost, side);
  fromSafe(difference, 0);
  addSize(difference, pieceCost);
  addSplitHere(delta, ENTRY_COST, difference);
  cells[base + LOT_QTY] = qty;
  cells[base + LOT_PX] = px;
  cells[base + LOT_COST] = pieceCost.hi;
  cells[base + LOT_COST + 1] = pieceCost.lo;
}

/** Cash of replacing q lots at p by `lots` at p'. */
function realizeInPlace(delta: Float64Array, was: BookedFill, px: number, lots: number, tickValue: number, side: number): void {
  addSignedHere(delta, REALIZED, wasCost, side);
  notionalInto(difference, lots, px, tickValue);
  addSignedHere(delta, REALIZED, difference, 0 - side);
}

function replaceInAverage(
  ledger: Ledger,
  leaf: LeafIx,
  was: BookedFill,
  wanted: number,
  position: number,
  side: number,
  tickValue: number,
): void {
  const { delta } = ledger;
  if (position * side > 0 && was.fill > ledger.leaves.numbers[leaf * leafStride + DILUTED]) {
    subInto(difference, isCost, wasCost);
    if (amendBasis(ledger, leaf, wanted, difference, released)) {
      addSignedHere(delta, AVERAGE_REALIZED, released, 0 - side);
      return;
    }
  }
  notionalInto(difference, was.lots, arrival.px, tickValue);
  addSignedHere(delta, AVERAGE_REALIZED, wasCost, side);
  addSignedHere(delta, AVERAGE_REALIZED, difference, 0 - side);
  if (wanted === 0) return;
  aim(side, wanted, tickValue);
  intoAverage(ledger, leaf, position, arrival, ledger.fills);
}

/** Fee, volume and count, on the leaf that the fill was booked to. */
function settleFee(ledger: Ledger, was: BookedFill, is: CorrectedTerms, qty: number, noFee: boolean, out: Booking): void {
  fillDelta.fill(0);
  fromSafe(difference, 0);
  addSize(difference, isCost);
  const volume = was.side === 'buy' ? BOUGHT : SOLD;
  addSplitHere(fillDelta, volume, difference);
  fromSafe(difference, 0);
  addSize(difference, wasCost);
  subSplitHere(fillDelta, volume, difference);
  if (qty === 0) {
    fromSafe(difference, 1);
    subSplitHere(fillDelta, TRADES, difference);
  }
  post(ledger.money, leafLink(ledger, was.leaf, OWN_LINE), fillDelta, fillSums);
  charge(ledger, was.leaf, was.commissionCurrency, was.commissionHi, was.commissionLo, -1);
  setFee(out.returnedFee, was.commissionHi, was.commissionLo);
  out.returnedCurrency = was.commissionCurrency;
  setFee(out.fee, noFee ? 0 : is.commissionHi, noFee ? 0 : is.commissionLo);
  out.feeCurrency = noFee ? -1 : is.commissionCurrency;
  if (!noFee) charge(ledger, was.leaf, is.commissionCurrency, is.commissionHi, is.commissionLo, 1);
}

function setFee(out: Split, hi: number, lo: number): void {
  out.hi = hi;
  out.lo = lo;
}
