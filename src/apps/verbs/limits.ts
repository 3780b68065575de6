import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { usualCutAbove, usualCutAge } from '../../core/risk/size-cut.ts';
import { volatilitySignal } from '../../core/signals.ts';
import { limitNames, limitPlaceText, limitScopes } from '../../domain/limit.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import type { LimitView } from '../../projections/limit-view.ts';
import { table } from '../cli/search-text.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';

/** A limit as one JSON object. `value` null = removed; `revision` is what a change of it expects. */
export function limitBody({ key, value, from, revision, setBy, agreedBy, at, seq }: LimitView): object {
  const { limit } = key;
  return {
    limit,
    scope: limitPlaceText(key),
    value,
    unit: limitRules[limit].unit,
    from,
    revision,
    setBy,
    agreedBy: agreedBy === '' ? null : agreedBy,
    at: isoFromMicros(at),
    seq,
  };
}

/** The level that size cuts are judged by, as the desk knows it: in points, and when it was so; null = never told. */
function levelBody(core: Core): { readonly name: string; readonly level: number | null; readonly knownAt: string | null } {
  const { level, knownAt } = core.risk.volatility;
  return {
    name: volatilitySignal,
    level: level < 0 ? null : level / 100,
    knownAt: level < 0 ? null : isoFromMicros(microsUnchecked(knownAt)),
  };
}

function levelLine(core: Core, at: number): string {
  const { level, knownAt } = core.risk.volatility;
  if (level < 0) return `${volatilitySignal} was never told: opening orders are cut wherever volatilityCutBps is set`;
  const told = `${volatilitySignal} stands at ${(level / 100).toFixed(2)} since ${isoFromMicros(microsUnchecked(knownAt)).slice(0, 19)}Z`;
  const age = Math.max(0, Math.floor((at - knownAt) / 1e6));
  return `${told}, ${age} s ago; where volatilityCutBps is set it cuts above volatilityCutAbove (${(usualCutAbove / 100).toFixed(2)} where that is not set) and when it is older than volatilityMaxAge (${usualCutAge / 1e6} s)`;
}

/** Limits of a desk by scope: what is in force, at which revision, who set it and who agreed; of one that runs the level of the volatility index too. */
export function limitsAnswer(view: DeskView, core?: Core): ControlAnswer {
  const list = [...view.limits.values()].sort(
    (a, b) =>
      limitScopes.indexOf(a.key.scope) - limitScopes.indexOf(b.key.scope) ||
      (a.key.scopeID < b.key.scopeID ? -1 : a.key.scopeID > b.key.scopeID ? 1 : 0) ||
      limitNames.indexOf(a.key.limit) - limitNames.indexOf(b.key.limit),
  );
  const rows = list.map((one) => [
    limitPlaceText(one.key),
    one.key.limit,
    one.value === null ? 'removed' : String(one.value),
    limitRules[one.key.limit].unit,
    String(one.revision),
    isoFromMicros(one.at).slice(0, 19),
    one.agreedBy === '' ? one.setBy : `${one.setBy}, ${one.agreedBy} agreed`,
  ]);
  return {
    exitCode: exitCodes.healthy,
    body: { limits: list.map(limitBody), ...(core === undefined ? {} : { volatility: levelBody(core) }) },
    text: [
      ...(rows.length === 0
        ? ['no limit is set on this desk; those of docs/reference/limits.md can be']
        : table(['scope', 'limit', 'value', 'unit', 'revision', 'set at', 'by'], rows)),
      ...(core === undefined ? [] : ['', levelLine(core, view.at)]),
    ].join('\n'),
  };
}
