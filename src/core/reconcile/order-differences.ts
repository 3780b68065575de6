import { clOrdIDText, type ClOrdID } from '../../domain/ids.ts';
import { noPrice } from '../../domain/order.ts';
import type { BreakClass, StatedOrder } from '../../domain/statement.ts';
import type { Core } from '../core.ts';
import { firstOpen, nextOpen, replacementOf } from '../orders/order-store.ts';
import type { StoredOrder } from '../orders/stored-order.ts';
import { modeHalted } from '../risk/order-gate.ts';
import { breakIDOf, type Difference, type Movements, type WholeStatement } from './difference.ts';
import { orderMeant } from './fill-differences.ts';

/** What both sides know and the other has not: executions behind the cut, and stated ones that are not booked here. */
export interface Known {
  readonly after: Movements;
  readonly unbooked: Movements;
}

/** Orders that work on one side only, or otherwise than on the other. */
export function orderDifferences(core: Core, statement: WholeStatement, known: Known): Difference[] {
  const found: Difference[] = [];
  const atVenue = new Set<ClOrdID>();
  for (const stated of statement.orders) {
    const order = orderMeant(core, stated.clOrdID, stated.term);
    if (order !== undefined && order.slot >= 0) atVenue.add(order.clOrdID);
    found.push(...statedDifferences(core, statement, stated, order, known));
  }
  for (let order = firstOpen(core.orders); order !== undefined; order = nextOpen(core.orders, order)) {
    if (order.simulated || order.account !== statement.account || atVenue.has(order.clOrdID)) continue;
    const name = clOrdIDText(order.term, order.clOrdID);
    const kind: BreakClass = requestOf(core, order) === 0 ? 'lostOrder' : 'limbo';
    const text = `order ${name} is ${order.ordStatus} here and does not work at the venue`;
    // a pending one may be on its way: asked for too soon, the venue would say that it has no such order
    found.push({ ...plain(core, statement, kind, name, order), here: 1, there: 0, text, sure: false });
  }
  return found;
}

function statedDifferences(
  core: Core,
  statement: WholeStatement,
  stated: StatedOrder,
  order: StoredOrder | undefined,
  known: Known,
): Difference[] {
  const { listing, clOrdID, term, orderID } = stated;
  const name = clOrdID === 0 ? orderID : clOrdIDText(term, clOrdID);
  const one = (kind: BreakClass, here: number, there: number, text: string): Difference => ({
    ...plain(core, statement, kind, name, { listing, clOrdID }),
    here,
    there,
    text: `order ${name} ${text}`,
    sure: false,
    order: stated,
  });
  if (clOrdID === 0) return [one('foreignOrder', 0, 1, 'works at the venue in our account and is not of this desk')];
  if (order === undefined) {
    const forgotten = clOrdID <= core.orders.closed.forgottenUpTo;
    return forgotten
      ? [one('orphan', 0, 1, 'works at the venue and ended here long ago')]
      : [one('unknownOrder', 0, 1, 'works at the venue under a number of ours, and no record of it is here')];
  }
  if (order.slot < 0) return [one('orphan', 0, 1, `works at the venue and is ${order.ordStatus} here`)];
  if (isFenced(core, order) && order.cancelID === 0) return [one('orphan', 0, 1, 'works at the venue and its version is fenced')];
  const request = requestOf(core, order);
  const pending = request === 0 ? [] : [one('limbo', request, 1, `is ${order.ordStatus} here and works at the venue`)];
  return [...pending, ...termDifferences(order, stated, known, one)];
}

type Make = (kind: BreakClass, here: number, there: number, text: string) => Difference;

function termDifferences(order: StoredOrder, stated: StatedOrder, { after, unbooked }: Known, one: Make): Difference[] {
  const found: Difference[] = [];
  const here = order.cumQty - (after.byOrder.get(order.clOrdID) ?? 0) + (unbooked.byOrder.get(order.clOrdID) ?? 0);
  if (here !== stated.cumQty) {
    const text = `has ${stated.cumQty} lots executed at the venue, ${here} by its executions`;
    found.push(one('cumQty', here, stated.cumQty, text));
  }
  // what a replace under way will change is not compared
  if (order.replaceAsked) return found;
  // executed and left together stay what they are while fills are on their way
  const total = stated.cumQty + stated.leavesQty;
  if (order.orderQty !== total) {
    const kind = total === stated.orderQty ? 'orderQty' : 'leaves';
    found.push(one(kind, order.orderQty, total, `is for ${order.orderQty} lots here and ${total} executed and left at the venue`));
  }
  if (order.price !== noPrice && stated.price !== noPrice && order.price !== stated.price)
    found.push(one('price', order.price, stated.price, `is at ${order.price} ticks here and ${stated.price} at the venue`));
  return found;
}

/** The request that an order waits for: of its cancel, its replacement, else 1; 0 = it waits for nothing. */
export function requestOf(core: Core, order: StoredOrder): number {
  switch (order.ordStatus) {
    case 'pendingNew':
    case 'unknown':
      return 1;
    case 'pendingCancel':
      return order.cancelID > 0 ? order.cancelID : 1;
    case 'pendingReplace':
      return replacementOf(core.orders, order)?.clOrdID ?? 1;
    case 'new':
    case 'partiallyFilled':
    case 'filled':
    case 'canceled':
    case 'rejected':
    case 'expired':
    case 'doneForDay':
    case 'suspended':
      return 0;
  }
}

function isFenced(core: Core, order: StoredOrder): boolean {
  return core.gate.mode[order.row] === modeHalted || order.epoch < (core.rollout.custodyEpoch[order.row] ?? 0);
}

type Plain = Pick<Difference, 'breakID' | 'class' | 'listing' | 'clOrdID'>;

function plain(
  core: Core,
  { venue, account }: WholeStatement,
  kind: BreakClass,
  name: string,
  { listing, clOrdID }: { readonly listing: number; readonly clOrdID: ClOrdID },
): Plain {
  return { breakID: breakIDOf(core, kind, venue, account, name), class: kind, listing, clOrdID };
}
