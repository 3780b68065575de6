import { isZero, splitZero, type Split } from '../../base/split.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import {
  BASE_UNITS,
  LEAF_CURRENCY,
  LEAF_INSTRUMENT,
  OWN_LINE,
  POSITION,
  TICK_VALUE,
  leafLinks,
  leafStride,
  noLeaf,
  noMoney,
} from './ledger.ts';
import { lineOf } from './line.ts';
import { LOT_CL_ORD_ID, LOT_COST, LOT_FILL, LOT_OPENED_AT, LOT_PX, LOT_QTY, notionalPair, roomForLots } from './lot-pool.ts';
import { AVERAGE_REALIZED, BOUGHT, CASH, ENTRY_COST, FEES, REALIZED, SOLD, allSums, postFee, postFill } from './money-rows.ts';
import { copyOut, copySigned, copySize, negPair, writePair } from './pair.ts';
import { A_SIDE, closeFill, closingOf, createArrival, flipFill, movePosition, openFill, roomForMove } from './trade.ts';

/** What a booking did; reused from one to the next. Money in the listing's currency unless said otherwise. */
export interface Booking {
  /** Names the fill in later busts and corrections, and the leaf that its fee and volume are with (a correction leaves both as they were). */
  fill: FillNo;
  leaf: LeafIx;
  /** Realized PnL by FIFO (official) and by average cost, before fees. */
  readonly realized: Split;
  readonly averageRealized: Split;
  /** Cash in (+) or out (-), before fees. */
  readonly cash: Split;
  /** How `used` changed: sum over lots of |cost at entry|. */
  readonly entryCost: Split;
  /** Commission charged now, and the one given back by a bust or correction, each in its own currency; rebates negative. */
  readonly fee: Split;
  feeCurrency: CurrencyIx;
  readonly returnedFee: Split;
  returnedCurrency: CurrencyIx;
  /** Signed lots of the leaf after it. */
  position: number;
}

export function createBooking(): Booking {
  return {
    fill: 0,
    leaf: noLeaf,
    realized: splitZero(),
    averageRealized: splitZero(),
    cash: splitZero(),
    entryCost: splitZero(),
    fee: splitZero(),
    feeCurrency: -1,
    returnedFee: splitZero(),
    returnedCurrency: -1,
    position: 0,
  };
}

/** Why nothing was booked; nothing changed. A fill that the ledger cannot hold is for a person: the desk's position is unknown to it. */
export type BookingRefusal =
  | { readonly code: 'FILL_QTY_NOT_POSITIVE'; readonly lastQty: number; readonly min: number }
  | { readonly code: 'FILL_PX_NOT_WHOLE'; readonly lastPx: number }
  | { readonly code: 'FILL_NOTIONAL_EXCEEDS_MAX'; readonly notional: number; readonly max: number }
  | { readonly code: 'POSITION_EXCEEDS_MAX'; readonly position: number; readonly max: number }
  | { readonly code: 'COMMISSION_CURRENCY_UNKNOWN'; readonly currency: number; readonly currencies: number }
  | { readonly code: 'LOT_CAPACITY_REACHED'; readonly lots: number; readonly max: number }
  | { readonly code: 'MONEY_ROW_CAPACITY_REACHED'; readonly rows: number; readonly max: number }
  | { readonly code: 'FILL_BEFORE_STOCK_SPLIT'; readonly fill: FillNo; readonly splitAfter: FillNo };

/** Largest |lots x ticks x tick value| of one fill, 2^88: money keeps to 2^101, which leaves room for eight thousand of them. */
export const maxFillNotional = 309485009821345068724781056;
/** Largest position in base units. */
export const maxPosition = Number.MAX_SAFE_INTEGER;

/** Below this no rounding of a sum or product can matter. */
const farPosition = 4_503_599_627_370_496;

const arrival = createArrival();

/**
 * Books a fill: FIFO lots and average basis of the leaf, its commission as reported (rebates negative) in the commission's own currency, and all sums above
 * the leaf. It may close, open, or go through zero (closes all, opens the rest at the same price).
 * @param commissionCurrency any value when the commission is zero
 * @returns undefined when booked; `out` is untouched by a refusal
 */
export function bookFill(
  ledger: Ledger,
  leaf: LeafIx,
  side: Side,
  lots: Lots,
  px: Ticks,
  commissionHi: number,
  commissionLo: number,
  commissionCurrency: CurrencyIx,
  clOrdID: ClOrdID,
  at: Micros,
  out: Booking,
): BookingRefusal | undefined {
  const sign = side === 'buy' ? 1 : -1;
  const charged = commissionHi !== 0 || commissionLo !== 0;
  const own = charged && commissionCurrency === ledger.leaves.links[leaf * leafLinks + LEAF_CURRENCY];
  const refusal =
    (fits(ledger, leaf, lots, px) ? undefined : refuseFill(ledger, leaf, sign, lots, px)) ??
    (charged && !own ? refuseFee(ledger, leaf, commissionCurrency) : undefined);
  if (refusal !== undefined) return refusal;
  ledger.fills += 1;
  arrival[LOT_QTY] = lots;
  arrival[LOT_PX] = px;
  arrival[LOT_FILL] = ledger.fills;
  arrival[LOT_CL_ORD_ID] = clOrdID;
  arrival[LOT_OPENED_AT] = at;
  arrival[A_SIDE] = sign;
  out.fill = ledger.fills;
  out.leaf = leaf;
  out.fee.hi = commissionHi;
  out.fee.lo = commissionLo;
  out.feeCurrency = commissionCurrency;
  out.returnedFee.hi = 0;
  out.returnedFee.lo = 0;
  out.returnedCurrency = -1;
  if (own) writePair(ledger.delta, FEES, out.fee);
  else if (charged) charge(ledger, leaf, commissionCurrency, out.fee, 1);
  bookArrival(ledger, leaf, sign, lots, own);
  readBooking(ledger, leaf, out);
  return undefined;
}

/** The fill in `arrival` goes into both books, its sums to everything above the leaf. */
function bookArrival(ledger: Ledger, leaf: LeafIx, sign: number, lots: number, charged: boolean): void {
  const { delta } = ledger;
  const { links, numbers } = ledger.leaves;
  const at = leaf * leafStride;
  const volume = sign > 0 ? BOUGHT : SOLD;
  const position = numbers[at + POSITION];
  const opens = position * sign >= 0;
  notionalPair(arrival, LOT_COST, arrival, LOT_QTY, arrival, LOT_PX, numbers, at + TICK_VALUE);
  copySigned(delta, CASH, arrival, LOT_COST, 0 - sign);
  copySize(delta, volume, arrival, LOT_COST);
  if (opens) openFill(ledger, leaf, arrival, ledger.fills);
  else if (lots <= Math.abs(position)) closeFill(ledger, leaf, arrival, sign);
  else flipFill(ledger, leaf, position, arrival, ledger.fills);
  movePosition(ledger, leaf, sign * lots);
  postFill(ledger.money, links[leaf * leafLinks + OWN_LINE], delta, volume, !opens, charged);
}

const feeDelta = new Float64Array(allSums);

/** Books a commission (sign 1) or gives it back (sign -1); the line is there (`refuseFee`). */
export function charge(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx, commission: Split, sign: number): void {
  if (isZero(commission)) return;
  writePair(feeDelta, FEES, commission);
  if (sign < 0) negPair(feeDelta, FEES);
  postFee(ledger.money, lineOf(ledger, leaf, currency), feeDelta);
}

/** Copies the delta of a finished booking. */
export function readBooking(ledger: Ledger, leaf: LeafIx, out: Booking): void {
  const { delta } = ledger;
  copyOut(out.realized, delta, REALIZED);
  copyOut(out.averageRealized, delta, AVERAGE_REALIZED);
  copyOut(out.cash, delta, CASH);
  copyOut(out.entryCost, delta, ENTRY_COST);
  out.position = ledger.leaves.numbers[leaf * leafStride + POSITION];
}

/** Whether a fill is so far from every limit that nothing has to be looked at closely. */
function fits(ledger: Ledger, leaf: LeafIx, qty: number, px: number): boolean {
  const { numbers, links } = ledger.leaves;
  const at = leaf * leafStride;
  const gross = ledger.positions.gross[links[leaf * leafLinks + LEAF_INSTRUMENT]] + qty * numbers[at + BASE_UNITS];
  const notional = Math.abs(qty * px * numbers[at + TICK_VALUE]);
  const whole = Math.floor(qty) === qty && Math.floor(px) === px;
  return (
    whole &&
    qty >= 1 &&
    gross <= farPosition &&
    Math.abs(px) <= farPosition &&
    notional <= maxFillNotional &&
    ledger.lots.live < ledger.lots.max
  );
}

/** What keeps qty lots of one side (+1, -1) at `px` out of the leaf; undefined = nothing. */
function refuseFill(ledger: Ledger, leaf: LeafIx, sign: number, qty: number, px: number): BookingRefusal | undefined {
  const refusal = refuseTerms(ledger, leaf, qty, px) ?? refuseMove(ledger, leaf, sign * qty);
  if (refusal !== undefined) return refusal;
  const opens = closingOf(ledger.leaves.numbers[leaf * leafStride + POSITION], sign, qty) < qty;
  return opens ? refuseLot(ledger) : undefined;
}

export function refuseTerms(ledger: Ledger, leaf: LeafIx, qty: number, px: number): BookingRefusal | undefined {
  if (!Number.isSafeInteger(qty) || qty < 1) return { code: 'FILL_QTY_NOT_POSITIVE', lastQty: qty, min: 1 };
  if (!Number.isSafeInteger(px)) return { code: 'FILL_PX_NOT_WHOLE', lastPx: px };
  const notional = Math.abs(qty * px * ledger.leaves.numbers[leaf * leafStride + TICK_VALUE]);
  return notional > maxFillNotional ? { code: 'FILL_NOTIONAL_EXCEEDS_MAX', notional, max: maxFillNotional } : undefined;
}

/** Position and scopes in base units stay safe integers. */
export function refuseMove(ledger: Ledger, leaf: LeafIx, signedLots: number): BookingRefusal | undefined {
  if (roomForMove(ledger, leaf, signedLots)) return undefined;
  return { code: 'POSITION_EXCEEDS_MAX', position: ledger.leaves.numbers[leaf * leafStride + POSITION] + signedLots, max: maxPosition };
}

export function refuseLot(ledger: Ledger): BookingRefusal | undefined {
  return roomForLots(ledger.lots, 1) ? undefined : { code: 'LOT_CAPACITY_REACHED', lots: ledger.lots.live, max: ledger.lots.max };
}

/** What keeps a commission of this currency away from the leaf; makes the money row that it needs. */
export function refuseFee(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx): BookingRefusal | undefined {
  const { currencies } = ledger.registry;
  if (!(currency >= 0 && currency < currencies.length))
    return { code: 'COMMISSION_CURRENCY_UNKNOWN', currency, currencies: currencies.length };
  if (lineOf(ledger, leaf, currency) === noMoney)
    return { code: 'MONEY_ROW_CAPACITY_REACHED', rows: ledger.money.count, max: ledger.money.max };
  return undefined;
}
