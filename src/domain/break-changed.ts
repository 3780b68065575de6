import type { Micros } from '../base/units.ts';
import type { AccountIx, ClOrdID, ListingIx, VenueIx } from './ids.ts';
import type { BreakClass, BreakState, ReconcileReason } from './statement.ts';

/** A break between desk and venue, as it is from now on. The same break found twice is the same `breakID`. */
export interface BreakChanged {
  readonly kind: 'breakChanged';
  readonly breakID: string;
  readonly class: BreakClass;
  readonly state: BreakState;
  readonly venue: VenueIx;
  readonly account: AccountIx;
  /** -1 = of no listing. */
  readonly listing: ListingIx;
  readonly clOrdID: ClOrdID;
  /** What the desk and what the venue has, in the unit of the class (lots, ticks, base units, or 0 and 1 for there and not there). */
  readonly here: number;
  readonly there: number;
  /** How often its rule was applied. */
  readonly attempts: number;
  readonly actor: string;
  readonly text: string;
}

/** A whole statement was compared with the desk: how many lines of it, how many differences, how many breaks were found by it and are open now. */
export interface StatementJudged {
  readonly kind: 'statementJudged';
  readonly venue: VenueIx;
  readonly account: AccountIx;
  readonly ask: number;
  readonly reason: ReconcileReason;
  readonly asOf: Micros;
  readonly orders: number;
  readonly fills: number;
  readonly positions: number;
  readonly differences: number;
  readonly found: number;
  readonly open: number;
}
