import { expect, test } from 'vitest';
import { createL2Book } from '../../core/market/book.ts';
import type { FeedStatus } from '../../domain/market.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import type { FeedReport } from './feed-report.ts';
import { createBinanceFeed } from './recorded-feed.ts';
import { binanceSymbol, type BinanceMarket } from './symbols.ts';

interface Top {
  /** The venue's update number: depth frames and quotes of a symbol share one row of them. */
  readonly updateID: number;
  readonly bid: number;
  readonly bidQty: number;
  readonly ask: number;
  readonly askQty: number;
}

interface Walked {
  readonly statuses: readonly FeedStatus[];
  readonly report: FeedReport;
  readonly ordered: boolean;
  readonly whole: boolean;
  /** Top of our book behind each depth event, and every quote. */
  readonly tops: readonly Top[];
  readonly quotes: readonly Top[];
}

function walk(market: BinanceMarket, symbol: string, files: readonly string[]): Walked | undefined {
  const terms = binanceSymbol(market, symbol);
  if (terms === undefined) throw new Error(`no symbol ${symbol}`);
  const paths = files.map((file) => recordedPath(`binance/${market}/${file}`)).filter((path) => path !== undefined);
  if (paths.length < files.length) return undefined;
  const feed = createBinanceFeed({ file: paths[0], following: paths.slice(1), feed: 0, listing: 0, ...terms });
  const book = createL2Book();
  const statuses: FeedStatus[] = [];
  const tops: Top[] = [];
  const quotes: Top[] = [];
  let [ordered, whole, last] = [true, true, 0];
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    ordered &&= event.receivedAt >= last;
    last = event.receivedAt;
    if (event.kind === 'feedStatus') statuses.push(event);
    if (event.kind === 'trade') whole &&= event.price > 0 && event.qty > 0 && event.eventTime > event.receivedAt;
    if (event.kind === 'quote') {
      const { feedSeq, bid, bidQty, ask, askQty } = event;
      quotes.push({ updateID: feedSeq, bid, bidQty, ask, askQty });
    }
    if (event.kind !== 'book') continue;
    book.apply(event);
    tops.push({ updateID: event.feedSeq, bid: book.bidPx(0), bidQty: book.bidQty(0), ask: book.askPx(0), askQty: book.askQty(0) });
  }
  return { statuses, report: feed.report(), ordered, whole, tops, quotes };
}

/** Our tops beside the last quote with a number of at most theirs, as long as a later quote shows that no quote between is missing. */
function agreement({ tops, quotes }: Walked): { compared: number; agreed: number; last: boolean } {
  let [i, compared, agreed, last] = [-1, 0, 0, false];
  for (const top of tops) {
    while (i + 1 < quotes.length && quotes[i + 1].updateID <= top.updateID) i++;
    if (i < 0 || i + 1 >= quotes.length) continue;
    const { bid, bidQty, ask, askQty } = quotes[i];
    compared++;
    last = bid === top.bid && bidQty === top.bidQty && ask === top.ask && askQty === top.askQty;
    if (last) agreed++;
  }
  return { compared, agreed, last };
}

const day1 = (symbol: string): string => `${symbol}_20240808.gz`;
const captures = [
  {
    market: 'usdm',
    symbol: 'BTCUSDT',
    files: [day1('btcusdt')],
    counts: { lines: 93_954, depthFrames: 6_551, snapshots: 1, quotes: 66_089, trades: 21_313, levels: 445_262, inSnapshot: 4 },
    compared: [6_546, 6_546],
  },
  {
    market: 'usdm',
    symbol: 'ETHUSDT',
    files: [day1('ethusdt')],
    counts: { lines: 74_655, depthFrames: 6_586, snapshots: 1, quotes: 53_992, trades: 14_076, levels: 430_411, inSnapshot: 5 },
    compared: [6_580, 6_580],
  },
  {
    market: 'spot',
    symbol: 'BTCUSDT',
    files: [day1('btcusdt'), 'btcusdt_20240809.gz'],
    counts: { lines: 99_574, depthFrames: 6_495, snapshots: 1, quotes: 73_174, trades: 19_904, levels: 300_094, inSnapshot: 2 },
    // twice the capture has no quote for the last update of a depth frame
    compared: [6_493, 6_491],
  },
  {
    market: 'spot',
    symbol: 'ETHUSDT',
    files: [day1('ethusdt')],
    counts: { lines: 33_618, depthFrames: 3_434, snapshots: 1, quotes: 24_077, trades: 6_106, levels: 108_802, inSnapshot: 2 },
    compared: [3_433, 3_433],
  },
] as const;

test.each(captures)(
  '$market $symbol: no gap, one skew, and our book has the top that the venue quotes',
  ({ market, symbol, files, counts, compared }) => {
    const walked = walk(market, symbol, files);
    if (walked === undefined) return;
    const { statuses, report } = walked;
    expect(report).toMatchObject(counts);
    expect(report).toMatchObject({
      malformed: 0,
      gaps: 0,
      crossed: 0,
      stale: 0,
      duplicates: 0,
      outOfOrder: 0,
      missingTrades: 0,
      otherFrames: 0,
      unusedDepthFrames: 0,
    });
    expect(statuses.map(({ condition }) => condition)).toEqual(['live', 'skew', 'end']);
    expect(statuses[1].value).toBeGreaterThan(1_200_000);
    expect(report.skew).toBeGreaterThan(1_250_000);
    expect(report.skew).toBeLessThan(1_300_000);
    expect([walked.ordered, walked.whole]).toEqual([true, true]);
    const seen = agreement(walked);
    console.log(`${market} ${symbol}: ${seen.agreed} of ${seen.compared} tops equal the venue's quote, price and quantity`);
    expect([seen.compared, seen.agreed]).toEqual(compared);
    expect(seen.last).toBe(true);
  },
);

test('a capture that goes on without its first file has quotes and trades but no book', () => {
  const walked = walk('spot', 'BTCUSDT', ['btcusdt_20240809.gz']);
  if (walked === undefined) return;
  expect(walked.report).toMatchObject({
    lines: 58_325,
    depthFrames: 3_044,
    unusedDepthFrames: 3_044,
    levels: 0,
    quotes: 45_134,
    trades: 10_147,
  });
  expect(walked.statuses.at(-1)?.text).toBe('58325 lines, 3044 depth frames without a snapshot');
});

test('a coarser tick or lot than the capture has names the field instead of rounding', () => {
  const path = recordedPath('binance/spot/btcusdt_20240808.gz');
  if (path === undefined) return;
  const feed = createBinanceFeed({ file: path, market: 'spot', symbol: 'BTCUSDT', priceUnit: '0.01', lot: '0.00001', feed: 0, listing: 0 });
  while (feed.next() !== undefined);
  const { malformed, faults } = feed.report();
  expect(malformed).toBe(3);
  expect(faults[0]).toMatchObject({ line: 1_886, text: 'expected a quantity in steps of the listing, was 25.42618900' });
});
