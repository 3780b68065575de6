import type { Micros, Ticks } from '../../base/units.ts';
import type { Listing } from '../../domain/instrument.ts';
import { noPrice, noTime } from '../../domain/order.ts';
import type { VenueOrder } from './venue-order.ts';

/** Why the venue does not take an order; the text of its report. */
export const venueRejects = [
  'SESSION_CLOSED',
  'LISTING_HALTED',
  'LISTING_NOT_TRADED_HERE',
  'DUPLICATE_CLORDID',
  'THROTTLED',
  'ORDER_QTY_NOT_POSITIVE',
  'ORDER_QTY_BELOW_MIN',
  'ORDER_QTY_ABOVE_MAX',
  'PRICE_MISSING',
  'PRICE_NOT_ON_TICK',
  'STOP_PX_MISSING',
  'STOP_PX_NOT_ON_TICK',
  'TRAIL_OFFSET_NOT_POSITIVE',
  'EXPIRE_TIME_NOT_AHEAD',
  'POST_ONLY_WOULD_TAKE',
  'POST_ONLY_NOT_A_RESTING_LIMIT',
  'REDUCE_ONLY_WOULD_INCREASE',
  'BRACKET_COMES_AS_THREE_ORDERS',
  'BRACKET_ENTRY_UNKNOWN',
  'BRACKET_CHILD_DOES_NOT_FIT',
  'VENUE_FULL',
  'FAULT_INJECTED',
] as const;
export type VenueReject = (typeof venueRejects)[number];

/** What the terms of an order miss by themselves, whatever the market is; undefined = nothing. */
export function refusalOfTerms(order: VenueOrder, listing: Listing, now: Micros): VenueReject | undefined {
  if (!(order.orderQty > 0)) return 'ORDER_QTY_NOT_POSITIVE';
  if (listing.minQty !== undefined && order.orderQty < listing.minQty) return 'ORDER_QTY_BELOW_MIN';
  if (listing.maxQty !== undefined && order.orderQty > listing.maxQty) return 'ORDER_QTY_ABOVE_MAX';
  if (order.timeInForce === 'gtd' && (order.expireTime === noTime || order.expireTime <= now)) return 'EXPIRE_TIME_NOT_AHEAD';
  if (order.postOnly && (order.ordType !== 'limit' || order.timeInForce === 'ioc' || order.timeInForce === 'fok')) {
    return 'POST_ONLY_NOT_A_RESTING_LIMIT';
  }
  return refusalOfPrices(order, listing, now);
}

function refusalOfPrices(order: VenueOrder, listing: Listing, now: Micros): VenueReject | undefined {
  switch (order.ordType) {
    case 'market':
      return undefined;
    case 'limit':
      return refusalOfLimit(order.price, listing, now);
    case 'stop':
      return refusalOfStop(order.stopPx, listing, now);
    case 'stopLimit':
      return refusalOfLimit(order.price, listing, now) ?? refusalOfStop(order.stopPx, listing, now);
    case 'trailingStop':
      if (!(Number.isSafeInteger(order.trailOffset) && order.trailOffset > 0)) return 'TRAIL_OFFSET_NOT_POSITIVE';
      return order.stopPx === noPrice ? undefined : refusalOfStop(order.stopPx, listing, now);
    case 'bracket':
      return 'BRACKET_COMES_AS_THREE_ORDERS';
  }
}

function refusalOfLimit(price: Ticks, listing: Listing, now: Micros): VenueReject | undefined {
  if (price === noPrice) return 'PRICE_MISSING';
  return isOnTick(price, listing, now) ? undefined : 'PRICE_NOT_ON_TICK';
}

function refusalOfStop(stopPx: Ticks, listing: Listing, now: Micros): VenueReject | undefined {
  if (stopPx === noPrice) return 'STOP_PX_MISSING';
  return isOnTick(stopPx, listing, now) ? undefined : 'STOP_PX_NOT_ON_TICK';
}

/** Whether a price is a multiple of the step of its band: the last band of the table that has begun, by price and by date. */
function isOnTick(price: Ticks, listing: Listing, now: Micros): boolean {
  let step = 1;
  for (const band of listing.tickTable) {
    if (Math.abs(price) >= band.fromPrice && (band.fromDate === undefined || band.fromDate <= now)) step = band.step;
  }
  // the usual step without %, which is a call for doubles
  return step === 1 ? price - Math.floor(price) === 0 : price % step === 0;
}
