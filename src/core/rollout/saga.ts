import { fromSafe, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx, Seq } from '../../domain/ids.ts';
import type { RollbackStep, TriggerClass, TriggerRule } from '../../domain/rollout.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import { hasCertainEnd, ordersToTakeBack } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf, rowID } from '../risk/order-gate.ts';
import { takeIntoCustody, work, type Custody } from './custodian.ts';
import { deployNext } from './deploy.ts';
import { judgeNext, type Deployment } from './deployment.ts';
import { escalateCancels } from './escalation.ts';
import { changeRow } from './rows.ts';
import { servedBy, setLifecycle, setPhase, type Rollback } from './rollout.ts';
import { capBeforeFence, keepFreed, reactivate, type Reactivated } from './reactivation.ts';
import { putAway } from './standby-sync.ts';
import { rollbackEndsSwaps } from './swap-abort.ts';
import { areAllOver, putMoneyFirst, takeBackMore } from './taken-back.ts';

/** RB3: cancels are sent again after this long, and escalated after that (microseconds). */
export const resendAfter = 500_000;
export const escalateAfter = 1_000_000;

/** A breach, a fault or a person's word that takes a version's authority away. */
export interface Trigger {
  readonly rule: TriggerRule;
  readonly class: TriggerClass;
  readonly value: number;
  readonly limit: number;
  readonly text: string;
  readonly actor: string;
  /** A person asked for the lots to be worked off, whatever the spec says. */
  readonly flatten?: Rollback['flatten'];
  /** What is deployed when it has completed. */
  readonly then?: DeploymentSpec;
}

/** RB0 to RB2 in the turn of the trigger; the rest follows reports and deadlines. Twice is once. */
export function rollBack(core: Core, row: RowIx, trigger: Trigger, seq: Seq, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  if (gate.rows[row].custodian || modeOf(gate, row) === 'HALTED') return;
  rollbackEndsSwaps(core, row, outcome);
  const deployment = servedBy(rollout, row);
  const rollback: Rollback = {
    ix: rollout.rollbacks.length,
    row,
    slice: gate.rows[row].slice,
    deployment: deployment?.ix ?? -1,
    rule: trigger.rule,
    class: trigger.class,
    startedAt: at,
    next: 'RB1',
    targets: [],
    taken: 0,
    cancelAt: 0,
    over: 0,
    resendAt: microsUnchecked(at + resendAfter),
    escalateAt: microsUnchecked(at + escalateAfter),
    flatten: trigger.flatten ?? null,
    freed: capBeforeFence(core, row),
    waking: -1,
    wakeBy: 0,
    then: trigger.then ?? null,
    thenBy: trigger.then === undefined ? '' : trigger.actor,
    fencedMicros: 0,
    canceledMicros: 0,
    uncertain: 0,
    failed: [],
  };
  rollout.rollbacks.push(rollback);
  rollout.open.push(rollback.ix);
  outcome.decisions.push({
    kind: 'triggerFired',
    row,
    rule: trigger.rule,
    class: trigger.class,
    value: trigger.value,
    limit: trigger.limit,
    text: trigger.text,
  });
  fence(core, rollback, trigger, outcome);
  if (deployment !== undefined) {
    deployment.rollback = rollback.ix;
    if (deployment.phase !== 'Aborted') setPhase(deployment, 'RollingBack', `${trigger.rule}: ${trigger.text}`, outcome);
    judgeNext(deployment, 0);
  }
  setLifecycle(rollout, gate, row, 'Halted', `${trigger.rule}: ${trigger.text}`, outcome);
  cancelAll(core, rollback, seq, at, outcome);
  confirm(core, rollback, seq, at, outcome);
  if (deployment !== undefined) endBaseline(core, deployment, 'it is rolled back', seq, at, outcome);
}

/** What runs beside a version as its baseline ends: orders back, lots to the custodian, its capital is free. */
export function endBaseline(core: Core, { baseline, spec }: Deployment, why: string, seq: Seq, at: Micros, outcome: Outcome): void {
  const beside = core.rollout.deployments[baseline];
  if (beside === undefined || servedBy(core.rollout, beside.row) !== beside) return;
  const text = `baseline of ${spec.deploymentID}: ${why}`;
  rollBack(core, beside.row, { rule: 'baselineOver', class: 'human', value: 1, limit: 0, text, actor: 'core' }, seq, at, outcome);
}

/** RB1: in memory, in this turn: HALTED, epoch + 1, cap 0; the gateway and the host hear of it at once. */
function fence(core: Core, rollback: Rollback, trigger: Trigger, outcome: Outcome): void {
  const { row } = rollback;
  const epoch = core.gate.epoch[row] + 1;
  const none = splitZero();
  fromSafe(none, 0);
  changeRow(core, row, { mode: 'HALTED', epoch, cap: none }, trigger.actor, `${trigger.rule}: ${trigger.text}`, outcome);
  outcome.effects.push({ kind: 'fence', reducing: true, row, epoch });
  outcome.effects.push({ kind: 'authority', reducing: true, row, epoch, capital: 0, trading: false });
  outcome.effects.push({ kind: 'unload', reducing: true, row });
  done(rollback, 'RB1', 'RB2', rollback.startedAt, 1, 'fenced: HALTED, epoch raised, cap 0', outcome);
}

/** Runs the work of a step. What it cannot do keeps no later step from restricting further: it is said, and a person has to do it (ROL5). */
function attempt(core: Core, rollback: Rollback, step: RollbackStep, outcome: Outcome, work: () => void): void {
  try {
    work();
  } catch (error) {
    fail(core, rollback, step, error instanceof Error ? error.message : String(error), outcome);
  }
}

function fail(core: Core, rollback: Rollback, step: RollbackStep, why: string, outcome: Outcome): void {
  if (!rollback.failed.includes(step)) rollback.failed.push(step);
  const { sliceID, version } = core.gate.rows[rollback.row];
  const text = `rollback of ${sliceID}/${version}: ${step} failed, the steps behind it go on: ${why}`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'ROLLBACK_STEP_FAILED', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'ROLLBACK_STEP_FAILED', text });
}

/** RB2: everything open or in flight is taken back, the first of it in the turn of the fence. */
function cancelAll(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  attempt(core, rollback, 'RB2', outcome, () => ordersToTakeBack(core, rollback.row, () => true, outcome, rollback.targets));
  putMoneyFirst(core, rollback.targets);
  cancelMore(core, rollback, seq, at, outcome);
}

function cancelMore(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  sendCancels(core, rollback, seq, at, outcome);
  if (rollback.cancelAt !== 0) return;
  done(rollback, 'RB2', 'RB3', at, rollback.targets.length, `${rollback.targets.length} orders taken back`, outcome);
}

/** Cancels of this turn; `cancelAt` says when the next ones go out, 0 = all have. */
function sendCancels(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  const { targets, next } = rollback;
  const failed = takeBackMore(core, rollback, next === 'RB2' ? 'rollback' : 'rollback: sent again', seq, at, outcome);
  if (failed.length === 0) return;
  fail(core, rollback, next === 'RB2' ? 'RB2' : 'RB3', `${failed.length} of ${targets.length} cancels, the first of ${failed[0]}`, outcome);
}

/** RB2 to RB6 as far as they can go now: called after reports of the row and at the saga's deadlines. */
export function confirm(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  if (rollback.next === 'RB2' && at >= rollback.cancelAt) cancelMore(core, rollback, seq, at, outcome);
  if (rollback.next === 'RB3') confirmEnds(core, rollback, seq, at, outcome);
  if (rollback.next === 'RB4') custody(core, rollback, seq, at, outcome);
  if (rollback.next === 'RB5') giveBack(core, rollback, at, outcome);
  if (rollback.next === 'RB6') finish(core, rollback, seq, at, outcome);
}

function confirmEnds(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  if (!areAllOver(core, rollback) && at < rollback.escalateAt) {
    if (rollback.resendAt > 0 && at >= rollback.resendAt) {
      rollback.resendAt = 0;
      rollback.taken = 0;
      rollback.cancelAt = at;
    }
    if (rollback.cancelAt > 0 && at >= rollback.cancelAt) sendCancels(core, rollback, seq, at, outcome);
    return;
  }
  const open = rollback.targets.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
  if (open.length > 0) attempt(core, rollback, 'RB3', outcome, () => escalate(core, rollback, open, at, outcome));
  rollback.uncertain = open.length;
  rollback.canceledMicros = at - rollback.startedAt;
  done(
    rollback,
    'RB3',
    'RB4',
    at,
    rollback.targets.length - open.length,
    open.length === 0 ? 'every order is terminal' : `${open.length} orders are uncertain`,
    outcome,
  );
}

/** One second without an answer: questions to the venue, the ladder behind cancels, and somebody must look. */
function escalate(core: Core, rollback: Rollback, open: readonly number[], at: Micros, outcome: Outcome): void {
  const { sliceID, version } = core.gate.rows[rollback.row];
  const text = `rollback of ${sliceID}/${version}: ${open.length} orders without an answer after ${escalateAfter / 1e6} s`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'ROLLBACK_UNCERTAIN', value: open.length, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'ROLLBACK_UNCERTAIN', text });
  escalateCancels(core, 'rollback', rollback.ix, rollback.startedAt, open, at, outcome);
}

/** RB4: lots to the custodian at their entry cost; from now on late fills of the row's orders are his too. */
function custody(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  let custodyDone: Custody = { moved: 0, left: 0 };
  keepFreed(core, rollback);
  attempt(core, rollback, 'RB4', outcome, () => {
    custodyDone = takeIntoCustody(core, rollback, at, outcome);
  });
  const { moved, left } = custodyDone;
  if (left > 0) fail(core, rollback, 'RB4', `${left} lots stay with the version: the ledger takes no more leaves`, outcome);
  attempt(core, rollback, 'RB4', outcome, () => work(core, seq, at, outcome));
  done(rollback, 'RB4', 'RB5', at, moved, moved === 0 ? 'no lots to take' : `lots of ${moved} listings are the custodian's`, outcome);
}

/** RB5: who stood by gets its capital back, where every condition is met; else it stays in reserve. */
function giveBack(core: Core, rollback: Rollback, at: Micros, outcome: Outcome): void {
  let end: Reactivated | undefined = { count: 0, text: 'nothing reactivated: it failed' };
  attempt(core, rollback, 'RB5', outcome, () => {
    end = reactivate(core, rollback, at, outcome);
  });
  if (end !== undefined) done(rollback, 'RB5', 'RB6', at, end.count, end.text, outcome);
}

function finish(core: Core, rollback: Rollback, seq: Seq, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  const { row, ix, fencedMicros, canceledMicros, uncertain, failed, targets } = rollback;
  const completedMicros = at - rollback.startedAt;
  rollback.next = '';
  rollback.cancelAt = 0;
  rollback.resendAt = 0;
  rollback.escalateAt = 0;
  rollout.open.splice(rollout.open.indexOf(ix), 1);
  const residual = core.residualLots(row);
  outcome.decisions.push({
    kind: 'rollbackCompleted',
    row,
    rollback: ix,
    fencedMicros,
    canceledMicros,
    completedMicros,
    uncertain,
    residual,
  });
  const deployment = rollback.deployment < 0 ? undefined : rollout.deployments[rollback.deployment];
  const clean = uncertain === 0 && residual === 0 && failed.length === 0;
  if (deployment?.phase === 'RollingBack')
    setPhase(
      deployment,
      clean ? 'Aborted' : 'Degraded',
      clean
        ? 'rolled back'
        : `rolled back with ${uncertain} uncertain orders and ${residual} residual lots${failed.length === 0 ? '' : `, ${failed.join(', ')} failed`}`,
      outcome,
    );
  const millis = (micros: number): string => `${(micros / 1000).toFixed(1)} ms`;
  const venues = uncertain === 0 ? `their last end at the venue after ${millis(canceledMicros)}` : `${uncertain} escalated`;
  const orders = targets.length === 0 ? 'no order was open' : `${targets.length} orders taken back at once, ${venues}`;
  const text = `${gate.rows[row].sliceID}/${gate.rows[row].version} was rolled back by ${rollback.rule} in ${millis(completedMicros)}: fenced after ${millis(fencedMicros)}, ${orders}`;
  // a baseline ends like a rollback and is none
  const severity = rollback.rule === 'baselineOver' && clean ? 'low' : 'critical';
  outcome.decisions.push({
    kind: 'alertRaised',
    severity,
    subject: 'ROLLED_BACK',
    value: completedMicros,
    limit: escalateAfter,
    text,
  });
  outcome.effects.push({ kind: 'alert', reducing: true, severity, subject: 'ROLLED_BACK', text });
  // nobody asks for them again, and a desk rolls back for years
  targets.length = 0;
  if (rollback.then !== null) {
    const again = gate.rowIx.get(rowID(rollback.then.sliceID, rollback.then.version));
    if (again !== undefined) putAway(core, again, row, 'it is deployed again', outcome);
    deployNext(core, rollback.then, rollback.thenBy, seq, outcome);
  }
}

function done(rollback: Rollback, step: RollbackStep, next: RollbackStep, at: Micros, count: number, text: string, outcome: Outcome): void {
  rollback.next = next;
  outcome.decisions.push({
    kind: 'rollbackStepDone',
    row: rollback.row,
    rollback: rollback.ix,
    step,
    virtualMicros: at - rollback.startedAt,
    count,
    text,
  });
}

/** Earliest deadline of any saga; undefined = none waits. */
export function nextSagaDeadline(core: Core): Micros | undefined {
  let next: Micros | undefined;
  for (const ix of core.rollout.open) {
    const rollback = core.rollout.rollbacks[ix];
    const at = nextOf(rollback);
    if (at !== 0 && (next === undefined || at < next)) next = at;
  }
  return next;
}

/** When a saga goes on by itself; 0 = it waits for nothing. */
function nextOf({ next, cancelAt, resendAt, escalateAt, wakeBy }: Rollback): Micros | 0 {
  if (next === 'RB5') return wakeBy;
  if (next !== 'RB2' && next !== 'RB3') return 0;
  if (cancelAt > 0) return cancelAt;
  return resendAt === 0 ? escalateAt : resendAt;
}

/** Sagas of every slice that wait for something. */
export function continueSagas(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  for (const ix of [...core.rollout.open]) confirm(core, core.rollout.rollbacks[ix], seq, at, outcome);
}
