import type { CheckContext } from '../check-context.ts';
import { slotBookNext, slotBookPx, slotOrder, slotRoute, slotShift } from '../open-slot.ts';
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
  if (first < 0) return true;
  const { numbers, words } = exposure.slots;
  if (!((order.reduceOnly && c.reducing) || c.custodian)) {
    const owner = exposure.routes[words[(first << slotShift) | slotRoute]].row;
    const px = numbers[(first << slotShift) | slotBookPx];
    return deny(risk, 'SELF_TRADE', px, Number.isFinite(c.boundPx) ? c.boundPx : 0, versionScope, owner);
  }
  for (let slot = first; slot >= 0 && crosses(exposure, slot, sell, c.boundPx); slot = words[(slot << slotShift) | slotBookNext]) {
    if (!waitFor(verdict, numbers[(slot << slotShift) | slotOrder])) break;
  }
  return true;
}
