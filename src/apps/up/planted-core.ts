import { parentPort, workerData } from 'node:worker_threads';
import type { CorePlan } from './plan.ts';
import { runCore } from './run-core.ts';

/** Entry of a core with planted faults: it never returns from the step that deploys `spin`, and dies of the one that deploys `die`. For tests of what must work without it. */
if (parentPort === null) throw new Error('the core runs on a thread of its own');
await runCore((workerData as { readonly data: CorePlan }).data, parentPort, (input) => {
  if (input.kind !== 'command' || input.command.verb !== 'deploy') return;
  const { deploymentID } = input.command.spec;
  if (deploymentID === 'spin') for (;;);
  if (deploymentID === 'die')
    process.nextTick(() => {
      throw new Error('planted');
    });
});
