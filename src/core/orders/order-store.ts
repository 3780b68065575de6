import { assert } from '../../base/assert.ts';
import { intMap, type IntMap } from '../../base/int-map.ts';
import type { Micros } from '../../base/units.ts';
import type { Denial } from '../../domain/denial.ts';
import type { ClOrdID, RowIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import {
  closedID,
  closedSince,
  closeOrder,
  createClosedOrders,
  findClosed,
  findClosedTag,
  forgetClosed,
  maxClosedOrders,
  readClosed,
  successorOf,
  type ClosedOrders,
} from './closed-orders.ts';
import { createExecLog, execsSince, forgetExecs, maxExecIDs, type ExecLog } from './exec-log.ts';
import { createOrderPool, givePlace, inUse, takePlace, type OrderPool } from './order-pool.ts';
import { beginOrder, blankOrder, copyFacts, isOver, leavesOf, type OrderDraft, type StoredOrder } from './stored-order.ts';
import { append, createWorkingList, none, remove, supplant, type WorkingList } from './working-list.ts';

export interface OrderCapacities {
  /** Orders that are not over, pending replacements included. At it: ORDER_CAPACITY_REACHED. */
  readonly openOrders: number;
  /** Orders that are over, a power of two. At it: the oldest is forgotten. */
  readonly closedOrders: number;
  /** Reports remembered by execID, a power of two. At it: the oldest is forgotten. */
  readonly execIDs: number;
  readonly rows: number;
  readonly listings: number;
}

export const defaultOrderCapacities: OrderCapacities = {
  openOrders: 65_536,
  closedOrders: maxClosedOrders,
  execIDs: maxExecIDs,
  rows: 2_048,
  listings: 65_536,
};

/** Places beyond `openOrders` for orders that a bust brings back, which cannot be refused. */
export const reopenReserve = 1_024;

/** Largest tag that an order may carry, so that (row, tag) is one number. */
export const maxTag = 137_438_953_471;

export interface OrderStore {
  readonly capacities: OrderCapacities;
  readonly pool: OrderPool;
  readonly byID: IntMap;
  readonly byTag: IntMap;
  readonly all: WorkingList;
  readonly byRow: WorkingList;
  readonly closed: ClosedOrders;
  readonly execs: ExecLog;
  /** What `findOrder` answers for a closed order: one object, valid until the next search. */
  readonly view: StoredOrder;
  /** Position of the closed order in view. */
  viewed: number;
  /** Reports that came again and were ignored. */
  duplicates: number;
}

export function createOrderStore(capacities: OrderCapacities = defaultOrderCapacities): OrderStore {
  const places = capacities.openOrders + reopenReserve;
  return {
    capacities,
    pool: createOrderPool(places),
    byID: intMap(places),
    byTag: intMap(places),
    all: createWorkingList(1, places),
    byRow: createWorkingList(capacities.rows, places),
    closed: createClosedOrders(capacities.closedOrders),
    execs: createExecLog(capacities.execIDs),
    view: blankOrder(none),
    viewed: none,
    duplicates: 0,
  };
}

/** The denial of `wanted` further orders, null when there is room. Value and limit are numbers of open orders. */
export function roomFor(store: OrderStore, wanted: number): Denial | null {
  const value = inUse(store.pool) + wanted;
  const limit = store.capacities.openOrders;
  return value <= limit ? null : { code: 'ORDER_CAPACITY_REACHED', value, limit, scope: '' };
}

/** Takes an order in as `pendingNew`. The caller has asked `roomFor`. */
export function addOrder(store: OrderStore, draft: OrderDraft): StoredOrder {
  const order = enter(store, draft);
  link(store, order);
  return order;
}

/** Puts a replacement beside the order whose place it asks for: known by number and tag, not working. The caller has asked `roomFor`. */
export function addReplacement(store: OrderStore, replaced: StoredOrder, draft: OrderDraft): StoredOrder {
  assert(replaced.slot !== none && replaced.replacement === none, 'an open order has at most one replacement pending');
  const order = enter(store, draft);
  order.replaces = replaced.slot;
  replaced.replacement = order.slot;
  return order;
}

/** The replacement whose answer is due. */
export function replacementOf(store: OrderStore, order: StoredOrder): StoredOrder | undefined {
  return order.replacement === none ? undefined : store.pool.orders[order.replacement];
}

/** The accepted replacement takes facts and place of the order before it, which closes. */
export function promoteReplacement(store: OrderStore, replaced: StoredOrder, at: Micros): StoredOrder {
  const order = replacementOf(store, replaced);
  assert(order !== undefined, 'only a pending replacement can be accepted');
  order.replaces = none;
  copyFacts(order, replaced);
  order.replaceAsked = false;
  order.replaceGivenUp = false;
  supplant(store.all, 0, replaced.slot, order.slot);
  supplant(store.byRow, order.row, replaced.slot, order.slot);
  replaced.replacement = none;
  replaced.successor = order.clOrdID;
  replaced.ended = 'canceled';
  replaced.ordStatus = 'canceled';
  leave(store, replaced, at);
  return order;
}

/** Closes a replacement that will not be; `as` what it ends as. */
export function dropReplacement(store: OrderStore, order: StoredOrder, as: 'rejected' | 'canceled', at: Micros): void {
  const replacement = replacementOf(store, order);
  order.replaceAsked = false;
  order.replaceGivenUp = false;
  if (replacement === undefined) return;
  order.replacement = none;
  replacement.replaces = none;
  replacement.ended = as;
  replacement.ordStatus = as;
  leave(store, replacement, at);
}

/** Moves an open order that is over to the closed ones. */
export function retireOrder(store: OrderStore, order: StoredOrder, at: Micros): void {
  assert(isOver(order), 'only an order that is over is closed');
  dropReplacement(store, order, 'canceled', at);
  remove(store.all, 0, order.slot);
  remove(store.byRow, order.row, order.slot);
  leave(store, order, at);
}

/** Whether an order that works again finds a place, in the reserve if need be. */
export function hasPlace(store: OrderStore): boolean {
  return inUse(store.pool) < store.pool.capacity;
}

/** Gives an open order without a request under way to another row, under another tag and the epoch of that row. */
export function rehomeOrder(
  store: OrderStore,
  order: StoredOrder,
  to: Readonly<Pick<Order, 'row' | 'tag' | 'epoch' | 'deployment' | 'stage'>>,
): void {
  assert(
    order.slot !== none && order.replacement === none && order.replaces === none,
    'an order that is handed over has no replacement pending',
  );
  remove(store.byRow, order.row, order.slot);
  if (order.tag !== 0) store.byTag.delete(tagKey(order.row, order.tag));
  Object.assign(order, to);
  append(store.byRow, order.row, order.slot);
  if (order.tag !== 0) store.byTag.set(tagKey(order.row, order.tag), order.slot);
}

/** Takes the closed order in view back among the open ones, at the end of the lists. */
export function reopenOrder(store: OrderStore): StoredOrder {
  const order = enter(store, store.view);
  copyFacts(order, store.view);
  link(store, order);
  return order;
}

/** The order that lives under a number, or lived: any number of its chain will do. */
export function findOrder(store: OrderStore, clOrdID: ClOrdID): StoredOrder | undefined {
  const slot = store.byID.get(clOrdID);
  if (slot !== undefined) {
    const order = store.pool.orders[slot];
    return order.replaces === none ? order : store.pool.orders[order.replaces];
  }
  const last = lastOfChain(store, clOrdID);
  if (last !== clOrdID) return findOrder(store, last);
  const position = findClosed(store.closed, last);
  return position === none ? undefined : viewClosed(store, position);
}

/** The number that an order has now, or had last: itself when it is not of ours. */
export function lastOfChain(store: OrderStore, clOrdID: ClOrdID): ClOrdID {
  let wanted = clOrdID;
  for (;;) {
    const slot = store.byID.get(wanted);
    if (slot !== undefined) {
      const order = store.pool.orders[slot];
      return order.replaces === none ? wanted : store.pool.orders[order.replaces].clOrdID;
    }
    const position = findClosed(store.closed, wanted);
    if (position === none) return wanted;
    const successor = successorOf(store.closed, position);
    if (successor === 0) return wanted;
    wanted = successor;
  }
}

/** The order that a strategy calls by the tag of any order of its chain. */
export function findByTag(store: OrderStore, row: RowIx, tag: number): StoredOrder | undefined {
  const slot = store.byTag.get(tagKey(row, tag));
  if (slot !== undefined) return findOrder(store, store.pool.orders[slot].clOrdID);
  const position = findClosedTag(store.closed, row, tag);
  return position === none ? undefined : findOrder(store, closedID(store.closed, position));
}

/** Whether a number is one of ours that has not been forgotten. */
export function isKnown(store: OrderStore, clOrdID: ClOrdID): boolean {
  return store.byID.has(clOrdID) || findClosed(store.closed, clOrdID) !== none;
}

/** Forgets the orders that closed, and the reports that came, before `before`: one day before the beginning of the venue's present session. */
export function expireBefore(store: OrderStore, before: Micros): void {
  forgetClosed(store.closed, before);
  forgetExecs(store.execs, before);
}

/** Since when there is anything that `expireBefore` forgets, to the second (microseconds); Infinity = nothing. */
export function keptSince(store: OrderStore): number {
  return Math.min(closedSince(store.closed), execsSince(store.execs));
}

/** Open orders, pending replacements included. */
export function openCount(store: OrderStore): number {
  return inUse(store.pool);
}

export function firstOpen(store: OrderStore): StoredOrder | undefined {
  return orderAt(store, store.all.head[0]);
}

export function nextOpen(store: OrderStore, order: StoredOrder): StoredOrder | undefined {
  return orderAt(store, store.all.next[order.slot]);
}

export function firstOfRow(store: OrderStore, row: RowIx): StoredOrder | undefined {
  return orderAt(store, store.byRow.head[row]);
}

export function nextOfRow(store: OrderStore, order: StoredOrder): StoredOrder | undefined {
  return orderAt(store, store.byRow.next[order.slot]);
}

function orderAt(store: OrderStore, slot: number): StoredOrder | undefined {
  return slot === none ? undefined : store.pool.orders[slot];
}

function enter(store: OrderStore, draft: OrderDraft): StoredOrder {
  assert(draft.tag >= 0 && draft.tag <= maxTag, 'the tag of an order is at most maxTag');
  assert(
    draft.row < store.capacities.rows && draft.listing < store.capacities.listings,
    'rows and listings of orders are within the capacities',
  );
  const order = takePlace(store.pool);
  beginOrder(order, draft);
  assert(store.byID.add(order.clOrdID, order.slot), 'an order number is used once');
  if (order.tag !== 0) store.byTag.set(tagKey(order.row, order.tag), order.slot);
  return order;
}

function link(store: OrderStore, order: StoredOrder): void {
  append(store.all, 0, order.slot);
  append(store.byRow, order.row, order.slot);
}

function leave(store: OrderStore, order: StoredOrder, closedAt: Micros): void {
  order.leavesQty = leavesOf(order);
  closeOrder(store.closed, order, closedAt);
  store.byID.delete(order.clOrdID);
  if (order.tag !== 0) store.byTag.delete(tagKey(order.row, order.tag));
  givePlace(store.pool, order.slot);
}

function viewClosed(store: OrderStore, position: number): StoredOrder {
  readClosed(store.closed, position, store.view);
  store.viewed = position;
  return store.view;
}

function tagKey(row: RowIx, tag: number): number {
  return row * (maxTag + 1) + tag;
}
