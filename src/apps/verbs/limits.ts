import { isoFromMicros } from '../../base/time.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
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

/** Limits of a desk by scope: what is in force, at which revision, who set it and who agreed. */
export function limitsAnswer(view: DeskView): ControlAnswer {
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
    body: { limits: list.map(limitBody) },
    text:
      rows.length === 0
        ? 'no limit is set on this desk; those of docs/reference/limits.md can be'
        : table(['scope', 'limit', 'value', 'unit', 'revision', 'set at', 'by'], rows).join('\n'),
  };
}
