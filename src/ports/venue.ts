import type { Micros } from '../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Report } from '../domain/report.ts';
import type { RiskChecked } from '../domain/risk-checked.ts';
import type { Reconcile, VenueStatement } from '../domain/statement.ts';
import type { VenueCapabilities } from '../domain/venue.ts';

/** A request to take an order back. It needs no check: a cancel never adds risk. */
export interface CancelRequest {
  readonly clOrdID: ClOrdID;
  readonly target: ClOrdID;
  readonly listing: ListingIx;
  /** Term that the target was numbered under; left out or 0: its order is known here, under the term of its record. */
  readonly term?: number;
}

/** What an account has at the venue: orders at work, executions from `since` on, positions, as of one moment. */
export interface StatementRequest {
  readonly account: AccountIx;
  /** Comes back with every page of the answer. */
  readonly ask: number;
  readonly since: Micros;
}

/** What became of the sending itself. `uncertain`: it may or may not have left; the order counts fully until the venue answers a query. */
export type SendResult = 'sent' | 'refused' | 'uncertain';

/**
 * Orders out, one per venue. Synchronous hand-over: the adapter queues and answers what became of the sending; everything else comes back as reports
 * through the sink that it was built with.
 */
export interface VenuePort {
  readonly capabilities: VenueCapabilities;
  send(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult;
  replace(order: RiskChecked<Readonly<Order>>, at: Micros): SendResult;
  cancel(request: CancelRequest, at: Micros): SendResult;
  /** Mass cancel of everything of this desk at the venue; `refused` where the capability is missing. */
  cancelAll(at: Micros): SendResult;
  /** Ends the session, which takes every order back; there where `deadManSwitch` is `session` or `timer`. */
  dropSession?(at: Micros): SendResult;
  /** Lets the dead-man timer run out by asking for no further time; there where `deadManSwitch` is `timer`. */
  expireDeadMan?(at: Micros): SendResult;
  /** Ask what became of an order; the answer is a report of type orderStatus or unknownOrder. */
  query(clOrdID: ClOrdID, at: Micros): SendResult;
  /**
   * Ask for an account; the answer is the pages of one statement, late, in parts, or never: the desk asks again. It keeps its place among the reports: what
   * was reported before it is in it. Left out: the venue cannot be asked, and its silence is a break.
   */
  statement?(request: StatementRequest, at: Micros): SendResult;
}

/** Where a venue's statements go, and the word that its session is back after it was lost: with that everything is compared anew. */
export type NoticeSink = (notice: VenueStatement | Reconcile) => void;

/** Where a venue's reports go; called in the order in which the venue made them. */
export type ReportSink = (report: Report) => void;
