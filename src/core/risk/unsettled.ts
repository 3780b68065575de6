import { moneyColumn, type MoneyColumn } from '../../base/split.ts';
import type { Route } from './route.ts';

/**
 * Sums above a route follow it only when somebody reads them: cells of the scopes, their results, margins and the values of sectors. Until then the route stands
 * in this list with what has been counted of it. `settle.ts` brings all of them up to date; what is read afterwards is what booking each change at once would give.
 */
export interface Unsettled {
  /** Routes whose sums are behind, the first `routeCount` places; each knows that it stands there. */
  readonly routes: Int32Array;
  routeCount: number;
  /** By route in the firm's currency: its result as it is in the results of its scopes. */
  readonly shown: MoneyColumn;
  /** Slots whose margin is behind their reservation, the same way. */
  readonly slots: Int32Array;
  slotCount: number;
  readonly hasSlot: Uint8Array;
}

export function createUnsettled(routes: number, slots: number): Unsettled {
  return {
    routes: new Int32Array(routes),
    routeCount: 0,
    shown: moneyColumn(routes),
    slots: new Int32Array(slots),
    slotCount: 0,
    hasSlot: new Uint8Array(slots),
  };
}

export function listRoute(unsettled: Unsettled, route: Route): void {
  if (route.behind) return;
  route.behind = true;
  unsettled.routes[unsettled.routeCount++] = route.ix;
}

export function listSlot(unsettled: Unsettled, slot: number): void {
  if (unsettled.hasSlot[slot] === 1) return;
  unsettled.hasSlot[slot] = 1;
  unsettled.slots[unsettled.slotCount++] = slot;
}
