import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { accepted, refused, type CommandOutcome } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import { notIn } from './foresight.ts';
import { isReplaced, servedBy } from './rollout.ts';
import { rollBack } from './saga.ts';

/**
 * Rolls a deployment back and returns to the last other version of its slice that completed a deployment: one that still holds its capital keeps it, another one is
 * deployed again by its own spec, from its first stage and under the gates that it had. Refused whole when there is none.
 */
export function undo(
  core: Core,
  deployment: Deployment,
  reason: string,
  actor: string,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const { rollout } = core;
  const { deploymentID, sliceID } = deployment.spec;
  switch (deployment.phase) {
    case 'RollingBack':
    case 'Degraded':
    case 'Aborted':
      return notIn(deployment, 'undo', 'Proposed, Progressing, Paused or Healthy');
    case 'Proposed':
    case 'Progressing':
    case 'Paused':
    case 'Healthy':
  }
  const earlier = lastCompleted(core, deployment);
  if (earlier === undefined)
    return refused(
      'NO_EARLIER_VERSION',
      `${sliceID}: no other version has completed a deployment; rollback takes ${deploymentID} away without one`,
    );
  const { version } = earlier.spec;
  const holds = servedBy(rollout, earlier.row) === earlier && earlier.phase === 'Healthy' && !isReplaced(rollout, earlier.row);
  const trigger = { rule: 'manual', class: 'human', value: 1, limit: 0, text: `undo: ${reason}`, actor } as const;
  if (holds) {
    rollBack(core, deployment.row, trigger, seq, at, outcome);
    return accepted(`${deploymentID} is rolled back; ${version} was never taken away and goes on`);
  }
  const then = { ...earlier.spec, deploymentID: freshID(core, earlier.spec.deploymentID) };
  rollBack(core, deployment.row, { ...trigger, then }, seq, at, outcome);
  return accepted(`${deploymentID} is rolled back; ${version} is deployed again as ${then.deploymentID} when that is done`);
}

/** The newest deployment of another version of the slice that was Healthy with capital and may be deployed; a swap's needs the version that it took over from, and is not. */
function lastCompleted(core: Core, deployment: Deployment): Deployment | undefined {
  const { deployments, lifecycle } = core.rollout;
  return deployments.findLast(
    (one) =>
      one.row !== deployment.row &&
      one.spec.sliceID === deployment.spec.sliceID &&
      one.completed &&
      one.spec.strategy !== 'BlueGreen' &&
      lifecycle[one.row] !== 'Halted' &&
      lifecycle[one.row] !== 'Draining' &&
      lifecycle[one.row] !== 'Failed',
  );
}

function freshID(core: Core, id: string): string {
  for (let n = 2; ; n++) if (!core.rollout.byID.has(`${id}-${n}`)) return `${id}-${n}`;
}
