import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { feedConditions, type MarketEvent } from '../../domain/market.ts';
import { drain, kept, tell, withFolder } from '../../testing/feeds/mini-capture.ts';
import { createCaptureFeed, type CaptureFeed } from './capture-feed.ts';
import { captureFile, CaptureWriter, type WrittenSource } from './capture-writer.ts';
import type { ChunkRoot } from './format.ts';

const sources: readonly WrittenSource[] = [
  { feedID: 'binance-usdm', listingID: 'BTCUSDT.BINANCE-USDM', priceUnit: '0.1', lot: '0.001', feed: 2, listing: 5 },
  { feedID: 'synthetic', listingID: 'OAK.SIM', priceUnit: '0.01', lot: '1', feed: 0, listing: 1 },
];

function write(file: string, events: readonly MarketEvent[], flushAfter: number): ChunkRoot[] {
  const roots: ChunkRoot[] = [];
  const writer = new CaptureWriter(captureFile(file), sources, (root) => roots.push(root));
  events.forEach((event, i) => {
    writer.add(event);
    if (i % flushAfter === flushAfter - 1) writer.flush();
  });
  writer.close();
  return roots;
}

const open = (file: string): CaptureFeed =>
  createCaptureFeed({ file, indicesOf: ({ listingID }) => sources.find((source) => source.listingID === listingID) ?? 'not known here' });

/** Only what an event is: its own fields in one order. */
const plain = (events: readonly MarketEvent[]): unknown => events.map((event) => Object.entries(kept(event)).sort());

const whole = fc.integer({ min: -1_000_000, max: Number.MAX_SAFE_INTEGER });
const qty = fc.integer({ min: 0, max: 1_000_000_000 });
const stampOf = fc.record({
  source: fc.constantFrom(...sources),
  eventSeq: fc.nat(),
  feedSeq: whole,
  eventTime: whole,
  step: fc.integer({ min: 0, max: 5_000_000_000 }),
});
const body = fc.oneof(
  fc.record({ kind: fc.constant('quote' as const), bid: whole, bidQty: qty, ask: whole, askQty: qty }),
  fc.record({
    kind: fc.constant('trade' as const),
    price: whole,
    qty,
    aggressor: fc.constantFrom('buy' as const, 'sell' as const, 'none' as const),
    tradeID: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('book' as const),
    snapshot: fc.boolean(),
    levels: fc.array(fc.tuple(fc.constantFrom(0, 1), whole, qty), { maxLength: 20 }),
  }),
  fc.record({ kind: fc.constant('bar' as const), interval: qty, open: whole, high: whole, low: whole, close: whole, volume: qty }),
  fc.record({
    kind: fc.constant('feedStatus' as const),
    condition: fc.constantFrom(...feedConditions),
    text: fc.string({ unit: 'grapheme', maxLength: 40 }),
    value: fc.double({ noNaN: true }),
  }),
);

const eventList = fc.array(fc.tuple(stampOf, body), { maxLength: 300, size: 'max' }).map((drafts) => {
  let now = 1_723_161_255_000_000;
  return drafts.map(([{ source, eventSeq, feedSeq, eventTime, step }, draft]): MarketEvent => {
    now += step;
    const [at, receivedAt] = [microsUnchecked(eventTime), microsUnchecked(now)];
    const stamp = { eventSeq, feed: source.feed, feedSeq, eventTime: at, receivedAt, listing: source.listing };
    switch (draft.kind) {
      case 'quote':
        return {
          kind: 'quote',
          ...stamp,
          bid: ticksUnchecked(draft.bid),
          bidQty: lotsUnchecked(draft.bidQty),
          ask: ticksUnchecked(draft.ask),
          askQty: lotsUnchecked(draft.askQty),
        };
      case 'trade':
        return { ...draft, ...stamp, price: ticksUnchecked(draft.price), qty: lotsUnchecked(draft.qty) };
      case 'book': {
        const { snapshot, levels } = draft;
        const columns = {
          sides: Uint8Array.from(levels, (l) => l[0]),
          prices: Float64Array.from(levels, (l) => l[1]),
          qtys: Float64Array.from(levels, (l) => l[2]),
        };
        return { kind: 'book', ...stamp, snapshot, count: levels.length, ...columns };
      }
      case 'bar':
        return {
          kind: 'bar',
          ...stamp,
          interval: microsUnchecked(draft.interval),
          open: ticksUnchecked(draft.open),
          high: ticksUnchecked(draft.high),
          low: ticksUnchecked(draft.low),
          close: ticksUnchecked(draft.close),
          volume: lotsUnchecked(draft.volume),
        };
      case 'feedStatus':
        return { ...draft, ...stamp };
    }
  });
});

test('any events come back as they were written, whatever the chunks', () => {
  let seen = 0;
  withFolder((folder) => {
    let run = 0;
    fc.assert(
      fc.property(eventList, fc.integer({ min: 1, max: 400 }), (events, flushAfter) => {
        const file = join(folder, `${run++}.capture`);
        write(file, events, flushAfter);
        const feed = open(file);
        expect(plain(drain(feed))).toEqual(plain(events));
        expect(feed.problem).toBeUndefined();
        seen += events.length;
      }),
      { numRuns: casesOf(60), seed: 4 },
    );
  });
  console.log(`capture: ${seen} events written and read`);
  expect(seen).toBeGreaterThan(casesOf(5_000));
});

/** Two hundred events in four chunks. */
function sample(): readonly MarketEvent[] {
  return fc
    .sample(
      eventList.filter((events) => events.length > 200),
      { numRuns: 1, seed: 5 },
    )[0]
    .slice(0, 200);
}

test('the chunk roots are the same for the same events, and cover everything before them', () => {
  withFolder((folder) => {
    const events = sample();
    const first = write(join(folder, 'a'), events, 50);
    expect(write(join(folder, 'b'), events, 50)).toEqual(first);
    expect(first.map(({ chunk, events: n }) => [chunk, n])).toEqual([0, 1, 2, 3].map((chunk) => [chunk, 50]));
    expect(first[0].firstAt).toBe(events[0].receivedAt);
    expect(first[3].lastAt).toBe(events[199].receivedAt);
    const changed = events.map((event, i) => (i === 10 ? { ...event, feedSeq: event.feedSeq - 1 } : event));
    const other = write(join(folder, 'c'), changed, 50);
    expect(other.map(({ root }, i) => root !== first[i].root)).toEqual([true, true, true, true]);
  });
});

test('a flipped bit anywhere behind the header ends the feed with a gap in each source; nothing of the chunk is delivered', () => {
  withFolder((folder) => {
    const file = join(folder, 'a');
    const events = sample();
    write(file, events, 50);
    const bytes = readFileSync(file);
    const header = 16 + Math.ceil(bytes.readUInt32LE(12) / 8) * 8;
    const random = prng('flips');
    let found = 0;
    for (let i = 0; i < 150; i++) {
      const at = header + random.int(bytes.length - header);
      const broken = Buffer.from(bytes);
      broken[at] ^= 1 << random.int(8);
      writeFileSync(file, broken);
      const feed = open(file);
      const got = drain(feed);
      const good = got.length - 4;
      expect(good % 50).toBe(0);
      expect(JSON.stringify(plain(got.slice(0, good))) === JSON.stringify(plain(events.slice(0, good)))).toBe(true);
      expect(
        got.slice(good).map((event) => (event.kind === 'feedStatus' ? [event.condition, event.feed, event.listing] : event.kind)),
      ).toEqual([
        ['gap', 2, 5],
        ['gap', 0, 1],
        ['end', 2, 5],
        ['end', 0, 1],
      ]);
      expect(tell(got[good])).toBe(`gap: ${feed.problem}`);
      expect(feed.problem).toMatch(new RegExp(`^a chunk ${good / 50}: `));
      found++;
    }
    expect(found).toBe(150);
  });
});

test('a file that is cut at any byte behind the header delivers its whole chunks, then a gap', () => {
  withFolder((folder) => {
    const file = join(folder, 'a');
    const events = sample();
    write(file, events, 50);
    const bytes = readFileSync(file);
    const header = 16 + Math.ceil(bytes.readUInt32LE(12) / 8) * 8;
    let cut = 0;
    for (let length = statSync(file).size - 1; length > header; length -= 151) {
      truncateSync(file, length);
      const feed = open(file);
      const got = drain(feed);
      const borders = feed.problem === undefined ? 0 : 4;
      expect((got.length - borders) % 50).toBe(0);
      const good = got.length - borders;
      expect(JSON.stringify(plain(got.slice(0, good))) === JSON.stringify(plain(events.slice(0, good)))).toBe(true);
      cut++;
    }
    expect(cut).toBeGreaterThan(60);
  });
});
