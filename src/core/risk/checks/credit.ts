import { addInto, cmp, columnGet, fromSafe, isNeg, negInto, splitZero, subInto, toNumber, type Split } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { fromMicro, microUp } from '../firm-money.ts';
import { creditLimit, limitOf, noLimit } from '../limits.ts';
import { marginInto } from '../margin-use.ts';
import { accountTotalInto } from '../pnl.ts';
import type { Risk } from '../risk.ts';
import { accountScope, firmScope, venueScope, type ScopeKind } from '../scopes.ts';
import { deny } from '../verdict.ts';

const scopes: readonly ScopeKind[] = [accountScope, venueScope, firmScope];

const needed = splitZero();
const replaced = splitZero();
const used = splitZero();
const equity = splitZero();
const part = splitZero();

/** Initial margin of positions and open orders, this one included, against equity plus the credit line. Runs on paper use no account's money. */
export function credit(risk: Risk, c: CheckContext): boolean {
  if (!risk.marginUse.active || c.asker.simulated || c.listing === undefined) return true;
  for (const scope of scopes) {
    const limit = limitOf(risk.limits, creditLimit, scope, c.scopeIx[scope]);
    if (limit === noLimit) continue;
    if (
      !marginInto(needed, risk, c.reserve, c.asker.account, c.listing.ix) ||
      !marginInto(replaced, risk, c.oldReserved, c.asker.account, c.listing.ix)
    ) {
      return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
    }
    subInto(needed, needed, replaced);
    sumAccounts(risk, scope, c.scopeIx[scope]);
    addInto(needed, needed, used);
    const { exponent } = risk.registry.currencies[risk.firmCurrency];
    fromMicro(part, limit, exponent);
    addInto(equity, equity, part);
    if (cmp(needed, equity) <= 0) continue;
    return deny(risk, 'CREDIT_EXCEEDED', isNeg(needed) ? 0 : microUp(needed, exponent), micros(equity, exponent), scope, c.scopeIx[scope]);
  }
  return true;
}

/** Margin in use and equity of the scope's accounts, into `used` and `equity`. */
function sumAccounts(risk: Risk, scope: ScopeKind, ix: number): void {
  const { registry, marginUse } = risk;
  fromSafe(used, 0);
  fromSafe(equity, 0);
  for (let account = 0; account < registry.accounts.length; account++) {
    if (scope === accountScope ? account !== ix : scope === venueScope && registry.accounts[account].venue !== ix) continue;
    columnGet(part, marginUse.account, account);
    addInto(used, used, part);
    equityInto(part, risk, account);
    addInto(equity, equity, part);
  }
}

const total = splitZero();

/** Equity of an account, firm's currency: cash put in plus everything made or lost in it. */
export function equityInto(out: Split, risk: Risk, account: number): void {
  const cash = risk.positions.accountCash(account);
  fromMicro(out, cash, risk.registry.currencies[risk.firmCurrency].exponent);
  accountTotalInto(total, risk.pnl, account);
  addInto(out, out, total);
}

/** Micro-money of either sign, rounded down in magnitude. */
function micros(x: Split, exponent: number): number {
  if (!isNeg(x)) return Math.floor(toNumber(x) / toNumber(microUnit(exponent)));
  negInto(x, x);
  return -microUp(x, exponent);
}

const unit = splitZero();

function microUnit(exponent: number): Split {
  fromMicro(unit, 1, exponent);
  return unit;
}
