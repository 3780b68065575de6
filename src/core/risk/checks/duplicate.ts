import type { CheckContext } from '../check-context.ts';
import { chainOf, sinceSame, forgetsEarly } from '../duplicates.ts';
import { duplicateLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { scopeKinds } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** The same new order of the same row within the window; the longest window that applies is the strictest. Replaces are no duplicates. */
export function duplicate(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[duplicateLimit] === 0 || c.asker.replaces !== null) return true;
  const { numbers } = risk.limits.table;
  let window = 0;
  let widest = 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const limit = numbers[c.placeOf[scope] + duplicateLimit];
    if (limit === noLimit || limit <= window) continue;
    window = limit;
    widest = scope;
  }
  if (window === 0) return true;
  const { duplicates } = risk;
  takeKey(c);
  const since = sinceSame(duplicates, c.at, window, c.key);
  if (since < window) return deny(risk, 'DUPLICATE_ORDER', since, window, widest, c.scopeIx[widest]);
  return !forgetsEarly(duplicates, c.at, window) || deny(risk, 'ORDER_CAPACITY_REACHED', duplicates.capacity, duplicates.capacity);
}

/** Fills the context's key: (row, listing, side, type, price, stop price, quantity), once for each order. */
export function takeKey(c: CheckContext): void {
  const { key, order } = c;
  if (c.chain >= 0) return;
  key.row = c.asker.row;
  key.listing = order.listing;
  key.kind = kindOf(c);
  key.price = order.price;
  key.stopPx = order.stopPx;
  key.qty = order.orderQty;
  c.chain = chainOf(key);
}

function kindOf(c: CheckContext): number {
  const sell = c.side > 0 ? 0 : 1;
  switch (c.order.ordType) {
    case 'market':
      return sell;
    case 'limit':
      return 2 + sell;
    case 'stop':
      return 4 + sell;
    case 'stopLimit':
      return 6 + sell;
    case 'trailingStop':
      return 8 + sell;
    case 'bracket':
      return 10 + sell;
  }
}
