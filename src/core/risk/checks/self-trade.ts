import type { CheckContext } from '../check-context.ts';
import { crosses, meets } from '../own-book.ts';
import type { Risk } from '../risk.ts';
import { versionScope } from '../scopes.ts';
import { deny, waitFor } from '../verdict.ts';

/**
 * The desk's orders never trade with each other. The newer one is refused, unless it is reducing and reduce-only or the custodian's: then the older
 * opposite ones stand in `verdict.waits` to be canceled, and it waits for that. Orders that wait for a trigger meet nobody yet.
 */
export function selfTrade(risk: Risk, c: CheckContext): boolean {
  const { exposure, verdict } = risk;
  const { order, asker } = c;
  if (asker.simulated || order.ordType === 'stop' || order.ordType === 'stopLimit' || order.ordType === 'trailingStop') return true;
  const sell = c.side < 0;
  const first = meets(exposure, order.listing, sell, c.boundPx);
  if (first === undefined) return true;
  if (!((order.reduceOnly && c.reducing) || c.custodian)) {
    return deny(risk, 'SELF_TRADE', first.bookPx, Number.isFinite(c.boundPx) ? c.boundPx : 0, versionScope, first.route.row);
  }
  const { all } = exposure.slots;
  for (let slot = first; crosses(slot, sell, c.boundPx); slot = all[slot.bookNext]) {
    if (!waitFor(verdict, slot.clOrdID) || slot.bookNext < 0) break;
  }
  return true;
}
