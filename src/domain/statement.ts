import type { Lots, Micros, Ticks } from '../base/units.ts';
import type { AccountIx, ClOrdID, CurrencyIx, ListingIx, VenueIx } from './ids.ts';
import type { Side } from './order.ts';
import type { Liquidity } from './report.ts';

/** An order that works at a venue, as the venue states it. */
export interface StatedOrder {
  /** Ours by its form; 0 = not of our form: somebody else's. With the term that it was sent in; 0 = not of our form. */
  readonly clOrdID: ClOrdID;
  readonly term: number;
  /** The venue's own number; '' = none. */
  readonly orderID: string;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly orderQty: Lots;
  readonly cumQty: Lots;
  readonly leavesQty: Lots;
  /** Limit; noPrice = the order has none. */
  readonly price: Ticks;
}

/** An execution as it stands at the venue, busts and corrections done. */
export interface StatedFill {
  /** '' where the venue has none: it gets one that is a pure function of what it is. */
  readonly execID: string;
  readonly clOrdID: ClOrdID;
  readonly term: number;
  readonly orderID: string;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly lastQty: Lots;
  readonly lastPx: Ticks;
  /** Executed lots of the order with it; -1 = not said. */
  readonly cumQty: number;
  readonly commissionHi: number;
  readonly commissionLo: number;
  readonly commissionCurrency: CurrencyIx;
  readonly liquidity: Liquidity;
  readonly transactTime: Micros;
}

/** Lots that the account holds, signed. What is not stated is flat. */
export interface StatedPosition {
  readonly listing: ListingIx;
  readonly position: number;
}

/** Most lines of one page, of all three lists together. */
export const maxStatementLines = 96;

/**
 * What a venue answers when it is asked for an account: the orders that work, the executions since a time, the positions, all as of one moment of its own
 * clock. Long answers come in pages; one with a page missing is no answer.
 */
export interface VenueStatement {
  readonly kind: 'venueStatement';
  readonly venue: VenueIx;
  readonly account: AccountIx;
  /** The question that it answers. */
  readonly ask: number;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** The cut: everything until then is in it, nothing after. */
  readonly asOf: Micros;
  /** The executions are complete from here on. */
  readonly since: Micros;
  readonly orders: readonly StatedOrder[];
  readonly fills: readonly StatedFill[];
  readonly positions: readonly StatedPosition[];
}

export const reconcileReasons = ['start', 'reconnect', 'interval', 'endOfDay', 'person', 'break', 'again', 'close'] as const;
export type ReconcileReason = (typeof reconcileReasons)[number];

/** The desk is to be compared with its venues now. */
export interface Reconcile {
  readonly kind: 'reconcile';
  readonly reason: ReconcileReason;
  /** -1 = all of them. */
  readonly venue: VenueIx;
  /** Microseconds between comparisons from now on; 0 = as before. */
  readonly every: number;
}

/** What a difference between desk and venue can be; docs/reference/reconciliation.md has the rule of each. */
export const breakClasses = [
  'missedFill',
  'duplicateFill',
  'conflictingFill',
  'unownedFill',
  'lateFill',
  'unknownOrder',
  'foreignOrder',
  'orphan',
  'lostOrder',
  'limbo',
  'cumQty',
  'orderQty',
  'leaves',
  'price',
  'position',
  'contradiction',
  'venueSilent',
] as const;
export type BreakClass = (typeof breakClasses)[number];

/** found: nothing was done about it yet that could end it · correcting: its rule is at work · resolved: it is gone · accepted: two people live with it. */
export const breakStates = ['found', 'correcting', 'resolved', 'accepted'] as const;
export type BreakState = (typeof breakStates)[number];
