import type { Lots, Micros } from '../../base/units.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { AccountIx, ClOrdID, InstrumentIx, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Report } from '../../domain/report.ts';
import type { BreakClass, StatedFill, StatedOrder, StatedPosition } from '../../domain/statement.ts';
import type { Core } from '../core.ts';

/** A whole answer, its pages put together. */
export interface WholeStatement {
  readonly venue: VenueIx;
  readonly account: AccountIx;
  readonly asOf: Micros;
  readonly since: Micros;
  readonly orders: readonly StatedOrder[];
  readonly fills: readonly StatedFill[];
  readonly positions: readonly StatedPosition[];
}

/** One thing in which desk and venue differ. */
export interface Difference {
  readonly breakID: string;
  readonly class: BreakClass;
  readonly listing: ListingIx;
  readonly clOrdID: ClOrdID;
  readonly here: number;
  readonly there: number;
  readonly text: string;
  /** No report on its way can explain it: a break at first sight. */
  readonly sure: boolean;
  /** What the rule needs. */
  readonly order?: StatedOrder;
  readonly fill?: StatedFill;
  readonly execID?: string;
}

/** Base units by instrument and lots by order that one side has and the other has not. */
export interface Movements {
  readonly byOrder: Map<ClOrdID, number>;
  readonly byInstrument: Map<InstrumentIx, number>;
}

export function noMovements(): Movements {
  return { byOrder: new Map(), byInstrument: new Map() };
}

/** Adds an execution. `order` 0 = of no order of ours. */
export function moved(core: Core, into: Movements, order: ClOrdID, listing: ListingIx, lots: number, bought: boolean): void {
  if (order !== 0) into.byOrder.set(order, (into.byOrder.get(order) ?? 0) + lots);
  const { instrument, baseUnitsPerLot } = core.registry.listings[listing];
  const units = lots * baseUnitsPerLot;
  into.byInstrument.set(instrument, (into.byInstrument.get(instrument) ?? 0) + (bought ? units : -units));
}

/** The same break is the same id, whoever finds it: class, venue, account, and what it is about. */
export function breakIDOf(core: Core, kind: BreakClass, venue: VenueIx, account: AccountIx, subject: string): string {
  const { venues, accounts } = core.registry;
  return `${kind}/${venues[venue].venueID}/${accounts[account].account.accountID}${subject === '' ? '' : `/${subject}`}`;
}

/** The execID of a stated fill; where the venue has none, what it is and the how-manieth such one of the statement. */
export function execIDOf(fill: StatedFill, nth: number): string {
  const { execID, term, clOrdID, transactTime, lastQty, lastPx } = fill;
  return execID === '' ? `stated-${term}-${clOrdID}-${transactTime}-${lastQty}-${lastPx}-${nth}` : execID;
}

/** The trade report that a stated fill stands for: what the venue sent, or should have. */
export function reportOfFill(venue: VenueIx, fill: StatedFill, execID: string): Report {
  return {
    kind: 'report',
    venue,
    listing: fill.listing,
    clOrdID: fill.clOrdID,
    origClOrdID: 0,
    orderID: fill.orderID,
    execID,
    execRefID: '',
    execType: 'trade',
    lastQty: fill.lastQty,
    lastPx: fill.lastPx,
    cumQty: fill.cumQty,
    leavesQty: -1,
    orderQty: noLots,
    price: ticksUnchecked(0),
    commissionHi: fill.commissionHi,
    commissionLo: fill.commissionLo,
    commissionCurrency: fill.commissionCurrency,
    liquidity: fill.liquidity,
    text: 'reconciled',
    transactTime: fill.transactTime,
    eventSeq: 0,
    simulated: false,
  };
}

/** The restatement that a stated order stands for. */
export function reportOfTerms(venue: VenueIx, order: StatedOrder, orderQty: Lots, at: Micros): Report {
  return {
    kind: 'report',
    venue,
    listing: order.listing,
    clOrdID: order.clOrdID,
    origClOrdID: 0,
    orderID: order.orderID,
    execID: '',
    execRefID: '',
    execType: 'restated',
    lastQty: noLots,
    lastPx: ticksUnchecked(0),
    cumQty: order.cumQty,
    leavesQty: order.leavesQty,
    orderQty,
    price: order.price,
    commissionHi: 0,
    commissionLo: 0,
    commissionCurrency: -1,
    liquidity: 'none',
    text: 'reconciled',
    transactTime: at,
    eventSeq: 0,
    simulated: false,
  };
}

const noLots = lotsUnchecked(0);
