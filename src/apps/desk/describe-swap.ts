import { isoFromMicros } from '../../base/time.ts';
import type { Core } from '../../core/core.ts';
import { rolesOfVerb } from '../../core/rollout/authority.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';
import type { Swap } from '../../core/rollout/swap.ts';
import type { SwapStep } from '../../domain/swap.ts';

/** Where the taking over of a version stands. */
export interface SwapStanding {
  readonly swap: number;
  readonly from: string;
  readonly to: string;
  readonly step: SwapStep;
  readonly waitsFor: string;
  /** When the step ends by itself, ISO 8601; null = never. */
  readonly deadline: string | null;
  /** Who or what acts next. */
  readonly next: string;
}

/** The newest swap of a deployment; undefined = it has none. */
export function swapStanding(core: Core, deployment: Deployment | undefined): SwapStanding | undefined {
  const swap = deployment === undefined ? undefined : core.rollout.swaps.findLast((one) => one.deployment === deployment.ix);
  if (deployment === undefined || swap === undefined) return undefined;
  const { rows } = core.gate;
  const [waitsFor, next] = wordsOf(swap, deployment);
  return {
    swap: swap.ix,
    from: rows[swap.from].version,
    to: rows[swap.to].version,
    step: swap.step,
    waitsFor,
    deadline: swap.deadline === 0 ? null : isoFromMicros(swap.deadline),
    next,
  };
}

/** In one line. */
export function swapLine({ from, to, step, waitsFor, deadline }: SwapStanding): string {
  const until = deadline === null ? '' : `, until ${deadline.slice(11, 23)} at the latest`;
  return `swap of ${from} for ${to} is ${step}: ${waitsFor}${until}`;
}

/** What a step waits for, and who acts next. */
function wordsOf(swap: Swap, deployment: Deployment): readonly [string, string] {
  switch (swap.step) {
    case 'preparing':
      return ['the new version takes a copy of the old one’s state', 'its host: it answers, or the swap is aborted'];
    case 'shadowing':
      return swap.deadline === 0
        ? ['its warm-up stands, until people have spoken', peopleFor(deployment)]
        : [
            'the new version proposes beside the old one and nothing of it leaves',
            'the controller: it tries the adoption, then judges the gates',
          ];
    case 'trying':
      return ['a dry run of the adoption', 'its host: it answers, or the swap is aborted'];
    case 'waiting':
      return ['requests of the old version that are under way', 'the venue: it answers, or the swap is aborted'];
    case 'frozen':
      return ['the old version to stop', 'its host: it stops, or the swap is aborted and the old version goes on'];
    case 'settling':
      return ['the orders of the old version to be certain', 'the venue: it answers, or the swap is aborted'];
    case 'adopting':
      return ['the new version to take the state of the old one', 'its host: it answers, or the swap is aborted'];
    case 'monitoring':
      return swap.deadline === 0
        ? ['the new version trades, its watch stands', peopleFor(deployment)]
        : ['the new version trades and is watched', 'the controller: Healthy when the watch is over, a rollback when a monitor trips'];
    case 'finalized':
      return [
        swap.deadline === 0 ? 'the old version is put away' : 'the new version trades, the old one stands by for a rollback',
        'nobody: it is done',
      ];
    case 'rolledBack':
      return ['the old version trades again', 'nobody: deploy another version'];
    case 'aborted':
      return ['nothing of it counts, the old version goes on', peopleFor(deployment)];
  }
}

function peopleFor({ phase, failedGate, pausedBy, spec }: Deployment): string {
  const id = spec.deploymentID;
  if (phase === 'Aborted') return 'nobody: deploy another version';
  if (failedGate !== '') return `two people of ${rolesOfVerb('retry').join(', ')}: plimsoll retry ${id} asks ${failedGate} again`;
  const resume = `somebody of ${rolesOfVerb('resume').join(', ')}: plimsoll resume ${id}`;
  return pausedBy === '' ? `${resume}, or two people: plimsoll promote ${id}` : `${resume} (${pausedBy} paused it)`;
}
