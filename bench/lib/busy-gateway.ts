import { workerData } from 'node:worker_threads';
import { registrationsOf } from '../../src/apps/desk/definitions.ts';
import type { GatewayPlan } from '../../src/apps/up/plan.ts';
import { prng } from '../../src/base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../src/base/units.ts';
import { createCore, smallCoreCapacities } from '../../src/core/core.ts';
import { register } from '../../src/core/registry.ts';
import type { MarketEvent, Quote } from '../../src/domain/market.ts';
import type { RecordedFeed } from '../../src/ports/feed.ts';
import { awaitBegin, GatewayLoop } from '../../src/runtime/live/gateway-loop.ts';
import { wallClock } from '../../src/runtime/live/wall-clock.ts';
import { fixedLatency } from '../../src/venues/simulated/latency.ts';
import { fullCapabilities, SimulatedVenue } from '../../src/venues/simulated/simulated-venue.ts';
import { busyMarkets } from './busy-markets.ts';

/** Entry of a gateway whose feed is a steady stream of quotes, and whose venues answer at once. */
const plan = (workerData as { readonly data: GatewayPlan }).data;
/** Microseconds between two quotes: 10,000 a second, or what a soak asks for. */
const gap = Number(process.env['PLIMSOLL_QUOTE_GAP'] ?? 100);

function steadyQuotes(startAt: Micros, seed: number): RecordedFeed {
  const luck = prng(seed);
  const bids = busyMarkets.map(() => 10_000);
  let n = 0;
  const at = (): Micros => microsUnchecked(startAt + n * gap);
  return {
    peek: at,
    next: (): MarketEvent => {
      const listing = n % busyMarkets.length;
      const bid = Math.max(9_000, bids[listing] + luck.int(3) - 1);
      bids[listing] = bid;
      const time = at();
      n++;
      const quote: Quote = {
        kind: 'quote',
        eventSeq: 0,
        feed: 0,
        feedSeq: n,
        eventTime: time,
        receivedAt: time,
        listing,
        bid: ticksUnchecked(bid),
        bidQty: lotsUnchecked(100),
        ask: ticksUnchecked(bid + 2),
        askQty: lotsUnchecked(100),
      };
      return quote;
    },
  };
}

const clock = wallClock(plan.wallOffset);
const { term } = awaitBegin(plan.setting);
const core = createCore(term, smallCoreCapacities);
for (const registration of registrationsOf(plan.markets)) register(core.registry, registration);
const venueOf = (simulated: boolean): SimulatedVenue =>
  new SimulatedVenue({
    venue: 0,
    prefix: simulated ? 'PAPER' : 'SIM',
    simulated,
    listings: core.registry.listings.map(({ ix, listing, moneyPerTickLot, currency }) => ({
      ix,
      listing,
      moneyPerTickLot,
      currency,
      fees: { makerRate: 0, takerRate: 0, feeUnit: 10_000_000_000 },
    })),
    capabilities: fullCapabilities,
    orderLatency: fixedLatency(0),
    reportLatency: fixedLatency(0),
    selfMatch: 'allow',
    luck: prng(plan.seed),
  });
const market = {
  feed: steadyQuotes(clock.now(), plan.seed),
  venues: new Map([[0, venueOf(false)]]),
  simulators: new Map([[0, venueOf(true)]]),
};
new GatewayLoop(plan.setting, term, market, clock).run();
