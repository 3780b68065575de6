import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BookUpdate, MarketEvent } from '../../domain/market.ts';
import type { BinanceMarket } from '../../feeds/binance/symbols.ts';
import type { RecordedFeed } from '../../ports/feed.ts';

type Levels = readonly (readonly [string, string])[];

/** First receive time of a mini capture, microseconds; the venue's clock is ahead by `skew`. */
export const miniStart = 1_723_161_255_000_000;

/** Writes captures as the venue and the receiver would have, line by line. */
export class MiniCapture {
  readonly lines: string[] = [];
  readonly market: BinanceMarket;
  /** Microseconds. */
  now = miniStart;
  skew = 0;

  constructor(market: BinanceMarket) {
    this.market = market;
  }

  /** Lets time pass before the next line, microseconds; negative = the receiver's clock jumped back. */
  wait(micros: number): this {
    this.now += micros;
    return this;
  }

  /** A line as it stands. */
  raw(text: string): this {
    this.lines.push(text);
    return this;
  }

  frame(value: unknown): this {
    this.wait(1_000);
    return this.raw(`${this.now}000 ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }

  #millis(): number {
    return Math.floor((this.now + 1_000 + this.skew) / 1_000);
  }

  depth(firstID: number, lastID: number, previousID: number, b: Levels, a: Levels): this {
    const E = this.#millis();
    const ids = { s: 'BTCUSDT', U: firstID, u: lastID };
    const data =
      this.market === 'usdm' ? { e: 'depthUpdate', E, T: E, ...ids, pu: previousID, b, a } : { e: 'depthUpdate', E, ...ids, b, a };
    return this.frame({ stream: `btcusdt@depth@${this.market === 'usdm' ? 0 : 100}ms`, data });
  }

  snapshot(lastUpdateId: number, bids: Levels, asks: Levels): this {
    const E = this.#millis();
    return this.frame(this.market === 'usdm' ? { lastUpdateId, E, T: E, bids, asks } : { lastUpdateId, bids, asks });
  }

  ticker(u: number, b: string, B: string, a: string, A: string): this {
    const E = this.#millis();
    const top = { s: 'BTCUSDT', b, B, a, A };
    const data = this.market === 'usdm' ? { e: 'bookTicker', u, ...top, T: E, E } : { u, ...top };
    return this.frame({ stream: 'btcusdt@bookTicker', data });
  }

  trade(t: number, p: string, q: string, m: boolean, X = 'MARKET'): this {
    const E = this.#millis();
    const data =
      this.market === 'usdm'
        ? { e: 'trade', E, T: E, s: 'BTCUSDT', t, p, q, X, m }
        : { e: 'trade', E, s: 'BTCUSDT', t, p, q, T: E, m, M: true };
    return this.frame({ stream: 'btcusdt@trade', data });
  }

  packed(): Buffer {
    return gzipSync(this.lines.map((line) => `${line}\n`).join(''));
  }
}

/** A folder that is gone when `body` returns. */
export function withFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-feeds-'));
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function writeCapture(folder: string, name: string, capture: MiniCapture): string {
  const file = join(folder, name);
  writeFileSync(file, capture.packed());
  return file;
}

/** Copies of all events that are left: a feed may use an event again. */
export function drain(feed: RecordedFeed): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) events.push(kept(event));
  return events;
}

/** A copy of an event; a book event's arrays are cut to its levels. */
export function kept(event: MarketEvent): MarketEvent {
  if (event.kind !== 'book') return { ...event };
  const { count, sides, prices, qtys } = event;
  return { ...event, sides: sides.slice(0, count), prices: prices.slice(0, count), qtys: qtys.slice(0, count) };
}

/** One line for each event, as a table to read: `book snapshot b618002=2507 a618003=2510`. Prices in ticks, quantities in lots. */
export function tell(event: MarketEvent): string {
  switch (event.kind) {
    case 'book':
      return [event.snapshot ? 'snapshot' : 'book', ...levelsOf(event)].join(' ');
    case 'quote':
      return `quote ${event.bid}x${event.bidQty} ${event.ask}x${event.askQty}`;
    case 'trade':
      return `trade ${event.tradeID} ${event.aggressor} ${event.qty} at ${event.price}`;
    case 'bar':
      return `bar ${event.open} ${event.high} ${event.low} ${event.close} ${event.volume}`;
    case 'feedStatus':
      return `${event.condition}: ${event.text}`;
  }
}

function levelsOf({ count, sides, prices, qtys }: BookUpdate): string[] {
  return Array.from({ length: count }, (_, i) => `${sides[i] === 0 ? 'b' : 'a'}${prices[i]}=${qtys[i]}`);
}
