import { durationMicros } from '../../base/duration.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { Deployment } from './deployment.ts';
import { setLifecycle, setPhase } from './rollout.ts';
import { refused, type CommandOutcome } from './deploy.ts';
import { waiverKey } from './entry-gates.ts';
import { isUncommitted, promoted, type Swap } from './swap.ts';
import { waivable } from './swap-gates.ts';
import { abortSwap } from './swap-abort.ts';
import { cutoverFrom } from './swap-freeze.ts';
import { tryAdoption } from './swap-flow.ts';

/** A person resumes: what was paused in its warm-up has the rest of it before it, what was warm tries again, what was aborted begins anew. */
export function resumeSwap(core: Core, deployment: Deployment, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  const { row, spec } = deployment;
  const swap = swapOf(core, deployment);
  if (swap?.step === 'shadowing' && swap.warmupLeft > 0) {
    swap.deadline = microsUnchecked(at + swap.warmupLeft);
    swap.warmupLeft = 0;
  } else if (swap?.step === 'shadowing') tryAdoption(core, swap, at, outcome);
  else if (swap?.step === 'monitoring') {
    const left = spec.blueGreen === null ? 0 : durationMicros(spec.blueGreen.monitoring);
    swap.deadline = microsUnchecked(at + left);
  } else if (rollout.lifecycle[row] === 'Retired') {
    setLifecycle(rollout, gate, row, 'Loading', 'its swap is tried again', outcome);
    outcome.effects.push({ kind: 'load', reducing: false, row, deployment: deployment.ix, spec });
  }
}

/** A person pauses: nothing goes on by itself; what is under way is given back to the old version. */
export function pauseSwap(core: Core, deployment: Deployment, reason: string, outcome: Outcome): void {
  const swap = swapOf(core, deployment);
  if (swap === undefined) return;
  if (swap.step === 'shadowing' && swap.deadline > core.at && swap.deadline !== cutoverFrom(deployment.spec, core.at))
    swap.warmupLeft = swap.deadline - core.at;
  if (swap.step === 'shadowing' || swap.step === 'monitoring') swap.deadline = microsUnchecked(0);
  else if (isUncommitted(swap)) abortSwap(core, swap, `paused: ${reason}`, outcome);
}

/** Why two people cannot send a version to its cutover now; undefined = they can. */
export function refuseSwapPromotion(core: Core, deployment: Deployment, waives: readonly string[], at: Micros): CommandOutcome | undefined {
  const { deploymentID } = deployment.spec;
  const unknown = waives.find((gate) => !waivable.includes(gate));
  if (unknown !== undefined) return refused('UNKNOWN_GATE', `${unknown} cannot be waived here: expected ${waivable.join(', ')}`);
  if (deployment.pausedBy !== '')
    return refused(
      'PAUSED_BY_A_PERSON',
      `${deploymentID} was paused by ${deployment.pausedBy}: a pause comes before a promotion, resume it first`,
    );
  const swap = swapOf(core, deployment);
  return swap?.step === 'shadowing' && swap.deadline <= at && swap.warmupLeft === 0
    ? undefined
    : refused('NOT_IN_THIS_PHASE', `promote: expected ${deploymentID} to be in the shadow and its warm-up to be over`);
}

/** Two people send a version that waits for their word to its cutover: its gates are judged once more, but for those that they waive. */
export function promoteSwap(core: Core, deployment: Deployment, waives: readonly string[], at: Micros, outcome: Outcome): void {
  const swap = swapOf(core, deployment);
  if (swap === undefined) return;
  for (const gate of [...waives, promoted]) deployment.waivers.add(waiverKey(0, gate));
  deployment.failedGate = '';
  setPhase(deployment, 'Progressing', 'promoted by people', outcome);
  tryAdoption(core, swap, at, outcome);
}

/** A waiver before the cutover is for what a version has shown, not for what the cutover needs. */
export function refuseSwapWaiver(deployment: Deployment, stage: number, gate: string): CommandOutcome | undefined {
  if (deployment.stage >= 0) return refused('NOT_IN_THIS_PHASE', 'waive: the cutover is made already');
  if (stage !== 0) return refused('UNKNOWN_GATE', `stage: expected 0, the cutover of ${deployment.spec.deploymentID}, was ${stage}`);
  return waivable.includes(gate) ? undefined : refused('UNKNOWN_GATE', `gate: expected ${waivable.join(', ')}, was ${gate}`);
}

function swapOf(core: Core, deployment: Deployment): Swap | undefined {
  return core.rollout.swaps.findLast((one) => one.deployment === deployment.ix);
}
