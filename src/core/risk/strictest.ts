import type { CheckContext } from './check-context.ts';
import { collarLimit, fatFingerLimit, notionalLimit, orderQtyLimit } from './limits.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import { scopeKinds } from './scopes.ts';

/** The least over the order's scopes of each limit that knows no running state; `noLimit` when none is set. */
export function takeStrictest(risk: Risk, c: CheckContext): void {
  const { active, table } = risk.limits;
  c.mostQty = noLimit;
  c.mostNotional = noLimit;
  c.fatFingerBps = noLimit;
  c.collarBps = noLimit;
  if (active[orderQtyLimit] + active[notionalLimit] + active[fatFingerLimit] + active[collarLimit] === 0) return;
  const { numbers } = table;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    c.mostQty = Math.min(c.mostQty, numbers[place + orderQtyLimit]);
    c.mostNotional = Math.min(c.mostNotional, numbers[place + notionalLimit]);
    c.fatFingerBps = Math.min(c.fatFingerBps, numbers[place + fatFingerLimit]);
    c.collarBps = Math.min(c.collarBps, numbers[place + collarLimit]);
  }
}

/** The first scope, in the order of `limitScopes`, whose limit is `value`. For refusals. */
export function scopeOfValue(risk: Risk, c: CheckContext, name: number, value: number): number {
  let scope = 0;
  while (scope < scopeKinds - 1 && risk.limits.table.numbers[c.placeOf[scope] + name] !== value) scope++;
  return scope;
}
