import type { ByteWriter } from '../../base/canonical.ts';
import type { Micros } from '../../base/units.ts';
import type { Intent } from '../../domain/input.ts';

/** Orders of two versions count as the same when they lie this close in time (microseconds): the older one may have answered a fill that the other did not have. */
const matchWithin = 1_000_000;
/** And when the smaller quantity is at least this share of the larger: both trade the same capital, and a lot more or less is a rounding of theirs. */
const matchShare = 0.9;
/** And when their prices lie within this share of the larger, or a tick: an order far from the market is another one than an order at it. */
const matchApart = 0.001;
/** Most orders of each version that wait for their counterpart; the oldest counts as alone. */
const maxUnmatched = 256;

interface Proposed {
  readonly at: Micros;
  /** listing, side and type. */
  readonly what: string;
  /** Lots. */
  readonly qty: number;
  /** Limit and stop, ticks; 0 = none. */
  readonly price: number;
  readonly stopPx: number;
}

/** What an old version and its successor in shadow have proposed beside each other. */
export interface ShadowComparison {
  fromOrders: number;
  toOrders: number;
  matched: number;
  readonly fromWaiting: Proposed[];
  readonly toWaiting: Proposed[];
}

export function createComparison(): ShadowComparison {
  return { fromOrders: 0, toOrders: 0, matched: 0, fromWaiting: [], toWaiting: [] };
}

/** Counts a new order of either version; other requests follow from what happened to the orders. */
export function compareIntent(comparison: ShadowComparison, intent: Intent, isFrom: boolean, at: Micros): void {
  if (intent.action !== 'new') return;
  if (isFrom) comparison.fromOrders++;
  else comparison.toOrders++;
  const what = `${intent.listing} ${intent.side} ${intent.ordType}`;
  const others = isFrom ? comparison.toWaiting : comparison.fromWaiting;
  const order: Proposed = { at, what, qty: intent.orderQty, price: intent.price, stopPx: intent.stopPx };
  const found = nearestOf(others, order);
  if (found >= 0) {
    others.splice(found, 1);
    comparison.matched++;
    return;
  }
  const own = isFrom ? comparison.fromWaiting : comparison.toWaiting;
  own.push(order);
  if (own.length > maxUnmatched) own.shift();
}

/** Place of the order that is most like this one, by price and then by quantity, the oldest of equals; -1 = none is like it. */
function nearestOf(others: readonly Proposed[], order: Proposed): number {
  let nearest = -1;
  let [leastApart, leastMore] = [Infinity, Infinity];
  for (const [n, one] of others.entries()) {
    if (one.what !== order.what || order.at - one.at > matchWithin || !isAlike(one, order)) continue;
    const apart = Math.abs(one.price - order.price) + Math.abs(one.stopPx - order.stopPx);
    const more = Math.abs(one.qty - order.qty);
    if (apart > leastApart || (apart === leastApart && more >= leastMore)) continue;
    [nearest, leastApart, leastMore] = [n, apart, more];
  }
  return nearest;
}

function isAlike(a: Proposed, b: Proposed): boolean {
  const isSize = Math.min(a.qty, b.qty) >= matchShare * Math.max(a.qty, b.qty) || Math.abs(a.qty - b.qty) <= 1;
  return isSize && isNear(a.price, b.price) && isNear(a.stopPx, b.stopPx);
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(1, matchApart * Math.max(Math.abs(a), Math.abs(b)));
}

/** Share of the orders of both that have a counterpart, 0…1; NaN = there were none. Orders of the last second still wait for theirs and are left out. */
export function agreementOf(comparison: ShadowComparison, at: Micros): number {
  const { matched, fromOrders, toOrders, fromWaiting, toWaiting } = comparison;
  const fresh = [...fromWaiting, ...toWaiting].filter((one) => at - one.at <= matchWithin).length;
  const counted = fromOrders + toOrders - fresh;
  return counted === 0 ? NaN : (2 * matched) / counted;
}

export function hashComparison(writer: ByteWriter, comparison: ShadowComparison): void {
  const { fromOrders, toOrders, matched, fromWaiting, toWaiting } = comparison;
  for (const n of [fromOrders, toOrders, matched]) writer.safeInt(n);
  for (const waiting of [fromWaiting, toWaiting]) {
    writer.u32(waiting.length);
    for (const { at, what, qty, price, stopPx } of waiting) {
      writer.safeInt(at);
      writer.safeInt(qty);
      writer.safeInt(price);
      writer.safeInt(stopPx);
      writer.str(what);
    }
  }
}
