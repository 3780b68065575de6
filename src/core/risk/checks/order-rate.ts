import type { CheckContext } from '../check-context.ts';
import { limitOf, noLimit, perMinuteLimit, perSecondLimit } from '../limits.ts';
import { countInWindow, minuteWindow, rateAllows, secondWindow } from '../order-rate.ts';
import type { Risk } from '../risk.ts';
import { scopeKinds, versionScope, type ScopeKind } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** New and replace orders in the second and in the minute that end now, this one included; a run on paper counts in its own version alone. */
export function orderRate(risk: Risk, c: CheckContext): boolean {
  return within(risk, c, perSecondLimit, secondWindow) && within(risk, c, perMinuteLimit, minuteWindow);
}

function within(risk: Risk, c: CheckContext, name: number, window: number): boolean {
  if (risk.limits.active[name] === 0) return true;
  for (let i = 0; i < scopeKinds; i++) {
    const scope = i as ScopeKind;
    if (c.asker.simulated && scope !== versionScope) continue;
    const ix = c.scopeIx[scope];
    const limit = limitOf(risk.limits, name, scope, ix);
    if (limit === noLimit || rateAllows(risk.orderRate, window, scope, ix, c.at, limit)) continue;
    return deny(risk, 'ORDER_RATE_EXCEEDS_MAX', countInWindow(risk.orderRate, window, scope, ix, c.at, limit) + 1, limit, scope, ix);
  }
  return true;
}
