import { fromSafe, splitZero, type Split } from '../../base/split.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { LEAF_CURRENCY, POSITION, TICK_VALUE, leafLinks, leafStride, noMoney } from './ledger.ts';
import { lineOf } from './line.ts';
import { notionalInto, roomForLots } from './lot-pool.ts';
import {
  AVERAGE_REALIZED,
  BOUGHT,
  CASH,
  ENTRY_COST,
  FEES,
  REALIZED,
  SOLD,
  TRADES,
  addHere,
  addSignedHere,
  fillSums,
  post,
  readHere,
} from './money-rows.ts';
import { addSizeHere, closingOf, createArrival, intoAverage, intoLots, movePosition, postOwn, roomForMove } from './trade.ts';

/** What a booking did; reused from one to the next. Money in the listing's currency unless said otherwise. */
export interface Booking {
  /** Names the fill in later busts and corrections. */
  fill: FillNo;
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
  const noFee = commissionHi === 0 && commissionLo === 0;
  const refusal = refuseFill(ledger, leaf, sign, lots, px) ?? (noFee ? undefined : refuseFee(ledger, leaf, commissionCurrency));
  if (refusal !== undefined) return refusal;
  const { delta } = ledger;
  const { numbers } = ledger.leaves;
  const number = leaf * leafStride;
  const position = numbers[number + POSITION];
  ledger.fills += 1;
  delta.fill(0);
  arrival.side = sign;
  arrival.qty = lots;
  arrival.px = px;
  arrival.fill = ledger.fills;
  arrival.clOrdID = clOrdID;
  arrival.openedAt = at;
  notionalInto(arrival.cost, lots, px, numbers[number + TICK_VALUE]);
  intoLots(ledger, leaf, position, arrival);
  intoAverage(ledger, leaf, position, arrival, ledger.fills);
  addSignedHere(delta, CASH, arrival.cost, 0 - sign);
  addSizeHere(delta, sign > 0 ? BOUGHT : SOLD, arrival.cost);
  delta[TRADES + 1] = 1;
  if (!noFee) chargeWithFill(ledger, leaf, commissionCurrency, commissionHi, commissionLo);
  movePosition(ledger, leaf, sign * lots);
  postOwn(ledger, leaf, fillSums);
  readBooking(ledger, leaf, ledger.fills, out);
  out.fee.hi = commissionHi;
  out.fee.lo = commissionLo;
  out.feeCurrency = commissionCurrency;
  fromSafe(out.returnedFee, 0);
  out.returnedCurrency = -1;
  return undefined;
}

/** In the listing's currency the fee travels with the fill, otherwise it is posted to the leaf's row of its own currency. */
function chargeWithFill(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx, hi: number, lo: number): void {
  if (currency === ledger.leaves.links[leaf * leafLinks + LEAF_CURRENCY]) addHere(ledger.delta, FEES, hi, lo);
  else charge(ledger, leaf, currency, hi, lo, 1);
}

const feeDelta = new Float64Array(fillSums);
const fee = splitZero();

/** Books a commission (sign 1) or gives it back (sign -1); the line is there (`refuseFee`). */
export function charge(ledger: Ledger, leaf: LeafIx, currency: CurrencyIx, hi: number, lo: number, sign: number): void {
  if (hi === 0 && lo === 0) return;
  fee.hi = hi;
  fee.lo = lo;
  feeDelta[FEES] = 0;
  feeDelta[FEES + 1] = 0;
  addSignedHere(feeDelta, FEES, fee, sign);
  post(ledger.money, lineOf(ledger, leaf, currency), feeDelta, fillSums);
}

/** Copies the delta of a finished booking. */
export function readBooking(ledger: Ledger, leaf: LeafIx, fill: FillNo, out: Booking): void {
  const { delta } = ledger;
  out.fill = fill;
  readHere(out.realized, delta, REALIZED);
  readHere(out.averageRealized, delta, AVERAGE_REALIZED);
  readHere(out.cash, delta, CASH);
  readHere(out.entryCost, delta, ENTRY_COST);
  out.position = ledger.leaves.numbers[leaf * leafStride + POSITION];
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
