import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';
import { instrumentScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** Instruments on the restricted list take orders that close positions, nothing else. */
export function restrictedList(risk: Risk, c: CheckContext): boolean {
  const instrument = c.scopeIx[instrumentScope];
  return risk.sessions.restricted[instrument] === 0 || deny(risk, 'RESTRICTED_INSTRUMENT', 1, 0, instrumentScope, instrument);
}
