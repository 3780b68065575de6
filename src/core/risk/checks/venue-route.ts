import { splitZero } from '../../../base/split.ts';
import type { ListingRow } from '../../registry.ts';
import type { CheckContext } from '../check-context.ts';
import { notionalInto } from '../facts.ts';
import { firmMicroUp } from '../firm-money.ts';
import { collarLimit, fatFingerLimit, limitOf, notionalLimit, orderQtyLimit, positionLimit } from '../limits.ts';
import { beyondBps, bpsAway } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { routeScope, routeScopeIx } from '../scopes.ts';
import { reachAtVenue } from '../venue-position.ts';
import { deny } from '../verdict.ts';

const money = splitZero();

/** What the order's version is limited to at the order's venue (`venues.limits` of a spec with several), each as the check of its name compares it. Reads routes alone: nothing has to be settled. */
export function venueRoute(risk: Risk, c: CheckContext): boolean {
  const { listing } = c;
  if (risk.limits.routed === 0 || listing === undefined) return true;
  const ix = routeScopeIx(c.asker.row, listing.venue);
  return isSmall(risk, c, listing, ix) && isCheap(risk, c, listing, ix) && isNear(risk, c, ix) && isHeld(risk, c, ix);
}

function limitFor(risk: Risk, name: number, ix: number): number {
  return limitOf(risk.limits, name, routeScope, ix);
}

function isSmall(risk: Risk, c: CheckContext, listing: ListingRow, ix: number): boolean {
  const limit = limitFor(risk, orderQtyLimit, ix);
  const units = c.order.orderQty * listing.baseUnitsPerLot;
  return units <= limit || deny(risk, 'ORDER_QTY_EXCEEDS_MAX', units, limit, routeScope, ix);
}

/** A reducing order whose price nobody knows passes. */
function isCheap(risk: Risk, c: CheckContext, listing: ListingRow, ix: number): boolean {
  const limit = limitFor(risk, notionalLimit, ix);
  if (limit === noLimit || c.valuePx === 0) return true;
  notionalInto(money, c);
  const micro = firmMicroUp(risk, money, listing.currency);
  if (micro !== micro) return deny(risk, 'NO_FX_RATE', listing.currency, risk.firmCurrency);
  return micro <= limit || deny(risk, 'NOTIONAL_EXCEEDS_MAX', micro, limit, routeScope, ix);
}

function isNear(risk: Risk, c: CheckContext, ix: number): boolean {
  const { ordType, price, stopPx } = c.order;
  const finger = limitFor(risk, fatFingerLimit, ix);
  const known = c.refTwice > 0 && c.refValid;
  if (finger !== noLimit && known) {
    for (const px of ordType === 'bracket' ? [price] : [price, stopPx])
      if (px !== 0 && beyondBps(px, c.refTwice, finger, c.side))
        return deny(risk, 'FAT_FINGER_PRICE', bpsAway(px, c.refTwice, c.side), finger, routeScope, ix);
  }
  const collar = limitFor(risk, collarLimit, ix);
  const refTwice = ordType === 'stopLimit' ? 2 * stopPx : c.refTwice;
  if (collar === noLimit || price === 0 || refTwice <= 0 || (ordType !== 'stopLimit' && !c.refValid)) return true;
  const side = 2 * price >= refTwice ? 1 : -1;
  return (
    !beyondBps(price, refTwice, collar, side) || deny(risk, 'PRICE_OUTSIDE_COLLAR', bpsAway(price, refTwice, side), collar, routeScope, ix)
  );
}

/** What the version would hold of the instrument at the venue if this order and every open one on its side filled; what only reduces passes. */
function isHeld(risk: Risk, c: CheckContext, ix: number): boolean {
  const limit = limitFor(risk, positionLimit, ix);
  if (limit === noLimit || c.reducing) return true;
  const reach = c.leavesBase - c.oldBase + reachAtVenue(risk, risk.exposure.routes[c.route], c.side);
  return reach <= limit || deny(risk, 'POSITION_EXCEEDS_MAX', reach, limit, routeScope, ix);
}
