import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import type { CheckContext } from './check-context.ts';
import { lotStride, openOf } from './exposure.ts';
import { limitOf, unprotectedLimit } from './limits.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { noLimit } from './scope-table.ts';
import { scopeKinds, type ScopeKind } from './scopes.ts';

/**
 * Lots of the order's side that no live stop would close if it and every open order on that side filled. The stop of a bracket counts from the moment that it is
 * sent; a bracket brings its own.
 */
export function unprotectedAfter({ exposure }: Risk, { route: ix, side, leaves, oldLots, order }: CheckContext): number {
  const { lots, routes } = exposure;
  const route = routes[ix];
  const reach = side * lots[ix * lotStride] + lots[ix * lotStride + openOf(side < 0)] + leaves - oldLots;
  const own = order.ordType === 'bracket' ? leaves : 0;
  return Math.max(0, reach - (side > 0 ? route.sellStops : route.buyStops) - own);
}

/** The strictest limit of a name that stands apart among scopes with these indices, and its scope; `noLimit` = none. */
export interface StrictestApart {
  limit: number;
  scope: ScopeKind;
}

export function strictestApart(out: StrictestApart, risk: Risk, name: number, scopeIx: ArrayLike<number>): void {
  out.limit = noLimit;
  out.scope = 0;
  if (risk.limits.active[name] === 0) return;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const limit = limitOf(risk.limits, name, scope as ScopeKind, scopeIx[scope]);
    if (limit >= out.limit) continue;
    out.limit = limit;
    out.scope = scope as ScopeKind;
  }
}

const strictest: StrictestApart = { limit: noLimit, scope: 0 };
const scopeIx = new Int32Array(scopeKinds);

/**
 * Whether more of a route's position is without a stop than its scopes allow, and how much, in base units; `limit` is theirs. `closing`: lots that live stops would
 * close now.
 */
export function isUnprotected(risk: Risk, route: Route, closing: number): { readonly units: number; readonly limit: number } | undefined {
  const { row, account, listing } = route;
  const units = Math.max(0, Math.abs(risk.exposure.lots[route.ix * lotStride]) - closing) * route.baseUnits;
  if (units === 0 || !asksForStop(risk, row, account, listing)) return undefined;
  return units > strictest.limit ? { units, limit: strictest.limit } : undefined;
}

/** Whether a limit asks for a stop of what a row holds there; the strictest is left in `strictest`. */
export function asksForStop(risk: Risk, row: RowIx, account: AccountIx, listing: ListingIx): boolean {
  const { registry, gate, sectorOf } = risk;
  if (risk.limits.active[unprotectedLimit] === 0 || gate.rows[row].custodian) return false;
  const { venue, instrument } = registry.listings[listing];
  scopeIx.set([0, account, gate.rows[row].algorithm, row, venue, instrument, sectorOf[instrument]]);
  strictestApart(strictest, risk, unprotectedLimit, scopeIx);
  return strictest.limit !== noLimit;
}
