import type { CheckContext } from '../check-context.ts';
import { heldIn, paperScope } from '../exposure.ts';
import { limitOf, noLimit, openPositionsLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { firmScope, instrumentScope, ownScopes, scopeKinds, type ScopeKind } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** Instruments with a position or an open order, this order's included. */
export function openPositions(risk: Risk, c: CheckContext): boolean {
  const { limits, exposure } = risk;
  if (limits.active[openPositionsLimit] === 0) return true;
  for (let i = 0; i < scopeKinds; i++) {
    const scope = i as ScopeKind;
    if (scope === instrumentScope) continue;
    const limit = limitOf(limits, openPositionsLimit, scope, c.scopeIx[scope]);
    if (limit === noLimit) continue;
    const cell = exposure.routeCells[c.route * ownScopes + (scope < ownScopes ? scope : firmScope)];
    if (exposure.held[cell] === 1) continue;
    const held = c.asker.simulated ? heldIn(exposure, paperScope, c.asker.row) : heldIn(exposure, scope, c.scopeIx[scope]);
    if (held + 1 > limit) return deny(risk, 'OPEN_POSITIONS_EXCEED_MAX', held + 1, limit, scope, c.scopeIx[scope]);
  }
  return true;
}
