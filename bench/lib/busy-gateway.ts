import { workerData } from 'node:worker_threads';
import { registrationsOf } from '../../src/apps/desk/definitions.ts';
import type { GatewayPlan } from '../../src/apps/up/plan.ts';
import { createCore, smallCoreCapacities } from '../../src/core/core.ts';
import { register } from '../../src/core/registry.ts';
import { awaitBegin, GatewayLoop } from '../../src/runtime/live/gateway-loop.ts';
import { wallClock } from '../../src/runtime/live/wall-clock.ts';
import { busyVenue, steadyQuotes } from './steady-market.ts';

/** Entry of a gateway whose feed is a steady stream of quotes, and whose venues answer at once. */
const plan = (workerData as { readonly data: GatewayPlan }).data;
/** Microseconds between two quotes: 10,000 a second, or what a soak asks for. */
const gap = Number(process.env['PLIMSOLL_QUOTE_GAP'] ?? 100);

const { term, wallOffset } = awaitBegin(plan.setting);
const clock = wallClock(wallOffset);
const core = createCore(term, smallCoreCapacities);
for (const registration of registrationsOf(plan.markets)) register(core.registry, registration);
const market = {
  feed: steadyQuotes(clock.now(), plan.seed, gap),
  venues: new Map([[0, busyVenue(core, plan.seed, false)]]),
  simulators: new Map([[0, busyVenue(core, plan.seed, true)]]),
};
new GatewayLoop(plan.setting, term, market, clock).run();
