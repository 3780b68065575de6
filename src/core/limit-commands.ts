import type { CommandEnvelope } from '../domain/command.ts';
import { limitText, type LimitKey, type LimitName } from '../domain/limit.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { watchHeld } from './position-limit-watch.ts';
import { watchEveryPosition } from './protection-watch.ts';
import { rollDrawdowns } from './risk/drawdown.ts';
import { changeLimit } from './risk/limit-command.ts';
import { neverBinds } from './risk/never-binds.ts';
import { usualCutAbove, usualCutAge } from './risk/size-cut.ts';
import { refuseAlone } from './rollout/authority.ts';
import { accepted, refused, type CommandOutcome } from './rollout/deploy.ts';

/** Limits that allow more when they are lowered: a shorter duplicate window lets more through. */
const tighterIsMore: ReadonlySet<LimitName> = new Set<LimitName>(['duplicateWindow']);

/** Sets or removes a limit. Setting the first one and tightening take one person, loosening and removing take two. */
export function applyLimit(core: Core, key: LimitKey, value: number | null, envelope: CommandEnvelope, outcome: Outcome): CommandOutcome {
  const id = limitText(key);
  const present =
    core.risk.limits.entries.find((one) => one.key.scope === key.scope && one.key.scopeID === key.scopeID && one.key.limit === key.limit)
      ?.value ?? null;
  if (loosens(key.limit, present, value)) {
    const alone = refuseAlone(envelope);
    if (alone !== undefined) return alone;
  }
  const idle = value === null ? undefined : neverBinds(core.risk, key.limit, value);
  if (idle !== undefined) return refused('LIMIT_NEVER_BINDS', `${id}: ${idle}`);
  const changed = changeLimit(core.risk, key, value, envelope.expectedRevision);
  if (!changed.ok) return refused(changed.error.code, changed.error.text);
  if (core.risk.drawdowns.nextAt === 0) rollDrawdowns(core.risk, core.at);
  const { from, to, revision } = changed.value;
  outcome.decisions.push({ kind: 'limitChanged', key, from, to, revision, actor: envelope.actor.personID });
  if (key.limit === 'maxUnprotectedQty') watchEveryPosition(core, core.at, outcome);
  if (key.limit === 'maxPosition') watchHeld(core, key, core.seq, outcome);
  return accepted(`${id} is ${to ?? 'not limited'}${from === null ? '' : `, was ${from}`} (revision ${revision})`);
}

/** What holds where nobody has set a limit: setting a wider one loosens. */
const usual: ReadonlyMap<LimitName, number> = new Map([
  ['volatilityCutAbove', usualCutAbove],
  ['volatilityMaxAge', usualCutAge],
]);

function loosens(limit: LimitName, from: number | null, to: number | null): boolean {
  if (to === null) return from !== null;
  const before = from ?? usual.get(limit);
  if (before === undefined) return false;
  return tighterIsMore.has(limit) ? to < before : to > before;
}

/** Puts an instrument on the restricted list, or takes it off. */
export function applyRestriction(core: Core, instrumentID: string, restricted: boolean): CommandOutcome {
  const instrument = core.registry.instrumentIx.get(instrumentID);
  if (instrument === undefined) return refused('UNKNOWN_INSTRUMENT', `instrument ${instrumentID} is not registered`);
  const { sessions } = core.risk;
  sessions.restricted[instrument] = restricted ? 1 : 0;
  if (restricted) sessions.restrictions[instrument] += 1;
  return accepted(`${instrumentID} is ${restricted ? 'on' : 'off'} the restricted list`);
}
