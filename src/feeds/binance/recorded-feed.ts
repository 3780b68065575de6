import { basename } from 'node:path';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { MarketEvent, Quote, Trade } from '../../domain/market.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { BookTrack } from './book-track.ts';
import { defaultStaleAfter, type BinanceFeedOptions } from './capture-options.ts';
import { EventQueue } from './event-queue.ts';
import { emptyReport, maxKeptFaults, type FeedReport } from './feed-report.ts';
import { stepScale } from './fixed-point.ts';
import type { FrameFault } from './frame.ts';
import { FrameFields } from './frame-fields.ts';
import { FrameWalk } from './frame-walk.ts';
import type { Mutable } from '../mutable.ts';
import { SkewMeter, skewThreshold } from './skew.ts';

/**
 * A raw Binance capture as market events in order of receive time. The book is believed only while its sequence numbers follow on: a gap is reported with its
 * numbers, and nothing is delivered for the book until a snapshot. A malformed line may have been a depth frame and a missing trade may hide more, so both count
 * as gaps too; the next depth frame that follows on proves that no depth was lost, and the book comes back as a snapshot of what the feed itself has kept.
 * @throws Error with one sentence when a file is missing, is no gzip, ends early or holds no frames.
 */
export function createBinanceFeed(options: BinanceFeedOptions): RecordedFeed & { report(): FeedReport } {
  return new BinanceFeed(options);
}

class BinanceFeed implements RecordedFeed {
  readonly #symbol: string;
  readonly #fields: FrameFields;
  readonly #walk: FrameWalk;
  readonly #report: FeedReport;
  readonly #out: EventQueue;
  readonly #track: BookTrack;
  readonly #skew: SkewMeter;
  readonly #staleAfter: number;
  readonly #quote: Mutable<Quote>;
  readonly #trade: Mutable<Trade>;
  /** Malformed lines before the first one with a time: they are reported at that time. */
  readonly #early: string[] = [];
  #ended = false;
  #crossed = false;
  #lastQuote = -1;
  #lastTrade = -1;

  constructor(options: BinanceFeedOptions) {
    const { feed, listing, market, symbol, priceUnit, lot } = options;
    const files = [options.file, ...(options.following ?? [])];
    this.#symbol = symbol;
    this.#fields = new FrameFields(feed, listing);
    this.#walk = new FrameWalk(files, { symbol, market, price: stepScale(priceUnit), qty: stepScale(lot) }, this.#fields);
    this.#report = emptyReport(files);
    this.#out = new EventQueue(feed, listing);
    this.#track = new BookTrack(market, this.#fields, this.#out, this.#report);
    this.#skew = new SkewMeter(options.skewThreshold ?? skewThreshold);
    this.#staleAfter = options.staleAfter ?? defaultStaleAfter;
    const stamp = { eventSeq: 0, feed, feedSeq: 0, eventTime: microsUnchecked(0), receivedAt: microsUnchecked(0), listing };
    const [price, qty] = [ticksUnchecked(0), lotsUnchecked(0)];
    this.#quote = { kind: 'quote', ...stamp, bid: price, bidQty: qty, ask: price, askQty: qty };
    this.#trade = { kind: 'trade', ...stamp, price, qty, aggressor: 'none', tradeID: 0 };
  }

  report(): FeedReport {
    this.#report.skew = this.#skew.skew;
    return this.#report;
  }

  peek(): Micros | undefined {
    while (this.#out.empty && !this.#ended) this.#advance();
    return this.#out.firstAt;
  }

  next(): MarketEvent | undefined {
    while (this.#out.empty && !this.#ended) this.#advance();
    return this.#out.take();
  }

  /** Takes one line; what it brings stands in the queue. */
  #advance(): void {
    const walk = this.#walk;
    this.#out.clear();
    if (!walk.next()) {
      this.#ended = true;
      this.#track.dropWaiting();
      const { lines, unusedDepthFrames } = this.#report;
      this.#out.say('end', `${lines} lines${unusedDepthFrames > 0 ? `, ${unusedDepthFrames} depth frames without a snapshot` : ''}`, 0);
      return;
    }
    this.#report.lines++;
    const { fault, receivedAt } = walk;
    if (!Number.isNaN(receivedAt)) this.#clock(receivedAt);
    if (fault === undefined) this.#take();
    else this.#quarantine(fault);
  }

  #clock(receivedAt: number): void {
    const report = this.#report;
    const out = this.#out;
    if (report.firstAt === 0) this.#begin(receivedAt);
    const silence = receivedAt - out.now;
    if (silence < 0) report.outOfOrder++;
    else out.now = receivedAt;
    report.lastAt = out.now;
    if (silence > report.longestSilence) report.longestSilence = silence;
    if (silence <= this.#staleAfter) return;
    report.stale++;
    out.say('stale', `no message for ${silence} us, expected one within ${this.#staleAfter} us`, silence);
  }

  #begin(receivedAt: number): void {
    this.#report.firstAt = receivedAt;
    this.#out.now = receivedAt;
    this.#out.say('live', `${this.#symbol} from ${basename(this.#walk.file)}`, 0);
    for (const text of this.#early) this.#track.doubt(text, 0);
  }

  #take(): void {
    const { kind, eventTime } = this.#fields;
    if (eventTime > 0 && this.#skew.take(eventTime - this.#out.now)) {
      const { skew } = this.#skew;
      this.#report.skewChanges++;
      this.#out.say('skew', `the venue's clock is ${Math.abs(skew)} us ${skew > 0 ? 'ahead of' : 'behind'} the receiver's`, skew);
    }
    switch (kind) {
      case 'other':
        this.#report.otherFrames++;
        return;
      case 'depth':
        this.#report.depthFrames++;
        return this.#track.takeDepth();
      case 'snapshot':
        this.#report.snapshots++;
        return this.#track.takeSnapshot(this.#venueTime());
      case 'ticker':
        return this.#takeQuote();
      case 'trade':
        return this.#takeTrade();
    }
  }

  /** Of the frame; where it carries none (spot quotes and snapshots), the receive time moved by the skew known so far. */
  #venueTime(): number {
    const { eventTime } = this.#fields;
    return eventTime > 0 ? eventTime : this.#out.now + this.#skew.skew;
  }

  #quarantine(fault: FrameFault): void {
    const report = this.#report;
    const { file, line } = this.#walk;
    const text = `${this.#walk.place(fault)}: ${fault.text}`;
    report.malformed++;
    if (report.faults.length < maxKeptFaults) report.faults.push({ file, line, field: fault.field, text: fault.text });
    else if (!this.#track.believed) return;
    if (report.firstAt === 0) this.#early.push(text);
    else this.#track.doubt(text, 0);
  }

  /** A crossed quote is not delivered. */
  #takeQuote(): void {
    const { lastID, bid, bidQty, ask, askQty } = this.#fields;
    if (lastID <= this.#lastQuote) {
      this.#report.duplicates++;
      return;
    }
    this.#lastQuote = lastID;
    const crossed = bidQty > 0 && askQty > 0 && bid >= ask;
    if (crossed && !this.#crossed) {
      this.#report.crossed++;
      this.#out.say('crossed', `quote: bid ${bid} at or above ask ${ask} (ticks)`, bid - ask);
    }
    this.#crossed = crossed;
    if (crossed) return;
    this.#report.quotes++;
    const quote = this.#quote;
    quote.feedSeq = lastID;
    quote.eventTime = microsUnchecked(this.#venueTime());
    quote.receivedAt = microsUnchecked(this.#out.now);
    quote.bid = ticksUnchecked(bid);
    quote.bidQty = lotsUnchecked(bidQty);
    quote.ask = ticksUnchecked(ask);
    quote.askQty = lotsUnchecked(askQty);
    this.#out.push(quote);
  }

  #takeTrade(): void {
    const { tradeID, eventTime, price, qty, sellerAggressed, atMarket } = this.#fields;
    if (tradeID <= this.#lastTrade) {
      this.#report.duplicates++;
      return;
    }
    const missing = this.#lastTrade < 0 ? 0 : tradeID - this.#lastTrade - 1;
    if (missing > 0) {
      this.#report.missingTrades += missing;
      this.#track.doubt(`expected trade ${this.#lastTrade + 1}, was ${tradeID}`, missing);
    }
    this.#lastTrade = tradeID;
    if (!atMarket) {
      this.#report.otherFrames++;
      return;
    }
    this.#report.trades++;
    const trade = this.#trade;
    trade.feedSeq = tradeID;
    trade.eventTime = microsUnchecked(eventTime);
    trade.receivedAt = microsUnchecked(this.#out.now);
    trade.price = ticksUnchecked(price);
    trade.qty = lotsUnchecked(qty);
    trade.aggressor = sellerAggressed ? 'sell' : 'buy';
    trade.tradeID = tradeID;
    this.#out.push(trade);
  }
}
