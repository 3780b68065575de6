import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';
import { deny } from '../verdict.ts';

/** The venue has not halted the listing. */
export function haltedListing(risk: Risk, c: CheckContext): boolean {
  return risk.sessions.halted[c.order.listing] === 0 || deny(risk, 'LISTING_HALTED', 1, 0);
}
