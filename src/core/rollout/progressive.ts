import { durationMicros } from '../../base/duration.ts';
import { cmp, setInto, splitZero } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { ProgressivePlan } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow, cancelOrdersWhere } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { capOf } from '../risk/capital.ts';
import { capInto, modeOf } from '../risk/order-gate.ts';
import { closesHeld } from './closing-legs.ts';
import { confidenceOf, rungOf, shrunkAllocation, type Confidence } from './confidence.ts';
import { begin, complete, grant, pause, planJudgment, record, startStage } from './controller.ts';
import { activeTime, judgeNext, type Deployment } from './deployment.ts';
import { judgeEntry } from './entry-gates.ts';
import { evidenceOf } from './evidence.ts';
import { waitsForWindow } from './freeze-window.ts';
import { durationPassed, judgeErrors, judgeFresh, type Judgment } from './judgment.ts';
import { waitsForVenues } from './reconciled-gate.ts';
import { changeRow } from './rows.ts';
import { coreActor, setLifecycle } from './rollout.ts';
import { recordVerdicts } from './verdicts.ts';
import { workingMode } from './working-mode.ts';

/**
 * One look at a progressive allocation: down at once, as far as the score says; up one rung when the score reaches it, the rung below has lasted its minimum and
 * every gate passes on the same number. Begins on paper, where its score must reach the first threshold.
 */
export function judgeProgressive(core: Core, deployment: Deployment, plan: ProgressivePlan, seq: Seq, at: Micros, outcome: Outcome): void {
  const { phase, stage } = deployment;
  if (!mayLook(core, deployment)) {
    judgeNext(deployment, 0);
    return;
  }
  planLook(deployment, plan, at);
  if (stage < 0 && deployment.leftShadow) {
    // loaded afresh, and its first rung was not granted at once
    if (core.rollout.lifecycle[deployment.row] === 'Ready') begin(core, deployment, seq, at, outcome);
    return;
  }
  const score = confidenceOf(core, deployment, plan);
  if (stage >= 0 && score.value >= plan.thresholds[0]) deployment.earned = true;
  // a score that is not there yet is no bad one: only what real results had earned can be lost to them; the limits guard the first rung until then.
  // One that is there no more (a return passed the declared stress) is the worst one
  const held = Number.isNaN(score.value) ? { ...score, value: 0 } : score;
  if (stage >= 0 && deployment.earned && held.value < plan.thresholds[stage]) shrink(core, deployment, plan, held, seq, at, outcome);
  else if (phase === 'Progressing') climb(core, deployment, plan, score, seq, at, outcome);
}

/** What is paused or complete is looked at too: its capital may only shrink. What was swapped away holds no rung any more. */
function mayLook({ rollout }: Core, { phase, stage, row }: Deployment): boolean {
  if (stage < 0) return phase === 'Progressing';
  const lifecycle = rollout.lifecycle[row];
  if (lifecycle !== 'Canary' && lifecycle !== 'Active') return false;
  return phase === 'Progressing' || phase === 'Healthy' || phase === 'Paused';
}

function planLook(deployment: Deployment, plan: ProgressivePlan, at: Micros): void {
  if (deployment.phase === 'Progressing') planJudgment(deployment, at);
  else judgeNext(deployment, at + durationMicros(plan.updateFrequency));
}

function climb(core: Core, deployment: Deployment, plan: ProgressivePlan, score: Confidence, seq: Seq, at: Micros, outcome: Outcome): void {
  const { spec, stage, allocation } = deployment;
  const whole = stage >= 0 && allocation < spec.stages[stage].allocation ? stage : stage + 1;
  const held = spec.stages[Math.max(0, stage)].minDuration;
  const lasted = durationPassed(deployment, held, at);
  if (whole >= spec.stages.length) {
    if (!lasted) return;
    complete(core, deployment, seq, at, outcome);
    planLook(deployment, plan, at);
    return;
  }
  const asked = judgeScore(plan, whole, score);
  if (asked.verdict !== 'pass') {
    recordVerdicts(core, deployment, whole, [asked], seq, at, outcome);
    wait(core, deployment, plan, asked, at, outcome);
    return;
  }
  if (!lasted || waitsForVenues(core, deployment, whole, seq, at, outcome)) return;
  if (waitsForWindow(core, deployment, whole, seq, at, outcome)) return;
  const judgments = [...judgeClimb(core, deployment, plan, whole, score), ...judgeEntry(core, deployment, whole)];
  if (!record(core, deployment, whole, judgments, seq, at, outcome)) {
    planLook(deployment, plan, at);
    return;
  }
  if (!spec.autoProgress) {
    pause(core, deployment, `every gate of ${spec.stages[whole].name} passed: waits for promote`, at, outcome);
    return;
  }
  if (stage < 0) leaveShadow(core, deployment, seq, outcome);
  else {
    const reasons = judgments.map((one) => one.text);
    grant(core, deployment, whole, reasons, at, outcome);
  }
}

/** What a rung owes beside its time and its entry gates: fresh marks, the score, few enough errors. */
export function judgeClimb(
  core: Core,
  deployment: Deployment,
  plan: ProgressivePlan,
  rung = deployment.stage + 1,
  score = confidenceOf(core, deployment, plan),
): readonly Judgment[] {
  const evidence = evidenceOf(core, deployment.row);
  const errors = deployment.spec.rollbackThresholds.maxErrorRate === null ? [] : [judgeErrors(evidence)];
  return [judgeFresh(evidence), judgeScore(plan, rung, score), ...errors];
}

function judgeScore(plan: ProgressivePlan, rung: number, { value, text }: Confidence): Judgment {
  const limit = plan.thresholds[rung];
  const verdict = value >= limit ? 'pass' : 'inconclusive';
  return { gate: 'confidence', verdict, value, limit, text: `${text}, ${limit} asked for` };
}

/** Waiting for a score is no failure; waiting without end is inconclusive. */
function wait(core: Core, deployment: Deployment, plan: ProgressivePlan, asked: Judgment, at: Micros, outcome: Outcome): void {
  const days = durationMicros(plan.patience);
  if (activeTime(deployment, at) < days) return;
  pause(core, deployment, `confidence inconclusive for ${(days / 86_400_000_000).toFixed(1)} days: ${asked.text}`, at, outcome);
}

/** What traded on paper holds positions that do not exist: the same version is loaded anew, flat, for its first rung (decision 0006). */
export function leaveShadow(core: Core, deployment: Deployment, seq: Seq, outcome: Outcome): void {
  const { row, spec, ix } = deployment;
  deployment.leftShadow = true;
  outcome.effects.push({ kind: 'unload', reducing: true, row });
  cancelOrdersOfRow(core, row, seq, 'leaves the shadow', outcome);
  setLifecycle(core.rollout, core.gate, row, 'Loading', `leaves the shadow for ${spec.stages[0].name}`, outcome);
  outcome.effects.push({ kind: 'load', reducing: false, row, deployment: ix, spec });
}

/** Less capital at once: along the curve within the hysteresis, else down to the rung that the score reaches, or to nothing. */
function shrink(
  core: Core,
  deployment: Deployment,
  plan: ProgressivePlan,
  score: Confidence,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): void {
  const { spec, stage, allocation } = deployment;
  const within = score.value >= plan.thresholds[stage] - plan.hysteresis;
  const rung = within ? stage : rungOf(plan, score.value);
  const wanted = within ? shrunkAllocation(spec, plan, stage, score.value) : rung < 0 ? 0 : spec.stages[rung].allocation;
  if (wanted >= allocation) return;
  const name = rung < 0 ? 'nothing' : spec.stages[rung].name;
  const reason = `down to ${wanted / 100} % (${name}): ${score.text}, ${plan.thresholds[stage]} asked for`;
  setAllocation(core, deployment, Math.max(0, rung), wanted, reason, seq, outcome);
  if (rung !== stage) startStage(core, deployment, Math.max(0, rung), at);
  planLook(deployment, plan, at);
  const { deploymentID } = spec;
  const text = `${deploymentID}: ${reason}`;
  outcome.decisions.push({
    kind: 'alertRaised',
    severity: 'medium',
    subject: 'CONFIDENCE_FELL',
    value: score.value,
    limit: plan.thresholds[stage],
    text,
  });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: 'CONFIDENCE_FELL', text });
  if (rung < 0 && deployment.phase === 'Progressing') pause(core, deployment, `no confidence, no capital: ${score.text}`, at, outcome);
}

const cap = splitZero();
const present = splitZero();

/** Never more capital in the row than it has (people may have lowered it, its slice may have grown), and less at once; what it uses beyond that only shrinks, and its open orders are taken back, but for those that only close what it holds. A row that was restricted stays so. */
function setAllocation(
  core: Core,
  deployment: Deployment,
  stage: number,
  allocation: number,
  reason: string,
  seq: Seq,
  outcome: Outcome,
): void {
  const { gate } = core;
  const { row } = deployment;
  deployment.allocation = allocation;
  deployment.revision++;
  capOf(allocation, gate.slices[gate.rows[row].slice].total, cap);
  capInto(present, gate, row);
  if (cmp(present, cap) < 0) setInto(cap, present);
  const working = modeOf(gate, row) === 'ACTIVE';
  changeRow(core, row, { ...(working ? { mode: workingMode(core, row, false, cap) } : {}), cap, stage }, coreActor, reason, outcome);
  outcome.effects.push({
    kind: 'authority',
    reducing: true,
    row,
    epoch: gate.epoch[row],
    capital: core.capitalOf(row),
    trading: modeOf(gate, row) !== 'CANCEL_ONLY',
  });
  if (modeOf(gate, row) === 'REDUCING')
    cancelOrdersWhere(core, row, (order) => !closesHeld(core, row, order), seq, 'its capital shrank', outcome);
}
