import type { CheckContext } from './check-context.ts';
import type { Risk } from './risk.ts';
import { scopeKinds } from './scopes.ts';

/** The first scope, in the order of `limitScopes`, whose limit is `value`. For refusals. */
export function scopeOfValue(risk: Risk, c: CheckContext, name: number, value: number): number {
  let scope = 0;
  while (scope < scopeKinds - 1 && risk.limits.table.numbers[c.placeOf[scope] + name] !== value) scope++;
  return scope;
}
