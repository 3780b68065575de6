import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../base/prng.ts';
import { lots, micros, ticks } from '../base/units.ts';
import type { L2Book } from '../core/market/book.ts';
import type { BookUpdate, FeedStatus, MarketEvent, Quote } from '../domain/market.ts';
import { testListing } from '../testing/venue/floor-script.ts';
import { fixedLatency } from '../venues/simulated/latency.ts';
import { RecordedVenue } from '../venues/simulated/recorded-venue.ts';
import { HostMarket } from './host-market.ts';

function venueOf(): RecordedVenue {
  const money = { moneyPerTickLot: 1, currency: 0, fees: { makerRate: 0, takerRate: 0, feeUnit: 1 } };
  const latencies = { orderLatency: fixedLatency(10), reportLatency: fixedLatency(10) };
  return new RecordedVenue({
    venue: 0,
    prefix: 'REC',
    simulated: true,
    listings: [{ ix: 0, listing: testListing, ...money }],
    ...latencies,
  });
}

/** Quotes first, a whole book then, changes of it, and gaps that a whole book ends; and now and then what no feed should do: changes before a whole book. */
function eventsOf(luck: Prng): MarketEvent[] {
  const begins = luck.int(4) === 0 ? 0 : 5;
  return Array.from({ length: 120 }, (_, n): MarketEvent => {
    const at = micros(1_000 + n);
    const stamp = { eventSeq: n + 1, feed: 0, feedSeq: n, eventTime: at, receivedAt: at, listing: 0 };
    const level = (): number => luck.int(30);
    if (n < begins || luck.int(6) === 0) {
      const quote: Quote = {
        kind: 'quote',
        ...stamp,
        bid: ticks(100 + level()),
        bidQty: lots(3),
        ask: ticks(140 + level()),
        askQty: lots(4),
      };
      return quote;
    }
    if (luck.int(25) === 0) {
      const status: FeedStatus = { kind: 'feedStatus', ...stamp, condition: luck.int(2) === 0 ? 'gap' : 'heartbeat', text: '', value: 0 };
      return status;
    }
    const count = 1 + luck.int(6);
    const sides = Uint8Array.from({ length: count }, () => luck.int(2));
    const prices = Float64Array.from(sides, (side) => (side === 0 ? 100 : 135) + level());
    const qtys = Float64Array.from(sides, () => luck.int(4));
    const update: BookUpdate = { kind: 'book', ...stamp, snapshot: n === begins || luck.int(15) === 0, count, sides, prices, qtys };
    return update;
  });
}

function seen(book: L2Book): string {
  const side = (levels: number, px: (level: number) => number, qty: (level: number) => number): string =>
    Array.from({ length: levels + 1 }, (_, level) => `${px(level)}x${qty(level)}`).join(' ');
  const bids = side(
    book.bidLevels,
    (level) => book.bidPx(level),
    (level) => book.bidQty(level),
  );
  const asks = side(
    book.askLevels,
    (level) => book.askPx(level),
    (level) => book.askQty(level),
  );
  return `${book.valid} ${book.crossed} | ${bids} | ${asks}`;
}

describe('a book that a host borrows from a simulator', () => {
  it('is at every event the one that it would have kept itself', () => {
    let [whole, gone] = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const [venue, own, borrowed] = [venueOf(), new HostMarket(), new HostMarket()];
      for (const market of [own, borrowed]) market.growTo(1);
      const depth = venue.depthOf(0);
      if (depth === undefined) throw new Error('expected the book of a listing that is traded');
      borrowed.borrow(0, depth);
      for (const event of eventsOf(prng(`borrowed/${seed}`))) {
        venue.onMarket(event);
        own.take(event);
        borrowed.take(event);
        expect(seen(borrowed.books[0]), `seed ${seed}, event ${event.eventSeq}`).toBe(seen(own.books[0]));
        expect(borrowed.hasSeen(0)).toBe(own.hasSeen(0));
        if (own.books[0].valid) whole++;
        else gone++;
      }
    }
    expect(Math.min(whole, gone)).toBeGreaterThan(1_000);
    expect(venueOf().depthOf(1)).toBe(undefined);
  });
});
