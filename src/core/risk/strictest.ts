import type { CheckContext } from './check-context.ts';
import { limitOf, noLimit } from './limits.ts';
import type { Risk } from './risk.ts';
import { scopeKinds, type ScopeKind } from './scopes.ts';

/** The least of a limit over the order's scopes, `noLimit` when none is set. */
export function strictest(risk: Risk, c: CheckContext, name: number): number {
  const { limits } = risk;
  if (limits.active[name] === 0) return noLimit;
  const values = limits.values[name];
  let least = noLimit;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const ix = c.scopeIx[scope];
    const column = values[scope];
    if (ix < column.length && column[ix] < least) least = column[ix];
  }
  return least;
}

/** The first scope, in the order of `limitScopes`, whose limit is `value`. For refusals. */
export function scopeOfValue(risk: Risk, c: CheckContext, name: number, value: number): ScopeKind {
  for (let scope = 0; scope < scopeKinds; scope++) {
    if (limitOf(risk.limits, name, scope as ScopeKind, c.scopeIx[scope]) === value) return scope as ScopeKind;
  }
  return 0;
}
