import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots } from '../../base/units.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { Order, OrdStatus } from '../../domain/order.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export type Paused = 'none' | 'suspended' | 'doneForDay';
export type Ended = 'none' | 'canceled' | 'expired' | 'rejected' | 'doneForDay';

/** What an order's state is read off; docs/reference/order-states.md, "Facts of an order". */
export interface OrderFacts {
  acknowledged: boolean;
  /** Number of the unanswered cancel request; 0 = none, `venuesOwn` = one that the venue told of and we did not send, `givenUp` = ours, and its answer is not waited for any more. */
  cancelID: number;
  replaceAsked: boolean;
  /** The replace that is asked timed out: its answer is not waited for any more. */
  replaceGivenUp: boolean;
  /** A cancel was refused while a replace was unanswered: it goes out again with the replace's answer. */
  cancelWanted: boolean;
  paused: Paused;
  ended: Ended;
  lost: boolean;
  /** Lots executed at which the order is over by the venue's word; `notSaid` = no such word. */
  endsAt: number;
}

/** An order in the store's pool, or the store's view of a closed one. Everybody but the store and the order table reads only. */
export interface StoredOrder extends Writable<Order>, OrderFacts {
  /** Place in the pool, from 0; -1 = closed. */
  slot: number;
  /** Slot of the replacement whose answer is due; -1 = none. */
  replacement: number;
  /** Of a replacement whose answer is due: slot of the order that it replaces; -1 = not such a one. */
  replaces: number;
  /** The order that took this one's place; 0 = none. */
  successor: ClOrdID;
  /** The venue's number, '' = not given; forgotten when the order closes. */
  orderID: string;
  /** Position of its newest fill in the log of executions; -1 = none. */
  lastFill: number;
}

/** What a new order is made of: everything but its state. */
export type OrderDraft = Readonly<Omit<Order, 'ordStatus' | 'cumQty' | 'leavesQty'>>;

export const venuesOwn = -1;
export const givenUp = -2;
export const notSaid = -1;

/** Order numbers and times start as doubles, which they are soon: V8 then never changes the shape of the pool's objects under running code. */
const wide = 4_294_967_296.5;

/** An empty place of the pool. */
export function blankOrder(slot: number): StoredOrder {
  return {
    clOrdID: wide,
    origClOrdID: wide,
    row: 0,
    deployment: 0,
    stage: -1,
    account: 0,
    term: 0,
    epoch: 0,
    tag: 0,
    eventSeq: 0,
    leg: 'none',
    bracketOf: wide,
    simulated: false,
    listing: 0,
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'day',
    orderQty: lotsUnchecked(0),
    price: ticksUnchecked(0),
    stopPx: ticksUnchecked(0),
    targetPx: ticksUnchecked(0),
    trailOffset: 0,
    expireTime: microsUnchecked(wide),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: wide,
    decisionAt: microsUnchecked(wide),
    arrivalBid: ticksUnchecked(0),
    arrivalAsk: ticksUnchecked(0),
    reason: '',
    compliance: '',
    ordStatus: 'pendingNew',
    cumQty: lotsUnchecked(0),
    leavesQty: lotsUnchecked(0),
    acknowledged: false,
    cancelID: wide,
    replaceAsked: false,
    replaceGivenUp: false,
    cancelWanted: false,
    paused: 'none',
    ended: 'none',
    lost: false,
    endsAt: notSaid,
    slot,
    replacement: -1,
    replaces: -1,
    successor: wide,
    orderID: '',
    lastFill: -1,
  };
}

/** Fills a place with a new order: nothing executed, everything left, not acknowledged. */
export function beginOrder(order: StoredOrder, draft: OrderDraft): void {
  copyTerms(order, draft);
  order.ordStatus = 'pendingNew';
  order.cumQty = lotsUnchecked(0);
  order.leavesQty = draft.orderQty;
  order.acknowledged = false;
  order.cancelID = 0;
  order.replaceAsked = false;
  order.replaceGivenUp = false;
  order.cancelWanted = false;
  order.paused = 'none';
  order.ended = 'none';
  order.lost = false;
  order.endsAt = notSaid;
  order.replacement = -1;
  order.replaces = -1;
  order.successor = 0;
  order.orderID = '';
  order.lastFill = -1;
}

/** What a replacement takes over from the order before it, when it is accepted, and what a reopened order takes from its closed record. */
export function copyFacts(to: StoredOrder, from: StoredOrder): void {
  to.ordStatus = from.ordStatus;
  to.cumQty = from.cumQty;
  to.leavesQty = from.leavesQty;
  to.acknowledged = from.acknowledged;
  to.cancelID = from.cancelID;
  to.replaceAsked = from.replaceAsked;
  to.replaceGivenUp = from.replaceGivenUp;
  to.cancelWanted = from.cancelWanted;
  to.paused = from.paused;
  to.ended = from.ended;
  to.lost = from.lost;
  to.endsAt = from.endsAt;
  to.orderID = from.orderID;
  to.lastFill = from.lastFill;
}

export function copyTerms(to: StoredOrder, from: OrderDraft): void {
  to.clOrdID = from.clOrdID;
  to.origClOrdID = from.origClOrdID;
  to.row = from.row;
  to.deployment = from.deployment;
  to.stage = from.stage;
  to.account = from.account;
  to.term = from.term;
  to.epoch = from.epoch;
  to.tag = from.tag;
  to.eventSeq = from.eventSeq;
  to.leg = from.leg;
  to.bracketOf = from.bracketOf;
  to.simulated = from.simulated;
  to.listing = from.listing;
  to.side = from.side;
  to.ordType = from.ordType;
  to.timeInForce = from.timeInForce;
  to.orderQty = from.orderQty;
  to.price = from.price;
  to.stopPx = from.stopPx;
  to.targetPx = from.targetPx;
  to.trailOffset = from.trailOffset;
  to.expireTime = from.expireTime;
  to.postOnly = from.postOnly;
  to.reduceOnly = from.reduceOnly;
  to.parentOrderID = from.parentOrderID;
  to.decisionAt = from.decisionAt;
  to.arrivalBid = from.arrivalBid;
  to.arrivalAsk = from.arrivalAsk;
  to.reason = from.reason;
  to.compliance = from.compliance;
}

/** Whether a cancel that we sent is unanswered. */
export function cancelIsOurs({ cancelID }: OrderFacts): boolean {
  return cancelID > 0 || cancelID === givenUp;
}

/** The state by the facts: docs/reference/order-states.md, "byFacts". */
export function statusOf(order: StoredOrder): OrdStatus {
  const full = order.cumQty >= order.orderQty;
  if (order.ended !== 'none') {
    if (full) return 'filled';
    if (order.ended !== 'doneForDay') return order.ended;
  }
  if (order.lost || order.cumQty < order.endsAt || mayHaveComeBack(order, full)) return 'unknown';
  // an answer that is not waited for any more keeps no order that has nothing left
  if (order.cancelID !== 0 && (order.cancelID !== givenUp || !full || order.replaceAsked)) return 'pendingCancel';
  if (order.replaceAsked) return 'pendingReplace';
  if (full) return 'filled';
  if (order.ended === 'doneForDay') return 'doneForDay';
  if (order.paused !== 'none') return order.paused;
  if (!order.acknowledged) return 'pendingNew';
  return order.cumQty > 0 ? 'partiallyFilled' : 'new';
}

/** It is over, or has nothing left that anybody waits for, and a replace that nobody has answered may have brought it back under another number: it is asked for. */
function mayHaveComeBack({ replaceAsked, replaceGivenUp, cancelID, endsAt }: StoredOrder, full: boolean): boolean {
  return replaceAsked && (endsAt !== notSaid || (full && replaceGivenUp && (cancelID === 0 || cancelID === givenUp)));
}

/** Whether the order leaves the working lists; docs/reference/order-states.md, "Done with". */
export function isOver(order: StoredOrder): boolean {
  switch (order.ordStatus) {
    case 'filled':
    case 'canceled':
    case 'rejected':
    case 'expired':
      return true;
    case 'doneForDay':
      return order.ended === 'doneForDay';
    case 'pendingNew':
    case 'new':
    case 'partiallyFilled':
    case 'pendingCancel':
    case 'pendingReplace':
    case 'suspended':
    case 'unknown':
      return false;
  }
}

/** Lots that may still execute, from the other facts. */
export function leavesOf(order: StoredOrder): Lots {
  const open = order.orderQty - order.cumQty;
  return lotsUnchecked(order.ended !== 'none' || open < 0 ? 0 : open);
}
