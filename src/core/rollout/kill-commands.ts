import type { Micros } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import type { Seq } from '../../domain/ids.ts';
import { killTargetText, wholeFirm } from '../../domain/kill.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { accepted, refused, type CommandOutcome } from './deploy.ts';
import { kill, release } from './kill.ts';
import { placeOfKill } from './latches.ts';

type OnKill = Extract<Command, { verb: 'kill' | 'release' }>;

/** Engaged by one person. */
export function killOn(
  core: Core,
  { target = wholeFirm, reason }: OnKill,
  actor: string,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const refusal = kill(core, target, reason, actor, seq, at, outcome);
  if (refusal !== '') return refused('UNKNOWN_SCOPE', refusal);
  const of = target.scope === 'firm' ? '' : ` of ${killTargetText(target)}`;
  return accepted(`kill switch${of} engaged: no new order leaves, every order is taken back`);
}

/** Released by two different people. */
export function releaseOn(core: Core, { target = wholeFirm, reason }: OnKill, actor: string, outcome: Outcome): CommandOutcome {
  if (placeOfKill(core, target) === undefined)
    return refused('UNKNOWN_SCOPE', `${killTargetText(target)}: nothing of that name is registered`);
  release(core, target, reason, actor, outcome);
  const of = target.scope === 'firm' ? '' : ` of ${killTargetText(target)}`;
  return accepted(`kill switch${of} released: deployments stay paused until they are resumed`);
}
