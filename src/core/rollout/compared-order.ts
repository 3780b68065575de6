import { toNumber, type Split } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { ClOrdID, ListingIx } from '../../domain/ids.ts';
import type { Order, OrdType, Side } from '../../domain/order.ts';
import type { AloneReason } from '../../domain/order-compared.ts';

/** Orders of two versions can be counterparts when they lie this close in time (microseconds): one may answer a fill that the other does not have. */
export const matchWithin = 1_000_000;
/** And when their limits lie this close, */
export const matchPriceBps = 5;
/** and the smaller quantity, each measured by its version's capital, is at least this share of the larger or a lot away. */
export const matchShare = 0.9;

/** An order as a comparison keeps it. */
export interface ComparedOrder {
  /** Its present number: a replacement takes the place of what it replaced. */
  clOrdID: ClOrdID;
  readonly sentAt: Micros;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly ordType: OrdType;
  /** Limit, else stop price, ticks; 0 = it has none. */
  readonly level: number;
  readonly orderQty: number;
  /** Its quantity now: a replacement may have changed it. */
  wholeQty: number;
  /** Capital of its version when it was sent, units of its currency's money; 0 = none. */
  readonly capital: number;
  /** Twice the middle that its strategy saw, ticks; 0 = none. */
  readonly middleTwice: number;
  filledQty: number;
  /** Sum of lots x ticks executed. */
  traded: number;
  /** Commissions, units of the currency's money. */
  fees: number;
  /** A commission was in another currency. */
  foreignFees: boolean;
  lastFillAt: number;
  over: boolean;
  /** What kept the order that came nearest from being its counterpart. */
  near: AloneReason;
}

export function comparedOrder(order: Readonly<Order>, sentAt: Micros, capital: Split): ComparedOrder {
  const seen = order.arrivalBid > 0 && order.arrivalAsk > 0;
  return {
    clOrdID: order.clOrdID,
    sentAt,
    listing: order.listing,
    side: order.side,
    ordType: order.ordType,
    level: order.price > 0 ? order.price : Math.max(0, order.stopPx),
    orderQty: order.orderQty,
    wholeQty: order.orderQty,
    capital: toNumber(capital),
    middleTwice: seen ? order.arrivalBid + order.arrivalAsk : 0,
    filledQty: 0,
    traded: 0,
    fees: 0,
    foreignFees: false,
    lastFillAt: 0,
    over: false,
    near: 'nothing',
  };
}

/** Why `other` is no counterpart of `one`; 'none' = it is one. */
export function apart(one: ComparedOrder, other: ComparedOrder): AloneReason {
  const { listing, side, ordType, sentAt } = one;
  if (other.listing !== listing || other.side !== side || other.ordType !== ordType) return 'nothing';
  if (Math.abs(other.sentAt - sentAt) > matchWithin) return 'nothing';
  if (!(Math.abs(levelApart(one, other)) <= matchPriceBps)) return 'price';
  return isAlike(one, other) ? 'none' : 'quantity';
}

/** bps by which the level of `one` lies above the other's; NaN = only one has a level. */
export function levelApart(one: ComparedOrder, other: ComparedOrder): number {
  if (one.level === 0 && other.level === 0) return 0;
  if (one.level === 0 || other.level === 0) return NaN;
  return ((one.level - other.level) * 10_000) / other.level;
}

/** The other's quantity as the capital of `one` would have made it. */
function scaled(one: ComparedOrder, other: ComparedOrder): number {
  return one.capital > 0 && other.capital > 0 ? (other.orderQty * one.capital) / other.capital : other.orderQty;
}

function isAlike(one: ComparedOrder, other: ComparedOrder): boolean {
  // lots are whole: the smaller capital rounds more
  const [small, large] = one.capital <= other.capital ? [one, other] : [other, one];
  const wanted = scaled(small, large);
  const qty = small.orderQty;
  return Math.min(qty, wanted) >= matchShare * Math.max(qty, wanted) || Math.abs(qty - wanted) <= 1;
}

/** The nearest counterpart among `others`: by limit, then by quantity, then by time; -1 = there is none. */
export function nearest(one: ComparedOrder, others: readonly ComparedOrder[]): number {
  let best = -1;
  others.forEach((other, ix) => {
    if (apart(one, other) === 'none' && (best < 0 || isNearer(one, other, others[best]))) best = ix;
  });
  return best;
}

function isNearer(one: ComparedOrder, a: ComparedOrder, b: ComparedOrder): boolean {
  const price = Math.abs(levelApart(one, a)) - Math.abs(levelApart(one, b));
  if (price !== 0) return price < 0;
  const qty = Math.abs(scaled(one, a) - one.orderQty) - Math.abs(scaled(one, b) - one.orderQty);
  if (qty !== 0) return qty < 0;
  return Math.abs(a.sentAt - one.sentAt) < Math.abs(b.sentAt - one.sentAt);
}

/** Notes in both what keeps `one` and each of `others` from being counterparts. @returns the least of it for `one` */
export function whyAlone(one: ComparedOrder, others: readonly ComparedOrder[]): AloneReason {
  for (const other of others) {
    const why = apart(one, other);
    for (const both of [one, other]) if (why === 'quantity' || (why === 'price' && both.near === 'nothing')) both.near = why;
  }
  return one.near;
}

/** Shortfall of what was executed against the middle, bps; positive = worse. NaN = nothing was, or no middle was seen. */
export function shortfallOf({ side, filledQty, traded, middleTwice }: ComparedOrder): number {
  if (filledQty === 0 || middleTwice === 0) return NaN;
  const sign = side === 'buy' ? 1 : -1;
  return (sign * (2 * traded - middleTwice * filledQty) * 10_000) / (middleTwice * filledQty);
}

/** Average execution price, ticks; NaN = nothing was executed. */
export function averageOf({ filledQty, traded }: ComparedOrder): number {
  return filledQty === 0 ? NaN : traded / filledQty;
}
