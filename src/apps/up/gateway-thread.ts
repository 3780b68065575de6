import { workerData } from 'node:worker_threads';
import { openGateway } from './open-gateway.ts';
import type { GatewayPlan } from './plan.ts';

/** Entry of the gateway's thread. */
openGateway((workerData as { readonly data: GatewayPlan }).data).run();
