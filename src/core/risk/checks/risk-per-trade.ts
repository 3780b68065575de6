import { addInto, cmp, mulInto, mulSmallInto, splitZero } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { capitalInto, shareBps, shareInto } from '../equity.ts';
import { limitOf, riskPerTradeLimit } from '../limits.ts';
import { equityScopes, resultInto } from '../past-results.ts';
import { convertInto } from '../rates.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import type { ScopeKind } from '../scopes.ts';
import { cutFor } from '../size-cut.ts';
import { bpsOne } from '../reference.ts';
import { deny } from '../verdict.ts';

const atRisk = splitZero();
const equity = splitZero();
const made = splitZero();
const most = splitZero();

/**
 * What an opening order would lose if it filled at the worst price that it is reserved at and closed at its stop, against a share of the equity of each scope that sets one:
 * its capital and all that it has made. An order whose stop is not known risks all that it buys, and is refused. A size cut in force cuts the share.
 */
export function riskPerTrade(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[riskPerTradeLimit] === 0 || c.listing === undefined) return true;
  const { currency } = c.listing;
  for (let scope = 0; scope < equityScopes; scope++) {
    const ix = c.scopeIx[scope];
    const set = limitOf(risk.limits, riskPerTradeLimit, scope as ScopeKind, ix);
    if (set === noLimit) continue;
    if (c.order.ordType !== 'bracket') return deny(risk, 'PROTECTIVE_STOP_MISSING', c.leavesBase, 0, scope, ix);
    const limit = Math.floor((set * cutFor(risk, c)) / bpsOne);
    riskInto(c);
    if (!convertInto(atRisk, risk.rates, atRisk, currency, risk.firmCurrency, true) || !capitalInto(equity, risk, scope, ix, false))
      return deny(risk, 'NO_FX_RATE', currency, risk.firmCurrency);
    if (!c.asker.simulated) {
      resultInto(made, risk, scope, ix);
      addInto(equity, equity, made);
    }
    shareInto(most, equity, limit);
    if (cmp(atRisk, most) > 0) return deny(risk, 'RISK_PER_TRADE_EXCEEDS_MAX', shareBps(atRisk, equity), limit, scope, ix);
  }
  return true;
}

/** leaves x distance to the stop, listing's currency. A buy may cost up to its value price, a short may be sold as low as its bound. */
function riskInto(c: CheckContext): void {
  const { stopPx } = c.order;
  const distance = c.side > 0 ? c.valuePx - stopPx : stopPx - c.boundPx;
  mulInto(atRisk, c.leaves, Math.max(0, distance));
  mulSmallInto(atRisk, atRisk, c.listing?.moneyPerTickLot ?? 0);
}
