import type { Lifecycle, Phase } from '../../domain/rollout.ts';

/** Where a version may go from each lifecycle (rollout.md 1). Failed and Halted may follow anything; only a person leaves Halted. */
const lifecycleSteps: Readonly<Record<Lifecycle, readonly Lifecycle[]>> = {
  Registered: ['Loading'],
  Loading: ['Warming'],
  Warming: ['Ready'],
  // a paper run shadows the market; a ladder starts as Canary; a version that leaves paper is loaded afresh for the ladder
  Ready: ['Shadow', 'Canary', 'Active', 'Loading'],
  Shadow: ['Loading', 'Canary', 'Active', 'Draining', 'Retired'],
  Canary: ['Active', 'Draining', 'Standby'],
  Active: ['Draining', 'Standby', 'Canary', 'Loading'],
  Draining: ['Standby', 'Retired'],
  Standby: ['Active', 'Canary', 'Loading', 'Retired'],
  Retired: ['Loading'],
  Failed: ['Loading'],
  Halted: ['Registered'],
};

export function mayFollow(from: Lifecycle, to: Lifecycle): boolean {
  return to === 'Failed' || to === 'Halted' || lifecycleSteps[from].includes(to);
}

/** Where a deployment may go from each phase. Aborted is the end; Degraded waits for a person. */
const phaseSteps: Readonly<Record<Phase, readonly Phase[]>> = {
  Proposed: ['Progressing', 'Aborted', 'RollingBack'],
  Progressing: ['Paused', 'RollingBack', 'Healthy', 'Aborted', 'Degraded'],
  Paused: ['Progressing', 'RollingBack', 'Aborted', 'Degraded'],
  RollingBack: ['Aborted', 'Degraded'],
  Degraded: ['Aborted'],
  Healthy: ['RollingBack', 'Aborted', 'Degraded'],
  Aborted: [],
};

export function phaseMayFollow(from: Phase, to: Phase): boolean {
  return phaseSteps[from].includes(to);
}

/** Phases in which a deployment still wants something. */
export function isUnfinished(phase: Phase): boolean {
  switch (phase) {
    case 'Proposed':
    case 'Progressing':
    case 'Paused':
    case 'RollingBack':
    case 'Degraded':
      return true;
    case 'Healthy':
    case 'Aborted':
      return false;
  }
}
