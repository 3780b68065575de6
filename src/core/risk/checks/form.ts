import { maxComplianceLength, maxReasonLength } from '../../../domain/order.ts';
import type { CheckContext } from '../check-context.ts';
import { maxNotionalUnits, maxOrderBase, maxTicks } from '../capacities.ts';
import { routeFits } from '../exposure.ts';
import { isOnTick, stepAt } from '../tick-table.ts';
import type { Risk } from '../risk.ts';
import { deny } from '../verdict.ts';
import { termsContradict } from '../terms.ts';

/** Is it an order at all: listing, quantity, prices, what the venue can do, and terms that fit together. */
export function form(risk: Risk, c: CheckContext): boolean {
  const { order } = c;
  if (!(Number.isInteger(order.listing) && order.listing >= 0 && order.listing < risk.registry.listings.length)) {
    return deny(risk, 'UNKNOWN_LISTING', order.listing, risk.registry.listings.length);
  }
  c.listing = risk.registry.listings[order.listing];
  if (order.reason.length > maxReasonLength) return deny(risk, 'TEXT_TOO_LONG', order.reason.length, maxReasonLength);
  if (order.compliance.length > maxComplianceLength) return deny(risk, 'TEXT_TOO_LONG', order.compliance.length, maxComplianceLength);
  return (
    inUniverse(risk, c) &&
    quantity(risk, c) &&
    capability(risk, c) &&
    prices(risk, c) &&
    contradictions(risk, c) &&
    range(risk, c) &&
    room(risk)
  );
}

function inUniverse(risk: Risk, c: CheckContext): boolean {
  const { asker, order } = c;
  const row = risk.gate.rows[asker.row];
  const { universe } = row;
  const known = row.custodian || (order.listing < universe.length && universe[order.listing] === 1);
  if (known && asker.account >= 0) return true;
  return deny(risk, 'LISTING_NOT_IN_UNIVERSE', order.listing, 0);
}

function quantity(risk: Risk, c: CheckContext): boolean {
  const { order } = c;
  if (!(Number.isSafeInteger(order.orderQty) && order.orderQty > 0)) return deny(risk, 'ORDER_QTY_NOT_POSITIVE', order.orderQty, 1);
  const listing = c.listing?.listing;
  const least = listing?.minQty ?? 1;
  const most = listing?.maxQty ?? Number.MAX_SAFE_INTEGER;
  if (order.orderQty < least) return deny(risk, 'ORDER_QTY_OUTSIDE_VENUE_RANGE', order.orderQty, least);
  if (order.orderQty > most) return deny(risk, 'ORDER_QTY_OUTSIDE_VENUE_RANGE', order.orderQty, most);
  const old = c.asker.replaces;
  c.leaves = old === null ? order.orderQty : order.orderQty - old.cumQty;
  return c.leaves > 0 || deny(risk, 'TERMS_CONTRADICT', order.orderQty, old === null ? 0 : old.cumQty);
}

function capability(risk: Risk, c: CheckContext): boolean {
  const { order, asker } = c;
  if (c.listing === undefined) return false;
  const { capabilities } = risk.registry.venues[c.listing.venue];
  if (!capabilities.ordTypes.includes(order.ordType)) return deny(risk, 'ORD_TYPE_NOT_SUPPORTED', 0, 0);
  if (!capabilities.timesInForce.includes(order.timeInForce)) return deny(risk, 'TIME_IN_FORCE_NOT_SUPPORTED', 0, 0);
  if (order.postOnly && !capabilities.postOnly) return deny(risk, 'POST_ONLY_NOT_SUPPORTED', 0, 0);
  if (order.reduceOnly && !capabilities.reduceOnly) return deny(risk, 'REDUCE_ONLY_NOT_SUPPORTED', 0, 0);
  const old = asker.replaces;
  if (old === null) return true;
  if (capabilities.replace === 'none') return deny(risk, 'REPLACE_NOT_SUPPORTED', 0, 0);
  switch (old.ordStatus) {
    case 'new':
    case 'partiallyFilled':
      break;
    case 'pendingReplace':
      return deny(risk, 'REPLACE_PENDING', 0, 0);
    case 'pendingNew':
    case 'pendingCancel':
    case 'filled':
    case 'canceled':
    case 'rejected':
    case 'expired':
    case 'doneForDay':
    case 'suspended':
    case 'unknown':
      return deny(risk, 'TARGET_NOT_WORKING', 0, 0);
  }
  const same = old.listing === order.listing && old.side === order.side && old.account === asker.account && old.row === asker.row;
  // an order at the simulator may still work when its version gets capital: nothing replaces it at a venue
  return (
    (same && old.ordType === order.ordType && old.simulated === asker.simulated) ||
    deny(risk, 'TERMS_CONTRADICT', order.listing, old.listing)
  );
}

/** Which prices a type has and has not, and that they stand on the tick table. */
function prices(risk: Risk, c: CheckContext): boolean {
  const { order } = c;
  const hasLimit = order.ordType === 'limit' || order.ordType === 'stopLimit';
  const hasStop = order.ordType === 'stop' || order.ordType === 'stopLimit' || order.ordType === 'bracket';
  if (hasLimit || order.price !== 0) if (!isPrice(order.price)) return deny(risk, 'PRICE_NOT_POSITIVE', order.price, boundOf(order.price));
  if (hasStop && !isPrice(order.stopPx)) return deny(risk, 'STOP_PRICE_MISSING', order.stopPx, boundOf(order.stopPx));
  if (order.ordType === 'trailingStop' && !isPrice(order.trailOffset))
    return deny(risk, 'STOP_PRICE_MISSING', order.trailOffset, boundOf(order.trailOffset));
  if (order.ordType === 'bracket' && !isPrice(order.targetPx))
    return deny(risk, 'PRICE_NOT_POSITIVE', order.targetPx, boundOf(order.targetPx));
  return onTick(risk, c, order.price) && onTick(risk, c, order.stopPx) && onTick(risk, c, order.targetPx);
}

function isPrice(price: number): boolean {
  return Number.isInteger(price) && price > 0 && price <= maxTicks;
}

/** The bound of prices that this one has passed. */
function boundOf(price: number): number {
  return price > maxTicks ? maxTicks : 1;
}

function onTick(risk: Risk, c: CheckContext, price: number): boolean {
  if (price === 0 || c.listing === undefined) return true;
  const table = c.listing.listing.tickTable;
  return table.length === 0 || isOnTick(table, price, c.at) || deny(risk, 'PRICE_NOT_ON_TICK', price, stepAt(table, price, c.at));
}

function contradictions(risk: Risk, c: CheckContext): boolean {
  return !termsContradict(c.order, c.at) || deny(risk, 'TERMS_CONTRADICT', c.order.orderQty, 0);
}

/** Quantities and money stay within what integers and split integers hold on every way through the checks. */
function range(risk: Risk, c: CheckContext): boolean {
  const { order, listing } = c;
  if (listing === undefined) return false;
  const price = Math.max(
    order.price,
    order.stopPx + order.trailOffset,
    risk.marks.bid[listing.ix],
    risk.marks.ask[listing.ix],
    risk.marks.last[listing.ix],
  );
  const base = order.orderQty * listing.baseUnitsPerLot;
  if (base > maxOrderBase)
    return deny(risk, 'ORDER_QTY_OUTSIDE_VENUE_RANGE', order.orderQty, Math.floor(maxOrderBase / listing.baseUnitsPerLot));
  const money = order.orderQty * Math.max(1, price) * listing.moneyPerTickLot;
  const limit = Math.floor(maxNotionalUnits / (Math.max(1, price) * listing.moneyPerTickLot));
  return money < maxNotionalUnits || deny(risk, 'ORDER_QTY_OUTSIDE_VENUE_RANGE', order.orderQty, limit);
}

/** A bracket takes three places. */
function room(risk: Risk): boolean {
  const { exposure } = risk;
  const { freeCount, capacity } = exposure.slots;
  if (freeCount < 3) return deny(risk, 'ORDER_CAPACITY_REACHED', capacity - freeCount, capacity);
  return routeFits(exposure) || deny(risk, 'ORDER_CAPACITY_REACHED', exposure.routes.length, exposure.capacities.routes);
}
