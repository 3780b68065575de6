import { assert } from '../../base/assert.ts';
import { parseSplit } from '../../base/decimal.ts';
import { durationMicros } from '../../base/duration.ts';
import type { Micros } from '../../base/units.ts';
import { isZero, setInto, splitZero, toNumber } from '../../base/split.ts';
import { powi } from '../../base/math.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { capitalChanged } from '../risk/monitors.ts';
import { modeOf, setPaperCap } from '../risk/order-gate.ts';
import { claimPatience, claimText, endClaim, fits, makeRoom } from './claims.ts';
import { judgeDeclared } from './declared-gates.ts';
import { countTime, judgeNext, paperStage, type Deployment } from './deployment.ts';
import { deployNext } from './deploy.ts';
import { judgeEntry } from './entry-gates.ts';
import { baselineEnding, baselineLoaded, getsStage, grantBaseline, waitsForBaseline } from './equal-baseline.ts';
import { capOfIncrease } from './equity-at-open.ts';
import { evidenceOf } from './evidence.ts';
import { noLaterThanOpening, waitsForWindow } from './freeze-window.ts';
import { giveWay } from './give-way.ts';
import { declareEvidence, noRoom, planEvidence } from './declare-evidence.ts';
import { killText } from './latches.ts';
import { durationLeft, durationPassed, judgeConditions, type Conditions, type Judgment } from './judgment.ts';
import { closePaper } from './paper-positions.ts';
import { waitsForVenues } from './reconciled-gate.ts';
import { splitIntervals } from './return-track.ts';
import { changeRow } from './rows.ts';
import { endBaseline } from './saga.ts';
import { judgeSharpeRatio } from './sharpe-gates.ts';
import { coreActor, isReplaced, setLifecycle, setPhase } from './rollout.ts';
import { pauseSwap, resumeSwap } from './swap-people.ts';
import { proposeSwap } from './swap-propose.ts';
import { recordVerdicts } from './verdicts.ts';
import { workingMode } from './working-mode.ts';

/** How long the controller waits before it judges again what was not yet decided. */
export const judgeEvery = 60_000_000;

/** A version has loaded and warmed up: the first stage, or the paper run, begins. */
export function begin(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): void {
  setPhase(deployment, 'Progressing', 'loaded and warm', outcome);
  const { gate, staleRows, startRows } = core;
  const { row } = deployment;
  closePaper(core, row, seq, outcome);
  if (deployment.baselineOf >= 0) {
    baselineLoaded(core, deployment, at);
    return;
  }
  if (killText(core, row) !== '' || (modeOf(gate, row) === 'CANCEL_ONLY' && !staleRows.has(row) && !startRows.has(row))) {
    pause(core, deployment, 'the kill switch came while it loaded', at, outcome);
    return;
  }
  if (deployment.spec.strategy === 'BlueGreen') {
    proposeSwap(core, deployment, at, outcome);
    return;
  }
  const onPaper = deployment.spec.strategy === 'PaperTrading' || (deployment.spec.progressive !== null && !deployment.leftShadow);
  if (!declareEvidence(core, deployment, onPaper, at)) {
    pause(core, deployment, noRoom, at, outcome);
    return;
  }
  if (onPaper) {
    grantPaper(core, deployment, at, outcome);
    return;
  }
  enter(core, deployment, seq, at, outcome);
}

/** The first rung, on its gates. */
function enter(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): void {
  if (waitsForBaseline(core, deployment)) {
    judgeNext(deployment, at + judgeEvery);
    return;
  }
  if (waitsForVenues(core, deployment, 0, seq, at, outcome) || waitsForWindow(core, deployment, 0, seq, at, outcome)) return;
  const judgments = judgeEntry(core, deployment, 0);
  if (!record(core, deployment, 0, judgments, seq, at, outcome)) return;
  grant(core, deployment, 0, ['loaded and warm', ...judgments.map((judgment) => judgment.text)], at, outcome);
}

function grantPaper(core: Core, deployment: Deployment, at: Micros, outcome: Outcome): void {
  const { row, spec } = deployment;
  const cap = splitZero();
  parseSplit(spec.totalCapital, exponentOf(core, deployment), cap);
  setPaperCap(core.gate, row, cap);
  capitalChanged(core.risk, row, true);
  splitIntervals(core, row);
  startStage(core, deployment, paperStage, at);
  setLifecycle(core.rollout, core.gate, row, 'Shadow', 'on paper: its orders go to the simulator', outcome);
  planEvidence(core);
  outcome.decisions.push({
    kind: 'stageGranted',
    deployment: deployment.ix,
    deploymentID: spec.deploymentID,
    stage: paperStage,
    name: 'Paper',
    allocation: 0,
    cap: { hi: cap.hi, lo: cap.lo },
    reasons: ['paper trades no capital'],
  });
  tellHost(core, deployment, toNumber(cap) / powi(10, exponentOf(core, deployment)), outcome);
}

/**
 * Grants a rung: the cap first in the row, the host's capital when the record is durable. False = there is not enough free capital: the version that completed the ladder
 * makes room and the rung waits for that, or nobody can and the climb pauses.
 */
export function grant(
  core: Core,
  deployment: Deployment,
  stage: number,
  reasons: readonly string[],
  at: Micros,
  outcome: Outcome,
): boolean {
  const { row, spec } = deployment;
  const { gate } = core;
  assert(!isReplaced(core.rollout, row), `${spec.deploymentID}: another version took over, it gets no capital`);
  const cap = splitZero();
  capOfIncrease(cap, core, gate.rows[row].slice, spec.stages[stage].allocation);
  if (isZero(cap)) {
    pause(core, deployment, `nothing of the capital is left for ${spec.stages[stage].name}`, at, outcome);
    return false;
  }
  const beside = getsStage(core, deployment, stage);
  if (beside === undefined) endBaseline(core, deployment, `it does not run beside ${spec.stages[stage].name}`, core.seq, at, outcome);
  const besideRow = beside?.row ?? -1;
  if (!fits(core, row, cap, besideRow)) {
    if (makeRoom(core, deployment, stage, cap, besideRow, at, outcome)) return false;
    if (baselineEnding(core, deployment)) {
      judgeNext(deployment, at + judgeEvery);
      return false;
    }
    pause(core, deployment, `not enough free capital for ${spec.stages[stage].name}`, at, outcome);
    return false;
  }
  const madeRoom = deployment.claim?.from;
  changeRow(core, row, { mode: workingMode(core, row, false, cap), cap, stage }, coreActor, `stage ${spec.stages[stage].name}`, outcome);
  deployment.allocation = spec.stages[stage].allocation;
  startStage(core, deployment, stage, at);
  setLifecycle(core.rollout, gate, row, 'Canary', `stage ${spec.stages[stage].name}`, outcome);
  planEvidence(core);
  const { name, allocation } = spec.stages[stage];
  outcome.decisions.push({
    kind: 'stageGranted',
    deployment: deployment.ix,
    deploymentID: spec.deploymentID,
    stage,
    name,
    allocation,
    cap: { hi: cap.hi, lo: cap.lo },
    reasons,
  });
  tellHost(core, deployment, toNumber(cap) / powi(10, exponentOf(core, deployment)), outcome);
  if (beside !== undefined) grantBaseline(core, beside, stage, cap, at, outcome);
  if (madeRoom !== undefined) giveWay(core, deployment, madeRoom, at, outcome);
  return true;
}

export function startStage(core: Core, deployment: Deployment, stage: number, at: Micros): void {
  const evidence = evidenceOf(core, deployment.row);
  deployment.stage = stage;
  deployment.stageGrantedAt = at;
  deployment.activeMicros = 0;
  deployment.activeSince = -1;
  deployment.sessions = 0;
  setInto(deployment.pnlAtGrant, evidence.pnl);
  deployment.tradesAtGrant = evidence.trades;
  deployment.winsAtGrant = evidence.wins;
  deployment.lossesAtGrant = evidence.losses;
  deployment.lastVerdicts.clear();
  endClaim(deployment);
  deployment.revision++;
  countTime(deployment, clockRuns(core, deployment), at);
  planJudgment(deployment, at);
}

/** Wall clocks always run; market clocks while the session is open and the marks are fresh. */
export function clockRuns(core: Core, deployment: Deployment): boolean {
  if (deployment.phase !== 'Progressing') return false;
  if (deployment.spec.clock.kind === 'wall') return true;
  return core.isOpen(deployment.spec.clock.calendar) && evidenceOf(core, deployment.row).fresh;
}

/** Starts or stops the clocks of deployments after a change of session, freshness or phase. */
export function refreshClocks(core: Core, at: Micros): void {
  for (const deployment of core.rollout.deployments) {
    if ((deployment.phase !== 'Progressing' && deployment.activeSince < 0) || deployment.spec.strategy === 'BlueGreen') continue;
    const runs = clockRuns(core, deployment);
    if (runs === deployment.activeSince >= 0) continue;
    countTime(deployment, runs, at);
    planJudgment(deployment, at);
  }
}

/** When it is judged next; the opening of a freeze window comes before any later look. */
export function planJudgment(deployment: Deployment, at: Micros): void {
  judgeNext(deployment, noLaterThanOpening(deployment.spec.freeze, at, plannedAt(deployment, at)));
}

function plannedAt(deployment: Deployment, at: Micros): number {
  const { progressive } = deployment.spec;
  if (progressive !== null) return deployment.activeSince < 0 ? 0 : at + durationMicros(progressive.updateFrequency);
  if (deployment.claim !== null || isBeforeFirst(deployment)) return at + judgeEvery;
  const left = durationLeft(deployment, conditionsOf(deployment).minDuration, at);
  return deployment.activeSince < 0 ? 0 : at + (left > 0 ? left : judgeEvery);
}

/** Warm, and its first rung not granted yet. */
function isBeforeFirst({ stage, spec }: Deployment): boolean {
  return stage === paperStage && spec.strategy === 'Canary';
}

function tellHost(core: Core, deployment: Deployment, capital: number, outcome: Outcome): void {
  outcome.effects.push({
    kind: 'authority',
    reducing: false,
    row: deployment.row,
    epoch: core.gate.epoch[deployment.row],
    capital,
    trading: modeOf(core.gate, deployment.row) !== 'CANCEL_ONLY',
  });
}

/** What the present stage, or the paper run, must show. */
export function conditionsOf(deployment: Deployment): Conditions {
  const { spec, stage } = deployment;
  const { maxDrawdown, maxErrorRate } = spec.rollbackThresholds;
  if (stage === paperStage) {
    const criteria = spec.promotionCriteria;
    return {
      minDuration: criteria?.minDuration ?? { days: 7, micros: 0 },
      minPnL: criteria?.minPnL ?? '0',
      minTrades: criteria?.minTrades ?? 1,
      maxDrawdown: criteria?.maxDrawdown ?? maxDrawdown,
      maxErrorRate,
      minWinRate: criteria?.minWinRate ?? null,
      minSharpeRatio: criteria?.minSharpeRatio ?? null,
    };
  }
  const { minDuration, minPnL, minTrades } = spec.stages[stage];
  return { minDuration, minPnL, minTrades, maxDrawdown, maxErrorRate, minWinRate: null, minSharpeRatio: null };
}

/** What the present stage, or the paper run with its declared gates, owes, on one set of numbers. */
export function judgeOwed(core: Core, deployment: Deployment, conditions: Conditions): readonly Judgment[] {
  const owed = judgeConditions(deployment, conditions, evidenceOf(core, deployment.row));
  const sharpe = conditions.minSharpeRatio === null ? [] : [judgeSharpeRatio(core, deployment, conditions.minSharpeRatio)];
  const gates = deployment.stage === paperStage ? deployment.spec.gates : [];
  return [...owed, ...sharpe, ...gates.map((gate) => judgeDeclared(core, deployment, gate.name, gate))];
}

/** Judges a deployment whose time has come. All gates see one set of numbers at one seq (PRO1). */
export function judge(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): void {
  if (deployment.phase !== 'Progressing' || deployment.baselineOf >= 0) {
    judgeNext(deployment, 0);
    return;
  }
  const { claim, spec } = deployment;
  if (waitsForVenues(core, deployment, deployment.stage + 1, seq, at, outcome)) return;
  if (claim !== null && !fits(core, deployment.row, claim.cap, claim.beside)) {
    if (at - claim.at >= claimPatience)
      pause(core, deployment, `no room for ${spec.stages[claim.stage].name}: ${claimText(core, claim)}`, at, outcome);
    else judgeNext(deployment, at + judgeEvery);
    return;
  }
  if (isBeforeFirst(deployment)) {
    enter(core, deployment, seq, at, outcome);
    return;
  }
  const conditions = conditionsOf(deployment);
  if (!durationPassed(deployment, conditions.minDuration, at)) {
    planJudgment(deployment, at);
    return;
  }
  const target = deployment.stage + 1;
  const last = deployment.spec.strategy === 'PaperTrading' || target >= deployment.spec.stages.length;
  if (!last && waitsForWindow(core, deployment, target, seq, at, outcome)) return;
  const judgments = [...judgeOwed(core, deployment, conditions), ...(last ? [] : judgeEntry(core, deployment, target))];
  if (!record(core, deployment, target, judgments, seq, at, outcome)) return;
  const reasons = judgments.map((judgment) => judgment.text);
  if (last) {
    complete(core, deployment, seq, at, outcome);
    return;
  }
  if (!deployment.spec.autoProgress) {
    pause(core, deployment, `every gate of ${deployment.spec.stages[target].name} passed: waits for promote`, at, outcome);
    return;
  }
  grant(core, deployment, target, reasons, at, outcome);
}

/** Records verdicts; false = at least one does not pass, and what follows from that is done. */
export function record(
  core: Core,
  deployment: Deployment,
  stage: number,
  judgments: readonly Judgment[],
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): boolean {
  const bad = recordVerdicts(core, deployment, stage, judgments, seq, at, outcome);
  if (bad === undefined) return true;
  if (bad.verdict === 'fail') {
    deployment.failedGate = bad.gate;
    pause(core, deployment, `${bad.gate} failed: ${bad.text}`, at, outcome);
  } else if (deployment.spec.onInconclusive === 'hold') {
    endClaim(deployment);
    judgeNext(deployment, at + judgeEvery);
  } else pause(core, deployment, `${bad.gate} ${bad.verdict}: ${bad.text}`, at, outcome);
  return false;
}

/** Stops the climb; what is held stays held. */
export function pause(core: Core, deployment: Deployment, reason: string, at: Micros, outcome: Outcome): void {
  setPhase(deployment, 'Paused', reason, outcome);
  endClaim(deployment);
  if (deployment.spec.strategy === 'BlueGreen') pauseSwap(core, deployment, reason, outcome);
  countTime(deployment, false, at);
  const { progressive } = deployment.spec;
  // a progressive allocation that is paused may still shrink
  const looks = progressive !== null && deployment.stage >= 0;
  judgeNext(deployment, looks ? at + durationMicros(progressive.updateFrequency) : 0);
}

/** Goes on after a pause. */
export function resume(core: Core, deployment: Deployment, at: Micros, outcome: Outcome): void {
  setPhase(deployment, 'Progressing', 'resumed', outcome);
  if (deployment.spec.strategy === 'BlueGreen') {
    resumeSwap(core, deployment, at, outcome);
    return;
  }
  countTime(deployment, clockRuns(core, deployment), at);
  planJudgment(deployment, at);
}

/** The last stage, or the paper run, is done: Healthy; a passed paper run deploys what it names. */
export function complete(core: Core, deployment: Deployment, seq: Seq, at: Micros, outcome: Outcome): void {
  const { row, spec } = deployment;
  setPhase(
    deployment,
    'Healthy',
    deployment.stage === paperStage ? 'passed on paper' : `${spec.stages[deployment.stage].name} held for its minimum`,
    outcome,
  );
  countTime(deployment, false, at);
  judgeNext(deployment, 0);
  if (deployment.stage !== paperStage) {
    deployment.completed = true;
    endBaseline(core, deployment, 'its ladder is complete', seq, at, outcome);
    setLifecycle(core.rollout, core.gate, row, 'Active', 'the ladder is complete', outcome);
    return;
  }
  outcome.effects.push({ kind: 'unload', reducing: true, row });
  cancelOrdersOfRow(core, row, seq, 'paper run ended', outcome);
  core.rollout.serving[row] = -1;
  if (spec.then === null) {
    setLifecycle(core.rollout, core.gate, row, 'Retired', 'passed on paper; nothing follows', outcome);
    return;
  }
  deployNext(core, spec.then, deployment.proposedBy, seq, outcome);
}

function exponentOf(core: Core, deployment: Deployment): number {
  const { gate, registry } = core;
  return registry.currencies[gate.slices[gate.rows[deployment.row].slice].currency].exponent;
}
