import { describe, expect, test } from 'vitest';
import { byteWriter } from '../base/canonical.ts';
import { hex, sha256 } from '../base/sha256.ts';
import { micros } from '../base/units.ts';
import { createL2Book } from '../core/market/book.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { Report } from '../domain/report.ts';
import { lineOf, testListing } from '../testing/venue/floor-script.ts';
import { checkedForTest, plainOrder } from '../testing/venue/plain-order.ts';
import { eventsUntil, syntheticExchange, syntheticStart } from '../testing/venue/synthetic-desk.ts';

/** Every bit of every event. */
function digest(seed: number, seconds: number): string {
  const writer = byteWriter();
  let chain = '';
  eventsUntil(syntheticExchange(seed), seconds, (event) => {
    writer.reset();
    writer.str(chain);
    write(writer, event);
    chain = hex(sha256(writer.view()));
  });
  return chain;
}

function write(writer: ReturnType<typeof byteWriter>, event: MarketEvent): void {
  for (const n of [event.feedSeq, event.eventTime, event.receivedAt]) writer.safeInt(n);
  switch (event.kind) {
    case 'quote':
      for (const n of [event.bid, event.bidQty, event.ask, event.askQty]) writer.safeInt(n);
      return;
    case 'trade':
      for (const n of [event.price, event.qty, event.tradeID]) writer.safeInt(n);
      writer.str(event.aggressor);
      return;
    case 'book':
      writer.bool(event.snapshot);
      for (let i = 0; i < event.count; i++) for (const n of [event.sides[i], event.prices[i], event.qtys[i]]) writer.safeInt(n);
      return;
    case 'bar':
    case 'feedStatus':
      throw new Error(`the synthetic exchange sends no ${event.kind}`);
  }
}

describe('the same seed', () => {
  test('gives the same events, bit for bit, on every Node version', () => {
    expect(digest(1, 120)).toBe('8d491303cbe06383bb56195a7435ca6ddb350ab5ea420e4cb56a6f04f5eebbf8');
  });

  test('gives the same events whether the venue is pulled along or not', () => {
    const alone: string[] = [];
    const pulled: string[] = [];
    eventsUntil(syntheticExchange(3), 60, (event) => alone.push(`${event.kind} ${event.receivedAt}`));
    const exchange = syntheticExchange(3);
    eventsUntil(exchange, 60, (event) => {
      exchange.advance(event.receivedAt, () => undefined);
      pulled.push(`${event.kind} ${event.receivedAt}`);
    });
    expect(pulled).toEqual(alone);
  });

  test('another seed gives others', () => {
    expect(digest(2, 5)).not.toBe(digest(1, 5));
  });
});

describe('market data', () => {
  test('tells the whole book: what is built from it is what the exchange has, never crossed, in order of time', () => {
    const exchange = syntheticExchange(5);
    const book = createL2Book();
    let last = 0;
    let seq = 0;
    let quotes = 0;
    const count = eventsUntil(exchange, 600, (event) => {
      expect(event.receivedAt).toBeGreaterThanOrEqual(last);
      expect(event.feedSeq).toBe(++seq);
      last = event.receivedAt;
      if (event.kind === 'book') book.apply(event);
      if (event.kind !== 'quote') return;
      quotes += 1;
      expect([book.bidPx(0), book.bidQty(0), book.askPx(0), book.askQty(0)]).toEqual([event.bid, event.bidQty, event.ask, event.askQty]);
      expect(book.crossed).toBe(false);
    });
    console.log(`synthetic book: ${count} events, ${quotes} quotes compared`);
    expect(quotes).toBeGreaterThan(1000);
  });

  test('ends where it is told to', () => {
    const exchange = syntheticExchange(1, { endAt: micros(syntheticStart + 2_000_000) });
    let last = 0;
    eventsUntil(exchange, 1e6, (event) => (last = event.receivedAt));
    expect(last).toBeLessThanOrEqual(syntheticStart + 2_000_000);
    expect(exchange.next()).toBeUndefined();
    expect(exchange.peek()).toBeUndefined();
  });

  test('several listings trade on one clock, each as it would alone', () => {
    const listing = { ...testListing, listingID: 'XYZ.SIM' };
    const money = { moneyPerTickLot: 1, currency: 0, fees: { makerRate: 0, takerRate: 0, feeUnit: 1 } };
    const both = syntheticExchange(4, {
      listings: [
        { ix: 0, listing: testListing, ...money },
        { ix: 7, listing, ...money },
      ],
    });
    const alone = syntheticExchange(4, { listings: [{ ix: 7, listing, ...money }] });
    const of7: string[] = [];
    const expected: string[] = [];
    let last = 0;
    eventsUntil(both, 30, (event) => {
      expect(event.receivedAt).toBeGreaterThanOrEqual(last);
      last = event.receivedAt;
      if (event.listing === 7) of7.push(`${event.kind} ${event.receivedAt}`);
    });
    eventsUntil(alone, 30, (event) => expected.push(`${event.kind} ${event.receivedAt}`));
    expect(of7).toEqual(expected);
  });
});

describe('the desk on the floor', () => {
  const pull = (exchange: ReturnType<typeof syntheticExchange>, seconds: number): Report[] => {
    const reports: Report[] = [];
    const end = syntheticStart + seconds * 1_000_000;
    for (;;) {
      const feedAt = exchange.peek() ?? Infinity;
      const at = Math.min(feedAt, exchange.nextEventAt() ?? Infinity);
      if (at > end) return reports;
      exchange.advance(micros(at), (report) => reports.push(report));
      if (feedAt === at) exchange.next();
    }
  };

  test('an order takes from the agents, its trade is on the tape and its position at the venue', () => {
    const exchange = syntheticExchange(6);
    exchange.send(checkedForTest(plainOrder({ clOrdID: 1, ordType: 'market', orderQty: 100 })), micros(syntheticStart + 5));
    let seen = 0;
    const at = syntheticStart + 305;
    for (let due = exchange.nextEventAt(); due !== undefined; due = exchange.nextEventAt()) exchange.advance(due, () => undefined);
    eventsUntil(exchange, 0.001, (event) => {
      if (event.kind === 'trade' && event.eventTime === at) seen += event.qty;
    });
    expect(seen).toBe(100);
    expect(exchange.positionList()).toEqual([{ account: 0, listing: 0, position: 100 }]);
  });

  test('a resting quote at the best price is filled by the agents', () => {
    const exchange = syntheticExchange(7);
    let best = 0;
    eventsUntil(exchange, 0.5, (event) => {
      if (event.kind === 'quote') best = event.bid;
    });
    exchange.send(checkedForTest(plainOrder({ clOrdID: 1, price: best, orderQty: 50 })), micros(syntheticStart + 500_000));
    const lines = pull(exchange, 120).map(lineOf);
    expect(lines[0]).toBe('1 new 0/50');
    expect(lines.at(-1)).toMatch(/^1 trade \d+@\d+ maker 50\/0$/);
  });

  test('a closed session is silent, and day orders end with it', () => {
    const exchange = syntheticExchange(8);
    exchange.send(checkedForTest(plainOrder({ clOrdID: 1, price: 3000, timeInForce: 'day' })), micros(syntheticStart));
    pull(exchange, 1);
    exchange.setPhase(0, 'closed', micros(syntheticStart + 1_000_000));
    expect(pull(exchange, 1.1).map(lineOf)).toEqual(['1 expired 0/0 SESSION_END']);
    expect(eventsUntil(exchange, 60, () => undefined)).toBe(0);
    exchange.setPhase(0, 'open', micros(syntheticStart + 60_000_000));
    expect(eventsUntil(exchange, 61, () => undefined)).toBeGreaterThan(0);
  });
});

test('a shock moves the price by its size over its duration', () => {
  for (const seed of [1, 2, 3]) {
    const calm = syntheticExchange(seed);
    const shaken = syntheticExchange(seed);
    shaken.shock(0, micros(syntheticStart + 60_000_000), 200, 120_000_000);
    const last = [0, 0];
    for (const [i, exchange] of [calm, shaken].entries()) {
      eventsUntil(exchange, 240, (event) => {
        if (event.kind === 'quote') last[i] = (event.bid + event.ask) / 2;
      });
    }
    expect(Math.abs(last[1] - last[0] - 200)).toBeLessThan(25);
  }
});
