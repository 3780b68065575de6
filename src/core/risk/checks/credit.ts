import { addInto, cmp, columnGet, isNeg, splitZero, subInto } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { surelyWithin } from '../estimate.ts';
import { reserveInto } from '../facts.ts';
import { fromMicro, microDown, microUp } from '../firm-money.ts';
import { sliceCurrency } from '../foreign.ts';
import { creditLimit } from '../limits.ts';
import { equityInto, marginInto, marginRate } from '../margin-use.ts';
import type { Risk } from '../risk.ts';
import { madeResult, moneyEstimate, noLimit } from '../scope-table.ts';
import { accountScope, firmScope, venueScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const creditAt = creditLimit;
const madeAt = madeResult;
const unset = noLimit;

const splitBase = 281_474_976_710_656;

const needed = splitZero();
const replaced = splitZero();
const used = splitZero();
const equity = splitZero();
const line = splitZero();

/** Scopes that have credit lines, in the order in which they are asked. */
const creditScopes = [accountScope, venueScope, firmScope];

/** Initial margin of positions and open orders, this one included, against equity plus the credit line. Runs on paper use no account's money. */
export function credit(risk: Risk, c: CheckContext): boolean {
  if (!risk.marginUse.active || c.asker.simulated || c.listing === undefined || surelyWithinCredit(risk, c)) return true;
  for (const scope of creditScopes) {
    const limit = risk.limits.table.numbers[c.placeOf[scope] + creditAt];
    if (limit !== unset && !covered(risk, c, scope, limit)) return false;
  }
  return true;
}

/** The estimate: what is owed on the left, what covers it on the right, so that nothing cancels. */
export function surelyWithinCredit(risk: Risk, c: CheckContext): boolean {
  const { marginUse, microPerUnit } = risk;
  const { listing } = c;
  if (!marginUse.active) return true;
  if (listing === undefined || listing.currency !== risk.firmCurrency) return false;
  const needed = c.leaves * c.lotMoney * marginRate(risk, c.asker.account, listing);
  const { numbers } = risk.limits.table;
  for (let i = 0; i < creditScopes.length; i++) {
    const scope = creditScopes[i];
    const place = c.placeOf[scope];
    const limit = numbers[place + creditAt];
    if (limit === unset) continue;
    const ix = c.scopeIx[scope];
    const column = marginUse.margin[scope];
    const cash = marginUse.cash[scope][ix];
    const made = moneyEstimate(numbers, place + madeAt) * microPerUnit;
    const owed = (needed + (column.hi[ix] * splitBase + column.lo[ix])) * microPerUnit + (cash < 0 ? -cash : 0) + (made < 0 ? -made : 0);
    if (!surelyWithin(owed, limit + (cash > 0 ? cash : 0) + (made > 0 ? made : 0))) return false;
  }
  return true;
}

function covered(risk: Risk, c: CheckContext, scope: number, limit: number): boolean {
  if (c.listing === undefined) return true;
  reserveInto(needed, c);
  const rated =
    marginInto(needed, risk, needed, 1, c.asker.account, c.listing.ix, c.listing.currency, false) &&
    marginInto(replaced, risk, c.oldReserved, 1, c.asker.account, c.listing.ix, sliceCurrency(risk, c.asker.row), false);
  if (!rated) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
  subInto(needed, needed, replaced);
  columnGet(used, risk.marginUse.margin[scope], c.scopeIx[scope]);
  addInto(needed, needed, used);
  const { exponent } = risk.registry.currencies[risk.firmCurrency];
  equityInto(equity, risk, scope, c.scopeIx[scope]);
  fromMicro(line, limit, exponent);
  addInto(equity, equity, line);
  if (cmp(needed, equity) <= 0) return true;
  return deny(risk, 'CREDIT_EXCEEDED', isNeg(needed) ? 0 : microUp(needed, exponent), microDown(equity, exponent), scope, c.scopeIx[scope]);
}
