import type { ByteWriter } from '../../base/canonical.ts';
import { packCode } from './order-code.ts';
import { firstOpen, nextOpen, replacementOf, type OrderStore } from './order-store.ts';
import type { StoredOrder } from './stored-order.ts';

/**
 * Feeds everything here that a decision can hang on: the open orders one by one in the order of the list, each followed by its pending replacement; the
 * closed ones and the executions by their digests, which are kept as they change.
 */
export function hashOrders(writer: ByteWriter, store: OrderStore): void {
  writer.u32(store.all.size[0]);
  for (let order = firstOpen(store); order !== undefined; order = nextOpen(store, order)) {
    writeOrder(writer, order);
    const replacement = replacementOf(store, order);
    writer.bool(replacement !== undefined);
    if (replacement !== undefined) writeOrder(writer, replacement);
  }
  const { closed, execs } = store;
  writer.safeInt(closed.head);
  writer.safeInt(closed.tail);
  writer.safeInt(closed.taken);
  writer.safeInt(closed.forgottenUpTo);
  writer.i32(closed.digest);
  writer.safeInt(execs.head);
  writer.safeInt(execs.tail);
  writer.safeInt(execs.texts.written);
  writer.i32(execs.digest);
}

function writeOrder(writer: ByteWriter, order: StoredOrder): void {
  writer.safeInt(order.clOrdID);
  writer.safeInt(order.origClOrdID);
  writer.safeInt(order.row);
  writer.safeInt(order.deployment);
  writer.safeInt(order.stage);
  writer.safeInt(order.account);
  writer.safeInt(order.listing);
  writer.safeInt(order.term);
  writer.safeInt(order.epoch);
  writer.safeInt(order.tag);
  writer.safeInt(order.eventSeq);
  writer.safeInt(order.bracketOf);
  writer.safeInt(order.parentOrderID);
  writer.u32(packCode(order));
  writer.safeInt(order.orderQty);
  writer.safeInt(order.price);
  writer.safeInt(order.stopPx);
  writer.safeInt(order.targetPx);
  writer.safeInt(order.trailOffset);
  writer.safeInt(order.expireTime);
  writer.safeInt(order.decisionAt);
  writer.safeInt(order.arrivalBid);
  writer.safeInt(order.arrivalAsk);
  writer.str(order.reason);
  writer.str(order.compliance);
  writer.str(order.orderID);
  writer.safeInt(order.cumQty);
  writer.safeInt(order.leavesQty);
  writer.safeInt(order.cancelID);
  writer.u8((order.replaceAsked ? 1 : 0) + (order.replaceGivenUp ? 2 : 0));
  writer.bool(order.cancelWanted);
  writer.bool(order.lost);
  writer.safeInt(order.endsAt);
  writer.safeInt(order.lastFill);
}
