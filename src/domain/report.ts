import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Micros, type Ticks } from '../base/units.ts';
import type { ClOrdID, CurrencyIx, EventSeq, ListingIx, VenueIx } from './ids.ts';

/**
 * FIX tag 150 in words. `cancelRejected` and `replaceRejected` are OrderCancelReject messages; `orderStatus` answers a query;
 * `unknownOrder` is the venue saying that it has no such order; `timeout` is ours: no answer within the declared time.
 */
export const execTypes = [
  'pendingNew',
  'new',
  'trade',
  'tradeCorrect',
  'tradeCancel',
  'pendingCancel',
  'canceled',
  'cancelRejected',
  'pendingReplace',
  'replaced',
  'replaceRejected',
  'rejected',
  'expired',
  'doneForDay',
  'suspended',
  'restated',
  'orderStatus',
  'unknownOrder',
  'timeout',
] as const;
export type ExecType = (typeof execTypes)[number];

export const liquidities = ['none', 'maker', 'taker'] as const;
export type Liquidity = (typeof liquidities)[number];

/** What a venue says about an order. Quantities in lots and prices in ticks of the listing. */
export interface Report {
  readonly kind: 'report';
  /** -1 = our own word: nobody at the venue has said it. */
  readonly venue: VenueIx;
  readonly listing: ListingIx;
  /** 0 = of no order that a record names, or of one under another term than its number has here: an order of an earlier desk, whose journal lost its end. */
  readonly clOrdID: ClOrdID;
  /** On canceled, replaced and the two rejects: the order that the request was about; 0 = the order itself. */
  readonly origClOrdID: ClOrdID;
  /** The venue's own number of the order; '' = not given. */
  readonly orderID: string;
  /** The venue's number of this report; fills are deduplicated by (venue, execID). '' only on our own timeouts. */
  readonly execID: string;
  /** Busts and corrections: the execID they are about. */
  readonly execRefID: string;
  readonly execType: ExecType;
  /** trade, tradeCorrect: what was executed (of a correction: the right figures); else 0. */
  readonly lastQty: Lots;
  readonly lastPx: Ticks;
  /** What the venue believes after this report; -1 = not said. */
  readonly cumQty: number;
  readonly leavesQty: number;
  /** restated, replaced: the order's new quantity and price; 0 = unchanged. */
  readonly orderQty: Lots;
  readonly price: Ticks;
  /** Commission as the venue charged it, units of 10^-exponent of commissionCurrency; negative is a rebate. Split integer hi * 2^48 + lo. */
  readonly commissionHi: number;
  readonly commissionLo: number;
  readonly commissionCurrency: CurrencyIx;
  readonly liquidity: Liquidity;
  /** Venue's own words or code on rejects; at most 128 characters. */
  readonly text: string;
  readonly transactTime: Micros;
  readonly eventSeq: EventSeq;
  /** From the simulator that serves rows in mode SIMULATED: never touches a real position. */
  readonly simulated: boolean;
}

/** A report in which nothing is said: no execution, no figures (-1 = the venue does not say). What somebody does say stands over it. */
export const blankReport: Report = {
  kind: 'report',
  venue: -1,
  listing: -1,
  clOrdID: 0,
  origClOrdID: 0,
  orderID: '',
  execID: '',
  execRefID: '',
  execType: 'new',
  lastQty: lotsUnchecked(0),
  lastPx: ticksUnchecked(0),
  cumQty: -1,
  leavesQty: -1,
  orderQty: lotsUnchecked(0),
  price: ticksUnchecked(0),
  commissionHi: 0,
  commissionLo: 0,
  commissionCurrency: 0,
  liquidity: 'none',
  text: '',
  transactTime: microsUnchecked(0),
  eventSeq: 0,
  simulated: false,
};
