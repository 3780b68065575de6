import type { CheckContext } from '../check-context.ts';
import { collarLimit } from '../limits.ts';
import { noLimit } from '../scope-table.ts';
import { beyondBps, bpsAway } from '../reference.ts';
import type { Risk } from '../risk.ts';
import { scopeOfValue } from '../strictest.ts';
import { deny } from '../verdict.ts';

/** No limit price is sent outside the collar, above or below; a stop-limit's is measured from its own stop, where the market will be by then. */
export function priceCollar(risk: Risk, c: CheckContext): boolean {
  const limit = c.collarBps;
  const { ordType, price, stopPx } = c.order;
  if (limit === noLimit || price === 0) return true;
  const refTwice = ordType === 'stopLimit' ? 2 * stopPx : c.refTwice;
  if (refTwice <= 0 || (ordType !== 'stopLimit' && !c.refValid)) return true;
  const side = 2 * price >= refTwice ? 1 : -1;
  if (!beyondBps(price, refTwice, limit, side)) return true;
  const scope = scopeOfValue(risk, c, collarLimit, limit);
  return deny(risk, 'PRICE_OUTSIDE_COLLAR', bpsAway(price, refTwice, side), limit, scope, c.scopeIx[scope]);
}
