import { expect, test } from 'vitest';
import { lots, micros } from '../base/units.ts';
import type { BarColumns } from '../domain/bar-columns.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { QuoteTicks } from '../domain/tick-columns.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import { recordedPath } from '../testing/recorded-files.ts';
import { createBarFeed } from './bar-feed.ts';
import { parseLeanPath } from './lean/lean-file.ts';
import { readLeanQuotes, readLeanTrades } from './lean/lean-ticks.ts';
import { createQuoteFeed, createTradeFeed } from './tick-feed.ts';

const lean = recordedPath('lean');
const cents = { feed: 1, listing: 2, ticksPerUnit: 100, lotsPerUnit: 1 };

function all(feed: RecordedFeed): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let time = feed.peek(), event = feed.next(); event !== undefined; time = feed.peek(), event = feed.next()) {
    if (event.receivedAt !== time) expect(event.receivedAt).toBe(time);
    events.push({ ...event });
  }
  return events;
}

function quotes(rows: readonly (readonly [number, number, number, number, number, string])[]): QuoteTicks {
  const column = (n: 0 | 1 | 2 | 3 | 4) => Float64Array.from(rows, (row) => row[n]);
  const exchange = Uint8Array.from(rows, (row) => row[5].charCodeAt(0));
  return {
    instrumentID: 'X',
    count: rows.length,
    time: column(0),
    bid: column(1),
    bidQty: column(2),
    ask: column(3),
    askQty: column(4),
    exchange,
  };
}

test('a tick moves the sides that it speaks of and leaves the other', () => {
  const ticks = quotes([
    [1, 10.0, 3, 0, 0, 'P'],
    [2, 0, 0, 10.05, 2, 'Q'],
    [3, 10.01, 1, 10.06, 4, 'Q'],
  ]);
  const feed = createQuoteFeed(ticks, cents);
  if (!feed.ok) throw new Error(feed.error.code);
  const seen = all(feed.value).map((event) =>
    event.kind === 'quote' ? [event.receivedAt, event.bid, event.bidQty, event.ask, event.askQty] : [],
  );
  expect(seen).toEqual([
    [1, 1000, 3, 0, 0],
    [2, 1000, 3, 1005, 2],
    [3, 1001, 1, 1006, 4],
  ]);
});

test('while the best quotes cross nothing goes out but one status', () => {
  const ticks = quotes([
    [1, 10.0, 3, 10.05, 3, 'P'],
    [2, 10.06, 3, 0, 0, 'Q'],
    [3, 10.07, 3, 0, 0, 'Q'],
    [4, 10.01, 3, 0, 0, 'Q'],
  ]);
  const feed = createQuoteFeed(ticks, cents);
  if (!feed.ok) throw new Error(feed.error.code);
  expect(
    all(feed.value).map((event) => (event.kind === 'feedStatus' ? `${event.condition} ${event.value} ${event.text}` : event.kind)),
  ).toEqual(['quote', 'crossed 1 expected a bid of at most 1005, was 1006', 'quote']);
});

test('a price between two ticks and an unknown quantity are refused', () => {
  expect(createQuoteFeed(quotes([[1, 10.005, 3, 10.05, 3, 'P']]), cents)).toEqual({
    ok: false,
    error: { code: 'PRICE_OFF_TICK', index: 0, price: 10.005, ticksPerUnit: 100 },
  });
  const unknown = quotes([[1, 10.01, NaN, 10.05, NaN, 'P']]);
  expect(createQuoteFeed(unknown, cents)).toEqual({ ok: false, error: { code: 'QTY_UNKNOWN', index: 0 } });
  const given = createQuoteFeed(unknown, { ...cents, unknownQty: lots(7) });
  expect(given.ok && all(given.value)[0]).toMatchObject({ bidQty: 7, askQty: 7 });
});

test('recorded trades and quotes of IBM become events in the cents that they were written in', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const [tradeFile, quoteFile] = ['trade', 'quote'].map((content) => parseLeanPath(`equity/usa/tick/ibm/20131007_${content}.zip`));
  if (tradeFile === undefined || quoteFile === undefined) throw new Error('not known');
  const [trades] = readLeanTrades(lean, tradeFile);
  const [quoteTicks] = readLeanQuotes(lean, quoteFile);
  if (trades.content === undefined || quoteTicks.content === undefined) throw new Error('set aside');
  const finest = { ...cents, ticksPerUnit: 10_000 };
  const tradeFeed = createTradeFeed(trades.content, finest);
  const quoteFeed = createQuoteFeed(quoteTicks.content, finest);
  if (!tradeFeed.ok || !quoteFeed.ok) throw new Error('refused');
  expect(all(tradeFeed.value)).toHaveLength(24_293);
  const events = all(quoteFeed.value);
  const sound = events.filter((event) => event.kind === 'quote' && (event.bid <= event.ask || event.ask === 0)).length;
  const crossed = events.filter((event) => event.kind === 'feedStatus').length;
  expect([events.length, sound + crossed]).toEqual([108_996, 108_996]);
  expect(crossed).toBe(22);
});

test('bars are events at their close, within the dates asked for', () => {
  const column = (values: readonly number[]) => Float64Array.from(values);
  const bars: BarColumns = {
    instrumentID: 'X',
    interval: micros(86_400_000_000),
    count: 3,
    day: Int32Array.from([10, 11, 12]),
    time: column([100, 200, 300]),
    open: column([1, 2, 3]),
    high: column([4, 5, 6]),
    low: column([1, 1, 1]),
    close: column([2, 3, 4]),
    volume: column([7, 8, 9]),
    adjust: 'none',
    unitsPerPrice: 100,
    lotsPerUnit: 1,
  };
  const events = all(createBarFeed(bars, { feed: 3, listing: 4, fromDay: 11, toDay: 12 }));
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    kind: 'bar',
    feed: 3,
    listing: 4,
    feedSeq: 2,
    eventTime: 200,
    open: 2,
    high: 5,
    low: 1,
    close: 3,
    volume: 8,
  });
});
