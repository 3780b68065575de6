import { isNeg, negInto, splitZero } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { surelyWithin } from '../estimate.ts';
import { firmMicroUp, microUp } from '../firm-money.ts';
import { dailyLossLimit } from '../limits.ts';
import { rowDayInto } from '../pnl.ts';
import type { Risk } from '../risk.ts';
import { dayInto } from '../scope-results.ts';
import { dayResult, moneyEstimate, noLimit } from '../scope-table.ts';
import { scopeKinds } from '../scopes.ts';
import { deny } from '../verdict.ts';

const day = splitZero();

/** What the scope has lost since its session day began, realised and unrealised, net of fees. */
export function dailyLoss(risk: Risk, c: CheckContext): boolean {
  if (risk.limits.active[dailyLossLimit] === 0 || c.listing === undefined) return true;
  const { numbers } = risk.limits.table;
  for (let scope = 0; scope < scopeKinds; scope++) {
    const place = c.placeOf[scope];
    const limit = numbers[place + dailyLossLimit];
    const made = moneyEstimate(numbers, place + dayResult);
    // most days are not lost, and most losses are far from their limit
    if (limit === noLimit || (!c.asker.simulated && (made >= 0 || surelyWithin(-made * risk.microPerUnit, limit)))) continue;
    const lost = lostIn(risk, c, scope);
    if (lost <= limit) continue;
    if (lost !== lost) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
    return deny(risk, 'DAILY_LOSS_REACHED', lost, limit, scope, c.scopeIx[scope]);
  }
  return true;
}

/** Micro-money of the firm's currency, rounded up; 0 when the day is not lost. A row on paper is looked at alone. */
function lostIn(risk: Risk, c: CheckContext, scope: number): number {
  const { pnl, gate, registry, firmCurrency } = risk;
  if (firmCurrency < 0) return NaN;
  if (c.asker.simulated) rowDayInto(day, pnl, c.asker.row, true);
  else dayInto(day, risk, scope, c.scopeIx[scope]);
  if (!isNeg(day)) return 0;
  negInto(day, day);
  if (c.asker.simulated) return firmMicroUp(risk, day, gate.slices[gate.rows[c.asker.row].slice].currency);
  return microUp(day, registry.currencies[firmCurrency].exponent);
}
