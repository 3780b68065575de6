import { sign, splitZero, toNumber } from '../../base/split.ts';
import type { Core } from '../core.ts';
import { fallInto, limitOfWindow, drawdownWindows } from '../risk/drawdown.ts';
import { shareInto } from '../risk/equity.ts';
import { positionLimit } from '../risk/limits.ts';
import { watchedScopes } from '../risk/position-watch.ts';
import { noLimit, placeOf } from '../risk/scope-table.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  ownScopes,
  venueScope,
  versionScope,
  type ScopeKind,
} from '../risk/scopes.ts';
import { settle } from '../risk/settle.ts';
import { nameOf } from '../risk/verdict.ts';
import type { Judgment } from './judgment.ts';

/** Asked before every capital while a limit of the portfolio stands over the version; never waived. */
export const portfolioGate = 'portfolio';

/** How full a limit is, 1 = reached; NaN = nobody can tell. */
interface Fullness {
  readonly share: number;
  readonly text: string;
}

/**
 * Whether the limits over accounts, slices and the firm leave room for more capital: positions in the version's universe, and drawdowns of its scopes. A limit that is reached, or that
 * cannot be compared, holds the climb; undefined = no such limit is set.
 */
export function judgePortfolio(core: Core, row: number): Judgment | undefined {
  const found = [...positions(core, row), ...drawdowns(core, row), ...unrated(core, row)];
  if (found.length === 0) return undefined;
  const worst = found.reduce((one, other) => (Number.isNaN(one.share) || one.share >= other.share ? one : other));
  const pass = worst.share < 1;
  return { gate: portfolioGate, verdict: pass ? 'pass' : 'inconclusive', value: worst.share, limit: 1, text: worst.text };
}

function positions({ risk, registry, gate }: Core, row: number): readonly Fullness[] {
  const { limits } = risk;
  if (limits.active[positionLimit] === 0) return [];
  const { universe, accounts, algorithm } = gate.rows[row];
  const found: Fullness[] = [];
  for (const { ix: listing, venue, instrument } of registry.listings) {
    const account = accounts.get(venue);
    if (universe[listing] !== 1 || account === undefined) continue;
    for (const scope of watchedScopes) {
      const ix =
        scope === firmScope
          ? 0
          : scope === accountScope
            ? account
            : scope === algorithmScope
              ? algorithm
              : scope === venueScope
                ? venue
                : scope === instrumentScope
                  ? instrument
                  : risk.sectorOf[instrument];
      const limit = limits.table.numbers[placeOf(limits.table, scope, ix) + positionLimit];
      if (limit === noLimit) continue;
      const position = risk.positions.positionBase(scope < ownScopes ? scope : firmScope, scope < ownScopes ? ix : 0, instrument);
      const share = position === 0 ? 0 : Math.abs(position) / limit;
      found.push({
        share,
        text: `position of ${position} base units of ${registry.instruments[instrument].instrumentID} in ${nameOf(risk, scope, ix)}, of ${limit}`,
      });
    }
  }
  return found;
}

/** A position of the slice that was never rated: how much of its capital is in use nobody can tell. */
function unrated({ risk, registry, gate }: Core, row: number): readonly Fullness[] {
  const { slice, sliceID } = gate.rows[row];
  const currency = risk.foreign.unrated.get(slice);
  if (currency === undefined) return [];
  return [{ share: NaN, text: `${sliceID} holds a position in ${registry.currencies[currency].code}, which was never rated` }];
}

const lost = splitZero();
const equity = splitZero();
const most = splitZero();

function drawdowns({ risk, gate }: Core, row: number): readonly Fullness[] {
  if (risk.drawdowns.watched === 0) return [];
  settle(risk);
  const { algorithm, accounts } = gate.rows[row];
  const isOver = (scope: ScopeKind, ix: number): boolean =>
    scope === firmScope ||
    (scope === accountScope && [...accounts.values()].includes(ix)) ||
    (scope === algorithmScope && ix === algorithm) ||
    (scope === versionScope && ix === row);
  const found: Fullness[] = [];
  for (const window of risk.drawdowns.windows) {
    const limit = limitOfWindow(risk, window);
    if (limit === noLimit || !isOver(window.scope, window.ix)) continue;
    const name = `${nameOf(risk, window.scope, window.ix)}: drawdown of the ${drawdownWindows[window.window]}`;
    if (!fallInto(lost, equity, risk, window)) {
      found.push({ share: NaN, text: `${name}: no rate is known` });
      continue;
    }
    shareInto(most, equity, limit);
    const share = sign(lost) <= 0 ? 0 : window.breached ? Math.max(1, toNumber(lost) / toNumber(most)) : toNumber(lost) / toNumber(most);
    found.push({ share, text: `${name} ${(share * 100).toFixed(1)} % of its ${(limit / 100).toFixed(2)} %` });
  }
  return found;
}
