import { expect } from 'vitest';
import type { MarketEvent } from '../../domain/market.ts';
import type { BinanceFeedOptions } from '../../feeds/binance/capture-options.ts';
import type { FeedReport } from '../../feeds/binance/feed-report.ts';
import { createBinanceFeed } from '../../feeds/binance/recorded-feed.ts';
import { drain, MiniCapture, tell, withFolder, writeCapture } from './mini-capture.ts';

export type More = Partial<BinanceFeedOptions>;

export const terms = (capture: MiniCapture) => ({
  market: capture.market,
  feed: 3,
  listing: 7,
  symbol: 'BTCUSDT',
  priceUnit: '0.1',
  lot: '0.001',
});

export function read(capture: MiniCapture, more: More = {}): { events: MarketEvent[]; report: FeedReport } {
  return withFolder((folder) => {
    const feed = createBinanceFeed({ file: writeCapture(folder, 'mini.gz', capture), ...terms(capture), ...more });
    return { events: drain(feed), report: feed.report() };
  });
}

/** What comes out between `live` and `end`, as a table. */
export function told(capture: MiniCapture, more: More = {}): string[] {
  const lines = read(capture, more).events.map(tell);
  expect(lines[0]).toBe('live: BTCUSDT from mini.gz');
  expect(lines.at(-1)).toMatch(/^end: \d+ lines/);
  return lines.slice(1, -1);
}

export const usdm = (): MiniCapture => new MiniCapture('usdm');
export const spot = (): MiniCapture => new MiniCapture('spot');
/** A joined book: bid 100.0 x 1, ask 100.2 x 2, last update 20. */
export const joined = (): MiniCapture =>
  usdm()
    .snapshot(15, [['100.0', '1']], [['100.2', '2']])
    .depth(10, 20, 9, [['99.9', '3']], []);
export const spotJoined = (): MiniCapture =>
  spot()
    .snapshot(15, [['100.0', '1']], [['100.2', '2']])
    .depth(16, 20, 0, [['99.9', '3']], []);
export const joinedTold = ['snapshot b1000=1000 a1002=2000', 'book b999=3000'];
