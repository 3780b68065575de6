import type { CheckContext } from '../check-context.ts';
import { perMinuteLimit, perSecondLimit } from '../limits.ts';
import { countInWindow, findSpareOrders, isWithinRate, minuteWindow, secondWindow } from '../order-rate.ts';
import type { Risk } from '../risk.ts';
import { scopeKinds, versionScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** New and replace orders in the second and in the minute that end now, this one included; a run on paper counts in its own version alone. */
export function orderRate(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[perSecondLimit] + risk.limits.active[perMinuteLimit] === 0) return true;
  if (!within(risk, c, perSecondLimit, secondWindow) || !within(risk, c, perMinuteLimit, minuteWindow)) return false;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const ring = c.asker.simulated && scope !== versionScope ? undefined : risk.orderRate.rings[scope][c.scopeIx[scope]];
    if (ring !== undefined && ring.spare <= 0) findSpareOrders(risk.orderRate, ring, c.at);
  }
  return true;
}

function within(risk: Risk, c: CheckContext, name: number, window: 0 | 1): boolean {
  const { numbers } = risk.limits.table;
  for (let scope = 0; scope < scopeKinds; scope++) {
    if (c.asker.simulated && scope !== versionScope) continue;
    const ix = c.scopeIx[scope];
    if (isWithinRate(risk.orderRate, window, scope, ix, c.at)) continue;
    const limit = numbers[c.placeOf[scope] + name];
    return deny(risk, 'ORDER_RATE_EXCEEDS_MAX', countInWindow(risk.orderRate, window, scope, ix, c.at) + 1, limit, scope, ix);
  }
  return true;
}
