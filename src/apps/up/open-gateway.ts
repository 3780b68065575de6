import { createCore, smallCoreCapacities } from '../../core/core.ts';
import { register } from '../../core/registry.ts';
import { awaitBegin, GatewayLoop, type GatewayMarket } from '../../runtime/live/gateway-loop.ts';
import { wallClock } from '../../runtime/live/wall-clock.ts';
import { registrationsOf } from '../desk/definitions.ts';
import { syntheticSource } from '../desk/market-source.ts';
import type { GatewayPlan } from './plan.ts';

/**
 * The synthetic exchange as a live market, the simulator of rows on paper, and the gateway before both; blocks until the core says its first word.
 * @param plant for tests: puts a fault between the gateway and its venues.
 */
export function openGateway(plan: GatewayPlan, plant = (market: GatewayMarket): GatewayMarket => market): GatewayLoop {
  const { term, positions, wallOffset } = awaitBegin(plan.setting);
  const clock = wallClock(wallOffset);
  const core = createCore(term, smallCoreCapacities);
  for (const registration of registrationsOf(plan.markets)) register(core.registry, registration);
  const { feed, venue, port, simulator, hold } = syntheticSource(plan.seed, clock.now(), term).open(core);
  const market = { feed, venues: new Map([[venue, port]]), simulators: new Map([[venue, simulator]]) };
  for (const { account, listing, position } of positions) hold?.(account, listing, position);
  return new GatewayLoop(plan.setting, term, plant(market), clock);
}
