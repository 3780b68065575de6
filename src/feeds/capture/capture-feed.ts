import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { Bar, BookUpdate, FeedCondition, FeedStatus, MarketEvent, Quote, Trade } from '../../domain/market.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { BookLevels } from '../book-levels.ts';
import type { Mutable } from '../mutable.ts';
import { ChunkReader } from './chunk-reader.ts';
import { aggressorCodes, conditionCodes, type CaptureSource } from './format.ts';

/** Numbers that a source's events get on this desk. */
export interface SourceIndices {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
}

export interface CaptureFeedOptions {
  readonly file: string;
  /** Finds a source of the file on this desk; a text refuses it (other tick or lot, not registered). */
  readonly indicesOf: (source: CaptureSource) => SourceIndices | string;
}

export interface CaptureFeed extends RecordedFeed {
  /** What is wrong with the file, once reading has come to it. */
  readonly problem: string | undefined;
  close(): void;
}

/**
 * Market events of a capture that this product wrote. A chunk that is cut short or whose bytes do not give its root ends the feed with a gap in each of its
 * sources, and nothing of it is delivered.
 * @throws Error with one sentence when the file is missing, is no capture, or a source of it is refused.
 */
export function createCaptureFeed(options: CaptureFeedOptions): CaptureFeed {
  return new ChunkFeed(options);
}

const byCode = <T extends string>(codes: Readonly<Record<T, number>>, names: readonly T[]): readonly T[] =>
  [...names].sort((a, b) => codes[a] - codes[b]);
const aggressors = byCode(aggressorCodes, ['none', 'buy', 'sell']);
const conditions: readonly FeedCondition[] = byCode(conditionCodes, [
  'live',
  'heartbeat',
  'gap',
  'crossed',
  'stale',
  'skew',
  'resync',
  'end',
]);

class ChunkFeed implements CaptureFeed {
  readonly #reader: ChunkReader;
  readonly #indices: readonly SourceIndices[];
  readonly #decoder = new TextDecoder();
  readonly #quote: Mutable<Quote>;
  readonly #trade: Mutable<Trade>;
  readonly #book = new BookLevels(0, 0);
  readonly #bar: Mutable<Bar>;
  /** Places of the next event and of the next of each kind in the columns. */
  #next = 0;
  #events = 0;
  #quotes = 0;
  #trades = 0;
  #books = 0;
  #bars = 0;
  #statuses = 0;
  #levels = 0;
  #textAt = 0;
  #ending: FeedStatus[] = [];
  #ended = false;
  #lastAt = microsUnchecked(0);

  constructor(options: CaptureFeedOptions) {
    this.#reader = new ChunkReader(options.file);
    this.#indices = this.#reader.sources.map((source) => {
      const indices = options.indicesOf(source);
      if (typeof indices !== 'string') return { feed: indices.feed, listing: indices.listing };
      this.#reader.close();
      throw new Error(`capture ${options.file}: ${source.listingID}: ${indices}`);
    });
    const zero = microsUnchecked(0);
    const stamp = { eventSeq: 0, feed: 0, feedSeq: 0, eventTime: zero, receivedAt: zero, listing: 0 };
    const [price, qty] = [ticksUnchecked(0), lotsUnchecked(0)];
    this.#quote = { kind: 'quote', ...stamp, bid: price, bidQty: qty, ask: price, askQty: qty };
    this.#trade = { kind: 'trade', ...stamp, price, qty, aggressor: 'none', tradeID: 0 };
    this.#bar = { kind: 'bar', ...stamp, interval: zero, open: price, high: price, low: price, close: price, volume: qty };
  }

  get problem(): string | undefined {
    return this.#reader.problem;
  }

  close(): void {
    this.#reader.close();
  }

  peek(): Micros | undefined {
    if (!this.#ready()) return this.#ending[0]?.receivedAt;
    return microsUnchecked(this.#reader.chunk.columns.receivedAt[this.#next]);
  }

  next(): MarketEvent | undefined {
    if (!this.#ready()) return this.#ending.shift();
    const { kind } = this.#reader.chunk.columns;
    switch (kind[this.#next]) {
      case 0:
        return this.#nextQuote();
      case 1:
        return this.#nextTrade();
      case 2:
        return this.#nextBook();
      case 3:
        return this.#nextBar();
      default:
        return this.#nextStatus();
    }
  }

  /** True when the chunk at hand has another event; loads the next one when it has not. */
  #ready(): boolean {
    if (this.#next < this.#events) return true;
    if (this.#ended) return false;
    if (this.#events > 0) this.#lastAt = microsUnchecked(this.#reader.chunk.columns.receivedAt[this.#events - 1]);
    this.#next = this.#quotes = this.#trades = this.#books = this.#bars = this.#statuses = this.#levels = this.#textAt = 0;
    this.#events = this.#reader.next() ? this.#reader.chunk.events : 0;
    if (this.#events > 0) return true;
    this.#ended = true;
    const { problem } = this.#reader;
    if (problem !== undefined) this.#ending = [...this.#closing('gap', problem), ...this.#closing('end', 'the capture is not whole')];
    return false;
  }

  #closing(condition: FeedCondition, text: string): FeedStatus[] {
    const at = this.#lastAt;
    return this.#indices.map((indices) => ({
      kind: 'feedStatus',
      eventSeq: 0,
      feedSeq: 0,
      eventTime: at,
      receivedAt: at,
      ...indices,
      condition,
      text,
      value: 0,
    }));
  }

  #stamp(event: Mutable<Quote> | Mutable<Trade> | Mutable<BookUpdate> | Mutable<Bar>): void {
    const { source, eventSeq, feedSeq, eventTime, receivedAt } = this.#reader.chunk.columns;
    const i = this.#next++;
    const { feed, listing } = this.#indices[source[i]];
    event.eventSeq = eventSeq[i];
    event.feed = feed;
    event.listing = listing;
    event.feedSeq = feedSeq[i];
    event.eventTime = microsUnchecked(eventTime[i]);
    event.receivedAt = microsUnchecked(receivedAt[i]);
  }

  #nextQuote(): Quote {
    const { bid, bidQty, ask, askQty } = this.#reader.chunk.columns;
    const quote = this.#quote;
    const i = this.#quotes++;
    this.#stamp(quote);
    quote.bid = ticksUnchecked(bid[i]);
    quote.bidQty = lotsUnchecked(bidQty[i]);
    quote.ask = ticksUnchecked(ask[i]);
    quote.askQty = lotsUnchecked(askQty[i]);
    return quote;
  }

  #nextTrade(): Trade {
    const { price, qty, aggressor, tradeID } = this.#reader.chunk.columns;
    const trade = this.#trade;
    const i = this.#trades++;
    this.#stamp(trade);
    trade.price = ticksUnchecked(price[i]);
    trade.qty = lotsUnchecked(qty[i]);
    trade.aggressor = aggressors[aggressor[i]];
    trade.tradeID = tradeID[i];
    return trade;
  }

  #nextBook(): BookUpdate {
    const { bookCount, snapshot, levelSide, levelPrice, levelQty } = this.#reader.chunk.columns;
    const i = this.#books++;
    const count = bookCount[i];
    this.#book.reset(count);
    const book = this.#book.event;
    const from = this.#levels;
    const { sides, prices, qtys } = book;
    this.#stamp(book);
    book.snapshot = snapshot[i] === 1;
    book.count = count;
    for (let j = 0; j < count; j++) {
      sides[j] = levelSide[from + j];
      prices[j] = levelPrice[from + j];
      qtys[j] = levelQty[from + j];
    }
    this.#levels = from + count;
    return book;
  }

  #nextBar(): Bar {
    const { interval, open, high, low, close, volume } = this.#reader.chunk.columns;
    const bar = this.#bar;
    const i = this.#bars++;
    this.#stamp(bar);
    bar.interval = microsUnchecked(interval[i]);
    bar.open = ticksUnchecked(open[i]);
    bar.high = ticksUnchecked(high[i]);
    bar.low = ticksUnchecked(low[i]);
    bar.close = ticksUnchecked(close[i]);
    bar.volume = lotsUnchecked(volume[i]);
    return bar;
  }

  #nextStatus(): FeedStatus {
    const { columns, texts } = this.#reader.chunk;
    const i = this.#statuses++;
    const event = this.#next++;
    const from = this.#textAt;
    this.#textAt = from + columns.textBytes[i];
    return {
      kind: 'feedStatus',
      eventSeq: columns.eventSeq[event],
      ...this.#indices[columns.source[event]],
      feedSeq: columns.feedSeq[event],
      eventTime: microsUnchecked(columns.eventTime[event]),
      receivedAt: microsUnchecked(columns.receivedAt[event]),
      condition: conditions[columns.condition[i]],
      text: this.#decoder.decode(texts.subarray(from, this.#textAt)),
      value: columns.value[i],
    };
  }
}
