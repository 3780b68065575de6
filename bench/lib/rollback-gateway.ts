import { workerData } from 'node:worker_threads';
import { registrationsOf } from '../../src/apps/desk/definitions.ts';
import type { GatewayPlan } from '../../src/apps/up/plan.ts';
import { createCore, smallCoreCapacities } from '../../src/core/core.ts';
import { register } from '../../src/core/registry.ts';
import { GatewayBoard } from '../../src/runtime/live/gateway-board.ts';
import type { PulledVenue } from '../../src/runtime/desk-options.ts';
import { awaitBegin, GatewayLoop } from '../../src/runtime/live/gateway-loop.ts';
import { wallClock } from '../../src/runtime/live/wall-clock.ts';
import { monotonicMicros } from '../../src/runtime/shared-clock.ts';
import { busyVenue, steadyQuotes } from './steady-market.ts';
import { WireStamps } from './wire-stamps.ts';

/** Entry of a gateway with a steady stream of quotes and a real venue 5 ms away that takes 1,000 messages a second; what it is handed is stamped on the board. */
const plan = (workerData as { readonly data: GatewayPlan }).data;
const { term, wallOffset } = awaitBegin(plan.setting);
const clock = wallClock(wallOffset);
const core = createCore(term, smallCoreCapacities);
for (const registration of registrationsOf(plan.markets)) register(core.registry, registration);
const stamps = new WireStamps(new GatewayBoard(plan.setting.board));
// the bucket is the gateway's: a venue that counted by the second itself would refuse what two seconds of it share
const venue = busyVenue(core, plan.seed, false, 5_000);
const port: PulledVenue = {
  capabilities: { ...venue.capabilities, throttlePerSecond: 1_000 },
  send: (order, at) => {
    stamps.sent();
    return venue.send(order, at);
  },
  replace: (order, at) => venue.replace(order, at),
  cancel: (request, at) => {
    stamps.canceled(monotonicMicros());
    return venue.cancel(request, at);
  },
  cancelAll: (at) => venue.cancelAll(at),
  query: (clOrdID, at) => venue.query(clOrdID, at),
  // without an answer the desk takes a break, and no version gets an order away
  statement: (request, at) => venue.statement(request, at),
  nextEventAt: () => venue.nextEventAt(),
  advance: (to, sink, notices) => venue.advance(to, sink, notices),
};
const market = {
  feed: steadyQuotes(clock.now(), plan.seed, Number(process.env['PLIMSOLL_QUOTE_GAP'] ?? 100)),
  venues: new Map([[0, port]]),
  simulators: new Map([[0, busyVenue(core, plan.seed, true)]]),
};
new GatewayLoop(plan.setting, term, market, clock).run();
