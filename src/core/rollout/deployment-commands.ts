import { setInto, splitZero } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { Command, CommandEnvelope } from '../../domain/command.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { approvalOf, approvedCapital, approvedName, approversOf } from './approvals.ts';
import { begin, judge, pause, resume } from './controller.ts';
import { accepted, findDeployment, refused, refuseReplaced, type CommandOutcome } from './deploy.ts';
import { approvalMicros, type Deployment } from './deployment.ts';
import { waiverKey } from './entry-gates.ts';
import { notIn, refuseRetry, refuseWaive } from './foresight.ts';
import { killText } from './latches.ts';
import { promote } from './promotion.ts';
import { changeRow } from './rows.ts';
import { isOnPaper, isReplaced, rollbackInFlight, setPhase, stoppedBy } from './rollout.ts';
import { rollBack } from './saga.ts';
import { undo } from './undo.ts';
import { workingMode } from './working-mode.ts';

type OnDeployment = Extract<Command, { readonly deploymentID: string }>;

/** Commands about one deployment. */
export function onDeployment(
  core: Core,
  asked: OnDeployment,
  envelope: CommandEnvelope,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const deployment = findDeployment(core, asked.deploymentID);
  if (deployment === undefined) return refused('UNKNOWN_DEPLOYMENT', `deployment ${asked.deploymentID} is not there`);
  const { personID } = envelope.actor;
  switch (asked.verb) {
    case 'promote':
      return promote(core, deployment, asked.reason, asked.waives ?? [], seq, at, outcome);
    case 'pause':
      return pauseOne(core, deployment, asked.reason, personID, at, outcome);
    case 'resume':
      return resumeOne(core, deployment, seq, at, outcome);
    case 'retry': {
      const refusal = refuseRetry(core, deployment);
      if (refusal !== undefined) return refusal;
      const { failedGate } = deployment;
      deployment.failedGate = '';
      const answer = resumeOne(core, deployment, seq, at, outcome);
      // one that is refused has judged nothing anew: the gate stays failed (PRO4)
      if (answer.code !== 'OK') deployment.failedGate = failedGate;
      return answer;
    }
    case 'abort':
    case 'rollback':
      return rollBackOne(core, deployment, asked.reason, personID, seq, at, outcome);
    case 'undo':
      return undo(core, deployment, asked.reason, personID, seq, at, outcome);
    case 'approve':
      return approve(core, deployment, asked.stage, asked.specHash, envelope, seq, at, outcome);
    case 'deny':
      return deny(core, deployment, asked.reason, personID, at, outcome);
    case 'waive': {
      const refusal = refuseWaive(deployment, asked.stage, asked.gate);
      if (refusal !== undefined) return refusal;
      deployment.waivers.add(waiverKey(asked.stage, asked.gate));
      deployment.revision++;
      return accepted(
        `${asked.deploymentID}: gate ${asked.gate} before ${deployment.spec.stages.at(asked.stage)?.name ?? 'the cutover'} is waived: ${asked.reason}`,
      );
    }
  }
}

/** Stops the climb by a person's word; a pause that a gate made becomes one. */
function pauseOne(core: Core, deployment: Deployment, reason: string, personID: string, at: Micros, outcome: Outcome): CommandOutcome {
  const { deploymentID } = deployment.spec;
  if (deployment.phase === 'Paused' && deployment.pausedBy === '') {
    deployment.pausedBy = personID;
    deployment.revision++;
    return accepted(`${deploymentID} was paused already and now waits for resume`);
  }
  if (deployment.phase !== 'Progressing') return notIn(deployment, 'pause', 'Progressing');
  pause(core, deployment, reason, at, outcome);
  deployment.pausedBy = personID;
  return accepted(`${deploymentID} is paused`);
}

export function resumeOne(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): CommandOutcome {
  const { gate, rollout } = core;
  const { row } = deployment;
  const takenBack = modeOf(gate, row) === 'CANCEL_ONLY' && !core.staleRows.has(row);
  const complete = deployment.phase === 'Healthy' && deployment.stage >= 0 && rollout.serving[row] === deployment.ix;
  if (deployment.phase !== 'Paused' && !(complete && takenBack)) return notIn(deployment, 'resume', 'Paused');
  const killed = killText(core, row);
  if (killed !== '') return refused('KILL_SWITCH_ENGAGED', killed);
  if (deployment.failedGate !== '') return refused('NOT_IN_THIS_PHASE', `${deployment.failedGate} failed: a failed gate asks for retry`);
  const swap = stoppedBy(rollout, row);
  if (swap !== undefined)
    return refused(
      'SWAP_OR_ROLLBACK_IN_FLIGHT',
      `resume: ${gate.rows[row].version} is stopped for swap ${swap.ix}, which ends it or gives it back`,
    );
  const replaced = refuseReplaced(core, row, 'resume');
  if (replaced !== undefined && !takenBack) return replaced;
  if (takenBack) {
    changeRow(core, row, { mode: workingMode(core, row, isOnPaper(rollout, row)) }, 'core', 'resumed', outcome);
    const trading = modeOf(gate, row) !== 'CANCEL_ONLY';
    outcome.effects.push({ kind: 'authority', reducing: false, row, epoch: gate.epoch[row], capital: core.capitalOf(row), trading });
  }
  // it works off what it holds, or stands by, as before it was stopped: its ladder is over
  if (replaced !== undefined) return accepted(`${deployment.spec.deploymentID} is ${rollout.lifecycle[row]} and gets no capital`);
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

/** A person's yes to the capital of a stage. What waited for nothing else is judged at once. */
function approve(
  core: Core,
  deployment: Deployment,
  stage: number,
  specHash: string,
  envelope: CommandEnvelope,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const { actor } = envelope;
  if (specHash !== deployment.spec.specHash)
    return refused('SPEC_HASH_DIFFERS', `approval is for ${specHash.slice(0, 12)}…, the spec is ${deployment.spec.specHash.slice(0, 12)}…`);
  if (actor.personID === deployment.proposedBy)
    return refused('PROPOSER_CANNOT_APPROVE', `${actor.personID} proposed ${deployment.spec.deploymentID}: it takes another person`);
  const { spec } = deployment;
  const wanted = approvalOf(spec, stage);
  const name = approvedName(spec, stage);
  if (wanted === null) return refused('UNKNOWN_GATE', `${spec.blueGreen === null ? `stage ${stage}` : name} asks for no approval`);
  if (stage <= deployment.stage)
    return refused('NOT_IN_THIS_PHASE', spec.blueGreen === null ? `stage ${stage} is granted already` : 'the cutover is made already');
  if (!isClimbing(deployment)) return notIn(deployment, 'approve', 'Proposed, Progressing or Paused');
  if (!actor.roles.some((role) => wanted.roles.includes(role)))
    return refused('ROLE_REQUIRED', `approval takes ${wanted.roles.join(' or ')}`);
  const others = (deployment.approvals.get(stage) ?? []).filter(({ personID, expiresAt }) => personID !== actor.personID && at < expiresAt);
  const capital = splitZero();
  setInto(capital, approvedCapital(core, deployment, stage));
  deployment.approvals.set(stage, [...others, { personID: actor.personID, expiresAt: at + approvalMicros, capital }]);
  const given = approversOf(core, deployment, stage, at).length;
  const answer = accepted(`${given} of ${wanted.count} approvals of ${name}, each for ${approvalMicros / 60e6} minutes`);
  if (given < wanted.count || !waitsForApprovalOnly(core, deployment)) return answer;
  const gone = resumeOne(core, deployment, seq, at, outcome);
  if (gone.code === 'OK' && spec.blueGreen === null && deployment.phase === 'Progressing' && deployment.stage < stage)
    judge(core, deployment, seq, at, outcome);
  return answer;
}

/** Whether it may still get what people approve. */
function isClimbing({ phase }: Deployment): boolean {
  return phase === 'Proposed' || phase === 'Progressing' || phase === 'Paused';
}

/** Paused by the controller for want of people, and nothing was taken from it. */
function waitsForApprovalOnly(core: Core, deployment: Deployment): boolean {
  const { phase, pausedBy, failedGate, lastVerdicts, row } = deployment;
  if (phase !== 'Paused' || pausedBy !== '' || failedGate !== '' || killText(core, row) !== '') return false;
  if (modeOf(core.gate, row) === 'CANCEL_ONLY' || isReplaced(core.rollout, row)) return false;
  const open = [...lastVerdicts].filter(([, verdict]) => verdict !== 'pass');
  return open.length === 1 && open[0][0] === 'approval';
}

/** A person's no: it takes back every approval and the climb stands until somebody resumes it. */
function deny(core: Core, deployment: Deployment, reason: string, personID: string, at: Micros, outcome: Outcome): CommandOutcome {
  const { deploymentID } = deployment.spec;
  if (deployment.phase !== 'Progressing' && deployment.phase !== 'Paused') return notIn(deployment, 'deny', 'Progressing or Paused');
  const taken = [...deployment.approvals.values()].reduce((sum, given) => sum + given.length, 0);
  deployment.approvals.clear();
  deployment.waivers.clear();
  deployment.revision++;
  if (deployment.phase === 'Progressing') pause(core, deployment, `denied by ${personID}: ${reason}`, at, outcome);
  deployment.pausedBy = personID;
  return accepted(`${deploymentID} is denied: ${taken} approvals taken back, it waits for resume`);
}
