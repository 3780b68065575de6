import { columnGet, splitZero } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { InstanceAuthority } from '../../domain/effect.ts';
import type { HandoverVerb } from '../../domain/swap.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { boundGrowth } from './growth-bound.ts';
import { changeRow } from './rows.ts';
import { isOnPaper, setLifecycle, setPhase } from './rollout.ts';
import { stopSyncs } from './standby.ts';
import { isCommitted, isFrozen, isUncommitted, moveSwap, type Swap } from './swap.ts';
import { workingMode } from './working-mode.ts';

/** What the instance of a row may do as its row stands now. */
export function authorityOf(core: Core, row: RowIx): InstanceAuthority {
  const mode = modeOf(core.gate, row);
  return { epoch: core.gate.epoch[row], capital: core.capitalOf(row), trading: mode !== 'CANCEL_ONLY' && mode !== 'HALTED' };
}

/** Asks the hosts for a step of the hand-over. What gives a version something to do waits for its record, everything else does not. */
export function askHosts(core: Core, swap: Swap, verb: HandoverVerb, outcome: Outcome, tagShift = 0): void {
  const { ix, from, to, positions, openOrders } = swap;
  outcome.effects.push({
    kind: 'handover',
    reducing: verb !== 'commit' && verb !== 'abort',
    verb,
    swap: ix,
    from,
    to,
    positions,
    openOrders,
    tagShift,
    fromAuthority: authorityOf(core, from),
    toAuthority: authorityOf(core, to),
  });
}

/** Presumed abort: the record first, then the old version goes on where it was stopped, with everything that was queued; the new one is dropped. */
export function abortSwap(core: Core, swap: Swap, text: string, outcome: Outcome): void {
  const { rollout, gate } = core;
  const { from, to, step } = swap;
  const thawed = isFrozen(swap);
  moveSwap(swap, 'aborted', 0);
  rollout.openSwaps.splice(rollout.openSwaps.indexOf(swap.ix), 1);
  outcome.decisions.push({ kind: 'swapAborted', swap: swap.ix, step, text });
  if (thawed && step !== 'frozen' && modeOf(gate, from) === 'CANCEL_ONLY')
    changeRow(core, from, { mode: workingMode(core, from, isOnPaper(rollout, from)) }, 'core', `swap ${swap.ix} was aborted`, outcome);
  if (thawed) askHosts(core, swap, 'abort', outcome);
  cancelOrdersOfRow(core, to, core.seq, 'its swap was aborted', outcome);
  outcome.effects.push({ kind: 'unload', reducing: true, row: to });
  setLifecycle(rollout, gate, to, 'Retired', `swap ${swap.ix} was aborted: ${text}`, outcome);
  const deployment = rollout.deployments[swap.deployment];
  // what people let pass, approved or sent to its cutover was this try
  deployment.waivers.clear();
  deployment.approvals.clear();
  if (deployment.phase === 'Progressing') setPhase(deployment, 'Paused', `the swap was aborted: ${text}`, outcome);
  const { sliceID, version } = gate.rows[to];
  const said = `swap to ${sliceID}/${version} was aborted while ${step}: ${text}; ${gate.rows[from].version} goes on`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'medium', subject: 'SWAP_ABORTED', value: swap.ix, limit: 0, text: said });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: 'SWAP_ABORTED', text: said });
}

/** What is not committed ends: a rollback, the kill switch and a new start go first. */
export function abortSwapsOf(core: Core, which: (swap: Swap) => boolean, text: string, outcome: Outcome): void {
  for (const ix of [...core.rollout.openSwaps]) {
    const swap = core.rollout.swaps[ix];
    if (isUncommitted(swap) && which(swap)) abortSwap(core, swap, text, outcome);
  }
}

/** A rollback of a row: nothing of its slice is swapped, and the watch over a version that took over is over when it is rolled back itself. */
export function rollbackEndsSwaps(core: Core, row: RowIx, outcome: Outcome): void {
  stopSyncs(core, row);
  if (core.rollout.openSwaps.length === 0) return;
  const { slice } = core.gate.rows[row];
  abortSwapsOf(core, (swap) => swap.slice === slice, 'a rollback goes first', outcome);
  for (const ix of core.rollout.openSwaps) {
    const swap = core.rollout.swaps[ix];
    if (swap.to === row && (swap.step === 'monitoring' || swap.step === 'finalized')) moveSwap(swap, 'rolledBack', swap.standbyUntil);
    if (swap.from !== row || !isCommitted(swap)) continue;
    // what a version frees that is rolled back while it works off its lots is nobody's by itself
    columnGet(cap, core.gate.cap, swap.to);
    boundGrowth(core, swap.to, cap);
  }
}

const cap = splitZero();
