import type { CheckContext } from '../check-context.ts';
import { perMinuteLimit, perSecondLimit } from '../limits.ts';
import { countInWindow, minuteWindow, secondWindow } from '../order-rate.ts';
import type { Risk } from '../risk.ts';
import { allowedFrom } from '../scope-table.ts';
import { scopeKinds, versionScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** New and replace orders in the second and in the minute that end now, this one included; a run on paper counts in its own version alone. */
export function orderRate(risk: Risk, c: CheckContext): boolean {
  return within(risk, c, perSecondLimit, secondWindow) && within(risk, c, perMinuteLimit, minuteWindow);
}

function within(risk: Risk, c: CheckContext, name: number, window: 0 | 1): boolean {
  if (risk.limits.active[name] === 0) return true;
  const { numbers } = risk.limits.table;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    if (c.at >= numbers[place + allowedFrom + window] || (c.asker.simulated && scope !== versionScope)) continue;
    const ix = c.scopeIx[scope];
    const count = countInWindow(risk.orderRate, window, scope, ix, c.at) + 1;
    return deny(risk, 'ORDER_RATE_EXCEEDS_MAX', count, numbers[place + name], scope, ix);
  }
  return true;
}
