import { isoFromMicros } from '../../base/time.ts';
import type { Core } from '../../core/core.ts';
import { rolesOfVerb } from '../../core/rollout/authority.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';
import { openingText } from '../../core/rollout/swap-freeze.ts';
import type { Swap } from '../../core/rollout/swap.ts';
import type { SwapStep } from '../../domain/swap.ts';
import { whoApproves } from './describe-approvals.ts';

/** Where the taking over of a version stands. */
export interface SwapStanding {
  readonly swap: number;
  readonly from: string;
  readonly to: string;
  readonly step: SwapStep;
  /** Nothing more comes of it but the end of the old version's standing by. */
  readonly over: boolean;
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
  const [waitsFor, next] = wordsOf(swap, deployment, core);
  return {
    swap: swap.ix,
    from: rows[swap.from].version,
    to: rows[swap.to].version,
    step: swap.step,
    over: swap.step === 'finalized' || swap.step === 'rolledBack' || swap.step === 'aborted',
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

/** Steps of a swap as people follow them, in order. `waiting` is only there when requests are under way. */
const path: readonly SwapStep[] = ['preparing', 'shadowing', 'trying', 'frozen', 'settling', 'adopting', 'monitoring', 'finalized'];
const did: Readonly<Partial<Record<SwapStep, string>>> = {
  preparing: 'the state of the old version taken',
  shadowing: 'warmed up in its shadow',
  trying: 'adoption tried, gates judged',
  frozen: 'the old version stopped',
  settling: 'its orders certain',
  adopting: 'its state taken, committed',
  monitoring: 'watched',
};

/** A line for each step that is done, and for the one that goes on; a step whose turn has not come is named. */
export function swapPath(standing: SwapStanding): readonly string[] {
  const { step, waitsFor, deadline, over } = standing;
  const until = deadline === null ? '' : `, until ${deadline.slice(11, 19)} at the latest`;
  if (step === 'aborted' || step === 'rolledBack') return [`✖ ${step}: ${waitsFor}`];
  const at = step === 'waiting' ? path.indexOf('frozen') : path.indexOf(step);
  return [
    ...path.slice(0, at).map((one) => `✔ ${did[one] ?? one}`),
    `${over ? '✔' : '◐'} ${step}: ${waitsFor}${until}`,
    ...(at + 1 < path.length ? [`○ then ${path.slice(at + 1).join(', ')}`] : []),
  ];
}

/** What a step waits for, and who acts next. */
function wordsOf(swap: Swap, deployment: Deployment, core: Core): readonly [string, string] {
  switch (swap.step) {
    case 'preparing':
      return ['the new version takes a copy of the old one’s state', 'its host: it answers, or the swap is aborted'];
    case 'shadowing': {
      const frozen = openingText(deployment.spec, core.at);
      if (frozen !== '' && swap.deadline !== 0 && deployment.phase === 'Progressing')
        return [`its cutover waits, ${frozen}`, `the controller: nothing is cut over in a freeze window, ${frozen}`];
      return swap.deadline === 0
        ? ['its warm-up stands, until people have spoken', forCutover(core, deployment)]
        : [
            'the new version proposes beside the old one and nothing of it leaves',
            'the controller: it tries the adoption, then judges the gates',
          ];
    }
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
        core.rollout.lifecycle[swap.from] === 'Draining'
          ? 'the new version trades, the old one works off what it holds'
          : swap.deadline === 0
            ? 'the old version is put away'
            : `the new version trades, the old one stands by for a rollback, ${stateText(core, swap.from, swap.to)}`,
        'nobody: it is done',
      ];
    case 'rolledBack':
      return rolledBackWords(core, swap);
    case 'aborted':
      return ['nothing of it counts, the old version goes on', peopleFor(deployment)];
  }
}

/** What a standby has of its successor's state. */
export function stateText({ rollout }: Core, row: number, successor: number): string {
  const standby = rollout.standbys.findLast((one) => one.row === row && one.successor === successor && one.step !== 'over');
  if (standby === undefined) return 'and is not kept in sync';
  const { takenAt, why } = standby;
  if (takenAt === 0) return `without a state${why === '' ? ' so far' : `: ${why}`}`;
  return `with the state of ${isoFromMicros(takenAt).slice(11, 19)}`;
}

function rolledBackWords({ gate, rollout }: Core, { from, to }: Swap): readonly [string, string] {
  const { version } = gate.rows[from];
  const back = rollout.lifecycle[from] === 'Active' || rollout.lifecycle[from] === 'Canary';
  if (back) return [`the new version was rolled back, ${version} trades again`, `nobody: ${version} goes on, or deploy another version`];
  const waking = rollout.open.some((ix) => rollout.rollbacks[ix].row === to && rollout.rollbacks[ix].waking >= 0);
  if (waking)
    return [`the new version was rolled back, ${version} is being woken`, 'its host: it answers, or the capital stays in reserve'];
  return ['the new version was rolled back, its capital is in reserve', 'nobody: deploy another version'];
}

/** People whose yes is missing come first: with the last of them it goes on by itself. */
function forCutover(core: Core, deployment: Deployment): string {
  const { phase, failedGate, pausedBy } = deployment;
  const approval = phase === 'Paused' && failedGate === '' && pausedBy === '' ? whoApproves(core, deployment, core.at) : '';
  return approval === '' ? peopleFor(deployment) : approval;
}

function peopleFor({ phase, failedGate, pausedBy, spec }: Deployment): string {
  const id = spec.deploymentID;
  if (phase === 'Aborted') return 'nobody: deploy another version';
  if (failedGate !== '') return `two people of ${rolesOfVerb('retry').join(', ')}: plimsoll retry ${id} asks ${failedGate} again`;
  const resume = `somebody of ${rolesOfVerb('resume').join(', ')}: plimsoll resume ${id}`;
  return pausedBy === '' ? `${resume}, or two people: plimsoll promote ${id}` : `${resume} (${pausedBy} paused it)`;
}
