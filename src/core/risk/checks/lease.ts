import { addInto, columnGet, isZero, splitZero, subInto } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { sliceReserveInto } from '../facts.ts';
import { firmMicroUp } from '../firm-money.ts';
import { sliceCurrency } from '../foreign.ts';
import { leasedLimit } from '../lease.ts';
import type { Risk } from '../risk.ts';
import { firmScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

const used = splitZero();
const reserve = splitZero();

/** @returns whether it is known what the order would take. */
function addOrder(risk: Risk, c: CheckContext): boolean {
  if (!sliceReserveInto(reserve, risk, c)) return false;
  addInto(used, used, reserve);
  subInto(used, used, c.oldReserved);
  return true;
}

/** Capital in use over the whole firm, this order included, against the lease; after the lease has run out nothing expands. */
export function lease(risk: Risk, c: CheckContext): boolean {
  const limit = leasedLimit(risk.lease, c.at);
  if (limit === Infinity || c.asker.simulated || c.listing === undefined) return true;
  let sum = 0;
  for (let currency = 0; currency < risk.registry.currencies.length; currency++) {
    columnGet(used, risk.usedOf, currency);
    if (currency === sliceCurrency(risk, c.asker.row) && !addOrder(risk, c)) sum = NaN;
    if (isZero(used)) continue;
    sum += firmMicroUp(risk, used, currency);
  }
  if (sum <= limit) return true;
  if (sum !== sum) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
  return deny(risk, 'ALLOCATION_EXCEEDED', sum, limit, firmScope, 0);
}
