import { basename } from 'node:path';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import { createL2Book } from '../../core/market/book.ts';
import type { BookUpdate, FeedCondition, MarketEvent, Quote, Trade } from '../../domain/market.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { BookLevels } from './book-levels.ts';
import { LineCursor, openCapture } from './capture-lines.ts';
import { defaultStaleAfter, type BinanceFeedOptions } from './capture-options.ts';
import { DepthSequence, type DepthNumbers } from './depth-sequence.ts';
import { emptyReport, maxKeptFaults, type FeedReport } from './feed-report.ts';
import { stepScale } from './fixed-point.ts';
import { parseFrame, type Frame, type FrameFault, type FrameScales } from './frame.ts';
import { fillLevels } from './frame-levels.ts';
import type { Mutable } from './mutable.ts';
import { SkewMeter, skewThreshold } from './skew.ts';

/** Most depth frames that wait for a snapshot; the oldest is dropped and counted. */
export const maxWaitingFrames = 4_096;

type FrameOf<K extends Frame['kind']> = Extract<Frame, { kind: K }>;

interface Waiting {
  readonly frame: DepthNumbers;
  readonly event: Mutable<BookUpdate>;
}

/**
 * A raw Binance capture as market events in order of receive time. The book is believed only while its sequence numbers follow on: a gap is reported with its
 * numbers, and nothing is delivered for the book until a snapshot. A malformed line may have been a depth frame, so it counts as a gap too; the next
 * depth frame that follows on proves that no depth was lost, and the book comes back as a snapshot of what the feed itself has kept.
 * @throws Error with one sentence when a file is missing, is no gzip or ends early.
 */
export function createBinanceFeed(options: BinanceFeedOptions): RecordedFeed & { report(): FeedReport } {
  return new BinanceFeed(options);
}

class BinanceFeed implements RecordedFeed {
  readonly #options: BinanceFeedOptions;
  readonly #scales: FrameScales;
  readonly #files: readonly string[];
  readonly #report: FeedReport;
  readonly #sequence: DepthSequence;
  readonly #skew: SkewMeter;
  readonly #staleAfter: number;
  readonly #book = createL2Book();
  readonly #levels: BookLevels;
  readonly #quote: Mutable<Quote>;
  readonly #trade: Mutable<Trade>;
  #waiting: Waiting[] = [];
  #file = 0;
  #cursor: LineCursor;
  #ready: MarketEvent[] = [];
  #head = 0;
  #now = 0;
  #ended = false;
  /** The book was reported as gone, but no depth frame is known to be missing. */
  #suspect = false;
  #bookCrossed = false;
  #quoteCrossed = false;
  #lastQuote = 0;
  #lastTrade = 0;

  constructor(options: BinanceFeedOptions) {
    const { feed, listing } = options;
    this.#options = options;
    this.#scales = { symbol: options.symbol, market: options.market, price: stepScale(options.priceUnit), qty: stepScale(options.lot) };
    this.#files = [options.file, ...(options.following ?? [])];
    this.#report = emptyReport(this.#files);
    this.#sequence = new DepthSequence(options.market);
    this.#skew = new SkewMeter(options.skewThreshold ?? skewThreshold);
    this.#staleAfter = options.staleAfter ?? defaultStaleAfter;
    this.#levels = new BookLevels(feed, listing);
    const stamp = { eventSeq: 0, feed, feedSeq: 0, eventTime: microsUnchecked(0), receivedAt: microsUnchecked(0), listing };
    const none = { ticks: ticksUnchecked(0), lots: lotsUnchecked(0) };
    this.#quote = { kind: 'quote', ...stamp, bid: none.ticks, bidQty: none.lots, ask: none.ticks, askQty: none.lots };
    this.#trade = { kind: 'trade', ...stamp, price: none.ticks, qty: none.lots, aggressor: 'none', tradeID: 0 };
    this.#cursor = new LineCursor(openCapture(options.file));
  }

  report(): FeedReport {
    this.#report.skew = this.#skew.skew;
    return this.#report;
  }

  peek(): Micros | undefined {
    while (this.#head === this.#ready.length && !this.#ended) this.#advance();
    return this.#ready[this.#head]?.receivedAt;
  }

  next(): MarketEvent | undefined {
    if (this.peek() === undefined) return undefined;
    return this.#ready[this.#head++];
  }

  /** Takes one line; what it brings stands in `#ready`. */
  #advance(): void {
    this.#ready.length = 0;
    this.#head = 0;
    while (!this.#cursor.next()) {
      this.#file++;
      if (this.#file === this.#files.length) {
        this.#ended = true;
        this.#dropWaiting();
        this.#say('end', `${this.#report.lines} lines`, 0);
        return;
      }
      this.#cursor = new LineCursor(openCapture(this.#files[this.#file]));
    }
    this.#report.lines++;
    if (Number.isNaN(this.#cursor.receivedAt)) {
      this.#quarantine({ kind: 'fault', field: 'receivedAt', text: 'expected 19 digits of nanoseconds and a space' });
      return;
    }
    this.#clock(this.#cursor.receivedAt);
    const frame = parseFrame(this.#cursor.frame, this.#scales);
    if (frame.kind !== 'fault' && frame.kind !== 'other' && frame.eventTime > 0 && this.#skew.take(frame.eventTime - this.#now)) {
      this.#report.skewChanges++;
      const { skew } = this.#skew;
      this.#say('skew', `the venue's clock is ${Math.abs(skew)} us ${skew > 0 ? 'ahead of' : 'behind'} the receiver's`, skew);
    }
    this.#take(frame);
  }

  #clock(receivedAt: number): void {
    const report = this.#report;
    if (report.firstAt === 0) {
      report.firstAt = receivedAt;
      this.#now = receivedAt;
      this.#say('live', `${this.#options.symbol} from ${basename(this.#files[0])}`, 0);
    }
    const silence = receivedAt - this.#now;
    if (silence < 0) report.outOfOrder++;
    else this.#now = receivedAt;
    report.lastAt = this.#now;
    if (silence > report.longestSilence) report.longestSilence = silence;
    if (silence <= this.#staleAfter) return;
    report.stale++;
    this.#say('stale', `no message for ${silence} us, expected one within ${this.#staleAfter} us`, silence);
  }

  #take(frame: Frame | FrameFault): void {
    switch (frame.kind) {
      case 'fault':
        return this.#quarantine(frame);
      case 'other':
        this.#report.otherFrames++;
        return;
      case 'depth':
        return this.#takeDepth(frame);
      case 'snapshot':
        return this.#takeSnapshot(frame);
      case 'ticker':
        return this.#takeQuote(frame);
      case 'trade':
        return this.#takeTrade(frame);
    }
  }

  #say(condition: FeedCondition, text: string, value: number): void {
    const { feed, listing } = this.#options;
    const at = microsUnchecked(this.#now);
    this.#ready.push({ kind: 'feedStatus', eventSeq: 0, feed, feedSeq: 0, eventTime: at, receivedAt: at, listing, condition, text, value });
  }

  #quarantine(fault: FrameFault): void {
    const report = this.#report;
    const { line } = this.#cursor;
    const file = this.#files[this.#file];
    report.malformed++;
    if (report.faults.length < maxKeptFaults) report.faults.push({ file, line, field: fault.field, text: fault.text });
    else if (this.#suspect || this.#sequence.waiting) return;
    this.#doubt(`${basename(file)}:${line} ${fault.field}: ${fault.text}`, 0);
  }

  /** The book is not believed until a depth frame follows on or a snapshot comes. */
  #doubt(text: string, missing: number): void {
    this.#report.gaps++;
    this.#suspect = !this.#sequence.waiting;
    this.#say('gap', text, missing);
  }

  #takeDepth(frame: FrameOf<'depth'>): void {
    this.#report.depthFrames++;
    const fault = fillLevels(this.#levels, frame.bids, frame.asks, this.#scales, 'b', 'a');
    if (fault !== undefined) return this.#quarantine(fault);
    this.#levels.stamp(false, frame.lastID, frame.eventTime, this.#now);
    switch (this.#sequence.judge(frame)) {
      case 'wait':
        return this.#wait(frame);
      case 'old':
        this.#report.duplicates++;
        return;
      case 'gap':
        this.#report.gaps++;
        this.#say('gap', this.#sequence.gapText(frame), this.#sequence.missing(frame));
        this.#sequence.lose();
        this.#book.invalidate();
        this.#suspect = false;
        return this.#wait(frame);
      case 'apply':
        this.#book.apply(this.#levels.event);
        if (this.#suspect) this.#restore(frame);
        this.#deliverBook(this.#levels.event);
        return;
    }
  }

  /** No depth frame was lost after all: the book goes out whole. */
  #restore(frame: FrameOf<'depth'>): void {
    this.#suspect = false;
    this.#levels.copyBook(this.#book);
    this.#levels.stamp(true, frame.lastID, frame.eventTime, this.#now);
    this.#report.resyncs++;
    this.#say('resync', `depth frame ${frame.lastID} follows on: no depth was lost`, 0);
  }

  #wait(frame: FrameOf<'depth'>): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined && !this.#sequence.follows(last.frame, frame)) this.#dropWaiting();
    if (this.#waiting.length === maxWaitingFrames) {
      this.#waiting.shift();
      this.#report.unusedDepthFrames++;
    }
    const { firstID, lastID, previousID } = frame;
    this.#waiting.push({ frame: { firstID, lastID, previousID }, event: this.#levels.copy() });
  }

  #dropWaiting(): void {
    this.#report.unusedDepthFrames += this.#waiting.length;
    this.#waiting = [];
  }

  #takeSnapshot(frame: FrameOf<'snapshot'>): void {
    this.#report.snapshots++;
    const fault = fillLevels(this.#levels, frame.bids, frame.asks, this.#scales, 'bids', 'asks');
    if (fault !== undefined) return this.#quarantine(fault);
    // a book that follows on needs none
    if (!this.#sequence.waiting) return;
    const first = this.#waiting.find((one) => one.frame.lastID >= frame.lastID);
    // older than what is waiting: it cannot be joined, a newer one must come
    if (first !== undefined && !this.#sequence.joins(first.frame, frame.lastID)) return;
    this.#sequence.stand(frame.lastID);
    this.#levels.stamp(true, frame.lastID, frame.eventTime > 0 ? frame.eventTime : this.#now + this.#skew.skew, this.#now);
    this.#book.apply(this.#levels.event);
    this.#deliverBook(this.#levels.event);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { frame: one, event } of waiting) {
      if (this.#sequence.judge(one) !== 'apply') {
        this.#report.unusedDepthFrames++;
        continue;
      }
      event.receivedAt = microsUnchecked(this.#now);
      this.#book.apply(event);
      this.#deliverBook(event);
    }
    if (this.#report.gaps === 0) return;
    this.#report.resyncs++;
    this.#say('resync', `snapshot ${frame.lastID}`, 0);
  }

  #deliverBook(event: BookUpdate): void {
    this.#report.levels += event.count;
    this.#ready.push(event);
    const { crossed } = this.#book;
    if (crossed && !this.#bookCrossed) this.#sayCrossed('book', this.#book.bidPx(0), this.#book.askPx(0));
    this.#bookCrossed = crossed;
  }

  #sayCrossed(what: string, bid: number, ask: number): void {
    this.#report.crossed++;
    this.#say('crossed', `${what}: bid ${bid} at or above ask ${ask} (ticks)`, bid - ask);
  }

  /** A crossed quote is not delivered. Spot quotes carry no time: theirs is the receive time moved by the known skew. */
  #takeQuote(frame: FrameOf<'ticker'>): void {
    const { updateID, eventTime, bid, bidQty, ask, askQty } = frame;
    if (updateID <= this.#lastQuote) {
      this.#report.duplicates++;
      return;
    }
    this.#lastQuote = updateID;
    const crossed = bidQty > 0 && askQty > 0 && bid >= ask;
    if (crossed && !this.#quoteCrossed) this.#sayCrossed('quote', bid, ask);
    this.#quoteCrossed = crossed;
    if (crossed) return;
    this.#report.quotes++;
    const quote = this.#quote;
    quote.feedSeq = updateID;
    quote.eventTime = microsUnchecked(eventTime > 0 ? eventTime : this.#now + this.#skew.skew);
    quote.receivedAt = microsUnchecked(this.#now);
    quote.bid = ticksUnchecked(bid);
    quote.bidQty = lotsUnchecked(bidQty);
    quote.ask = ticksUnchecked(ask);
    quote.askQty = lotsUnchecked(askQty);
    this.#ready.push(quote);
  }

  #takeTrade(frame: FrameOf<'trade'>): void {
    const { tradeID } = frame;
    if (tradeID <= this.#lastTrade) {
      this.#report.duplicates++;
      return;
    }
    if (this.#lastTrade > 0 && tradeID !== this.#lastTrade + 1) {
      const missing = tradeID - this.#lastTrade - 1;
      this.#report.missingTrades += missing;
      this.#doubt(`expected trade ${this.#lastTrade + 1}, was ${tradeID}`, missing);
    }
    this.#lastTrade = tradeID;
    // prints of the insurance fund and of settlement have numbers of the same row but are no trades of the book
    if (!frame.atMarket) {
      this.#report.otherFrames++;
      return;
    }
    this.#report.trades++;
    const trade = this.#trade;
    trade.feedSeq = tradeID;
    trade.eventTime = microsUnchecked(frame.eventTime);
    trade.receivedAt = microsUnchecked(this.#now);
    trade.price = ticksUnchecked(frame.price);
    trade.qty = lotsUnchecked(frame.qty);
    trade.aggressor = frame.sellerAggressed ? 'sell' : 'buy';
    trade.tradeID = tradeID;
    this.#ready.push(trade);
  }
}
