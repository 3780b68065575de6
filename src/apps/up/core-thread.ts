import { parentPort, workerData } from 'node:worker_threads';
import { inlineMore } from '../../runtime/inlining.ts';
import type { CorePlan } from './plan.ts';
import { runCore } from './run-core.ts';

/** Entry of the core's thread. */
if (parentPort === null) throw new Error('the core runs on a thread of its own');
inlineMore();
void runCore((workerData as { readonly data: CorePlan }).data, parentPort).then(() => process.exit(0));
