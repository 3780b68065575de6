import { fromSafe, splitZero } from '../../base/split.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { ExecType, Liquidity, Report } from '../../domain/report.ts';
import { feeInto } from './fees.ts';
import type { FeeSchedule } from './fees.ts';
import type { VenueOrder } from './venue-order.ts';

/** What a listing's commissions are computed from. */
export interface ListingMoney {
  /** Units of 10^-exponent of the currency that one tick of one lot is worth. */
  readonly moneyPerTickLot: number;
  readonly currency: CurrencyIx;
  readonly fees: FeeSchedule;
}

const noLots = lotsUnchecked(0);
const noTicks = ticksUnchecked(0);

/** Makes a venue's reports and numbers them: `SIM-1`, `SIM-2`, … */
export class ReportWriter {
  readonly #venue: VenueIx;
  readonly #prefix: string;
  readonly #simulated: boolean;
  readonly #fee = splitZero();
  #executions = 0;

  constructor(venue: VenueIx, prefix: string, simulated: boolean) {
    this.#venue = venue;
    this.#prefix = prefix;
    this.#simulated = simulated;
  }

  nextExecID(): string {
    return `${this.#prefix}-${++this.#executions}`;
  }

  /** A report about an order as it stands. `requestID`: the request that it answers, about which `origClOrdID` is then set. */
  about(order: VenueOrder, execType: ExecType, at: Micros, text: string, requestID: ClOrdID = 0): Report {
    return {
      ...this.blank(order.listing, execType, at, text),
      clOrdID: requestID === 0 ? order.clOrdID : requestID,
      origClOrdID: requestID === 0 ? 0 : order.clOrdID,
      orderID: `${this.#prefix}-O${order.number}`,
      cumQty: order.cumQty,
      leavesQty: order.leavesQty,
    };
  }

  /** An order with its quantity and price: unasked (restated), as asked (replaced, `replacedID` is the id it had), or a bracket child that begins (new). */
  changed(order: VenueOrder, execType: 'restated' | 'replaced' | 'new', at: Micros, text: string, replacedID: ClOrdID = 0): Report {
    return { ...this.about(order, execType, at, text), origClOrdID: replacedID, orderQty: order.orderQty, price: order.price };
  }

  trade(order: VenueOrder, qty: number, price: number, liquidity: Liquidity, at: Micros, money: ListingMoney): Report {
    const { fees, moneyPerTickLot, currency } = money;
    const rate = liquidity === 'maker' ? fees.makerRate : fees.takerRate;
    if (rate === 0) fromSafe(this.#fee, 0);
    else feeInto(this.#fee, price, qty, moneyPerTickLot, rate, fees.feeUnit);
    return {
      ...this.about(order, 'trade', at, ''),
      lastQty: lotsUnchecked(qty),
      lastPx: ticksUnchecked(price),
      commissionHi: this.#fee.hi,
      commissionLo: this.#fee.lo,
      commissionCurrency: currency,
      liquidity,
    };
  }

  /** A report about something that is no order here. */
  blank(listing: ListingIx, execType: ExecType, at: Micros, text: string): Report {
    return {
      kind: 'report',
      venue: this.#venue,
      listing,
      clOrdID: 0,
      origClOrdID: 0,
      orderID: '',
      execID: this.nextExecID(),
      execRefID: '',
      execType,
      lastQty: noLots,
      lastPx: noTicks,
      cumQty: -1,
      leavesQty: -1,
      orderQty: noLots,
      price: noTicks,
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
