import type { CheckContext } from '../check-context.ts';
import { unprotectedLimit } from '../limits.ts';
import { strictestApart, unprotectedAfter, type StrictestApart } from '../protection.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { deny } from '../verdict.ts';

const strictest: StrictestApart = { limit: noLimit, scope: 0 };

/** Base units that would be without a stop of a bracket, in the order's version, account and listing, against maxUnprotectedQty: 0 = every opening order brings one. */
export function protectiveStop(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[unprotectedLimit] === 0 || c.listing === undefined) return true;
  strictestApart(strictest, risk, unprotectedLimit, c.scopeIx);
  const { limit, scope } = strictest;
  if (limit === noLimit) return true;
  const units = unprotectedAfter(risk, c) * c.listing.baseUnitsPerLot;
  return units <= limit || deny(risk, 'PROTECTIVE_STOP_MISSING', units, limit, scope, c.scopeIx[scope]);
}
