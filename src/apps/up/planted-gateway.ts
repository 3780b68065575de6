import { workerData } from 'node:worker_threads';
import { GatewayBoard } from '../../runtime/live/gateway-board.ts';
import { openGateway } from './open-gateway.ts';
import type { GatewayPlan } from './plan.ts';

/** Entry of a gateway that dies as soon as it knows two open orders. For tests of what a desk does without it. */
const plan = (workerData as { readonly data: GatewayPlan }).data;
const loop = openGateway(plan);
const board = new GatewayBoard(plan.setting.board);
for (;;) {
  loop.turn();
  if (board.get('openOrders') >= 2) throw new RangeError('planted in\nthe gateway');
}
