import { microsUnchecked, ticksUnchecked, lotsUnchecked, type Micros } from '../base/units.ts';
import { clOrdIDOf, type AccountIx, type ClOrdID, type ListingIx, type RowIx, type Seq } from '../domain/ids.ts';
import type { Intent } from '../domain/input.ts';
import { isTerminal, noPrice, noTime, type Order } from '../domain/order.ts';
import type { DenialCode } from '../domain/denial.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { replaceRefusal, requestCancel, requestReplace } from './orders/own-requests.ts';
import { addOrder, findByTag, findOrder, firstOfRow, nextOfRow, replacementOf, roomFor } from './orders/order-store.ts';
import { isOver, type StoredOrder } from './orders/stored-order.ts';
import { acceptChild, acceptOrder } from './risk/checked.ts';
import { checkOrder } from './risk/gate.ts';
import { selfTradeWaitMicros } from './risk/capacities.ts';
import type { Asker } from './risk/check-context.ts';
import { modeSimulated } from './risk/order-gate.ts';
import { lowerBound, referenceTwice, upperBound } from './risk/reference.ts';
import { compareOrder } from './rollout/order-comparison.ts';

/** An order that waits until older opposite ones of the desk are gone (self-trade), at most half a second. */
export interface WaitingOrder {
  readonly intent: Intent;
  readonly account: AccountIx;
  readonly waits: readonly ClOrdID[];
  readonly until: Micros;
}

/** Most orders that wait at one time. */
export const maxWaiting = 1_024;

/** Number of the next order or cancel request of this step. */
export function nextID(core: Core, seq: Seq): ClOrdID {
  return clOrdIDOf(seq, core.requests++);
}

/** What a strategy wants: checked, and sent, or denied with its numbers. */
export function takeIntent(core: Core, intent: Intent, seq: Seq, at: Micros, outcome: Outcome): void {
  const row = core.gate.rows[intent.row];
  if (row === undefined || row.custodian || intent.tag <= (core.lastTag[intent.row] ?? 0)) {
    deny(core, intent, 'INTENT_SEQUENCE_BROKEN', intent.tag, (core.lastTag[intent.row] ?? 0) + 1, '', outcome);
    return;
  }
  core.lastTag[intent.row] = intent.tag;
  switch (intent.action) {
    case 'new':
      place(core, intent, accountOf(core, intent), seq, at, outcome);
      return;
    case 'replace':
      replace(core, intent, seq, at, outcome);
      return;
    case 'cancel': {
      const target = findByTag(core.orders, intent.row, intent.targetTag);
      if (target === undefined) deny(core, intent, 'UNKNOWN_TARGET', intent.targetTag, 0, '', outcome);
      else if (!mayBeCanceled(target)) deny(core, intent, 'TARGET_NOT_WORKING', intent.targetTag, 0, '', outcome);
      else cancelOrder(core, target.clOrdID, seq, intent.reason, outcome);
      return;
    }
    case 'cancelAll':
      cancelOrdersOfRow(core, intent.row, seq, intent.reason === '' ? 'cancel all' : intent.reason, outcome);
      return;
  }
}

function accountOf(core: Core, intent: Intent): AccountIx {
  const listing = core.registry.listings[intent.listing];
  return listing === undefined ? -1 : (core.gate.rows[intent.row].accounts.get(listing.venue) ?? -1);
}

function askerOf(core: Core, intent: Intent, account: AccountIx, replaces: StoredOrder | null): Asker {
  const { asker } = core;
  asker.row = intent.row;
  asker.account = account;
  asker.epoch = intent.epoch;
  asker.term = core.term;
  asker.simulated = core.gate.mode[intent.row] === modeSimulated;
  asker.replaces = replaces;
  return asker;
}

/** Checks a new order and sends it. @returns its number, 0 = denied or waiting. */
export function place(core: Core, intent: Intent, account: AccountIx, seq: Seq, at: Micros, outcome: Outcome): ClOrdID {
  const full = roomFor(core.orders, intent.ordType === 'bracket' ? 3 : 1);
  if (full !== null) {
    deny(core, intent, full.code, full.value, full.limit, full.scope, outcome);
    return 0;
  }
  const asker = askerOf(core, intent, account, null);
  switch (checkOrder(core.risk, core.size(intent), asker, at)) {
    case 'denied':
      denyAsFound(core, intent, outcome);
      return 0;
    case 'selfTradeWait':
      waitForOthers(core, intent, account, seq, at, outcome);
      return 0;
    case 'passed':
      return intent.ordType === 'bracket' ? sendBracket(core, intent, account, seq, outcome) : sendOne(core, intent, account, seq, outcome);
  }
}

function sendOne(core: Core, intent: Intent, account: AccountIx, seq: Seq, outcome: Outcome): ClOrdID {
  const { reducing } = core.risk.verdict;
  const order = orderOf(core, intent, account, nextID(core, seq));
  addOrder(core.orders, order);
  send(core, acceptOrder(core.risk, order), reducing, outcome);
  return order.clOrdID;
}

function sendBracket(core: Core, intent: Intent, account: AccountIx, seq: Seq, outcome: Outcome): ClOrdID {
  const entry: Order = {
    ...orderOf(core, intent, account, nextID(core, seq)),
    ordType: intent.price > 0 ? 'limit' : 'market',
    stopPx: ticksUnchecked(noPrice),
    targetPx: ticksUnchecked(noPrice),
    leg: 'entry',
  };
  const child = {
    ...entry,
    side: intent.side === 'buy' ? 'sell' : 'buy',
    bracketOf: entry.clOrdID,
    tag: 0,
    postOnly: false,
    timeInForce: 'gtc',
    expireTime: microsUnchecked(noTime),
  } as const;
  const stop: Order = {
    ...child,
    clOrdID: nextID(core, seq),
    ordType: 'stop',
    price: ticksUnchecked(noPrice),
    stopPx: intent.stopPx,
    leg: 'stop',
  };
  const target: Order = { ...child, clOrdID: nextID(core, seq), ordType: 'limit', price: intent.targetPx, leg: 'target' };
  for (const order of [entry, stop, target]) addOrder(core.orders, order);
  send(core, acceptOrder(core.risk, entry), false, outcome);
  send(core, acceptChild(core.risk, stop, entry), false, outcome);
  send(core, acceptChild(core.risk, target, entry), false, outcome);
  return entry.clOrdID;
}

function send(core: Core, order: ReturnType<typeof acceptOrder>, reducing: boolean, outcome: Outcome): void {
  outcome.decisions.push({ kind: 'orderSent', order });
  if (core.gate.slices[core.gate.rows[order.row].slice].rows.length > 2) compareOrder(core, order, core.at, outcome);
  outcome.effects.push({ kind: 'send', reducing, venue: core.registry.listings[order.listing].venue, order });
}

/** The order that an intent becomes, with everything it stands for (A5). */
function orderOf(core: Core, intent: Intent, account: AccountIx, clOrdID: ClOrdID): Order {
  const { row } = intent;
  const { gate } = core;
  return {
    clOrdID,
    origClOrdID: 0,
    row,
    deployment: core.rollout.serving[row] ?? -1,
    stage: gate.stage[row],
    account,
    term: core.term,
    epoch: gate.epoch[row],
    tag: intent.tag,
    eventSeq: intent.eventSeq,
    leg: 'none',
    bracketOf: 0,
    simulated: gate.mode[row] === modeSimulated,
    listing: intent.listing,
    side: intent.side,
    ordType: intent.ordType,
    timeInForce: intent.timeInForce,
    orderQty: core.risk.context.order.orderQty,
    price: intent.price,
    stopPx: intent.stopPx,
    targetPx: intent.targetPx,
    trailOffset: intent.trailOffset,
    expireTime: intent.expireTime,
    postOnly: intent.postOnly,
    reduceOnly: intent.reduceOnly,
    parentOrderID: intent.parentOrderID,
    decisionAt: intent.decisionAt,
    arrivalBid: intent.arrivalBid,
    arrivalAsk: intent.arrivalAsk,
    reason: intent.reason,
    compliance: intent.compliance,
    ordStatus: 'pendingNew',
    cumQty: lotsUnchecked(0),
    leavesQty: core.risk.context.order.orderQty,
  };
}

function replace(core: Core, intent: Intent, seq: Seq, at: Micros, outcome: Outcome): void {
  const target = findByTag(core.orders, intent.row, intent.targetTag);
  if (target === undefined) return deny(core, intent, 'UNKNOWN_TARGET', intent.targetTag, 0, '', outcome);
  const refusal = replaceRefusal(core.orders, target);
  if (refusal !== null) return deny(core, intent, refusal, intent.targetTag, 0, '', outcome);
  const checked = checkOrder(core.risk, intent, askerOf(core, intent, target.account, target), at);
  if (checked === 'denied') return denyAsFound(core, intent, outcome);
  if (checked === 'selfTradeWait') return deny(core, intent, 'SELF_TRADE', core.risk.verdict.waitCount, 0, '', outcome);
  const { reducing } = core.risk.verdict;
  const leaves = lotsUnchecked(intent.orderQty - target.cumQty);
  const order: Order = {
    ...orderOf(core, intent, target.account, nextID(core, seq)),
    origClOrdID: target.clOrdID,
    cumQty: target.cumQty,
    leavesQty: leaves,
  };
  const from = target.ordStatus;
  const minted = acceptOrder(core.risk, order);
  requestReplace(core.orders, target, order);
  outcome.decisions.push({ kind: 'replaceSent', order: minted });
  changed(target, from, 'pendingReplace', outcome);
  outcome.effects.push({ kind: 'replace', reducing, venue: core.registry.listings[order.listing].venue, order: minted });
}

function changed(order: StoredOrder, from: Order['ordStatus'], by: 'pendingCancel' | 'pendingReplace', outcome: Outcome): void {
  if (order.ordStatus === from) return;
  outcome.decisions.push({
    kind: 'orderStateChanged',
    clOrdID: order.clOrdID,
    row: order.row,
    from,
    to: order.ordStatus,
    by,
    cumQty: order.cumQty,
    leavesQty: order.leavesQty,
  });
}

function mayBeCanceled(order: StoredOrder): boolean {
  return order.slot >= 0 && !isTerminal(order.ordStatus);
}

/** Takes one order back; the request goes out again when it was sent before. */
export function cancelOrder(core: Core, clOrdID: ClOrdID, seq: Seq, reason: string, outcome: Outcome): void {
  const target = findOrder(core.orders, clOrdID);
  if (target === undefined || !mayBeCanceled(target)) return;
  const from = target.ordStatus;
  const request = nextID(core, seq);
  requestCancel(target, request);
  outcome.decisions.push({
    kind: 'cancelSent',
    clOrdID: request,
    target: target.clOrdID,
    row: target.row,
    listing: target.listing,
    reason,
  });
  changed(target, from, 'pendingCancel', outcome);
  outcome.effects.push({
    kind: 'cancel',
    reducing: true,
    venue: core.registry.listings[target.listing].venue,
    simulated: target.simulated,
    listing: target.listing,
    clOrdID: request,
    target: target.clOrdID,
    row: target.row,
  });
}

/** Takes back everything open or in flight of a row; the numbers go into `into`. Orders that wait are dropped. */
export function cancelOrdersOfRow(core: Core, row: RowIx, seq: Seq, reason: string, outcome: Outcome, into: ClOrdID[] = []): void {
  cancelOrdersWhere(core, row, () => true, seq, reason, outcome, into);
}

type Concerned = (order: {
  readonly account: AccountIx;
  readonly listing: ListingIx;
  /** Of orders that have left. */
  readonly leg?: Order['leg'];
  readonly bracketOf?: ClOrdID;
  readonly side?: Order['side'];
  readonly simulated?: boolean;
}) => boolean;

/** The same for those that are `concerned`. */
export function cancelOrdersWhere(
  core: Core,
  row: RowIx,
  concerned: Concerned,
  seq: Seq,
  reason: string,
  outcome: Outcome,
  into: ClOrdID[] = [],
): void {
  const known = into.length;
  ordersToTakeBack(core, row, concerned, outcome, into);
  for (let n = known; n < into.length; n++) cancelOrder(core, into[n], seq, reason, outcome);
}

/** Drops what waits of a row, and appends the numbers of what is open or in flight, which the caller takes back. */
export function ordersToTakeBack(core: Core, row: RowIx, concerned: Concerned, outcome: Outcome, into: ClOrdID[]): void {
  for (let i = core.waiting.length - 1; i >= 0; i--) {
    const { intent, account } = core.waiting[i];
    if (intent.row !== row || !concerned({ account, listing: intent.listing })) continue;
    core.waiting.splice(i, 1);
    deny(core, intent, 'SELF_TRADE', 0, 0, '', outcome);
  }
  for (let order = firstOfRow(core.orders, row); order !== undefined; order = nextOfRow(core.orders, order)) {
    if (concerned(order)) into.push(order.clOrdID);
  }
}

/** Whether an order can trade no more by the rules: over, or long forgotten. */
export function hasCertainEnd(core: Core, clOrdID: ClOrdID): boolean {
  const order = findOrder(core.orders, clOrdID);
  return order === undefined || isOver(order);
}

/** What became of an order, and of a replacement of it that has no answer: the answer about the one says nothing of the other. */
export function queryOrder(core: Core, clOrdID: ClOrdID, outcome: Outcome): void {
  const order = findOrder(core.orders, clOrdID);
  if (order === undefined) return;
  const { venue } = core.registry.listings[order.listing];
  const { simulated } = order;
  outcome.effects.push({ kind: 'query', reducing: true, venue, simulated, clOrdID });
  const replacement = replacementOf(core.orders, order);
  if (replacement !== undefined) outcome.effects.push({ kind: 'query', reducing: true, venue, simulated, clOrdID: replacement.clOrdID });
}

/** A reduce-only order of the custodian: market, or a limit that gives away at most `slippageBps` of the reference, for which there must be one of now. @returns its number, 0 = denied or waiting. */
export function placeReducing(
  core: Core,
  row: RowIx,
  account: AccountIx,
  listing: ListingIx,
  change: number,
  way: 'market' | 'limit',
  slippageBps: number,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): ClOrdID {
  const side = change > 0 ? 'buy' : 'sell';
  const reference = referenceTwice(core.marks, listing);
  const bound = side === 'buy' ? upperBound(reference, slippageBps) : lowerBound(reference, slippageBps);
  const limit = way === 'limit';
  // an old price bounds nothing: above it a sale would give away all that the market has risen by
  if (limit && !(core.marks.valid[listing] === 1 && reference > 0 && Number.isFinite(bound))) return 0;
  const intent: Intent = {
    kind: 'intent',
    action: 'new',
    row,
    tag: 0,
    targetTag: 0,
    eventSeq: 0,
    epoch: core.gate.epoch[row],
    listing,
    side,
    ordType: limit ? 'limit' : 'market',
    timeInForce: 'ioc',
    orderQty: lotsUnchecked(Math.abs(change)),
    price: ticksUnchecked(limit ? bound : noPrice),
    stopPx: ticksUnchecked(noPrice),
    targetPx: ticksUnchecked(noPrice),
    trailOffset: 0,
    expireTime: microsUnchecked(noTime),
    postOnly: false,
    reduceOnly: true,
    parentOrderID: 0,
    decisionAt: at,
    arrivalBid: ticksUnchecked(core.marks.bid[listing]),
    arrivalAsk: ticksUnchecked(core.marks.ask[listing]),
    reason: 'custody',
    compliance: '',
  };
  return place(core, intent, account, seq, at, outcome);
}

function waitForOthers(core: Core, intent: Intent, account: AccountIx, seq: Seq, at: Micros, outcome: Outcome): void {
  const { verdict } = core.risk;
  const waits = [...verdict.waits.subarray(0, verdict.waitCount)];
  if (core.waiting.length >= maxWaiting) return deny(core, intent, 'SELF_TRADE', waits.length, 0, '', outcome);
  core.waiting.push({ intent, account, waits, until: microsUnchecked(at + selfTradeWaitMicros) });
  for (const clOrdID of waits) cancelOrder(core, clOrdID, seq, 'in the way of a reducing order', outcome);
}

function denyAsFound(core: Core, intent: Intent, outcome: Outcome): void {
  const { code, value, limit, scope } = core.risk.denial;
  deny(core, intent, code, value, limit, scope, outcome);
}

export function deny(_core: Core, intent: Intent, code: DenialCode, value: number, limit: number, scope: string, outcome: Outcome): void {
  const { row, tag, action, listing } = intent;
  outcome.decisions.push({ kind: 'orderDenied', row, tag, action, listing, code, value, limit, scope });
}
