import { prng } from '../../src/base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../src/base/units.ts';
import type { Core } from '../../src/core/core.ts';
import type { MarketEvent, Quote } from '../../src/domain/market.ts';
import type { VenueCapabilities } from '../../src/domain/venue.ts';
import type { RecordedFeed } from '../../src/ports/feed.ts';
import { fixedLatency } from '../../src/venues/simulated/latency.ts';
import { fullCapabilities, SimulatedVenue } from '../../src/venues/simulated/simulated-venue.ts';
import { busyMarkets } from './busy-markets.ts';

/** Quotes of all listings in turn, one every `gap` microseconds, for ever. */
export function steadyQuotes(startAt: Micros, seed: number, gap: number): RecordedFeed {
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

/** The simulated venue of the busy markets; `latency` each way, microseconds. */
export function busyVenue(
  core: Core,
  seed: number,
  simulated: boolean,
  latency = 0,
  more: Partial<VenueCapabilities> = {},
): SimulatedVenue {
  return new SimulatedVenue({
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
    capabilities: { ...fullCapabilities, ...more },
    orderLatency: fixedLatency(latency),
    reportLatency: fixedLatency(latency),
    selfMatch: 'allow',
    luck: prng(seed),
  });
}
