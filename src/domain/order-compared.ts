import type { Lots, Micros } from '../base/units.ts';
import type { ClOrdID, ListingIx, RowIx } from './ids.ts';
import type { Side } from './order.ts';

/** What the simulated side of a comparison is: a run on paper, or a version in the shadow of the live one. */
export const comparedSides = ['paper', 'shadow'] as const;
export type ComparedSide = (typeof comparedSides)[number];

/** What became of an order beside another version: it has a counterpart, or only one of the two sent it. */
export const comparedOutcomes = ['matched', 'onlyLive', 'onlyBeside'] as const;
export type ComparedOutcome = (typeof comparedOutcomes)[number];

/** Why an order has no counterpart: nothing alike came in time, or what came differed in its price or quantity. */
export const aloneReasons = ['none', 'nothing', 'price', 'quantity'] as const;
export type AloneReason = (typeof aloneReasons)[number];

/**
 * An order of a live version beside its counterpart of a version on paper or in shadow, once both have ended; or one without a counterpart. Every difference is
 * the live one less the other. NaN = there is no such number: nothing was filled, no middle was seen, the fee is in another currency.
 */
export interface OrderCompared {
  readonly kind: 'orderCompared';
  readonly row: RowIx;
  readonly besideRow: RowIx;
  readonly as: ComparedSide;
  readonly outcome: ComparedOutcome;
  readonly why: AloneReason;
  /** 0 = that side has none. */
  readonly clOrdID: ClOrdID;
  readonly besideClOrdID: ClOrdID;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly sentAt: Micros;
  readonly orderQty: Lots;
  readonly besideQty: Lots;
  /** Executed lots. */
  readonly filledQty: Lots;
  readonly besideFilledQty: Lots;
  /** Microseconds between the two orders. */
  readonly timeApart: number;
  /** Microseconds from the order to its last fill, less the other's. */
  readonly fillTimeApart: number;
  /** bps between the limits (stop prices where there is no limit); 0 = neither has one. */
  readonly limitApart: number;
  /** bps between the average execution prices. */
  readonly priceApart: number;
  /** Executed share of the order, less the other's. */
  readonly filledApart: number;
  /** Shortfall of each against the middle that its strategy saw, bps of what was executed; positive = worse. */
  readonly cost: number;
  readonly besideCost: number;
  /** Commissions, bps of what was executed. */
  readonly fees: number;
  readonly besideFees: number;
  /** What the live order executed, in its listing's currency. */
  readonly notional: number;
}
