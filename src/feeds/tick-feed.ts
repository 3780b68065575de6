import { roundHalfEven } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Micros } from '../base/units.ts';
import type { FeedIx, ListingIx } from '../domain/ids.ts';
import type { FeedStatus, Quote, Trade } from '../domain/market.ts';
import type { QuoteTicks, TradeTicks } from '../domain/tick-columns.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { Mutable } from './mutable.ts';

export interface TickFeedOptions {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
  /** Ticks in one unit of currency: 100 for a tick of a cent; lots in one unit of quantity. */
  readonly ticksPerUnit: number;
  readonly lotsPerUnit: number;
  /** What a quote without quantities stands for; without it such quotes are refused. */
  readonly unknownQty?: Lots;
}

export type TickFeedRefusal =
  | { readonly code: 'PRICE_OFF_TICK'; readonly index: number; readonly price: number; readonly ticksPerUnit: number }
  | { readonly code: 'QTY_OFF_LOT'; readonly index: number; readonly qty: number; readonly lotsPerUnit: number }
  | { readonly code: 'QTY_UNKNOWN'; readonly index: number };

/** A double is taken for a whole number of steps within this many of them. */
const stepTolerance = 1e-6;

/** Trades as events; refused where a price or quantity is no whole number of ticks or lots. */
export function createTradeFeed(ticks: TradeTicks, options: TickFeedOptions): Result<RecordedFeed, TickFeedRefusal> {
  const { ticksPerUnit, lotsPerUnit } = options;
  const price = wholeColumn(ticks.price, ticksPerUnit);
  if (typeof price === 'number') return err({ code: 'PRICE_OFF_TICK', index: price, price: ticks.price[price], ticksPerUnit });
  const qty = wholeColumn(ticks.qty, lotsPerUnit);
  if (typeof qty === 'number') return err({ code: 'QTY_OFF_LOT', index: qty, qty: ticks.qty[qty], lotsPerUnit });
  const event: Mutable<Trade> = {
    kind: 'trade',
    ...stampOf(options),
    price: ticksUnchecked(0),
    qty: lotsUnchecked(0),
    aggressor: 'none',
    tradeID: 0,
  };
  let row = 0;
  return ok({
    peek: () => timeAt(ticks.time, row),
    next: () => {
      if (row >= ticks.count) return undefined;
      const i = row++;
      event.receivedAt = microsUnchecked(ticks.time[i]);
      event.eventTime = event.receivedAt;
      event.feedSeq = i + 1;
      event.price = ticksUnchecked(price[i]);
      event.qty = lotsUnchecked(qty[i]);
      return event;
    },
  });
}

/**
 * Quotes as events. A tick moves the sides that it speaks of: the sources give the best bid and ask of the whole market, each with the exchange that set it. While
 * the bid is above the ask no quote goes out: a `crossed` status says so once, and the next sound quote ends it.
 */
export function createQuoteFeed(ticks: QuoteTicks, options: TickFeedOptions): Result<RecordedFeed, TickFeedRefusal> {
  const { ticksPerUnit } = options;
  const bid = wholeColumn(ticks.bid, ticksPerUnit);
  if (typeof bid === 'number') return err({ code: 'PRICE_OFF_TICK', index: bid, price: ticks.bid[bid], ticksPerUnit });
  const ask = wholeColumn(ticks.ask, ticksPerUnit);
  if (typeof ask === 'number') return err({ code: 'PRICE_OFF_TICK', index: ask, price: ticks.ask[ask], ticksPerUnit });
  const bidQty = quantities(ticks.bidQty, options);
  if ('code' in bidQty) return err(bidQty);
  const askQty = quantities(ticks.askQty, options);
  if ('code' in askQty) return err(askQty);
  return ok(new QuoteFeed(ticks, { bid, bidQty, ask, askQty }, options));
}

interface QuoteColumns {
  readonly bid: Float64Array;
  readonly bidQty: Float64Array;
  readonly ask: Float64Array;
  readonly askQty: Float64Array;
}

class QuoteFeed implements RecordedFeed {
  readonly #ticks: QuoteTicks;
  readonly #columns: QuoteColumns;
  readonly #quote: Mutable<Quote>;
  readonly #status: Mutable<FeedStatus>;
  #row = 0;
  #crossed = false;
  /** The event of the row before #row, made when its time was asked for. */
  #ready: Quote | FeedStatus | undefined;

  constructor(ticks: QuoteTicks, columns: QuoteColumns, options: TickFeedOptions) {
    this.#ticks = ticks;
    this.#columns = columns;
    const [price, qty] = [ticksUnchecked(0), lotsUnchecked(0)];
    this.#quote = { kind: 'quote', ...stampOf(options), bid: price, bidQty: qty, ask: price, askQty: qty };
    this.#status = { kind: 'feedStatus', ...stampOf(options), condition: 'crossed', text: '', value: 0 };
  }

  peek(): Micros | undefined {
    this.#ready ??= this.#advance();
    return this.#ready?.receivedAt;
  }

  next(): Quote | FeedStatus | undefined {
    const event = this.#ready ?? this.#advance();
    this.#ready = undefined;
    return event;
  }

  #advance(): Quote | FeedStatus | undefined {
    while (this.#row < this.#ticks.count) {
      const event = this.#take(this.#row++);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  #take(i: number): Quote | FeedStatus | undefined {
    const { bid, bidQty, ask, askQty } = this.#columns;
    const quote = this.#quote;
    // a price of 0 says nothing about its side
    if (bid[i] > 0) [quote.bid, quote.bidQty] = [ticksUnchecked(bid[i]), lotsUnchecked(bidQty[i])];
    if (ask[i] > 0) [quote.ask, quote.askQty] = [ticksUnchecked(ask[i]), lotsUnchecked(askQty[i])];
    const wasCrossed = this.#crossed;
    this.#crossed = quote.bid > 0 && quote.ask > 0 && quote.bid > quote.ask;
    if (this.#crossed && wasCrossed) return undefined;
    const event = this.#crossed ? this.#status : quote;
    event.receivedAt = microsUnchecked(this.#ticks.time[i]);
    event.eventTime = event.receivedAt;
    event.feedSeq = i + 1;
    if (this.#crossed) {
      this.#status.text = `expected a bid of at most ${quote.ask}, was ${quote.bid}`;
      this.#status.value = quote.bid - quote.ask;
    }
    return event;
  }
}

function stampOf({ feed, listing }: TickFeedOptions) {
  const zero = microsUnchecked(0);
  return { eventSeq: 0, feed, feedSeq: 0, eventTime: zero, receivedAt: zero, listing };
}

function timeAt(time: Float64Array, row: number): Micros | undefined {
  return row < time.length ? microsUnchecked(time[row]) : undefined;
}

/** The column in whole steps, or the index of the first value that is none. */
function wholeColumn(from: Float64Array, steps: number): Float64Array | number {
  const to = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const exact = from[i] * steps;
    to[i] = roundHalfEven(exact);
    if (!(Math.abs(exact - to[i]) <= stepTolerance && to[i] <= Number.MAX_SAFE_INTEGER)) return i;
  }
  return to;
}

function quantities(from: Float64Array, { lotsPerUnit, unknownQty }: TickFeedOptions): Float64Array | TickFeedRefusal {
  const unknown = from.findIndex(Number.isNaN);
  if (unknown >= 0 && unknownQty === undefined) return { code: 'QTY_UNKNOWN', index: unknown };
  const known = unknown < 0 ? from : from.map((qty) => (Number.isNaN(qty) ? (unknownQty ?? 0) / lotsPerUnit : qty));
  const whole = wholeColumn(known, lotsPerUnit);
  return typeof whole === 'number' ? { code: 'QTY_OFF_LOT', index: whole, qty: from[whole], lotsPerUnit } : whole;
}
