import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { createL2Book, type L2Book } from '../../core/market/book.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { faultLine } from '../csv/quarantine.ts';
import { readVenueSession, sessionFeed, sessionVenueOf, type SessionVenue, type VenueSession } from './venue-session.ts';

const folder = recordedPath('venue-sessions');
const made = mkdtempSync(join(tmpdir(), 'plimsoll-sessions-'));
afterAll(() => rmSync(made, { recursive: true }));
const absent = 'the recorded sessions are absent';

const files: Readonly<Record<SessionVenue, string>> = {
  BINANCE_FUTURES: 'BINANCE_FUTURES.ws.1.0.gz',
  BITSTAMP: 'BITSTAMP.ws.1.0.gz',
  BYBIT: 'BYBIT.ws.25.0.gz',
  COINBASE: 'COINBASE.ws.28.0.gz',
  GEMINI: 'GEMINI.ws.1.0.gz',
  KRAKEN: 'KRAKEN.ws.50.0.gz',
  OKX: 'OKX.ws.1.0.gz',
};

function read(venue: SessionVenue): VenueSession {
  return readVenueSession(join(folder ?? '', files[venue]), files[venue], venue, { feed: 1, firstListing: 10 });
}

/** Reads the session again with its lines changed. */
function readChanged(venue: SessionVenue, change: (lines: string[]) => string[]): VenueSession {
  const lines = gunzipSync(readFileSync(join(folder ?? '', files[venue])))
    .toString()
    .split('\n');
  const path = join(made, `${venue}.ws.1.0`);
  writeFileSync(path, change(lines).join('\n'));
  return readVenueSession(path, 'changed', venue, { feed: 1 });
}

function sums({ listings }: VenueSession) {
  const sum = (of: (counts: (typeof listings)[number]['counts']) => number) => listings.reduce((total, one) => total + of(one.counts), 0);
  return {
    symbols: listings.length,
    books: sum((one) => one.books),
    snapshots: sum((one) => one.snapshots),
    trades: sum((one) => one.trades),
    quotes: sum((one) => one.quotes),
    checksums: sum((one) => one.checksums),
    gaps: sum((one) => one.gaps),
    missingTrades: sum((one) => one.missingTrades),
  };
}

function booksOf(events: readonly MarketEvent[]): Map<number, L2Book> {
  const books = new Map<number, L2Book>();
  for (const event of events) {
    if (event.kind !== 'book' && event.kind !== 'feedStatus') continue;
    const book = books.get(event.listing) ?? createL2Book();
    books.set(event.listing, book);
    if (event.kind === 'book') book.apply(event);
    else if (event.condition === 'gap') book.invalidate();
  }
  return books;
}

const expected: Readonly<Record<SessionVenue, ReturnType<typeof sums>>> = {
  BINANCE_FUTURES: { symbols: 4, books: 764, snapshots: 0, trades: 91, quotes: 613, checksums: 0, gaps: 4, missingTrades: 0 },
  BITSTAMP: { symbols: 9, books: 717, snapshots: 0, trades: 10, quotes: 0, checksums: 0, gaps: 9, missingTrades: 0 },
  BYBIT: { symbols: 8, books: 3_252, snapshots: 8, trades: 101, quotes: 0, checksums: 0, gaps: 0, missingTrades: 0 },
  COINBASE: { symbols: 10, books: 9_719, snapshots: 10, trades: 97, quotes: 0, checksums: 0, gaps: 0, missingTrades: 0 },
  GEMINI: { symbols: 10, books: 645, snapshots: 10, trades: 16, quotes: 0, checksums: 0, gaps: 0, missingTrades: 0 },
  KRAKEN: { symbols: 10, books: 4_269, snapshots: 10, trades: 0, quotes: 0, checksums: 4_269, gaps: 0, missingTrades: 0 },
  OKX: { symbols: 3, books: 287, snapshots: 3, trades: 74, quotes: 28, checksums: 290, gaps: 0, missingTrades: 0 },
};

test.for(Object.keys(files) as SessionVenue[])(
  'the session of %s is read without a fault, every chain and checksum proven',
  (venue, context) => {
    if (folder === undefined) return context.skip(absent);
    const session = read(venue);
    expect(sums(session)).toEqual(expected[venue]);
    expect(session.quarantine.faults.map(faultLine)).toEqual([]);
    expect(sessionVenueOf(`x/${files[venue]}`)).toBe(venue);
    const times = session.events.map((event) => event.receivedAt);
    expect(times.every((time, i) => i === 0 || time >= times[i - 1])).toBe(true);
  },
);

test.for(['BYBIT', 'COINBASE', 'GEMINI', 'KRAKEN', 'OKX'] as const)('the books of %s stand uncrossed at the end', (venue, context) => {
  if (folder === undefined) return context.skip(absent);
  const session = read(venue);
  const books = booksOf(session.events);
  expect(books.size).toBe(session.listings.length);
  for (const book of books.values()) {
    expect([book.valid, book.crossed, book.bidLevels > 0, book.askLevels > 0]).toEqual([true, false, true, true]);
    if (venue === 'KRAKEN') expect(Math.max(book.bidLevels, book.askLevels)).toBeLessThanOrEqual(1_000);
  }
});

test('books without a snapshot in the session say so and stay unknown; trades and quotes come', (context) => {
  if (folder === undefined) return context.skip(absent);
  for (const venue of ['BINANCE_FUTURES', 'BITSTAMP'] as const) {
    const { events } = read(venue);
    for (const book of booksOf(events).values()) expect(book.valid).toBe(false);
    const gap = events.find((event) => event.kind === 'feedStatus');
    expect(gap?.kind === 'feedStatus' && gap.text).toContain('the session holds no snapshot of this book');
  }
});

test('trades lie on the side of the book that their aggressor took', (context) => {
  if (folder === undefined) return context.skip(absent);
  let [right, wrong] = [0, 0];
  for (const venue of ['COINBASE', 'GEMINI', 'OKX'] as const) {
    const books = new Map<number, L2Book>();
    for (const event of read(venue).events) {
      const book = books.get(event.listing) ?? createL2Book();
      books.set(event.listing, book);
      if (event.kind === 'book') book.apply(event);
      if (event.kind !== 'trade' || book.bidLevels === 0 || book.askLevels === 0) continue;
      const twice = 2 * event.price - book.bidPx(0) - book.askPx(0);
      if (twice === 0) continue;
      if (twice > 0 === (event.aggressor === 'buy')) right++;
      else wrong++;
    }
  }
  expect(right + wrong).toBe(180);
  expect(wrong).toBeLessThan(5);
});

test.for(['KRAKEN', 'OKX'] as const)(
  'a quantity of %s that was changed is found by its checksum, at its book, until a snapshot',
  (venue, context) => {
    if (folder === undefined) return context.skip(absent);
    const pattern = venue === 'KRAKEN' ? /(\[\["[\d.]+","0\.)01700000"/ : /("bids":\[\["[\d.]+","0\.)\d/;
    let changed = 0;
    const session = readChanged(venue, (lines) =>
      lines.map((line) =>
        changed === 0 && !line.includes('snapshot') && pattern.test(line)
          ? (changed++, line.replace(pattern, venue === 'KRAKEN' ? '$101700001"' : '$19'))
          : line,
      ),
    );
    expect([changed, sums(session).gaps]).toEqual([1, 1]);
    const gap = session.events.find((event) => event.kind === 'feedStatus');
    expect(gap?.kind === 'feedStatus' && gap.text).toMatch(/: expected the checksum \d+, was \d+$/);
    expect([...booksOf(session.events).values()].filter((book) => !book.valid)).toHaveLength(1);
  },
);

test('a frame of Binance that is missing breaks the chain with both numbers', (context) => {
  if (folder === undefined) return context.skip(absent);
  const depth = (line: string) => line.includes('sushiusdt@depth');
  const session = readChanged('BINANCE_FUTURES', (lines) => {
    const places = lines.flatMap((line, i) => (depth(line) ? [i] : []));
    return lines.filter((_, i) => i !== places[10]);
  });
  const texts = session.events.flatMap((event) => (event.kind === 'feedStatus' ? [event.text] : []));
  expect(texts).toHaveLength(5);
  expect(texts.find((text) => text.includes('expected a frame'))).toMatch(/^SUSHIUSDT: expected a frame after \d+, was one after \d+$/);
});

test('a frame twice is passed over, a trade that is missing is counted', (context) => {
  if (folder === undefined) return context.skip(absent);
  const twice = readChanged('BYBIT', (lines) => lines.flatMap((line) => (line.includes('"delta"') ? [line, line] : [line])));
  expect(sums(twice)).toEqual(expected.BYBIT);
  expect(twice.listings.reduce((sum, one) => sum + one.counts.duplicates, 0)).toBe(3_252);
  let seen = 0;
  const missing = readChanged('COINBASE', (lines) => lines.filter((line) => !(line.includes('"type":"match"') && ++seen === 50)));
  expect(sums(missing).missingTrades).toBe(1);
});

test('lines that are no frames, and fields that are none, are named by line', (context) => {
  if (folder === undefined) return context.skip(absent);
  const session = readChanged('COINBASE', (lines) => [
    ...lines.slice(0, 40),
    'nonsense',
    '1618677818.0: {"type":"l2update"',
    '1618677818.0: {"type":"match","trade_id":"x","side":"buy","size":"1","price":"1","product_id":"SKL-USD","time":"2021-04-17T16:43:37.234123Z"}',
    '1618677818.0: {"type":"l2update","product_id":"SKL-USD","changes":[["sell","-0.5","5"]],"time":"2021-04-17T16:43:37.234123Z"}',
  ]);
  expect(session.quarantine.faults.map(faultLine)).toEqual([
    'changed row 41: ROW_TIME: expected seconds, a colon and a frame, was nonsense',
    'changed row 42: ROW_FIELDS: expected JSON, was {"type":"l2update"',
    'changed row 43: ROW_FIELDS: trade_id: expected a whole number, was "x"',
    'changed row 44: NOT_A_NUMBER levels: expected a price above 0 and a quantity, was -0.5 5',
  ]);
  expect(sums(session).gaps).toBe(1);
});

test('a session is a feed in order of receipt, with units that hold all of its frames', (context) => {
  if (folder === undefined) return context.skip(absent);
  const session = read('OKX');
  expect(session.listings.map(({ symbol, listing, priceUnit, lot }) => [symbol, listing, priceUnit, lot])).toEqual([
    ['BTC-USD-220527', 10, '0.1', '1'],
    ['BTC-USDT', 11, '0.1', '0.00000001'],
    ['UNI-USD-SWAP', 12, '0.001', '1'],
  ]);
  const feed = sessionFeed(session);
  let events = 0;
  for (let time = feed.peek(); time !== undefined; time = feed.peek()) {
    expect(feed.next()?.receivedAt).toBe(time);
    events++;
  }
  expect([events, feed.next()]).toEqual([392, undefined]);
});
