import type { RowIx, Seq } from '../domain/ids.ts';
import type { TriggerRule } from '../domain/rollout.ts';
import type { Micros } from '../base/units.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { isFarFromDrawdown, measureDrawdowns, drawdownWindows, type DrawdownFinding, type DrawdownWindow } from './risk/drawdown.ts';
import { modeSimulated } from './risk/order-gate.ts';
import { accountScope, algorithmScope, firmScope } from './risk/scopes.ts';
import { nameOf } from './risk/verdict.ts';
import { isOnPaper } from './rollout/rollout.ts';
import { rollBack } from './rollout/saga.ts';

const rules = ['maxDailyDrawdown', 'maxWeeklyDrawdown', 'maxMonthlyDrawdown'] as const satisfies readonly TriggerRule[];

/** After a fill or a mark: an alert is said, a breach rolls back every version under the scope that has capital at work. */
export function judgeDrawdowns(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  if (isFarFromDrawdown(core.risk)) return;
  for (const finding of measureDrawdowns(core.risk)) {
    const rule = rules[finding.window.window];
    const text = sentence(core, finding);
    const breach = finding.severity === 'breach';
    const severity = breach ? 'critical' : 'medium';
    const { value, limit } = finding;
    outcome.decisions.push({ kind: 'alertRaised', severity, subject: rule, value, limit, text });
    outcome.effects.push({ kind: 'alert', reducing: true, severity, subject: rule, text });
    if (!breach) continue;
    for (const row of rowsUnder(core, finding.window))
      rollBack(core, row, { rule, class: 'lossLimit', value, limit, text, actor: 'core' }, seq, at, outcome);
  }
}

/** Versions of the scope that are not on paper. */
function rowsUnder(core: Core, { scope, ix }: DrawdownWindow): readonly RowIx[] {
  const { gate, rollout } = core;
  return gate.rows
    .filter((row) => {
      if (row.custodian || gate.mode[row.ix] === modeSimulated) return false;
      if (isOnPaper(rollout, row.ix) && core.residualLots(row.ix) === 0) return false;
      if (scope === firmScope) return true;
      if (scope === accountScope) return [...row.accounts.values()].includes(ix);
      return scope === algorithmScope ? row.algorithm === ix : row.ix === ix;
    })
    .map((row) => row.ix);
}

function sentence({ risk }: Core, { window, value, limit }: DrawdownFinding): string {
  const share = (bps: number): string => (bps / 100).toFixed(2);
  return `${nameOf(risk, window.scope, window.ix)}: ${share(value)} % below the highest equity of the ${drawdownWindows[window.window]}, of ${share(limit)} %`;
}
