import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { DeploymentSpec, FreezeWindows } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { freezeGate, frozenUntil, judgeWindow, windowText } from './freeze-window.ts';
import { moveSwap, type Swap } from './swap.ts';
import { recordSwapGates } from './swap-gates.ts';

/** From the stop of the old version to the commit at most; past it the swap is aborted and the old version goes on. */
export const frozenAtMost = 500_000;

/**
 * First instant of a window that a cutover which begins at `at` could be committed in; -1 = none. A window of dates may be shorter than a cutover: its first instant lies between
 * beginning and end. Those of a week count in minutes.
 */
function firstFrozen(freeze: FreezeWindows | undefined, at: number): number {
  const ends = at + frozenAtMost;
  if (frozenUntil(freeze, at) !== 0) return at;
  const begins = (freeze?.dated ?? []).filter(({ from, to }) => from > at && from <= ends && to > from).map(({ from }) => from);
  if (begins.length > 0) return Math.min(...begins);
  return frozenUntil(freeze, ends) === 0 ? -1 : ends;
}

/** Instant from which on a cutover may begin that would still be committed outside of every window; 0 = now. */
export function cutoverFrom({ freeze }: DeploymentSpec, at: Micros): Micros | 0 {
  const first = firstFrozen(freeze, at);
  return first < 0 ? 0 : frozenUntil(freeze, first);
}

/** When the window opens that a cutover would fall into now, in words; '' = none would. */
export function openingText({ freeze }: DeploymentSpec, at: Micros): string {
  const first = firstFrozen(freeze, at);
  return first < 0 ? '' : windowText(freeze, first);
}

/** A cutover that would fall into a freeze window waits in the shadow for its opening instant, and says so once. */
export function waitsForOpening(core: Core, swap: Swap, seq: Seq, at: Micros, outcome: Outcome): boolean {
  const deployment = core.rollout.deployments[swap.deployment];
  const from = cutoverFrom(deployment.spec, at);
  if (from === 0) return false;
  if (swap.step === 'shadowing') swap.deadline = from;
  else moveSwap(swap, 'shadowing', from);
  if (deployment.lastVerdicts.get(freezeGate) !== 'inconclusive')
    recordSwapGates(core, swap, judgeWindow(deployment.spec, firstFrozen(deployment.spec.freeze, at)), seq, at, outcome);
  return true;
}
