import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { HandoverNotice, HandoverVerb } from '../../domain/swap.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { servedBy, setLifecycle, setPhase } from './rollout.ts';
import { beginWindow, endStandby, firstSync, handoverOf, loseState, syncEvery, type Standby } from './standby.ts';
import { answerWithin, isFrozen } from './swap.ts';
import { authorityOf } from './swap-abort.ts';

/** Asks the hosts for a step of a standby's hand-over: of its successor's state to it (`sync`), or of its own to the instance that would trade. */
export function askStandby(core: Core, standby: Standby, verb: HandoverVerb, outcome: Outcome): void {
  const { row, successor } = standby;
  const from = verb === 'sync' ? successor : row;
  outcome.effects.push({
    kind: 'handover',
    reducing: verb !== 'commit' && verb !== 'abort',
    verb,
    swap: handoverOf(standby),
    from,
    to: row,
    // it has no lots of capital and no order at a venue: what it may go on from is its state alone
    positions: 'drain',
    openOrders: 'cancel',
    tagShift: 0,
    fromAuthority: authorityOf(core, from),
    toAuthority: authorityOf(core, row),
  });
}

/** Copies whose time has come are asked for; one that was not answered in time counts for nothing (presumed abort). */
export function syncStandbys(core: Core, at: Micros, outcome: Outcome): void {
  const { rollout } = core;
  for (const ix of [...rollout.openStandbys]) {
    const standby = rollout.standbys[ix];
    if (standby.step === 'draining' && rollout.lifecycle[standby.row] === 'Draining') continue;
    if (rollout.lifecycle[standby.row] !== 'Standby') {
      endStandby(core, standby);
      continue;
    }
    if (rollout.deployments[standby.deployment].phase === 'Healthy') beginWindow(core, standby);
    if (standby.until !== 0 && at >= standby.until && standby.step === 'standing') {
      putAway(core, standby.row, standby.successor, 'its rollback window is over', outcome);
      continue;
    }
    if (standby.askedAt !== 0 && at >= standby.askedAt + answerWithin)
      loseState(standby, `no answer of its host within ${answerWithin / 1e6} s`);
    if (standby.nextAt === 0 || standby.nextAt > at) continue;
    standby.nextAt = microsUnchecked(at + syncEvery);
    if (standby.askedAt !== 0 || !maySync(core, standby)) continue;
    standby.askedAt = at;
    cancelOrdersOfRow(core, standby.row, core.seq, 'its state is taken anew', outcome);
    askStandby(core, standby, 'sync', outcome);
  }
}

/** Whether its successor works and is not being stopped for the next version, and the standby is with the simulator. */
function maySync({ gate, rollout }: Core, { step, row, successor }: Standby): boolean {
  const lifecycle = rollout.lifecycle[successor];
  if (step !== 'standing' || (lifecycle !== 'Active' && lifecycle !== 'Canary') || modeOf(gate, row) !== 'SIMULATED') return false;
  return !rollout.openSwaps.some((ix) => rollout.swaps[ix].from === successor && isFrozen(rollout.swaps[ix]));
}

/** Its host has taken the state, or says why not; a word that nobody waits for changes nothing. */
export function synced(standby: Standby, { event, eventSeq, exported, taken, text }: HandoverNotice): void {
  if (standby.askedAt === 0) return;
  if (event !== 'synced') loseState(standby, text);
  else if (exported !== taken) loseState(standby, 'the state that it took is not the one that was exported');
  else {
    standby.takenAt = standby.askedAt;
    standby.askedAt = microsUnchecked(0);
    standby.eventSeq = eventSeq;
    standby.why = '';
  }
}

/** The host of a standby was ended: what the instance that goes on has is not known here. */
export function hostEnded(core: Core, row: RowIx, at: Micros): void {
  for (const ix of core.rollout.openStandbys) {
    const standby = core.rollout.standbys[ix];
    if (standby.row !== row) continue;
    loseState(standby, 'its host was ended');
    if (standby.nextAt !== 0) standby.nextAt = at;
  }
}

/** A start: instances begin anew, and nobody is asked any more. */
export function restartStandbys({ rollout }: Core, at: Micros): void {
  for (const ix of rollout.openStandbys) {
    const standby = rollout.standbys[ix];
    loseState(standby, 'the desk started again');
    if (standby.step === 'waking') standby.step = 'standing';
    standby.answer = '';
    if (standby.nextAt !== 0) standby.nextAt = microsUnchecked(at + firstSync);
  }
  for (const ix of rollout.open) {
    rollout.rollbacks[ix].waking = -1;
    rollout.rollbacks[ix].wakeBy = microsUnchecked(0);
  }
}

/** A version that stood by is put away, restorable from its records. */
export function putAway(core: Core, row: RowIx, successor: RowIx, reason: string, outcome: Outcome): void {
  const { gate, rollout } = core;
  if (rollout.lifecycle[row] !== 'Standby') return;
  const former = servedBy(rollout, row);
  for (const ix of [...rollout.openStandbys]) if (rollout.standbys[ix].row === row) endStandby(core, rollout.standbys[ix]);
  outcome.effects.push({ kind: 'unload', reducing: true, row });
  cancelOrdersOfRow(core, row, core.seq, 'its time of standing by is over', outcome);
  setLifecycle(rollout, gate, row, 'Retired', reason, outcome);
  rollout.serving[row] = -1;
  if (former?.phase === 'Paused') setPhase(former, 'Aborted', `replaced by ${gate.rows[successor].version}`, outcome);
}

/** Earliest time at which a standby wants something; undefined = none does. */
export function nextStandbyAt({ rollout }: Core): Micros | undefined {
  let next = Infinity;
  for (const ix of rollout.openStandbys) {
    const { nextAt, askedAt, until, step } = rollout.standbys[ix];
    if (step === 'draining') continue;
    if (until !== 0 && step === 'standing') next = Math.min(next, until);
    if (nextAt !== 0) next = Math.min(next, nextAt);
    if (askedAt !== 0) next = Math.min(next, askedAt + answerWithin);
  }
  return next === Infinity ? undefined : microsUnchecked(next);
}
