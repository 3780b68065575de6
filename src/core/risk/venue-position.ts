import { lotStride, openOf } from './exposure.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { versionScope } from './scopes.ts';

/** Base units, signed, that the row of a route holds of its instrument at its venue, over all accounts and listings there. Routes alone are read: nothing has to be settled. */
export function heldAtVenue(risk: Risk, route: Route): number {
  return sumAtVenue(risk, route, 1, -1);
}

/** Base units on a side (1 buy, -1 sell) that the row would hold of it there if every open order on that side filled. */
export function reachAtVenue(risk: Risk, route: Route, side: number): number {
  return sumAtVenue(risk, route, side, openOf(side < 0));
}

/** `open`: place of the open quantity that counts too, -1 = none. A row has few routes in one instrument: they are walked, so that no fill has a sum to keep. */
function sumAtVenue({ exposure, registry }: Risk, route: Route, side: number, open: number): number {
  const { routes, lots, newestOfCell } = exposure;
  const { venue } = registry.listings[route.listing];
  let units = 0;
  for (let at = newestOfCell[route.cells[versionScope]]; at >= 0; at = routes[at].older) {
    const { listing, baseUnits } = routes[at];
    if (registry.listings[listing].venue !== venue) continue;
    const place = at * lotStride;
    units += (side * lots[place] + (open < 0 ? 0 : lots[place + open])) * baseUnits;
  }
  return units;
}
