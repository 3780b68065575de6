import { assert } from '../../base/assert.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { lose } from './order-actions.ts';
import { addReplacement, roomFor, type OrderStore } from './order-store.ts';
import { isOver, leavesOf, statusOf, type OrderDraft, type StoredOrder } from './stored-order.ts';

export type RequestRefusal = 'TARGET_NOT_WORKING' | 'REPLACE_PENDING' | 'ORDER_CAPACITY_REACHED';

/**
 * Notes that a cancel under the number `cancelID` goes out. A further one takes the place of the unanswered one. An order whose fate is unknown stays
 * `unknown` until the venue answers. @returns null, or why not.
 */
export function requestCancel(order: StoredOrder, cancelID: ClOrdID): RequestRefusal | null {
  assert(cancelID > 0, 'a cancel request has a number');
  if (order.slot === -1 || isOver(order)) return 'TARGET_NOT_WORKING';
  order.cancelID = cancelID;
  order.cancelWanted = false;
  order.ordStatus = statusOf(order);
  return null;
}

/** Why a replace of the order could not go out now; null = it could. */
export function replaceRefusal(store: OrderStore, order: StoredOrder): RequestRefusal | null {
  if (order.slot === -1 || isOver(order) || order.leavesQty === 0 || order.cancelID !== 0 || order.ordStatus === 'unknown')
    return 'TARGET_NOT_WORKING';
  if (order.replaceAsked) return 'REPLACE_PENDING';
  return roomFor(store, 1) === null ? null : 'ORDER_CAPACITY_REACHED';
}

/** Notes that a replace goes out. The caller has asked `replaceRefusal`. @returns the replacement, which waits beside the order. */
export function requestReplace(store: OrderStore, order: StoredOrder, draft: OrderDraft): StoredOrder {
  assert(replaceRefusal(store, order) === null, 'a replace that could be refused is asked about first');
  assert(draft.origClOrdID === order.clOrdID, 'a replacement names the order that it replaces');
  assert(
    draft.listing === order.listing && draft.row === order.row && draft.account === order.account,
    'a replacement stays where the order is',
  );
  assert(draft.side === order.side && draft.simulated === order.simulated, 'a replacement keeps the side');
  const replacement = addReplacement(store, order, draft);
  order.replaceAsked = true;
  order.ordStatus = statusOf(order);
  return replacement;
}

/** The sending was uncertain (SendResult): the order, or the request about it, may or may not have left. Counts fully until a venue answers. */
export function markUncertain(order: StoredOrder): void {
  if (order.slot === -1 || isOver(order)) return;
  lose(order);
  order.leavesQty = leavesOf(order);
  order.ordStatus = statusOf(order);
}
