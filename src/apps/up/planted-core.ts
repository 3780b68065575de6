import { parentPort, workerData } from 'node:worker_threads';
import type { CorePlan } from './plan.ts';
import { runCore } from './run-core.ts';

/** Entry of a core with a planted fault: it never returns from the step that deploys `spin`. For tests of what must work without the core. */
if (parentPort === null) throw new Error('the core runs on a thread of its own');
await runCore((workerData as { readonly data: CorePlan }).data, parentPort, (input) => {
  if (input.kind === 'command' && input.command.verb === 'deploy' && input.command.spec.deploymentID === 'spin') for (;;);
});
