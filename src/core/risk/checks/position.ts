import type { CheckContext } from '../check-context.ts';
import { positionLimit } from '../limits.ts';
import type { Risk } from '../risk.ts';
import { scopeKinds } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** Position if this order and every open order on its side filled, against maxPosition in each scope; the one passed furthest is named. */
export function position(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[positionLimit] === 0) return true;
  const { numbers } = risk.limits.table;
  let worst = 0;
  let at = 0;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const beyond = c.reach[scope] - numbers[c.placeOf[scope] + positionLimit];
    if (beyond <= worst) continue;
    worst = beyond;
    at = scope;
  }
  return worst === 0 || deny(risk, 'POSITION_EXCEEDS_MAX', c.reach[at], numbers[c.placeOf[at] + positionLimit], at, c.scopeIx[at]);
}
