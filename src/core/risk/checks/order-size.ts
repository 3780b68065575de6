import type { CheckContext } from '../check-context.ts';
import { orderQtyLimit } from '../limits.ts';
import { noLimit } from '../scope-table.ts';
import type { Risk } from '../risk.ts';
import { scopeOfValue } from '../strictest.ts';
import { deny } from '../verdict.ts';

/** orderQty in base units against maxOrderQty. */
export function orderSize(risk: Risk, c: CheckContext): boolean {
  const limit = c.mostQty;
  if (limit === noLimit || c.listing === undefined) return true;
  const units = c.order.orderQty * c.listing.baseUnitsPerLot;
  if (units <= limit) return true;
  const scope = scopeOfValue(risk, c, orderQtyLimit, limit);
  return deny(risk, 'ORDER_QTY_EXCEEDS_MAX', units, limit, scope, c.scopeIx[scope]);
}
