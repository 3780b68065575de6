import { assert } from '../../base/assert.ts';
import type { Order } from '../../domain/order.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import { takeKey } from './checks/duplicate.ts';
import { remember } from './duplicates.ts';
import { replacesAtomically } from './facts.ts';
import { accountRings, listingRings, rowRings, versionRing } from './limit-groups.ts';
import { openOnRoute, orderOpened } from './open-orders.ts';
import { countOrder, logOrder, paperAccount } from './order-rate.ts';
import type { Risk } from './risk.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const accountsRings = accountRings;
const rowsRings = rowRings;
const listingsRings = listingRings;
const ofVersion = versionRing;

/**
 * The only mint of `RiskChecked`: takes the order that the last `checkOrder` passed, counts it (exposure, reservation, order rate, duplicates) and marks
 * it as one that may leave. An order that differs from what was checked is our own bug and throws.
 */
export function acceptOrder(risk: Risk, order: Order): RiskChecked<Readonly<Order>> {
  const { context, verdict, registry } = risk;
  const wanted = context.order;
  assert(verdict.outcome === 'passed', 'an order is accepted after it has passed every check');
  verdict.outcome = 'denied';
  const same =
    order.listing === wanted.listing &&
    order.side === wanted.side &&
    order.orderQty === wanted.orderQty &&
    order.price === wanted.price &&
    order.row === context.asker.row &&
    order.account === context.asker.account &&
    order.simulated === context.asker.simulated &&
    order.leavesQty === context.leaves;
  assert(same, 'the order is the one that was checked');
  const old = context.asker.replaces;
  const atomic = old !== null && replacesAtomically(risk, registry.listings[order.listing].venue);
  openOnRoute(risk, order, context.route, verdict.reservePx, atomic ? old.clOrdID : 0);
  if (!context.custodian) {
    const account = order.simulated ? paperAccount : order.account;
    logOrder(risk.orderRate, context.at, order.row, account, order.listing);
    countInRings(risk, context.at, order);
    if (old === null) {
      takeKey(context);
      remember(risk.duplicates, context.at, context.key, context.chain);
    }
  }
  return order as RiskChecked<Readonly<Order>>;
}

/** Counts an order of a row on paper in its version alone. Whoever passed every check has had its scopes looked up. */
function countInRings({ orderRate, limitGroups }: Risk, at: number, { row, account, listing, simulated }: Order): void {
  const { accounts, rows, listings } = limitGroups;
  if (simulated) {
    countOrder(orderRate, at, rows.rings, row * rowsRings + ofVersion, 1);
    return;
  }
  countOrder(orderRate, at, accounts.rings, account * accountsRings, accountsRings);
  countOrder(orderRate, at, rows.rings, row * rowsRings, rowsRings);
  countOrder(orderRate, at, listings.rings, listing * listingsRings, listingsRings);
}

/** A stop or target of a bracket whose entry has just been accepted: of the other side, the same quantity, and no more risk than the entry. */
export function acceptChild(risk: Risk, child: Order, entry: Readonly<Order>): RiskChecked<Readonly<Order>> {
  const wanted = risk.context.order;
  const belongs =
    child.bracketOf === entry.clOrdID && child.row === entry.row && child.account === entry.account && child.listing === entry.listing;
  assert(wanted.ordType === 'bracket' && entry.leg === 'entry' && belongs, 'the order is a child of the bracket that was checked');
  assert(child.side !== entry.side && child.orderQty === entry.orderQty, 'the order closes what its entry opens');
  assert(
    child.leg === 'stop' ? child.stopPx === wanted.stopPx : child.leg === 'target' && child.price === wanted.targetPx,
    'the order has the price that was checked',
  );
  orderOpened(risk, child, 0, 0);
  return child as RiskChecked<Readonly<Order>>;
}

/**
 * An order as it arrives on the gateway's thread: the same checked order, carried over by a ring that the core's outbox alone writes into. Its term and epoch
 * are judged again by the gateway.
 */
export function carriedOrder(order: Order): RiskChecked<Readonly<Order>> {
  assert(order.clOrdID > 0 && order.leavesQty >= 0, 'an order that left the core has a clOrdID and a quantity');
  return order as RiskChecked<Readonly<Order>>;
}
