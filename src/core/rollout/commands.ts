import { canonicalJson, type JsonValue } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { utf8Encode } from '../../base/utf8.ts';
import type { Micros } from '../../base/units.ts';
import type { Command, CommandEnvelope } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { applyLimit, applyRestriction } from '../limit-commands.ts';
import type { Outcome } from '../outcome.ts';
import { acceptBreak } from '../reconcile/break-records.ts';
import { releaseRows } from '../reconcile/release.ts';
import { takeReconcile } from '../reconcile/rounds.ts';
import { tellSignal } from '../signal-commands.ts';
import { refuseActor } from './authority.ts';
import { accepted, deploy, refused, type CommandOutcome } from './deploy.ts';
import { onDeployment } from './deployment-commands.ts';
import { frozenText } from './freeze-window.ts';
import { killOn, releaseOn } from './kill-commands.ts';
import { agree, disagree, propose } from './proposals.ts';
import { refuseRevision } from './revisions.ts';
import { rememberAnswer } from './rollout.ts';
import { allocate, setSlice } from './slice-commands.ts';
import { knowPeople } from './known-people.ts';
import { onStrategy } from './strategy-commands.ts';
import { acceptTrials } from './trial-heads.ts';
import { flatten, haltVersion, unhaltVersion } from './version-commands.ts';

/** Answers a command once: a repetition of its key gets the same answer and changes nothing; the key with another command is refused. */
export function command(core: Core, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): void {
  const { commandID } = envelope;
  const known = core.rollout.answers.get(commandID);
  const { verb } = envelope.command;
  const digest = digestOf(envelope);
  const answer = known === undefined ? authorized(core, envelope, seq, at, outcome) : repeated(commandID, known, digest);
  const ok = answer.code === 'OK';
  if (known === undefined) rememberAnswer(core.rollout, commandID, { digest, accepted: ok, code: answer.code, text: answer.text });
  outcome.decisions.push({ kind: 'commandAnswered', commandID, verb, accepted: ok, code: answer.code, text: answer.text });
  outcome.effects.push({ kind: 'answer', reducing: false, commandID, accepted: ok, code: answer.code, text: answer.text });
}

/** Of everything that a person says with a command, but not under which key. */
function digestOf({ actor, approvedBy, expectedRevision, command: asked }: CommandEnvelope): string {
  const body = { actor: actor.personID, approvedBy: approvedBy?.personID ?? null, expectedRevision, command: asked };
  return hex(sha256(utf8Encode(canonicalJson(body as unknown as JsonValue))));
}

function repeated(
  key: string,
  known: { readonly digest: string; readonly code: string; readonly text: string },
  digest: string,
): CommandOutcome {
  return known.digest === digest
    ? { code: known.code as CommandOutcome['code'], text: known.text }
    : refused('KEY_USED_FOR_ANOTHER_COMMAND', `key ${key} was used for another command: a new command takes a new key`);
}

/** The command if its actor may and its state is the expected one. */
export function authorized(core: Core, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  return refuseActor(envelope) ?? refuseRevision(core, envelope) ?? act(core, envelope, seq, at, outcome);
}

/** A swap that a person proposes inside its own freeze window is refused (rollout.md 3, step 0); one that a paper run leads to waits for its opening. */
function deployAsked(core: Core, spec: DeploymentSpec, actor: string, at: Micros, outcome: Outcome): CommandOutcome {
  const frozen = spec.strategy === 'BlueGreen' ? frozenText(spec, 'deploy', at) : '';
  return frozen === '' ? deploy(core, spec, actor, outcome) : refused('FREEZE_WINDOW', frozen);
}

function act(core: Core, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const asked = envelope.command;
  const actor = envelope.actor.personID;
  switch (asked.verb) {
    case 'registerVersion':
      return registerVersion(core, asked);
    case 'setSlice':
      return setSlice(core, asked, envelope);
    case 'allocate':
      return allocate(core, asked, envelope, at, outcome);
    case 'deploy':
      return deployAsked(core, asked.spec, actor, at, outcome);
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
      return onDeployment(core, asked, envelope, seq, at, outcome);
    case 'halt':
      return haltVersion(core, asked, actor, seq, at, outcome);
    case 'unhalt':
      return unhaltVersion(core, asked, actor, seq, outcome);
    case 'flatten':
      return flatten(core, asked, actor, seq, at, outcome);
    case 'startStrategy':
    case 'stopStrategy':
    case 'pauseStrategy':
      return onStrategy(core, asked, actor, seq, at, outcome);
    case 'kill':
      return killOn(core, asked, actor, seq, at, outcome);
    case 'release':
      return releaseOn(core, asked, actor, outcome);
    case 'setLimit':
      return applyLimit(core, asked.key, asked.value, envelope, outcome);
    case 'tellSignal':
      return tellSignal(core, asked, envelope, at);
    case 'reconcile':
      return reconcileAll(core, at, outcome);
    case 'acceptTrials':
      return acceptTrials(core, asked, actor, outcome);
    case 'acceptBreak':
      return acceptOn(core, asked, actor, outcome);
    case 'knowPeople':
      return knowPeople(core, asked.people, actor, outcome);
    case 'restrict':
    case 'unrestrict':
      return applyRestriction(core, asked.instrumentID, asked.verb === 'restrict');
    case 'propose':
      return propose(core, asked.command, envelope, at, outcome, (one) => authorized(core, one, seq, at, outcome));
    case 'agree':
      return agree(core, asked.proposalID, asked.digest, envelope, at, outcome, (one) => authorized(core, one, seq, at, outcome));
    case 'disagree':
      return disagree(core, asked.proposalID, asked.reason, envelope, outcome);
  }
}

function reconcileAll(core: Core, at: Micros, outcome: Outcome): CommandOutcome {
  takeReconcile(core, { kind: 'reconcile', reason: 'person', venue: -1, every: 0 }, at, outcome);
  return accepted(`${core.registry.accounts.length} accounts are asked for at their venues`);
}

function acceptOn(core: Core, asked: Extract<Command, { verb: 'acceptBreak' }>, actor: string, outcome: Outcome): CommandOutcome {
  const why = acceptBreak(core, asked.breakID, asked.reason, actor, outcome);
  if (why !== '') return refused('UNKNOWN_BREAK', why);
  releaseRows(core, outcome);
  return accepted(`${asked.breakID} is accepted`);
}

function registerVersion(core: Core, asked: Extract<Command, { verb: 'registerVersion' }>): CommandOutcome {
  const { versions, algorithms } = core.rollout;
  const id = `${asked.algorithmID}/${asked.version}`;
  if (versions.has(id)) {
    return versions.get(id) === asked.artifactDigest
      ? accepted(`${id} is registered already`)
      : refused('ALREADY_DEPLOYED', `version ${id} is registered with another artifact: a version never changes`);
  }
  versions.set(id, asked.artifactDigest);
  if (!algorithms.includes(asked.algorithmID)) algorithms.push(asked.algorithmID);
  return accepted(`${id} is registered`);
}
