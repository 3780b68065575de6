import type { Core } from '../../../core/core.ts';
import type { Deployment } from '../../../core/rollout/deployment.ts';
import { isUnfinished } from '../../../core/rollout/lifecycle.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** What may leave a deployment without anybody who acts next. */
const touches: ReadonlySet<string> = new Set<Decision['kind']>([
  'phaseChanged',
  'lifecycleChanged',
  'stageGranted',
  'gateJudged',
  'swapCommitted',
  'swapAborted',
  'swapFinalized',
  'rollbackCompleted',
  'killLatched',
]);

/** LIV1 and LIV2 after every turn that touches a deployment, and after every timer: each that is unfinished says who or what acts next, and why it stands where it does. */
export class LivenessFacts implements Fold {
  readonly #count: Count;

  constructor(count: Count) {
    this.#count = count;
  }

  take({ input, decisions }: Turn, core: Core | undefined, say: Say): void {
    if (core === undefined) return;
    if (input.kind !== 'timer' && input.kind !== 'command' && !decisions.some(({ kind }) => touches.has(kind))) return;
    let next: number | undefined = -1;
    for (const deployment of core.rollout.deployments) {
      if (!isUnfinished(deployment.phase)) continue;
      if (next === -1) next = core.nextDeadline();
      this.#count('LIV1');
      const text = idle(core, deployment, next);
      if (text !== '') say('LIV1', text);
      const { phase, reason, spec } = deployment;
      if ((phase === 'Paused' || phase === 'Degraded' || phase === 'RollingBack') && reason === '')
        say('LIV2', `${spec.deploymentID} is ${phase} and nobody says why`);
    }
  }
}

/** '' or why nobody and nothing will act on a deployment. */
export function idle(core: Core, { ix, phase, judgeAt, spec, rollback, row }: Deployment, next: number | undefined): string {
  const { rollout } = core;
  if (phase === 'RollingBack') return rollout.open.includes(rollback) ? '' : `nobody ends the rollback of ${spec.deploymentID}`;
  // what is loaded, at first or for another try, waits for its host
  if (phase !== 'Progressing' || rollout.lifecycle[row] === 'Loading' || rollout.lifecycle[row] === 'Warming') return '';
  if (spec.baselineOf !== undefined) {
    // a baseline goes on with its canary and ends with it
    const canary = rollout.deployments.find((one) => one.spec.deploymentID === spec.baselineOf);
    return canary?.phase === 'Aborted' || canary?.phase === 'Healthy' ? `nobody ends ${spec.deploymentID}` : '';
  }
  const swaps = rollout.openSwaps.some((swap) => rollout.swaps[swap].deployment === ix);
  return next !== undefined && (swaps || (judgeAt > 0 && next <= judgeAt)) ? '' : `nobody judges ${spec.deploymentID} next`;
}
