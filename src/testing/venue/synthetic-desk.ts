import { micros } from '../../base/units.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { SyntheticExchange } from '../../sim/synthetic-exchange.ts';
import type { SyntheticExchangeOptions } from '../../sim/synthetic-exchange.ts';
import { testListing } from './floor-script.ts';

/** 2026-01-05T09:00:00Z. */
export const syntheticStart = 1_767_603_600_000_000;

export function syntheticExchange(seed: number, options: Partial<SyntheticExchangeOptions> = {}): SyntheticExchange {
  return new SyntheticExchange({
    seed,
    venue: 0,
    feed: 0,
    startAt: micros(syntheticStart),
    listings: [
      {
        ix: 0,
        listing: testListing,
        moneyPerTickLot: 10_000_000_000,
        currency: 0,
        fees: { makerRate: 0, takerRate: 20_000, feeUnit: 10_000_000_000 },
      },
    ],
    ...options,
  });
}

/** Every event that is received up to `seconds` after the start. */
export function eventsUntil(exchange: SyntheticExchange, seconds: number, visit: (event: MarketEvent) => void): number {
  let count = 0;
  for (let at = exchange.peek(); at !== undefined && at <= syntheticStart + seconds * 1_000_000; at = exchange.peek()) {
    const event = exchange.next();
    if (event === undefined) continue;
    count += 1;
    visit(event);
  }
  return count;
}
