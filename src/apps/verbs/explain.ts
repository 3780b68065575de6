import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { rolesOfVerb } from '../../core/rollout/authority.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import { activeTime, type Deployment } from '../../core/rollout/deployment.ts';
import { windowText } from '../../core/rollout/freeze-window.ts';
import type { Judgment } from '../../core/rollout/judgment.ts';
import { judgeNow } from '../../core/rollout/promotion.ts';
import type { DeploymentView, DeskView, ProposalView, RollbackView } from '../../projections/desk-view.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { breakLinesOf } from '../desk/describe-breaks.ts';
import { comparedBody, comparedLines, comparisonsOf } from '../desk/describe-compared.ts';
import { clockOf, exitCodeOf, money, percent } from '../desk/describe.ts';
import { swapLine, swapStanding } from '../desk/describe-swap.ts';
import { whoApproves } from '../desk/describe-approvals.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { holdLines, limitLines } from './holds.ts';
import { rollbackOf, rolledBackText, whyText } from './status.ts';

/** What the core knows beyond the journal's view, judged at this moment and recorded nowhere. */
interface Live {
  readonly judgments: readonly Judgment[];
  readonly next: string;
  readonly revision: number;
}

/** Why a deployment is where it is: what is missing and how far, when it is judged next, and who or what acts next (LIV1). */
export function explainView(view: DeskView, id: string, core?: Core): ControlAnswer {
  const deployment = view.deployments.get(id);
  if (deployment === undefined) {
    const known = [...view.deployments.keys()];
    const text = `deployment ${id} is not there${known.length === 0 ? '' : `: there are ${known.join(', ')}`}`;
    return { exitCode: exitCodes.refused, body: { error: text }, text };
  }
  const found = core === undefined ? undefined : findDeployment(core, id);
  const swap = core === undefined ? undefined : swapStanding(core, found);
  const live =
    core === undefined || found === undefined || swap !== undefined || !isClimbing(deployment) ? undefined : liveOf(core, found, view.at);
  // what a cutover came to says more than the phase, and so does who trades again after it
  const tells = swap !== undefined && !view.killed && (isClimbing(deployment) || swap.step === 'rolledBack');
  const acts = tells && deployment.phase !== 'Degraded' ? swap.next : whoActs(view, deployment, found, core);
  const rollback = rollbackOf(view, deployment);
  const proposals = [...view.proposals.values()].filter(({ subject, expiresAt }) => subject === id && expiresAt > view.at);
  const breaks = breakLinesOf(view, deployment);
  const holds = core === undefined || isOver(deployment) ? [] : holdLines(core, deployment.row, view.at);
  const limits = core === undefined || isOver(deployment) ? [] : limitLines(core, deployment.row);
  const text = [
    headline(view, deployment),
    ...(swap === undefined ? [] : [swapLine(swap)]),
    ...(rollback === undefined ? [] : rollbackLines(rollback)),
    ...(live !== undefined ? judgedLines(deployment, live) : rollback === undefined ? lastJudged(deployment) : []),
    ...proposals.map(proposalLine),
    ...holds,
    ...limits,
    ...breaks.map((line) => `held back by a break with a venue: ${line}`),
    ...comparisonsOf(view, deployment.row).flatMap((one) => comparedLines(view, one)),
    `next: ${acts}`,
    ...(deployment.stages.length === 0 ? [] : ['granted:']),
    ...deployment.stages.map((stage) => `  ${clockOf(stage.at)} ${stage.name}: ${stage.reasons.join('; ')} (record ${stage.seq})`),
  ].join('\n');
  const body = {
    deploymentID: id,
    phase: deployment.phase,
    reason: deployment.reason,
    next: acts,
    ...(swap === undefined ? {} : { swap }),
    ...(live === undefined ? {} : { judgedNow: live.judgments, when: live.next, revision: live.revision }),
    ...(rollback === undefined ? {} : { rollback: { rule: rollback.trigger.rule, text: rollback.trigger.text, steps: rollback.steps } }),
    proposals,
    holds,
    limits,
    breaks,
    compared: comparisonsOf(view, deployment.row).map((one) => comparedBody(view, one)),
    stages: deployment.stages,
    gates: [...deployment.gates.values()],
  };
  return { exitCode: exitCodeOf(view, id), body, text };
}

function isClimbing({ phase }: DeploymentView): boolean {
  return phase === 'Progressing' || phase === 'Paused';
}

function isOver({ phase }: DeploymentView): boolean {
  return phase === 'Aborted' || phase === 'RollingBack';
}

function headline(view: DeskView, deployment: DeploymentView): string {
  const { deploymentID, phase, reason, stages, row } = deployment;
  const stage = stages.at(-1);
  const cap = view.rows.get(row)?.cap ?? '0';
  const at =
    stage === undefined
      ? ''
      : stage.stage < 0
        ? ' on paper'
        : ` at ${stage.name} (${percent(stage.allocation)} of the capital, cap ${money(cap)}) since ${clockOf(stage.at)}`;
  return `${deploymentID} is ${phase}${at}${whyText(phase, reason)}`;
}

function liveOf(core: Core, deployment: Deployment, at: number): Live {
  const judgments = judgeNow(core, deployment, microsUnchecked(at));
  return {
    judgments: judgments.map((one) => withRate(core, deployment, one, at)),
    next: whenNext(deployment, at),
    revision: deployment.revision,
  };
}

/** How long fills would take at the rate so far; a gate of evidence says its own. */
function withRate(core: Core, deployment: Deployment, judged: Judgment, at: number): Judgment {
  if (judged.gate !== 'minTrades' || judged.verdict === 'pass') return judged;
  const active = activeTime(deployment, microsUnchecked(at));
  if (judged.value <= 0 || active <= 0) return { ...judged, text: `${judged.text}, none so far` };
  const left = ((judged.limit - judged.value) * active) / judged.value;
  return { ...judged, text: `${judged.text}, about ${durationText(left)} at this rate` };
}

function whenNext(deployment: Deployment, at: number): string {
  const { phase, judgeAt, activeSince } = deployment;
  if (phase === 'Paused') return 'nothing is judged while it is paused';
  if (activeSince < 0) return 'the clock of the stage stands: its session is closed or its marks are stale';
  return judgeAt > at
    ? `judged next at ${isoFromMicros(judgeAt).slice(11, 19)}, in ${durationText(judgeAt - at)}`
    : 'judged with the next input';
}

/** Microseconds in words. */
export function durationText(micros: number): string {
  const seconds = micros / 1e6;
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}

function judgedLines({ spec, stages }: DeploymentView, { judgments, next }: Live): readonly string[] {
  const target = spec.stages[(stages.at(-1)?.stage ?? -1) + 1]?.name;
  const goal = spec.strategy === 'PaperTrading' ? 'passed on paper' : target === undefined ? 'complete' : `promoted to ${target}`;
  const missing = judgments.filter(({ verdict }) => verdict !== 'pass');
  const met = judgments.filter(({ verdict }) => verdict === 'pass');
  const said = missing.map(({ gate, verdict, text }) => `  ${gate} ${verdict}: ${text}`);
  return [
    missing.length === 0
      ? `nothing is missing to be ${goal}; ${next}`
      : `not ${goal}: ${missing.length} of ${judgments.length} are missing; ${next}`,
    ...said,
    ...(met.length === 0 ? [] : [`  met: ${met.map(({ gate, text }) => `${gate} (${text})`).join('; ')}`]),
  ];
}

/** What set a rollback off, and each of its steps. */
function rollbackLines(rollback: RollbackView): readonly string[] {
  const steps = rollback.steps.map(({ step, virtualMicros, text }) => `  ${step}: ${text} (+${(virtualMicros / 1_000).toFixed(1)} ms)`);
  return [rolledBackText(rollback), ...steps];
}

/** Of a desk that does not run: the gates of one stage are judged on one number; those of stages before it stand with what they granted. */
function lastJudged(deployment: DeploymentView): readonly string[] {
  const judged = [...deployment.gates.values()];
  const newest = Math.max(0, ...judged.map(({ atSeq }) => atSeq));
  const gates = judged.filter(({ atSeq }) => atSeq === newest).map(({ gate, verdict, text }) => `  ${verdict.padEnd(12)} ${gate}: ${text}`);
  return gates.length === 0 ? [] : [`last judged, on record ${newest}:`, ...gates];
}

function proposalLine({ proposalID, text, actor }: ProposalView): string {
  return `proposed by ${actor}: ${text}; yes: plimsoll approve ${proposalID}, no: plimsoll deny ${proposalID}`;
}

/** Who or what acts next, by name where the rules name somebody. */
export function whoActs(view: DeskView, deployment: DeploymentView, live?: Deployment, core?: Core): string {
  const { deploymentID } = deployment;
  switch (deployment.phase) {
    case 'Proposed':
      return 'its host: it loads and waits for a market in every listing';
    case 'Progressing': {
      if (deployment.spec.baselineOf !== undefined)
        return `${deployment.spec.baselineOf}: it gets the capital that one gets, and ends with it or before its larger stages`;
      if (live !== undefined && live.claim !== null)
        return 'the older version: it works off what it uses past the capital that it was left';
      const frozen = windowText(deployment.spec.freeze, view.at);
      if (frozen !== '') return `the controller: no capital is added in a freeze window, ${frozen}`;
      const stage = deployment.spec.stages[Math.max(0, deployment.stages.length - 1)];
      return stage === undefined
        ? 'the controller, when the paper run has lasted long enough'
        : `the controller, when ${stage.name} has lasted its minimum and its gates are judged`;
    }
    case 'Paused':
      return view.killed ? 'two people: release the kill switch, then resume' : whoResumes(deployment, live, view.at, core);
    case 'RollingBack':
      return 'the saga: orders end, lots go to the custodian';
    case 'Degraded':
      return `a person: plimsoll abort ${deploymentID} closes it when the residue is settled`;
    case 'Healthy':
      return 'nobody: it is done';
    case 'Aborted':
      return 'nobody: deploy another version';
  }
}

function whoResumes({ deploymentID }: DeploymentView, live: Deployment | undefined, at: number, core: Core | undefined): string {
  if (live === undefined) return 'a person: resume, retry, promote or abort';
  if (live.failedGate !== '')
    return `two people of ${rolesOfVerb('retry').join(', ')}: plimsoll retry ${deploymentID} asks ${live.failedGate} again`;
  if (live.pausedBy !== '')
    return `somebody of ${rolesOfVerb('resume').join(', ')}: plimsoll resume ${deploymentID} (${live.pausedBy} paused it)`;
  const approval = core === undefined ? '' : whoApproves(core, live, microsUnchecked(at));
  if (approval !== '') return approval;
  return `somebody of ${rolesOfVerb('resume').join(', ')} to resume it, or two to promote it with waivers`;
}
