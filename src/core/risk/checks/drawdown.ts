import { cmp, splitZero } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { fallInto, limitOfWindow } from '../drawdown.ts';
import { shareBps, shareInto } from '../equity.ts';
import type { Risk } from '../risk.ts';
import { noLimit } from '../scope-table.ts';
import { deny } from '../verdict.ts';

const lost = splitZero();
const equity = splitZero();
const most = splitZero();

const codes = ['DAILY_DRAWDOWN_REACHED', 'WEEKLY_DRAWDOWN_REACHED', 'MONTHLY_DRAWDOWN_REACHED'] as const;

/** How far a scope of the order lies below the highest equity of its day, week and month. What is made on paper is in no scope's equity: paper orders pass. */
export function drawdown(risk: Risk, c: CheckContext): boolean {
  if (risk.drawdowns.watched === 0 || c.asker.simulated || c.listing === undefined) return true;
  for (const window of risk.drawdowns.windows) {
    const { scope, ix } = window;
    if (c.scopeIx[scope] !== ix) continue;
    const limit = limitOfWindow(risk, window);
    if (limit === noLimit) continue;
    if (!fallInto(lost, equity, risk, window)) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
    shareInto(most, equity, limit);
    if (cmp(lost, most) > 0) return deny(risk, codes[window.window], shareBps(lost, equity), limit, scope, ix);
  }
  return true;
}
