import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Lots, Micros, Ticks } from '../../base/units.ts';
import type { ClOrdID, ListingIx } from '../../domain/ids.ts';
import type { BracketLeg, Order, OrdType, TimeInForce } from '../../domain/order.ts';
import { askSide, bidSide } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';

/**
 * held: a bracket child that nothing has been filled for · armed: waits for its trigger · working: in the book, or being matched
 * · the others are final.
 */
export type VenueOrderState = 'held' | 'armed' | 'working' | 'filled' | 'canceled' | 'rejected' | 'expired';

/** 0 … 65,535: an account; from 65,536 on: 65,536 + the row of a simulated order. */
export type Holder = number;
const firstSimulatedHolder = 65_536;

export function holderOf(order: Readonly<Order>): Holder {
  return order.simulated ? firstSimulatedHolder + order.row : order.account;
}

/** Whether a holder is an account of the venue. */
export function isAccount(holder: Holder): boolean {
  return holder < firstSimulatedHolder;
}

/** An order as the venue keeps it. Invariant while it lives: cumQty + leavesQty = orderQty; leavesQty is what may trade now (of a held child: what it was sent for). */
export interface VenueOrder {
  /** Changes with a replace. */
  clOrdID: ClOrdID;
  /** Of the desk that sent it. */
  term: number;
  /** The venue's own number, from 1 (0 until it is taken in), and its text, made for the first report. */
  number: number;
  orderID: string;
  /** Place in the venue's table from 1 on, also its id in the book; belongs to one order at a time. */
  slot: number;
  inBook: boolean;
  listing: ListingIx;
  /** Whose position it changes: an account, or the row of a simulated order (paper positions are kept apart). */
  holder: Holder;
  side: BookSide;
  ordType: OrdType;
  leg: BracketLeg;
  timeInForce: TimeInForce;
  expireTime: Micros;
  postOnly: boolean;
  reduceOnly: boolean;
  price: Ticks;
  stopPx: Ticks;
  trailOffset: number;
  orderQty: Lots;
  cumQty: Lots;
  leavesQty: Lots;
  state: VenueOrderState;
  bracket: Bracket | undefined;
}

/**
 * An entry and its two children. A child is held, and unanswered, until the entry fills; then it is acknowledged for what was filled and restated as that
 * grows. Once a child trades, the entry's rest is canceled and the other child loses what it traded.
 */
export interface Bracket {
  readonly entry: VenueOrder;
  stop: VenueOrder | undefined;
  target: VenueOrder | undefined;
}

/** A copy of what was sent, in `spare` when one is given: the object of an order that is over. */
export function venueOrderOf(order: Readonly<Order>, number = 0, spare: VenueOrder = blankOrder()): VenueOrder {
  spare.clOrdID = order.clOrdID;
  spare.term = order.term;
  spare.number = number;
  spare.orderID = '';
  spare.slot = 0;
  spare.inBook = false;
  spare.listing = order.listing;
  spare.holder = holderOf(order);
  spare.side = order.side === 'buy' ? bidSide : askSide;
  spare.ordType = order.ordType;
  spare.leg = order.leg;
  spare.timeInForce = order.timeInForce;
  spare.expireTime = order.expireTime;
  spare.postOnly = order.postOnly;
  spare.reduceOnly = order.reduceOnly;
  spare.price = order.price;
  spare.stopPx = order.stopPx;
  spare.trailOffset = order.trailOffset;
  spare.orderQty = order.orderQty;
  spare.cumQty = lotsUnchecked(0);
  spare.leavesQty = order.orderQty;
  spare.state = 'working';
  spare.bracket = undefined;
  return spare;
}

export function blankOrder(): VenueOrder {
  return {
    clOrdID: 0,
    term: 0,
    number: 0,
    orderID: '',
    slot: 0,
    inBook: false,
    listing: 0,
    holder: 0,
    side: bidSide,
    ordType: 'market',
    leg: 'none',
    timeInForce: 'day',
    expireTime: microsUnchecked(0),
    postOnly: false,
    reduceOnly: false,
    price: ticksUnchecked(0),
    stopPx: ticksUnchecked(0),
    trailOffset: 0,
    orderQty: lotsUnchecked(0),
    cumQty: lotsUnchecked(0),
    leavesQty: lotsUnchecked(0),
    state: 'working',
    bracket: undefined,
  };
}

export function isLive(order: VenueOrder): boolean {
  return order.state === 'held' || order.state === 'armed' || order.state === 'working';
}

/** A child of a bracket, sized by what its entry filled. */
export function isChild(order: VenueOrder): boolean {
  return order.leg === 'stop' || order.leg === 'target';
}

/** Lots that the entry has filled and no child has traded: what each child works for. */
export function unprotectedQty(bracket: Bracket): number {
  return bracket.entry.cumQty - (bracket.stop?.cumQty ?? 0) - (bracket.target?.cumQty ?? 0);
}
