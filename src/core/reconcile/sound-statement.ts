import type { Core } from '../core.ts';
import { execIDOf, type WholeStatement } from './difference.ts';
import { isBooked } from './fill-differences.ts';
import type { AskedAccount } from './reconciliation.ts';

/** Why a statement cannot be true in itself, '' = it can. One that contradicts itself is compared with nothing. */
export function contradictionOf(core: Core, asked: AskedAccount, statement: WholeStatement): string {
  const { asOf, orders, fills, positions } = statement;
  // of a venue whose clock went back: what was executed before bears later times
  const back = asOf < asked.cutAt || asked.setBackFrom !== 0;
  const trades = (listing: number): boolean => core.registry.listings[listing]?.venue === statement.venue;
  const seenOrders = new Set<string>();
  for (const order of orders) {
    const name = order.clOrdID === 0 ? `order ${order.orderID}` : `order ${order.term}-${order.clOrdID}`;
    if (seenOrders.has(name)) return `${name} is stated twice`;
    seenOrders.add(name);
    if (!trades(order.listing)) return `${name} is in listing ${order.listing}, which is not traded there`;
    if (!areLots(order.orderQty) || !areLots(order.cumQty) || !areLots(order.leavesQty) || order.leavesQty === 0)
      return `${name} works with ${order.cumQty} of ${order.orderQty} executed and ${order.leavesQty} left`;
    if (order.term > core.term) return `${name} is of term ${order.term}, which has not begun`;
  }
  const seenFills = new Map<string, string>();
  for (const fill of fills) {
    if (!trades(fill.listing)) return `fill ${fill.execID} is in listing ${fill.listing}, which is not traded there`;
    if (!areLots(fill.lastQty) || fill.lastQty === 0) return `fill ${fill.execID} is of ${fill.lastQty} lots`;
    if (fill.transactTime > asOf && !(back && isBooked(core, statement.venue, fill)))
      return `fill ${fill.execID} at ${fill.transactTime} lies behind the cut at ${asOf}`;
    if (fill.execID === '') continue;
    const content = execIDOf({ ...fill, execID: '' }, 0);
    if ((seenFills.get(fill.execID) ?? content) !== content) return `fill ${fill.execID} is stated twice, with different content`;
    seenFills.set(fill.execID, content);
  }
  const seenListings = new Set<number>();
  for (const { listing, position } of positions) {
    if (!trades(listing)) return `a position is in listing ${listing}, which is not traded there`;
    if (!Number.isSafeInteger(position)) return `the position in listing ${listing} is ${position}`;
    if (seenListings.has(listing)) return `the position in listing ${listing} is stated twice`;
    seenListings.add(listing);
  }
  return '';
}

function areLots(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
