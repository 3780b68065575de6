import { splitZero, type Split } from '../../base/split.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { ExecType, Liquidity, Report } from '../../domain/report.ts';
import { chargeInto, feeRateOf } from './fees.ts';
import type { FeeRate, FeeSchedule } from './fees.ts';
import { NumberedTexts } from './numbered-texts.ts';
import type { VenueOrder } from './venue-order.ts';

/** What a listing's commissions are computed from. */
export interface ListingMoney {
  /** Units of 10^-exponent of the currency that one tick of one lot is worth. */
  readonly moneyPerTickLot: number;
  readonly currency: CurrencyIx;
  readonly fees: FeeSchedule;
}

/** The same, made ready for fills. */
export interface FillMoney {
  readonly currency: CurrencyIx;
  readonly maker: FeeRate;
  readonly taker: FeeRate;
}

export function fillMoneyOf({ moneyPerTickLot, currency, fees }: ListingMoney): FillMoney {
  const { makerRate, takerRate, feeUnit } = fees;
  return { currency, maker: feeRateOf(moneyPerTickLot, makerRate, feeUnit), taker: feeRateOf(moneyPerTickLot, takerRate, feeUnit) };
}

const noLots = lotsUnchecked(0);
const noTicks = ticksUnchecked(0);

/** Makes a venue's reports and numbers them: `SIM-1`, `SIM-2`, … */
export class ReportWriter {
  readonly #venue: VenueIx;
  readonly #execIDs: NumberedTexts;
  readonly #orderIDs: NumberedTexts;
  readonly #simulated: boolean;
  readonly #fee = splitZero();
  #executions = 0;
  #orders = 0;

  constructor(venue: VenueIx, prefix: string, simulated: boolean) {
    this.#venue = venue;
    this.#execIDs = new NumberedTexts(`${prefix}-`);
    this.#orderIDs = new NumberedTexts(`${prefix}-O`);
    this.#simulated = simulated;
  }

  /** Gives an order the venue's number, once. */
  number(order: VenueOrder): void {
    if (order.number === 0) order.number = ++this.#orders;
  }

  /** Number of the last report that was made. */
  get lastExecution(): number {
    return this.#executions;
  }

  nextExecID(): string {
    return this.#execIDs.of(++this.#executions);
  }

  /** A report about an order as it stands. `requestID`: the request that it answers, about which `origClOrdID` is then set. */
  about(order: VenueOrder, execType: ExecType, at: Micros, text: string, requestID: ClOrdID = 0): Report {
    const clOrdID = requestID === 0 ? order.clOrdID : requestID;
    return this.#report(order, execType, at, text, clOrdID, requestID === 0 ? 0 : order.clOrdID, noLots, noTicks);
  }

  /** An order with its quantity and price: unasked (restated), as asked (replaced, `replacedID` is the id it had), or a bracket child that begins (new). */
  changed(order: VenueOrder, execType: 'restated' | 'replaced' | 'new', at: Micros, text: string, replacedID: ClOrdID = 0): Report {
    return this.#report(order, execType, at, text, order.clOrdID, replacedID, order.orderQty, order.price);
  }

  trade(order: VenueOrder, qty: number, price: number, liquidity: Liquidity, at: Micros, money: FillMoney): Report {
    chargeInto(this.#fee, price, qty, liquidity === 'maker' ? money.maker : money.taker);
    return this.charged(order, qty, price, liquidity, at, this.#fee, money.currency);
  }

  /** A fill whose commission is known. Written out like every other report: one made by spreading has a shape of its own, and whoever reads reports would meet several. */
  charged(
    order: VenueOrder,
    qty: number,
    price: number,
    liquidity: Liquidity,
    at: Micros,
    fee: Readonly<Split>,
    currency: CurrencyIx,
  ): Report {
    return {
      kind: 'report',
      venue: this.#venue,
      listing: order.listing,
      clOrdID: order.clOrdID,
      origClOrdID: 0,
      orderID: this.#orderID(order),
      execID: this.nextExecID(),
      execRefID: '',
      execType: 'trade',
      lastQty: lotsUnchecked(qty),
      lastPx: ticksUnchecked(price),
      cumQty: order.cumQty,
      leavesQty: order.leavesQty,
      orderQty: noLots,
      price: noTicks,
      commissionHi: fee.hi,
      commissionLo: fee.lo,
      commissionCurrency: currency,
      liquidity,
      text: '',
      transactTime: at,
      eventSeq: 0,
      simulated: this.#simulated,
    };
  }

  /** A report about something that is no live order here. */
  blank(listing: ListingIx, execType: ExecType, at: Micros, text: string, clOrdID: ClOrdID = 0, origClOrdID: ClOrdID = 0): Report {
    return this.#report(
      { listing, number: 0, orderID: '', cumQty: -1, leavesQty: -1 },
      execType,
      at,
      text,
      clOrdID,
      origClOrdID,
      noLots,
      noTicks,
    );
  }

  #orderID(order: { readonly number: number; orderID: string }): string {
    if (order.orderID === '' && order.number > 0) order.orderID = this.#orderIDs.of(order.number);
    return order.orderID;
  }

  #report(
    order: { readonly listing: ListingIx; readonly number: number; orderID: string; readonly cumQty: number; readonly leavesQty: number },
    execType: ExecType,
    at: Micros,
    text: string,
    clOrdID: ClOrdID,
    origClOrdID: ClOrdID,
    orderQty: Lots,
    price: Ticks,
  ): Report {
    return {
      kind: 'report',
      venue: this.#venue,
      listing: order.listing,
      clOrdID,
      origClOrdID,
      orderID: this.#orderID(order),
      execID: this.nextExecID(),
      execRefID: '',
      execType,
      lastQty: noLots,
      lastPx: noTicks,
      cumQty: order.cumQty,
      leavesQty: order.leavesQty,
      orderQty,
      price,
      commissionHi: 0,
      commissionLo: 0,
      commissionCurrency: 0,
      liquidity: 'none',
      text,
      transactTime: at,
      eventSeq: 0,
      simulated: this.#simulated,
    };
  }
}
