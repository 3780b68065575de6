import type { CheckContext } from '../check-context.ts';
import { openPositionsLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { heldInstruments } from '../scope-table.ts';
import { instrumentScope, scopeKinds } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** Instruments with a position or an open order, this order's included. */
export function openPositions(risk: Risk, c: CheckContext): boolean {
  const { limits, exposure } = risk;
  if (limits.active[openPositionsLimit] === 0) return true;
  const { numbers } = limits.table;
  for (let scope = 0; scope < scopeKinds; scope++) {
    if (c.holds[scope] === 1 || scope === instrumentScope) continue;
    const place = c.placeOf[scope];
    const count = (c.asker.simulated ? exposure.paperHeld[c.asker.row] : numbers[place + heldInstruments]) + 1;
    if (count > numbers[place + openPositionsLimit]) {
      return deny(risk, 'OPEN_POSITIONS_EXCEED_MAX', count, numbers[place + openPositionsLimit], scope, c.scopeIx[scope]);
    }
  }
  return true;
}
