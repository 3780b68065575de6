import { ordTypes } from '../../../domain/order.ts';
import type { CheckContext } from '../check-context.ts';
import { sinceSame, forgetsEarly } from '../duplicates.ts';
import { duplicateLimit, limitOf, noLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { scopeKinds, type ScopeKind } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** The same new order of the same row within the window; the longest window that applies is the strictest. Replaces are no duplicates. */
export function duplicate(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[duplicateLimit] === 0 || c.asker.replaces !== null) return true;
  let window = 0;
  let widest: ScopeKind = 0;
  for (let i = 0; i < scopeKinds; i++) {
    const scope = i as ScopeKind;
    const limit = limitOf(risk.limits, duplicateLimit, scope, c.scopeIx[scope]);
    if (limit === noLimit || limit <= window) continue;
    window = limit;
    widest = scope;
  }
  if (window === 0) return true;
  const { duplicates } = risk;
  const { order } = c;
  const since = sinceSame(duplicates, c.at, c.asker.row, order.listing, kindOf(c), order.price, order.stopPx, order.orderQty);
  if (since < window) return deny(risk, 'DUPLICATE_ORDER', since, window, widest, c.scopeIx[widest]);
  return !forgetsEarly(duplicates, c.at, window) || deny(risk, 'ORDER_CAPACITY_REACHED', duplicates.capacity, duplicates.capacity);
}

/** Type and side in one number. */
export function kindOf(c: CheckContext): number {
  return ordTypes.indexOf(c.order.ordType) * 2 + (c.side > 0 ? 0 : 1);
}
