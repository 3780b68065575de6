import { durationMicros } from '../../base/duration.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Intent } from '../../domain/input.ts';
import type { Seq } from '../../domain/ids.ts';
import type { HandoverNotice } from '../../domain/swap.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { commitSwap, growShare, growsAt, notAdoptable, openOrdersOf, refuseCommit, standBy } from './swap-commit.ts';
import { frozenAtMost, waitsForOpening } from './swap-freeze.ts';
import { changeRow } from './rows.ts';
import { setPhase } from './rollout.ts';
import { putAway } from './standby-sync.ts';
import { compareIntent } from './shadow-comparison.ts';
import { waiverKey } from './entry-gates.ts';
import { answerWithin, isCommitted, isFrozen, moveSwap, promoted, type Swap } from './swap.ts';
import { abortSwap, askHosts } from './swap-abort.ts';
import { judgeSwap, recordSwapGates } from './swap-gates.ts';

/** How long requests under way may hold up an adoption (microseconds). */
export const quietWithin = 5_000_000;
/** How long a swap whose gates are inconclusive and that holds waits before it tries again. */
const tryEvery = 60_000_000;

/** A host's word: the step that waits for it goes on, anything else is too late and changes nothing. */
export function takeHandover(core: Core, notice: HandoverNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  const swap = core.rollout.swaps[notice.swap];
  if (swap === undefined) return;
  switch (notice.event) {
    case 'refused':
      refusedBy(core, swap, notice, seq, at, outcome);
      return;
    case 'overflow':
      if (isFrozen(swap)) abortSwap(core, swap, notice.text, outcome);
      return;
    case 'synced':
      if (swap.step === 'preparing') prepared(core, swap, notice, at, outcome);
      return;
    case 'accepted':
      if (swap.step === 'trying') decide(core, swap, '', seq, at, outcome);
      return;
    case 'stopped':
      if (swap.step === 'frozen') stopped(core, swap, notice, seq, at, outcome);
      return;
    case 'adopted':
      if (swap.step === 'adopting') adopted(core, swap, notice, at, outcome);
      return;
  }
}

function refusedBy(core: Core, swap: Swap, notice: HandoverNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  if (swap.step === 'trying') decide(core, swap, notice.text, seq, at, outcome);
  else if (swap.step === 'preparing' || isFrozen(swap)) abortSwap(core, swap, notice.text, outcome);
}

/** 1: the warm-up in the shadow begins. */
function prepared(core: Core, swap: Swap, notice: HandoverNotice, at: Micros, outcome: Outcome): void {
  if (notice.exported !== notice.taken) {
    abortSwap(core, swap, `the state that was taken is not the one that was exported`, outcome);
    return;
  }
  outcome.decisions.push({ kind: 'swapPrepared', swap: swap.ix, eventSeq: notice.eventSeq, stateHash: notice.exported });
  const { spec } = core.rollout.deployments[swap.deployment];
  moveSwap(swap, 'shadowing', at + (spec.blueGreen === null ? 0 : durationMicros(spec.blueGreen.warmup)));
}

/** The warm-up is over: a dry run of the adoption, whose answer all gates are judged with. */
export function tryAdoption(core: Core, swap: Swap, at: Micros, outcome: Outcome): void {
  if (waitsForOpening(core, swap, core.seq, at, outcome)) return;
  moveSwap(swap, 'trying', at + answerWithin);
  askHosts(core, swap, 'try', outcome);
}

/** 2 and 3: every gate on this one step; then the old version is stopped, or the deployment waits. */
function decide(core: Core, swap: Swap, adoption: string, seq: Seq, at: Micros, outcome: Outcome): void {
  const deployment = core.rollout.deployments[swap.deployment];
  const { fromOrders, toOrders, matched } = swap.comparison;
  if (waitsForOpening(core, swap, seq, at, outcome)) return;
  const text = adoption === '' ? 'warm, and its adoption was accepted in a dry run' : `warm, but its adoption was refused: ${adoption}`;
  outcome.decisions.push({ kind: 'greenReady', swap: swap.ix, fromOrders, toOrders, matched, text });
  const bad = recordSwapGates(core, swap, judgeSwap(core, swap, adoption, at), seq, at, outcome);
  if (bad !== undefined || deployment.phase !== 'Progressing') {
    deployment.waivers.delete(waiverKey(0, promoted));
    const holds = bad?.verdict === 'inconclusive' && deployment.spec.onInconclusive === 'hold';
    moveSwap(swap, 'shadowing', holds ? at + tryEvery : 0);
    if (bad?.verdict === 'fail') deployment.failedGate = bad.gate;
    if (!holds && bad !== undefined)
      setPhase(deployment, 'Paused', `${bad.gate} ${bad.verdict === 'fail' ? 'failed' : bad.verdict}: ${bad.text}`, outcome);
    return;
  }
  if (!deployment.spec.autoProgress && !deployment.waivers.has(waiverKey(0, promoted))) {
    moveSwap(swap, 'shadowing', 0);
    setPhase(deployment, 'Paused', 'every gate of the cutover passed: waits for promote', outcome);
    return;
  }
  if (swap.openOrders === 'adopt' && notAdoptable(core, swap.from) !== '') moveSwap(swap, 'waiting', at + quietWithin);
  else freeze(core, swap, at, outcome);
}

/** 4: first nobody feeds the old version any more; what it proposed up to then is judged normally. */
function freeze(core: Core, swap: Swap, at: Micros, outcome: Outcome): void {
  if (core.gate.epoch[swap.from] !== swap.fromEpoch || core.gate.epoch[swap.to] !== swap.toEpoch) {
    abortSwap(core, swap, 'an epoch changed since it was proposed', outcome);
    return;
  }
  if (waitsForOpening(core, swap, core.seq, at, outcome)) return;
  const deadline = microsUnchecked(at + frozenAtMost);
  swap.frozenAt = at;
  moveSwap(swap, 'frozen', deadline);
  outcome.decisions.push({ kind: 'swapFrozen', swap: swap.ix, deadline });
  askHosts(core, swap, 'stop', outcome);
}

/** The watermark is acknowledged: CANCEL_ONLY, and its orders are taken back where nobody adopts them. */
function stopped(core: Core, swap: Swap, notice: HandoverNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  const mode = modeOf(core.gate, swap.from);
  if (mode !== 'ACTIVE' && mode !== 'REDUCING') {
    abortSwap(core, swap, `the old version became ${mode} while it was stopped`, outcome);
    return;
  }
  swap.watermark = notice.eventSeq;
  moveSwap(swap, 'settling', swap.deadline);
  changeRow(core, swap.from, { mode: 'CANCEL_ONLY' }, 'core', `swap ${swap.ix}: it was stopped at event ${notice.eventSeq}`, outcome);
  cancelOrdersOfRow(core, swap.to, seq, 'its time in the shadow is over', outcome);
  if (swap.openOrders === 'cancel') cancelOrdersOfRow(core, swap.from, seq, `swap ${swap.ix}`, outcome);
  settle(core, swap, at, outcome);
}

/** Nothing of the old version is under way any more: its state goes over. */
function settle(core: Core, swap: Swap, at: Micros, outcome: Outcome): void {
  void at;
  const quiet = swap.openOrders === 'cancel' ? openOrdersOf(core, swap.from).length === 0 : notAdoptable(core, swap.from) === '';
  if (!quiet) return;
  moveSwap(swap, 'adopting', swap.deadline);
  askHosts(core, swap, 'adopt', outcome);
}

/** 5 and 6: the state of the watermark arrived whole; the commit is decided and applied in this step. */
function adopted(core: Core, swap: Swap, notice: HandoverNotice, at: Micros, outcome: Outcome): void {
  const refusal =
    notice.exported !== notice.taken
      ? 'the state that was taken is not the one that was exported'
      : notice.eventSeq !== swap.watermark
        ? `expected the state at event ${swap.watermark}, was ${notice.eventSeq}`
        : refuseCommit(core, swap);
  if (refusal !== '') {
    abortSwap(core, swap, refusal, outcome);
    return;
  }
  swap.stateHash = notice.exported;
  commitSwap(core, swap, at, outcome);
}

/** Counts what the versions of a shadow propose beside each other. */
export function observeIntent(core: Core, intent: Intent, at: Micros): void {
  for (const ix of core.rollout.openSwaps) {
    const swap = core.rollout.swaps[ix];
    if (swap.step !== 'shadowing' || (intent.row !== swap.from && intent.row !== swap.to)) continue;
    compareIntent(swap.comparison, intent, intent.row === swap.from, at);
  }
}

/** After a report: whoever waits for the end of a request goes on. */
export function continueSwaps(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  void seq;
  for (const ix of [...core.rollout.openSwaps]) {
    const swap = core.rollout.swaps[ix];
    if (swap.step === 'waiting' && notAdoptable(core, swap.from) === '') freeze(core, swap, at, outcome);
    else if (swap.step === 'settling') settle(core, swap, at, outcome);
    else if (isCommitted(swap)) drained(core, swap, at, outcome);
  }
}

/** What the old version still held is gone: it stands by, and what that frees is the new one's. */
function drained(core: Core, swap: Swap, at: Micros, outcome: Outcome): void {
  const { from } = swap;
  if (core.rollout.lifecycle[from] === 'Draining' && core.residualLots(from) === 0 && openOrdersOf(core, from).length === 0) {
    standBy(core, swap, outcome);
    const { gate } = core;
    outcome.effects.push({
      kind: 'authority',
      reducing: false,
      row: from,
      epoch: gate.epoch[from],
      capital: core.capitalOf(from),
      trading: true,
    });
    if (swap.deadline === 0 && (swap.step === 'finalized' || swap.step === 'rolledBack') && at >= swap.standbyUntil) {
      retire(core, swap, outcome);
      return;
    }
  }
  growShare(core, swap, outcome);
}

/** Deadlines of swaps: a warm-up or a watch is over, or somebody did not answer in time. */
export function takeSwapTimers(core: Core, at: Micros, outcome: Outcome): void {
  for (const ix of [...core.rollout.openSwaps]) {
    const swap = core.rollout.swaps[ix];
    // what a freeze window held back of its capital is due with its opening
    if (isCommitted(swap) && core.rollout.deployments[swap.deployment].spec.freeze !== undefined) growShare(core, swap, outcome);
    if (swap.deadline === 0 || swap.deadline > at) continue;
    switch (swap.step) {
      case 'shadowing':
        tryAdoption(core, swap, at, outcome);
        break;
      case 'preparing':
      case 'trying':
        abortSwap(core, swap, `no answer of its host within ${answerWithin / 1e6} s`, outcome);
        break;
      case 'waiting':
        abortSwap(core, swap, `requests of the old version are under way for more than ${quietWithin / 1e6} s`, outcome);
        break;
      case 'frozen':
      case 'settling':
      case 'adopting':
        abortSwap(core, swap, `it was not committed within ${frozenAtMost / 1_000} ms`, outcome);
        break;
      case 'monitoring':
        finalize(core, swap, outcome);
        break;
      case 'finalized':
      case 'rolledBack':
        retire(core, swap, outcome);
        break;
      case 'aborted':
        break;
    }
  }
}

/** 8: watched for as long as it had to be, without a rollback. */
function finalize(core: Core, swap: Swap, outcome: Outcome): void {
  const { gate, rollout } = core;
  moveSwap(swap, 'finalized', swap.standbyUntil);
  const text = `${gate.rows[swap.to].version} goes on, ${gate.rows[swap.from].version} stands by`;
  outcome.decisions.push({ kind: 'swapFinalized', swap: swap.ix, text });
  const deployment = rollout.deployments[swap.deployment];
  if (deployment.phase !== 'Progressing') return;
  setPhase(deployment, 'Healthy', 'watched for its monitoring duration', outcome);
  deployment.completed = true;
}

/** The rollback window is over: the old version is put away, restorable from its records; one that still works off lots when it has none any more. */
function retire(core: Core, swap: Swap, outcome: Outcome): void {
  const { rollout } = core;
  const { from } = swap;
  swap.deadline = microsUnchecked(0);
  if (rollout.lifecycle[from] === 'Draining') return;
  rollout.openSwaps.splice(rollout.openSwaps.indexOf(swap.ix), 1);
  if (rollout.lifecycle[from] !== 'Standby') return;
  putAway(core, from, swap.to, 'its rollback window is over', outcome);
}

/** Earliest deadline of any swap; undefined = none waits. */
export function nextSwapDeadline(core: Core): Micros | undefined {
  let next: Micros | undefined;
  for (const ix of core.rollout.openSwaps) {
    const swap = core.rollout.swaps[ix];
    for (const due of [swap.deadline, growsAt(core, swap)]) if (due > 0 && (next === undefined || due < next)) next = microsUnchecked(due);
  }
  return next;
}
