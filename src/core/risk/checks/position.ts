import type { CheckContext } from '../check-context.ts';
import { limitOf, noLimit, positionLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { firmScope, ownScopes, scopeKinds, type ScopeKind } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** Position if this order and every open order on its side filled, against maxPosition in each scope; the one passed furthest is named. */
export function position(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[positionLimit] === 0) return true;
  let worst = 0;
  let worstScope: ScopeKind = 0;
  for (let i = 0; i < scopeKinds; i++) {
    const scope = i as ScopeKind;
    const limit = limitOf(risk.limits, positionLimit, scope, c.scopeIx[scope]);
    if (limit === noLimit) continue;
    const beyond = reach(risk, c, scope) - limit;
    if (beyond <= worst) continue;
    worst = beyond;
    worstScope = scope;
  }
  if (worst === 0) return true;
  return deny(
    risk,
    'POSITION_EXCEEDS_MAX',
    reach(risk, c, worstScope),
    limitOf(risk.limits, positionLimit, worstScope, c.scopeIx[worstScope]),
    worstScope,
    c.scopeIx[worstScope],
  );
}

/** Base units on the order's side after it and all open orders on that side have filled; instrument and sector look at the firm's position. */
export function reach(risk: Risk, c: CheckContext, scope: ScopeKind): number {
  const { exposure } = risk;
  const cell = exposure.routeCells[c.route * ownScopes + (scope < ownScopes ? scope : firmScope)];
  const open = c.side > 0 ? exposure.openBuy[cell] : exposure.openSell[cell];
  return c.side * exposure.position[cell] + open - c.oldBase + c.leavesBase;
}
