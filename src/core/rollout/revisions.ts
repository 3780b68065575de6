import type { Command, CommandEnvelope } from '../../domain/command.ts';
import { killTargetText, wholeFirm } from '../../domain/kill.ts';
import { limitText } from '../../domain/limit.ts';
import type { Core } from '../core.ts';
import { limitRevision } from '../risk/limits.ts';
import { rowID } from '../risk/order-gate.ts';
import { findDeployment, refused, type CommandOutcome } from './deploy.ts';
import { latchOf } from './latches.ts';

/** What a command is about, and the revision of it that a command may expect (for a version its epoch); null = nothing to expect. */
interface Aim {
  readonly subject: string;
  readonly revision: number | null;
}

export function aimOf(core: Core, asked: Command): Aim {
  const { gate } = core;
  switch (asked.verb) {
    case 'promote':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'retry':
    case 'rollback':
    case 'undo':
    case 'approve':
    case 'deny':
    case 'waive':
      return { subject: asked.deploymentID, revision: findDeployment(core, asked.deploymentID)?.revision ?? null };
    case 'halt':
    case 'unhalt':
    case 'flatten':
      return aimAtRow(core, rowID(asked.sliceID, asked.version));
    case 'setSlice':
    case 'allocate': {
      const slice = gate.sliceIx.get(asked.sliceID);
      const subject = asked.verb === 'allocate' ? rowID(asked.sliceID, asked.version) : asked.sliceID;
      return { subject, revision: slice === undefined ? null : gate.slices[slice].revision };
    }
    case 'startStrategy':
    case 'stopStrategy':
    case 'pauseStrategy':
      return { subject: asked.algorithmID, revision: asked.verb === 'startStrategy' ? revisionOfAll(core, asked.algorithmID) : null };
    case 'deploy':
      return { subject: asked.spec.deploymentID, revision: null };
    case 'registerVersion':
      return { subject: `${asked.algorithmID}/${asked.version}`, revision: null };
    case 'setLimit':
      return { subject: limitText(asked.key), revision: limitRevision(core.risk.limits, asked.key) };
    case 'restrict':
    case 'unrestrict':
      return { subject: asked.instrumentID, revision: asked.verb === 'unrestrict' ? restrictionsOf(core, asked.instrumentID) : null };
    case 'knowPeople':
    case 'reconcile':
      return { subject: asked.verb === 'reconcile' ? 'every venue' : 'everybody', revision: null };
    case 'tellSignal':
      return { subject: asked.name, revision: null };
    case 'acceptBreak':
      return { subject: asked.breakID, revision: differenceOf(core, asked.breakID) };
    case 'acceptTrials':
      return { subject: asked.algorithmID, revision: core.rollout.trialHeads.get(asked.algorithmID)?.trials ?? 0 };
    case 'propose':
      return aimOf(core, asked.command);
    case 'agree':
    case 'disagree':
      return { subject: asked.proposalID, revision: null };
    case 'kill':
    case 'release': {
      const { target = wholeFirm } = asked;
      // a release takes back the kill that its people know of
      const revision = asked.verb === 'release' ? (latchOf(core, target)?.generation ?? null) : null;
      return { subject: target.scope === 'firm' ? '' : killTargetText(target), revision };
    }
  }
}

function aimAtRow({ gate }: Core, subject: string): Aim {
  const row = gate.rowIx.get(subject);
  return { subject, revision: row === undefined ? null : gate.epoch[row] };
}

/** What two people accept is how much differs, and no more. */
function differenceOf({ reconciliation }: Core, breakID: string): number | null {
  const one = reconciliation.breaks.get(breakID);
  return one === undefined || one.state === 'resolved' ? null : one.there - one.here;
}

/** Of everything that was ever deployed of an algorithm: it grows with each word about any of it. null = the algorithm is not there. */
function revisionOfAll({ gate, rollout }: Core, algorithmID: string): number | null {
  if (!rollout.algorithms.includes(algorithmID)) return null;
  let sum = 0;
  for (const { row, revision } of rollout.deployments) if (gate.rows[row].algorithmID === algorithmID) sum += revision;
  return sum;
}

/** An unrestrict takes back the restrictions that its people know of. */
function restrictionsOf({ registry, risk }: Core, instrumentID: string): number | null {
  const instrument = registry.instrumentIx.get(instrumentID);
  return instrument === undefined ? null : risk.sessions.restrictions[instrument];
}

/** Undefined = the state is the expected one, or nothing was expected. A limit that is set counts its own revisions; one that is proposed is compared here, before a second person is asked. */
export function refuseRevision(core: Core, { command: asked, expectedRevision }: CommandEnvelope): CommandOutcome | undefined {
  const verb = asked.verb === 'propose' ? asked.command.verb : asked.verb;
  if (expectedRevision === null || asked.verb === 'setLimit') return undefined;
  const { subject, revision } = aimOf(core, asked);
  // what is not there is refused by its own name
  if (revision === null) {
    return isCounted(verb) ? undefined : refused('EXPECTATION_NOT_KNOWN', `${verb} knows no revision to expect, was ${expectedRevision}`);
  }
  return revision === expectedRevision
    ? undefined
    : refused('REVISION_CHANGED', `${subject}: expected revision ${expectedRevision}, is ${revision}`);
}

function isCounted(verb: Command['verb']): boolean {
  switch (verb) {
    case 'stopStrategy':
    case 'pauseStrategy':
    case 'deploy':
    case 'registerVersion':
    case 'restrict':
    case 'agree':
    case 'disagree':
    case 'kill':
    case 'release':
    case 'tellSignal':
    case 'reconcile':
    case 'knowPeople':
      return false;
    default:
      return true;
  }
}
