import type { Duration } from '../../base/duration.ts';
import type { Micros } from '../../base/units.ts';
import { suggest } from '../../base/suggest.ts';
import { isZero, splitZero } from '../../base/split.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { fits } from './claims.ts';
import { conditionsOf, grant, judgeOwed, resume } from './controller.ts';
import { accepted, refused, refuseReplaced, type CommandOutcome } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import { getsStage, waitsForBaseline } from './equal-baseline.ts';
import { judgeEntry, waiverKey } from './entry-gates.ts';
import { capOfIncrease } from './equity-at-open.ts';
import { freezeGate, frozenText } from './freeze-window.ts';
import { killText } from './latches.ts';
import { durationLeft, durationPassed, type Judgment } from './judgment.ts';
import { portfolioGate } from './portfolio-gate.ts';
import { promoteSwap, refuseSwapPromotion } from './swap-people.ts';
import { judgeClimb, leaveShadow } from './progressive.ts';
import { reconciledGate } from './reconciled-gate.ts';
import { recordVerdicts } from './verdicts.ts';

const wanted = splitZero();
/** Gates that no two people let pass. */
const neverWaived: ReadonlySet<string> = new Set(['fresh', portfolioGate, reconciledGate, freezeGate]);

/** Everything that a step up asks for, on one set of numbers: the time, what the present stage (or the paper run) owes, the entry of the next. Changes nothing. */
export function judgeNow(core: Core, deployment: Deployment, at: Micros): readonly Judgment[] {
  const { stage, spec } = deployment;
  // a swap is judged at its cutover, by gates of its own
  if (spec.strategy === 'BlueGreen') return [];
  const paper = spec.strategy === 'PaperTrading';
  const entry = paper || stage + 1 >= spec.stages.length ? [] : judgeEntry(core, deployment, stage + 1);
  const { progressive } = spec;
  if (progressive !== null)
    return [
      ...(stage < 0 ? [] : [judgeTime(deployment, spec.stages[stage].minDuration, at)]),
      ...judgeClimb(core, deployment, progressive),
      ...entry,
    ];
  if (stage < 0 && !paper) return entry;
  const conditions = conditionsOf(deployment);
  const owed = judgeOwed(core, deployment, conditions);
  return [judgeTime(deployment, conditions.minDuration, at), ...owed, ...entry];
}

function judgeTime(deployment: Deployment, minDuration: Duration, at: Micros): Judgment {
  const left = durationLeft(deployment, minDuration, at);
  const passed = durationPassed(deployment, minDuration, at);
  const sessions =
    minDuration.days > 0 && deployment.spec.clock.kind === 'market' ? `, ${deployment.sessions} of ${minDuration.days} sessions` : '';
  const text = passed ? 'the stage has lasted its minimum' : `${(left / 1e6).toFixed(0)} s of the stage are left${sessions}`;
  return { gate: 'minDuration', verdict: passed ? 'pass' : 'inconclusive', value: passed ? 0 : left, limit: 0, text };
}

/** Why a promotion is refused now; undefined = it is not. What does not pass has to be waived by its name, and missing data cannot be. */
export function refusePromotion(core: Core, deployment: Deployment, waives: readonly string[], at: Micros): CommandOutcome | undefined {
  const { spec, phase, stage, pausedBy } = deployment;
  if (phase !== 'Progressing' && phase !== 'Paused') return below(deployment, 'Progressing or Paused');
  if (deployment.baselineOf >= 0)
    return refused('NOT_IN_THIS_PHASE', `promote: ${spec.deploymentID} is a baseline and gets the capital of ${spec.baselineOf ?? ''}`);
  if (waitsForBaseline(core, deployment))
    return refused('NOT_IN_THIS_PHASE', `promote: the baseline of ${spec.deploymentID} has not loaded yet`);
  const killed = killText(core, deployment.row);
  if (killed !== '') return refused('KILL_SWITCH_ENGAGED', killed);
  const replaced = refuseReplaced(core, deployment.row, 'promote');
  if (replaced !== undefined) return replaced;
  const frozen = frozenText(spec, 'promote', at);
  if (frozen !== '') return refused('FREEZE_WINDOW', frozen);
  if (spec.strategy === 'BlueGreen') return refuseSwapPromotion(core, deployment, waives, at);
  const target = stage + 1;
  if ((spec.strategy !== 'Canary' && spec.strategy !== 'Progressive') || target >= spec.stages.length)
    return below(deployment, 'below its last stage');
  if (pausedBy !== '')
    return refused(
      'PAUSED_BY_A_PERSON',
      `${spec.deploymentID} was paused by ${pausedBy}: a pause comes before a promotion, resume it first`,
    );
  const judgments = judgeNow(core, deployment, at);
  const names = judgments.map(({ gate }) => gate).filter((gate) => !neverWaived.has(gate));
  const unknown = waives.find((one) => !names.includes(one));
  if (unknown !== undefined)
    return refused('UNKNOWN_GATE', `${unknown} cannot be waived here: expected ${names.join(', ')}${suggest(unknown, names)}`);
  const open = judgments.filter(({ gate, verdict }) => verdict !== 'pass' && !waives.includes(gate));
  if (open.length > 0)
    return refused('GATES_NOT_PASSED', `not promoted: ${open.map(({ gate, verdict, text }) => `${gate} ${verdict}, ${text}`).join('; ')}`);
  capOfIncrease(wanted, core, core.gate.rows[deployment.row].slice, spec.stages[target].allocation);
  return !isZero(wanted) && fits(core, deployment.row, wanted, getsStage(core, deployment, target)?.row)
    ? undefined
    : refused('NOT_ENOUGH_FREE_CAPITAL', `not enough free capital for ${spec.stages[target].name}`);
}

function below(deployment: Deployment, phase: string): CommandOutcome {
  const { spec, phase: is, reason } = deployment;
  return refused(
    'NOT_IN_THIS_PHASE',
    `promote: expected ${spec.deploymentID} to be ${phase}, is ${is}${reason === '' ? '' : ` (${reason})`}`,
  );
}

/** One rung up by two people, on one judgment of every gate (PRO1); what they let pass is named in the record. */
export function promote(
  core: Core,
  deployment: Deployment,
  reason: string,
  waives: readonly string[],
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const refusal = refusePromotion(core, deployment, waives, at);
  if (refusal !== undefined) return refusal;
  if (deployment.spec.strategy === 'BlueGreen') {
    promoteSwap(core, deployment, waives, at, outcome);
    return accepted(`${deployment.spec.deploymentID} goes to its cutover: ${reason}`);
  }
  const target = deployment.stage + 1;
  const { name } = deployment.spec.stages[target];
  const judgments = judgeNow(core, deployment, at);
  const told = judgments.map((one): Judgment =>
    one.verdict === 'pass' ? one : { ...one, verdict: 'pass', text: `${one.text}: waived by two people` },
  );
  recordVerdicts(core, deployment, target, told, seq, at, outcome);
  deployment.failedGate = '';
  if (deployment.phase === 'Paused') resume(core, deployment, at, outcome);
  if (target === 0 && deployment.spec.progressive !== null && !deployment.leftShadow) {
    for (const gate of waives) deployment.waivers.add(waiverKey(target, gate));
    leaveShadow(core, deployment, seq, outcome);
    return accepted(`${deployment.spec.deploymentID} is loaded afresh for ${name}`);
  }
  if (!grant(core, deployment, target, [`promoted by people: ${reason}`, ...told.map(({ text }) => text)], at, outcome))
    return refused('NOT_ENOUGH_FREE_CAPITAL', deployment.reason);
  return accepted(`${deployment.spec.deploymentID} is at ${name}`);
}
