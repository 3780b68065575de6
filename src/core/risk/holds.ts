import { cmp, splitZero } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import { drawdownWindows, fallInto, limitOfWindow } from './drawdown.ts';
import { shareBps, shareInto } from './equity.ts';
import { modeSimulated } from './order-gate.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, scopeKinds, versionScope } from './scopes.ts';
import { settle } from './settle.ts';
import { cutOf, type SizeCut } from './size-cut.ts';
import { nameOf } from './verdict.ts';

/** A size cut under which the opening orders of a version are. */
export interface CutHold extends SizeCut {
  /** Where the share was set: `firm`, `account:A1`… */
  readonly of: string;
  /** Hundredths of an index point as last told, -1 = never; when it was so, microseconds. */
  readonly level: number;
  readonly knownAt: number;
}

/** A drawdown past its limit: opening orders of the scope are denied. */
export interface DrawdownHold {
  readonly of: string;
  readonly window: (typeof drawdownWindows)[number];
  /** bps below the highest equity of the window, rounded up; and of the limit. */
  readonly value: number;
  readonly limit: number;
  /** The first microsecond of the next window. */
  readonly endsAt: number;
}

/** The size cut that holds the opening orders of a version at `at`: the strictest over its accounts. Undefined = none. */
export function cutHold(risk: Risk, row: RowIx, at: number): CutHold | undefined {
  let strictest: CutHold | undefined;
  for (const account of accountsOf(risk, row)) {
    const scopeIx = new Int32Array(scopeKinds).fill(-1);
    scopeIx[firmScope] = 0;
    scopeIx[accountScope] = account;
    scopeIx[algorithmScope] = risk.gate.rows[row].algorithm;
    scopeIx[versionScope] = row;
    const cut = cutOf(risk, scopeIx, at);
    if (cut === undefined || (strictest !== undefined && strictest.share <= cut.share)) continue;
    strictest = { ...cut, of: nameOf(risk, cut.scope, scopeIx[cut.scope]), ...risk.volatility };
  }
  return strictest;
}

/** Drawdowns past their limit in the scopes of a version; a version on paper has none. */
export function drawdownHolds(risk: Risk, row: RowIx): readonly DrawdownHold[] {
  if (risk.drawdowns.watched === 0 || risk.gate.mode[row] === modeSimulated) return [];
  settle(risk);
  const [lost, equity, most] = [splitZero(), splitZero(), splitZero()];
  const { algorithm } = risk.gate.rows[row];
  return risk.drawdowns.windows.flatMap((window) => {
    const { scope, ix, endsAt } = window;
    const limit = limitOfWindow(risk, window);
    const own =
      scope === accountScope
        ? accountsOf(risk, row).includes(ix)
        : ix === (scope === firmScope ? 0 : scope === algorithmScope ? algorithm : row);
    if (limit === noLimit || !own || !fallInto(lost, equity, risk, window)) return [];
    shareInto(most, equity, limit);
    return cmp(lost, most) > 0
      ? [{ of: nameOf(risk, scope, ix), window: drawdownWindows[window.window], value: shareBps(lost, equity), limit, endsAt }]
      : [];
  });
}

function accountsOf({ gate }: Risk, row: RowIx): readonly number[] {
  const accounts = [...gate.rows[row].accounts.values()];
  return accounts.length === 0 ? [-1] : accounts;
}
