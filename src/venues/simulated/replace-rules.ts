import { lotsUnchecked } from '../../base/units.ts';
import type { Micros } from '../../base/units.ts';
import type { Listing } from '../../domain/instrument.ts';
import { refusalOfTerms } from './accept.ts';
import type { VenueReject } from './accept.ts';
import type { MatchingEngine } from './matching-engine.ts';
import { isChild, isLive } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

export const replaceRejects = [
  'UNKNOWN_ORDER',
  'TOO_LATE_TO_REPLACE',
  'REPLACE_CHANGES_IDENTITY',
  'BRACKET_CHILD_QTY_IS_ITS_ENTRYS',
] as const;
export type ReplaceReject = (typeof replaceRejects)[number] | VenueReject;

/** What stands against a replace; undefined = nothing. */
export function refusalOfReplace(
  order: VenueOrder,
  terms: VenueOrder,
  pit: { readonly listing: Listing; readonly engine: MatchingEngine },
  now: Micros,
): ReplaceReject | undefined {
  return refusalOfChange(order, terms) ?? refusalOfTerms(terms, pit.listing, now) ?? refusalOfMarket(order, terms, pit.engine);
}

/** An order keeps its place in the queue only when its quantity goes down at the same price and nothing else changes. */
export function keepsPriority(order: VenueOrder, terms: VenueOrder): boolean {
  const sameTerms = terms.stopPx === order.stopPx && terms.trailOffset === order.trailOffset && terms.postOnly === order.postOnly;
  return sameTerms && terms.price === order.price && terms.orderQty <= order.orderQty;
}

/**
 * Prices, quantity, time in force and post-only become those asked for; listing, side, type, holder and reduce-only stay. A quantity at or below what is
 * filled becomes that: nothing is left (FIX 4.4, order state changes C.3.b and C.3.c).
 */
export function applyTerms(order: VenueOrder, terms: VenueOrder): void {
  order.price = terms.price;
  order.stopPx = terms.stopPx;
  order.trailOffset = terms.trailOffset;
  order.timeInForce = terms.timeInForce;
  order.expireTime = terms.expireTime;
  order.postOnly = terms.postOnly;
  order.orderQty = lotsUnchecked(Math.max(terms.orderQty, order.cumQty));
  order.leavesQty = lotsUnchecked(order.orderQty - order.cumQty);
}

/** What of an order cannot be changed: its end, and what makes it that order. */
export function refusalOfChange(order: VenueOrder, terms: VenueOrder): ReplaceReject | undefined {
  if (!isLive(order)) return 'TOO_LATE_TO_REPLACE';
  const sameIdentity =
    terms.listing === order.listing &&
    terms.side === order.side &&
    terms.ordType === order.ordType &&
    terms.holder === order.holder &&
    terms.reduceOnly === order.reduceOnly;
  if (!sameIdentity) return 'REPLACE_CHANGES_IDENTITY';
  if (isChild(order) && terms.orderQty !== order.orderQty) return 'BRACKET_CHILD_QTY_IS_ITS_ENTRYS';
  return undefined;
}

function refusalOfMarket(order: VenueOrder, terms: VenueOrder, engine: MatchingEngine): ReplaceReject | undefined {
  if (terms.postOnly && order.state === 'working' && engine.wouldTake(terms.side, terms.price)) return 'POST_ONLY_WOULD_TAKE';
  return undefined;
}
