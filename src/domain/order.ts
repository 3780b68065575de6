import type { Lots, Micros, Ticks } from '../base/units.ts';
import type { AccountIx, ClOrdID, DeploymentIx, EventSeq, ListingIx, RowIx } from './ids.ts';

export const sides = ['buy', 'sell'] as const;
export type Side = (typeof sides)[number];

export const ordTypes = ['market', 'limit', 'stop', 'stopLimit', 'trailingStop', 'bracket'] as const;
export type OrdType = (typeof ordTypes)[number];

export const timesInForce = ['day', 'gtc', 'ioc', 'fok', 'gtd'] as const;
export type TimeInForce = (typeof timesInForce)[number];

/** FIX tag 39 in words, plus `unknown`: we sent it and cannot say what became of it (counts fully until a venue answers). */
export const ordStatuses = [
  'pendingNew',
  'new',
  'partiallyFilled',
  'filled',
  'pendingCancel',
  'pendingReplace',
  'canceled',
  'rejected',
  'expired',
  'doneForDay',
  'suspended',
  'unknown',
] as const;
export type OrdStatus = (typeof ordStatuses)[number];

export const bracketLegs = ['none', 'entry', 'stop', 'target'] as const;
export type BracketLeg = (typeof bracketLegs)[number];

/** Price that is not there (market orders, no stop). */
export const noPrice = 0;
/** Time that is not there. */
export const noTime = 0;

/**
 * What to do at a venue; shared by intents and orders. Prices in ticks of the listing, quantities in lots of it, `noPrice` where a type has none.
 * `price` limit price (entry limit of a bracket; noPrice = market entry) · `stopPx` trigger of stop, stopLimit and the bracket's stop child
 * · `targetPx` limit of the bracket's target child · `trailOffset` distance in ticks of a trailing stop.
 */
export interface OrderTerms {
  readonly listing: ListingIx;
  readonly side: Side;
  readonly ordType: OrdType;
  readonly timeInForce: TimeInForce;
  readonly orderQty: Lots;
  readonly price: Ticks;
  readonly stopPx: Ticks;
  readonly targetPx: Ticks;
  readonly trailOffset: number;
  /** GTD only. */
  readonly expireTime: Micros;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
}

/** Who and what an order stands for: carried by intents, orders and every record of them (A5). */
export interface OrderTags {
  /** Order that this one is a slice of; 0 = none. */
  readonly parentOrderID: ClOrdID;
  /** When the strategy decided, and the best prices it saw then (noPrice = none). */
  readonly decisionAt: Micros;
  readonly arrivalBid: Ticks;
  readonly arrivalAsk: Ticks;
  /** Why, in the strategy's words; at most 64 characters. */
  readonly reason: string;
  /** Regulatory fields by name, canonical JSON, '' = none; at most 512 characters. */
  readonly compliance: string;
}

/**
 * An order as the core keeps it and as the gateway sends it. Mutable: owned by the core's order store alone.
 *
 * A bracket intent becomes three orders of one step, sent in this order: the entry (ordType market or limit, leg `entry`), the stop child (ordType
 * stop, leg `stop`) and the target child (ordType limit, leg `target`), both with `bracketOf` = clOrdID of the entry, all of the same orderQty. A venue
 * that declares ordType `bracket` holds the children until the entry fills, works each for the quantity filled (its report of type `restated` or
 * `new` says how much), and cancels one when the other trades or the entry ends unfilled. ordType `bracket` itself appears on intents only.
 */
export interface Order extends OrderTerms, OrderTags {
  readonly clOrdID: ClOrdID;
  /** The order that this one replaces; 0 = none. */
  readonly origClOrdID: ClOrdID;
  readonly row: RowIx;
  readonly deployment: DeploymentIx;
  /** Place in the ladder when it was sent; -1 = paper, shadow or custodian. */
  readonly stage: number;
  readonly account: AccountIx;
  readonly term: number;
  readonly epoch: number;
  /** The strategy's own number of this order, unique within its row; 0 = not a strategy's. */
  readonly tag: number;
  /** What the intent answered; 0 = no intent. */
  readonly eventSeq: EventSeq;
  readonly leg: BracketLeg;
  /** Entry order of the bracket that a child belongs to; 0 = none. */
  readonly bracketOf: ClOrdID;
  /** Intents of rows in mode SIMULATED go to the simulator, never to a venue. */
  readonly simulated: boolean;
  ordStatus: OrdStatus;
  cumQty: Lots;
  leavesQty: Lots;
}

/** Longest texts that an order carries; longer ones are refused by the gate. */
export const maxReasonLength = 64;
export const maxComplianceLength = 512;

/** States in which an order can never trade again by the rules (a late fill or a bust still counts). */
export function isTerminal(status: OrdStatus): boolean {
  switch (status) {
    case 'filled':
    case 'canceled':
    case 'rejected':
    case 'expired':
      return true;
    case 'pendingNew':
    case 'new':
    case 'partiallyFilled':
    case 'pendingCancel':
    case 'pendingReplace':
    case 'doneForDay':
    case 'suspended':
    case 'unknown':
      return false;
  }
}
