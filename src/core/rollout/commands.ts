import { parseSplit } from '../../base/decimal.ts';
import { cmp, splitZero } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { Command, CommandEnvelope } from '../../domain/command.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { applyLimit, applyRestriction } from '../limit-commands.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import { firstOfRow } from '../orders/order-store.ts';
import type { Outcome } from '../outcome.ts';
import { addRow as addLedgerRow } from '../positions/ledger.ts';
import { setSliceCapital } from '../risk/capital.ts';
import { addSlice, modeOf, rowID, type Slice } from '../risk/order-gate.ts';
import { refuseActor, refuseAlone } from './authority.ts';
import { begin, grant, pause, resume } from './controller.ts';
import { accepted, deploy, findDeployment, refused, type CommandOutcome } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import { gateNamesBefore, waiverKey } from './entry-gates.ts';
import { kill, release } from './kill.ts';
import { changeRow } from './rows.ts';
import { rememberAnswer, rollbackInFlight, setLifecycle, setPhase } from './rollout.ts';
import { rollBack } from './saga.ts';
import { workingMode } from './working-mode.ts';

/** Answers a command once: a repetition of its key gets the same answer and changes nothing. */
export function command(core: Core, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): void {
  const { commandID } = envelope;
  const known = core.rollout.answers.get(commandID);
  const { verb } = envelope.command;
  const answer =
    known === undefined
      ? (refuseActor(envelope) ?? act(core, envelope, seq, at, outcome))
      : { code: known.code as CommandOutcome['code'], text: known.text };
  const ok = answer.code === 'OK';
  if (known === undefined) rememberAnswer(core.rollout, commandID, { accepted: ok, code: answer.code, text: answer.text });
  outcome.decisions.push({ kind: 'commandAnswered', commandID, verb, accepted: ok, code: answer.code, text: answer.text });
  outcome.effects.push({ kind: 'answer', reducing: false, commandID, accepted: ok, code: answer.code, text: answer.text });
}

function act(core: Core, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const asked = envelope.command;
  const actor = envelope.actor.personID;
  switch (asked.verb) {
    case 'registerVersion':
      return registerVersion(core, asked);
    case 'setSlice':
      return setSlice(core, asked, envelope);
    case 'deploy':
      return deploy(core, asked.spec, actor, outcome);
    case 'promote':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'retry':
    case 'rollback':
    case 'approve':
    case 'waive':
      return onDeployment(core, asked, envelope, seq, at, outcome);
    case 'halt':
    case 'unhalt':
      return onVersion(core, asked, actor, seq, at, outcome);
    case 'kill':
      kill(core, asked.reason, actor, seq, at, outcome);
      return accepted('kill switch engaged: no new order leaves, every order is taken back');
    case 'release':
      release(core, asked.reason, actor, outcome);
      return accepted('kill switch released: deployments stay paused until they are resumed');
    case 'setLimit':
      return applyLimit(core, asked.key, asked.value, envelope, outcome);
    case 'restrict':
    case 'unrestrict':
      return applyRestriction(core, asked.instrumentID, asked.verb === 'restrict');
  }
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

function setSlice(core: Core, asked: Extract<Command, { verb: 'setSlice' }>, envelope: CommandEnvelope): CommandOutcome {
  const { gate, registry, rollout, ledger } = core;
  const currency = registry.currencyIx.get(asked.currency);
  if (currency === undefined) return refused('UNKNOWN_SCOPE', `currency ${asked.currency} is not registered`);
  const total = splitZero();
  const reserve = splitZero();
  const { exponent } = registry.currencies[currency];
  if (!parseSplit(asked.totalCapital, exponent, total).ok || !parseSplit(asked.reserve, exponent, reserve).ok) {
    return refused(
      'LIMIT_NOT_A_SAFE_INTEGER',
      `capital and reserve: expected decimals with at most ${exponent} places, were ${asked.totalCapital} and ${asked.reserve}`,
    );
  }
  const known = gate.sliceIx.get(asked.sliceID);
  if (known !== undefined && !isSameSlice(gate.slices[known], asked, currency))
    return refused('UNKNOWN_SLICE', `${asked.sliceID} is there with another algorithm, account group or currency: those never change`);
  const raises = known === undefined || cmp(total, gate.slices[known].total) > 0 || cmp(reserve, gate.slices[known].reserve) < 0;
  const alone = raises ? refuseAlone(envelope) : undefined;
  if (alone !== undefined) return alone;
  if (known !== undefined) {
    const sentence = setSliceCapital(gate, known, total, reserve);
    return sentence === ''
      ? accepted(`${asked.sliceID}: capital ${asked.totalCapital}, reserve ${asked.reserve}`)
      : refused('NOT_ENOUGH_FREE_CAPITAL', sentence);
  }
  let algorithm = rollout.algorithms.indexOf(asked.algorithmID);
  if (algorithm < 0) algorithm = rollout.algorithms.push(asked.algorithmID) - 1;
  const added = addSlice(gate, {
    sliceID: asked.sliceID,
    algorithm,
    algorithmID: asked.algorithmID,
    accountGroup: asked.accountGroup,
    currency,
    total,
    reserve,
  });
  if (!added.ok) return refused('CAPACITY_REACHED', added.error);
  addLedgerRow(ledger, gate.slices[added.value].custodian, algorithm);
  return accepted(`${asked.sliceID}: capital ${asked.totalCapital}, reserve ${asked.reserve}`);
}

function isSameSlice(slice: Slice, asked: Extract<Command, { verb: 'setSlice' }>, currency: number): boolean {
  return slice.algorithmID === asked.algorithmID && slice.accountGroup === asked.accountGroup && slice.currency === currency;
}

type OnDeployment = Extract<Command, { verb: 'promote' | 'pause' | 'resume' | 'abort' | 'retry' | 'rollback' | 'approve' | 'waive' }>;

function onDeployment(core: Core, asked: OnDeployment, envelope: CommandEnvelope, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const deployment = findDeployment(core, asked.deploymentID);
  if (deployment === undefined) return refused('UNKNOWN_DEPLOYMENT', `deployment ${asked.deploymentID} is not there`);
  if (envelope.expectedRevision !== null && envelope.expectedRevision !== deployment.revision) {
    return refused('REVISION_CHANGED', `${asked.deploymentID}: expected revision ${envelope.expectedRevision}, is ${deployment.revision}`);
  }
  switch (asked.verb) {
    case 'promote':
      return promote(core, deployment, asked.reason, at, outcome);
    case 'pause':
      if (deployment.phase !== 'Progressing') return notIn(deployment, 'pause', 'Progressing');
      pause(core, deployment, asked.reason, at, outcome);
      return accepted(`${asked.deploymentID} is paused`);
    case 'resume':
      return resumeOne(core, deployment, seq, at, outcome);
    case 'retry':
      if (deployment.phase !== 'Paused' || deployment.failedGate === '') return notIn(deployment, 'retry', 'Paused by a failed gate');
      if (core.rollout.killed) return refused('KILL_SWITCH_ENGAGED', 'the kill switch is engaged');
      deployment.failedGate = '';
      return resumeOne(core, deployment, seq, at, outcome);
    case 'abort':
    case 'rollback':
      return rollBackOne(core, deployment, asked.reason, envelope.actor.personID, seq, at, outcome);
    case 'approve':
      return approve(deployment, asked.stage, asked.specHash, envelope);
    case 'waive':
      return waive(deployment, asked.stage, asked.gate, asked.reason);
  }
}

function notIn(deployment: Deployment, verb: string, phase: string): CommandOutcome {
  return refused(
    'NOT_IN_THIS_PHASE',
    `${verb}: expected ${deployment.spec.deploymentID} to be ${phase}, is ${deployment.phase}${deployment.reason === '' ? '' : ` (${deployment.reason})`}`,
  );
}

/** One rung up by two people: their waiver of everything but the capital and the limits. */
function promote(core: Core, deployment: Deployment, reason: string, at: Micros, outcome: Outcome): CommandOutcome {
  if (deployment.phase !== 'Progressing' && deployment.phase !== 'Paused') return notIn(deployment, 'promote', 'Progressing or Paused');
  if (core.rollout.killed) return refused('KILL_SWITCH_ENGAGED', 'the kill switch is engaged');
  const target = deployment.stage + 1;
  if (deployment.spec.strategy !== 'Canary' || target >= deployment.spec.stages.length)
    return notIn(deployment, 'promote', 'below its last stage');
  if (deployment.phase === 'Paused') resume(core, deployment, at, outcome);
  if (!grant(core, deployment, target, [`promoted by people: ${reason}`], at, outcome))
    return refused('NOT_ENOUGH_FREE_CAPITAL', deployment.reason);
  return accepted(`${deployment.spec.deploymentID} is at ${deployment.spec.stages[target].name}`);
}

function resumeOne(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const { gate, rollout } = core;
  const { row } = deployment;
  const takenBack = modeOf(gate, row) === 'CANCEL_ONLY' && !core.staleRows.has(row);
  const complete = deployment.phase === 'Healthy' && deployment.stage >= 0 && rollout.serving[row] === deployment.ix;
  if (deployment.phase !== 'Paused' && !(complete && takenBack)) return notIn(deployment, 'resume', 'Paused');
  if (rollout.killed) return refused('KILL_SWITCH_ENGAGED', 'the kill switch is engaged');
  if (deployment.failedGate !== '') return refused('NOT_IN_THIS_PHASE', `${deployment.failedGate} failed: a failed gate asks for retry`);
  if (takenBack) {
    changeRow(core, row, { mode: workingMode(core, row, deployment.stage < 0) }, 'core', 'resumed', outcome);
    const trading = modeOf(gate, row) !== 'CANCEL_ONLY';
    outcome.effects.push({ kind: 'authority', reducing: false, row, epoch: gate.epoch[row], capital: core.capitalOf(row), trading });
  }
  // what never began asks for its first stage now
  if (rollout.lifecycle[row] === 'Ready') begin(core, deployment, seq, at, outcome);
  else if (!complete) resume(core, deployment, at, outcome);
  return accepted(`${deployment.spec.deploymentID} goes on`);
}

function rollBackOne(
  core: Core,
  deployment: Deployment,
  reason: string,
  actor: string,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  switch (deployment.phase) {
    case 'Aborted':
    case 'RollingBack':
      return accepted(`${deployment.spec.deploymentID} is ${deployment.phase} already`);
    case 'Degraded':
      if (rollbackInFlight(core.rollout, core.gate.rows[deployment.row].slice))
        return notIn(deployment, 'abort', 'without a rollback under way');
      setPhase(deployment, 'Aborted', `closed by ${actor}: ${reason}`, outcome);
      return accepted(`${deployment.spec.deploymentID} is closed`);
    case 'Proposed':
    case 'Progressing':
    case 'Paused':
    case 'Healthy':
      rollBack(core, deployment.row, { rule: 'manual', class: 'human', value: 1, limit: 0, text: reason, actor }, seq, at, outcome);
      return accepted(`${deployment.spec.deploymentID} is rolled back`);
  }
}

function approve(deployment: Deployment, stage: number, specHash: string, envelope: CommandEnvelope): CommandOutcome {
  const { actor } = envelope;
  if (specHash !== deployment.spec.specHash)
    return refused('SPEC_HASH_DIFFERS', `approval is for ${specHash.slice(0, 12)}…, the spec is ${deployment.spec.specHash.slice(0, 12)}…`);
  if (actor.personID === deployment.proposedBy) return refused('SECOND_PERSON_REQUIRED', 'who proposed a deployment does not approve it');
  const wanted = deployment.spec.stages[stage]?.entryApproval;
  if (wanted === null || wanted === undefined) return refused('UNKNOWN_GATE', `stage ${stage} asks for no approval`);
  if (!actor.roles.some((role) => wanted.roles.includes(role)))
    return refused('ROLE_REQUIRED', `approval takes ${wanted.roles.join(' or ')}`);
  const people = deployment.approvals.get(stage) ?? [];
  if (!people.includes(actor.personID)) people.push(actor.personID);
  deployment.approvals.set(stage, people);
  return accepted(`${people.length} of ${wanted.count} approvals`);
}

function waive(deployment: Deployment, stage: number, gate: string, reason: string): CommandOutcome {
  const { spec } = deployment;
  const wanted = spec.stages[stage];
  if (wanted === undefined)
    return refused('UNKNOWN_GATE', `stage: expected 0…${spec.stages.length - 1} of ${spec.deploymentID}, was ${stage}`);
  const names = gateNamesBefore(spec, wanted);
  if (!names.includes(gate))
    return refused(
      'UNKNOWN_GATE',
      `gate: expected one that ${wanted.name} asks for, ${names.join(', ') || 'it asks for none'}, was ${gate}`,
    );
  deployment.waivers.add(waiverKey(stage, gate));
  return accepted(`${spec.deploymentID}: gate ${gate} before ${wanted.name} is waived: ${reason}`);
}

function onVersion(
  core: Core,
  asked: Extract<Command, { verb: 'halt' | 'unhalt' }>,
  actor: string,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const { gate, rollout } = core;
  const row = gate.rowIx.get(rowID(asked.sliceID, asked.version));
  if (row === undefined) return refused('UNKNOWN_VERSION', `version ${asked.version} is not in ${asked.sliceID}`);
  if (asked.verb === 'halt') {
    rollBack(core, row, { rule: 'manual', class: 'human', value: 1, limit: 0, text: asked.reason, actor }, seq, at, outcome);
    return accepted(`${rowID(asked.sliceID, asked.version)} is halted`);
  }
  if (rollout.lifecycle[row] !== 'Halted') return refused('NOT_IN_THIS_PHASE', `${rowID(asked.sliceID, asked.version)} is not halted`);
  if (rollout.killed) return refused('KILL_SWITCH_ENGAGED', 'the kill switch is engaged');
  if (rollbackInFlight(rollout, gate.rows[row].slice))
    return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a rollback is under way in ${asked.sliceID}`);
  if (firstOfRow(core.orders, row) !== undefined)
    return refused(
      'NOT_IN_THIS_PHASE',
      `${rowID(asked.sliceID, asked.version)} has orders without a certain end: the venue must answer first`,
    );
  cancelOrdersOfRow(core, row, seq, 'unhalt', outcome);
  changeRow(core, row, { mode: 'SIMULATED', epoch: gate.epoch[row] + 1, byPerson: true }, actor, asked.reason, outcome);
  rollout.serving[row] = -1;
  setLifecycle(rollout, gate, row, 'Registered', `lifted by ${actor}: ${asked.reason}`, outcome);
  return accepted(`${rowID(asked.sliceID, asked.version)} may be deployed again`);
}
