import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { KillHold } from '../../domain/effect.ts';
import type { Seq } from '../../domain/ids.ts';
import { killTargetText, wholeFirm, type KillTarget } from '../../domain/kill.ts';
import type { KillStep } from '../../domain/rollout.ts';
import type { Core } from '../core.ts';
import { hasCertainEnd, ordersToTakeBack } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { isAffected } from '../reconcile/affected.ts';
import { modeOf } from '../risk/order-gate.ts';
import { setKill } from '../risk/risk.ts';
import { accountScope, algorithmScope, firmScope, venueScope } from '../risk/scopes.ts';
import { pause } from './controller.ts';
import { closeProposals } from './proposals.ts';
import { escalateCancels } from './escalation.ts';
import { holdsOrder, maxKillLatches, placeOfKill, stopsRow, touches, type KillLatch } from './latches.ts';
import { changeRow, leaveToPeople } from './rows.ts';
import { abortSwapsOf } from './swap-abort.ts';
import { areAllOver, putMoneyFirst, takeBackMore } from './taken-back.ts';

/** Cancels of a kill are sent again after this long, and escalated after that (microseconds). */
export const killResendAfter = 500_000;
export const killEscalateAfter = 1_000_000;

/**
 * Latches the kill switch: the gateway first, then everything under it CANCEL_ONLY, every climb paused, every order back: the first of them in this turn, the others in
 * turns of their own, so that a desk with tens of thousands of orders hears what comes meanwhile. Twice is once, with a new generation.
 * @returns '' or the sentence that refuses a target that is not there.
 */
export function kill(core: Core, asked: KillTarget, reason: string, actor: string, seq: Seq, at: Micros, outcome: Outcome): string {
  const { rollout } = core;
  const target = rollout.kills.length >= maxKillLatches ? wholeFirm : asked;
  const place = placeOfKill(core, target);
  if (place === undefined) return `${killTargetText(target)}: nothing of that name is registered`;
  const { scope, ix } = place;
  const generation = ++rollout.killGeneration;
  const known = rollout.kills.find((latch) => latch.scope === scope && latch.ix === ix);
  if (known !== undefined) {
    known.generation = generation;
    return '';
  }
  const latch: KillLatch = {
    target,
    scope,
    ix,
    generation,
    reason,
    actor,
    since: at,
    targets: [],
    taken: 0,
    cancelAt: at,
    over: 0,
    again: false,
    resendAt: microsUnchecked(at + killResendAfter),
    escalateAt: microsUnchecked(at + killEscalateAfter),
  };
  rollout.kills.push(latch);
  setKill(core.risk, scope, ix, true);
  if (scope === firmScope) latchFirm(core, latch);
  tellGateway(core, latch, true, outcome);
  record(latch, true, actor, reason, outcome);
  takeBack(core, latch, seq, at, outcome);
  const text = `${nameOf(latch)} engaged by ${actor}: ${reason}`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'KILL_SWITCH', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'KILL_SWITCH', text });
  return '';
}

function latchFirm(core: Core, { reason, actor }: KillLatch): void {
  const { rollout } = core;
  rollout.killed = true;
  rollout.killReason = reason;
  rollout.killActor = actor;
  for (const { ix } of core.gate.rows) leaveToPeople(core, ix);
}

function takeBack(core: Core, latch: KillLatch, seq: Seq, at: Micros, outcome: Outcome): void {
  const { gate, rollout } = core;
  const { scope, ix, actor, reason } = latch;
  const cause = `${nameOf(latch)}: ${reason}`;
  const isUnder = ({ from }: { readonly from: number }): boolean => touches(gate.rows[from].algorithm, gate.rows[from].accounts, scope, ix);
  abortSwapsOf(core, isUnder, cause, outcome);
  for (const row of gate.rows) {
    if (!touches(row.algorithm, row.accounts, scope, ix) && !row.custodian) continue;
    ordersToTakeBack(core, row.ix, (order) => holdsOrder(core, row.ix, order.account, order.listing), outcome, latch.targets);
    if (!stopsRow(core, row.ix)) continue;
    leaveToPeople(core, row.ix);
    const mode = modeOf(gate, row.ix);
    if (mode === 'HALTED' || mode === 'CANCEL_ONLY') continue;
    changeRow(core, row.ix, { mode: 'CANCEL_ONLY' }, actor, cause, outcome);
    outcome.effects.push({ kind: 'authority', reducing: true, row: row.ix, epoch: gate.epoch[row.ix], capital: 0, trading: false });
  }
  for (const deployment of rollout.deployments) {
    const { algorithm, accounts } = gate.rows[deployment.row];
    if (deployment.phase === 'Progressing' && touches(algorithm, accounts, scope, ix)) pause(core, deployment, cause, at, outcome);
  }
  closeProposals(core, actor, cause, outcome);
  putMoneyFirst(core, latch.targets);
  confirmKill(core, latch, seq, at, outcome);
}

/** Cancels of the kills that have not left yet, and those that were not answered: again after 500 ms, escalated after one second. */
export function continueKills(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  for (const latch of core.rollout.kills) if (latch.escalateAt !== 0) confirmKill(core, latch, seq, at, outcome);
}

function confirmKill(core: Core, latch: KillLatch, seq: Seq, at: Micros, outcome: Outcome): void {
  if (latch.cancelAt !== 0 && at >= latch.cancelAt) cancelMore(core, latch, seq, at, outcome);
  // whoever has no cancel yet cannot have failed to answer it
  if (latch.cancelAt !== 0) return;
  if (areAllOver(core, latch)) {
    stepDone(latch, 'ended', at, latch.targets.length, 'every order is at its end', outcome);
    end(latch);
  } else if (at >= latch.escalateAt) {
    const open = latch.targets.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
    stepDone(latch, 'escalated', at, open.length, `${open.length} orders without an answer`, outcome);
    escalateCancels(core, 'kill', latch.generation, latch.since, open, at, outcome);
    end(latch);
  } else if (latch.resendAt !== 0 && at >= latch.resendAt) {
    latch.resendAt = 0;
    latch.again = true;
    latch.targets = latch.targets.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
    latch.over = 0;
    latch.taken = 0;
    cancelMore(core, latch, seq, at, outcome);
  }
}

/** The next portion of cancels; what could not be taken back is said, and the others leave. */
function cancelMore(core: Core, latch: KillLatch, seq: Seq, at: Micros, outcome: Outcome): void {
  const { again, targets } = latch;
  const failed = takeBackMore(core, latch, again ? 'kill switch: sent again' : 'kill switch', seq, at, outcome);
  if (failed.length > 0) {
    const text = `${nameOf(latch)}: ${failed.length} of ${targets.length} cancels failed, the first of ${failed[0]}`;
    outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'KILL_STEP_FAILED', value: 1, limit: 0, text });
    outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'KILL_STEP_FAILED', text });
  }
  if (latch.cancelAt !== 0) return;
  const count = targets.length;
  if (again) return stepDone(latch, 'resent', at, count, `${count} cancels sent again`, outcome);
  stepDone(latch, 'canceled', at, count, `${count} orders taken back`, outcome);
  latch.resendAt = microsUnchecked(at + killResendAfter);
}

function end(latch: KillLatch): void {
  latch.targets = [];
  latch.taken = 0;
  latch.over = 0;
  latch.resendAt = 0;
  latch.escalateAt = 0;
}

/** Earliest deadline of any kill; undefined = none waits. */
export function nextKillDeadline(core: Core): Micros | undefined {
  let next: Micros | undefined;
  for (const { cancelAt, resendAt, escalateAt } of core.rollout.kills) {
    const at = cancelAt !== 0 ? cancelAt : resendAt === 0 ? escalateAt : microsUnchecked(Math.min(resendAt, escalateAt));
    if (at !== 0 && (next === undefined || at < next)) next = at;
  }
  return next;
}

/** After a start the cancels go out again, those of portions before it too, and their clocks begin anew. */
export function restartKills(core: Core, at: Micros, outcome: Outcome): void {
  for (const latch of core.rollout.kills) {
    tellGateway(core, latch, true, outcome);
    if (latch.escalateAt === 0) continue;
    if (latch.cancelAt === 0) latch.resendAt = at;
    else {
      latch.cancelAt = at;
      latch.taken = 0;
    }
    latch.escalateAt = microsUnchecked(at + killEscalateAfter);
  }
}

/** Opens a latch again; rows stay CANCEL_ONLY until somebody resumes their deployments. */
export function release(core: Core, target: KillTarget, reason: string, actor: string, outcome: Outcome): void {
  const { rollout, gate } = core;
  const place = placeOfKill(core, target);
  const n = rollout.kills.findIndex((latch) => latch.scope === place?.scope && latch.ix === place.ix);
  if (n < 0) return;
  const [latch] = rollout.kills.splice(n, 1);
  // nobody goes on with a latch that is gone
  while (latch.cancelAt !== 0) cancelMore(core, latch, core.seq, core.at, outcome);
  setKill(core.risk, latch.scope, latch.ix, false);
  if (latch.scope === firmScope) {
    rollout.killed = false;
    rollout.killReason = '';
    rollout.killActor = '';
  }
  tellGateway(core, latch, false, outcome);
  record(latch, false, actor, reason, outcome);
  // the custodian goes back to what it may always do: reduce
  for (const { custodian } of gate.slices) {
    if (stopsRow(core, custodian) || !touches(gate.rows[custodian].algorithm, gate.rows[custodian].accounts, latch.scope, latch.ix))
      continue;
    if (core.starting) core.startRows.add(custodian);
    else if (isAffected(core, custodian)) core.reconciliation.restricted.add(custodian);
    else if (modeOf(gate, custodian) === 'CANCEL_ONLY')
      changeRow(core, custodian, { mode: 'REDUCING' }, actor, `${nameOf(latch)} released`, outcome);
  }
}

/** A strategy's latch goes to the gateway as those of its rows, which is all that an order there says of it. */
function tellGateway(core: Core, { scope, ix, generation }: KillLatch, engaged: boolean, outcome: Outcome): void {
  const say = (hold: KillHold, place: number): void => {
    outcome.effects.push({ kind: 'kill', reducing: engaged, engaged, hold, ix: place, generation });
  };
  switch (scope) {
    case firmScope:
      return say('firm', -1);
    case venueScope:
      return say('venue', ix);
    case accountScope:
      return say('account', ix);
    case algorithmScope:
      for (const row of core.gate.rows) if (row.algorithm === ix) say('row', row.ix);
      return;
    default:
      return;
  }
}

function record({ target, scope, generation }: KillLatch, engaged: boolean, actor: string, reason: string, outcome: Outcome): void {
  if (scope === firmScope) outcome.decisions.push({ kind: 'killLatched', engaged, actor, reason });
  else outcome.decisions.push({ kind: 'scopeKilled', engaged, scope: target.scope, id: target.id, generation, actor, reason });
}

function stepDone({ generation, since }: KillLatch, step: KillStep, at: Micros, count: number, text: string, outcome: Outcome): void {
  outcome.decisions.push({ kind: 'killStepDone', generation, step, virtualMicros: at - since, count, text });
}

function nameOf({ target }: KillLatch): string {
  return target.scope === 'firm' ? 'kill switch' : `kill switch of ${killTargetText(target)}`;
}
