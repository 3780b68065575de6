import type { CheckContext } from '../check-context.ts';
import { fatFingerLimit } from '../limits.ts';
import { noLimit } from '../scope-table.ts';
import { beyondBps, bpsAway } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { scopeOfValue } from '../strictest.ts';
import { deny } from '../verdict.ts';

/** A limit or stop price on the far side of the reference (above for a buy, below for a sell) by more than fatFingerBps is a typing error. */
export function fatFinger(risk: Risk, c: CheckContext): boolean {
  const limit = c.fatFingerBps;
  if (limit === noLimit || c.refTwice <= 0 || !c.refValid) return true;
  return near(risk, c, c.order.price, limit) && (c.order.ordType === 'bracket' || near(risk, c, c.order.stopPx, limit));
}

function near(risk: Risk, c: CheckContext, price: number, limit: number): boolean {
  if (price === 0 || !beyondBps(price, c.refTwice, limit, c.side)) return true;
  const scope = scopeOfValue(risk, c, fatFingerLimit, limit);
  return deny(risk, 'FAT_FINGER_PRICE', bpsAway(price, c.refTwice, c.side), limit, scope, c.scopeIx[scope]);
}
