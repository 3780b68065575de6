import type { Core } from '../core.ts';
import type { Rollback } from './rollout.ts';

/**
 * Why the capital of a version that was rolled back stays in reserve (RB5, ROL4). Only the fault of a version lets its predecessor come back, only where its spec allows
 * it, and only one that stands by, warm and synced. A standby is not synced and woken by itself: that is said by name, and people bring it back.
 */
export function whyNothingReactivated({ gate, rollout }: Core, rollback: Rollback): string {
  if (rollback.class !== 'versionFault') return `a ${rollback.class} trigger leaves the capital in reserve`;
  if (rollback.deployment >= 0 && rollout.deployments[rollback.deployment].spec.rollback.reactivatePrevious === 'never')
    return 'its spec says that nothing is';
  for (const ix of rollout.openSwaps) {
    const { to, from, step, syncedAt } = rollout.swaps[ix];
    if (to !== rollback.row || step !== 'rolledBack' || rollout.lifecycle[from] !== 'Standby') continue;
    const { version } = gate.rows[from];
    return `${version} stands by${syncedAt < 0 ? ', without the state of its successor' : ''}, but waking a standby is not built: people halt it, unhalt it and deploy it again`;
  }
  return 'no standby version is warm and synced';
}
