import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { createL2Book } from '../../core/market/book.ts';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { BookUpdate, FeedCondition, MarketEvent } from '../../domain/market.ts';
import type { Quarantine } from '../csv/quarantine.ts';
import type { SessionFrame, SessionParser, TextLevel } from './session-frame.ts';
import { unitsOf, type SymbolScale } from './symbol-scale.ts';
import { TextBook } from './text-book.ts';

/** What a symbol's frames held. */
export interface SymbolCounts {
  books: number;
  snapshots: number;
  trades: number;
  quotes: number;
  /** Checksums that were right; a wrong one is a gap. */
  checksums: number;
  gaps: number;
  /** Frames and trades that had come before. */
  duplicates: number;
  missingTrades: number;
}

export interface TrackOptions {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
  readonly symbol: string;
  readonly scale: SymbolScale;
  readonly parser: SessionParser;
  readonly quarantine: Quarantine;
}

type Book = Extract<SessionFrame, { kind: 'book' }>;
type Trade = Extract<SessionFrame, { kind: 'trade' }>;
type Quote = Extract<SessionFrame, { kind: 'quote' }>;
/** 0 = bid, 1 = ask. */
type Levels = readonly (readonly [side: 0 | 1, price: number, qty: number, text: TextLevel])[];

/** Turns the frames of one symbol into events and proves its book on the way. */
export class SymbolTrack {
  readonly counts: SymbolCounts = { books: 0, snapshots: 0, trades: 0, quotes: 0, checksums: 0, gaps: 0, duplicates: 0, missingTrades: 0 };
  readonly #o: TrackOptions;
  readonly #texts: TextBook;
  readonly #book = createL2Book();
  /** A whole book stands behind the changes. */
  #isWhole = false;
  #saidGap = false;
  #isCrossed = false;
  #lastSeq = 0;
  #lastTrade = 0;

  constructor(options: TrackOptions) {
    this.#o = options;
    this.#texts = new TextBook(options.parser.depth);
  }

  take(frame: SessionFrame, row: number, now: number, out: MarketEvent[]): void {
    switch (frame.kind) {
      case 'book':
        return this.#takeBook(frame, row, now, out);
      case 'trade':
        return this.#takeTrade(frame, row, now, out);
      case 'quote':
        return this.#takeQuote(frame, row, now, out);
    }
  }

  #takeBook(frame: Book, row: number, now: number, out: MarketEvent[]): void {
    const levels = this.#levels(frame, row);
    if (levels === undefined) return this.#gap('a frame of the book could not be read', now, out);
    if (!frame.snapshot && !this.#follows(frame, now, out)) return;
    if (frame.snapshot) this.#begin(now, out);
    else if (!this.#isWhole && !this.#saidGap) this.#gap('the session holds no snapshot of this book', now, out);
    if (frame.feedSeq > 0) this.#lastSeq = frame.feedSeq;
    const update = this.#update(frame, levels, now);
    out.push(update);
    this.counts[frame.snapshot ? 'snapshots' : 'books']++;
    if (!this.#isWhole) return;
    this.#prove(frame, now, out);
    this.#book.apply(update);
    this.#watchCross(now, out);
  }

  /** Whether a change follows on the frames before it. What came before is passed over, what is missing is a gap. */
  #follows({ feedSeq, previousSeq }: Book, now: number, out: MarketEvent[]): boolean {
    const { sequence } = this.#o.parser;
    if (sequence === 'none' || this.#lastSeq === 0) return true;
    if (feedSeq <= this.#lastSeq) {
      this.counts.duplicates++;
      return false;
    }
    if (sequence === 'linked' && previousSeq !== this.#lastSeq)
      this.#gap(`expected a frame after ${this.#lastSeq}, was one after ${previousSeq}`, now, out);
    return true;
  }

  #begin(now: number, out: MarketEvent[]): void {
    if (this.#saidGap) this.#say('resync', 'a snapshot came', 0, now, out);
    this.#texts.clear();
    this.#isWhole = true;
    this.#saidGap = false;
  }

  #gap(text: string, now: number, out: MarketEvent[]): void {
    this.counts.gaps++;
    this.#isWhole = false;
    this.#saidGap = true;
    this.#book.invalidate();
    this.#say('gap', `${this.#o.symbol}: ${text}`, 0, now, out);
  }

  #levels({ bids, asks }: Book, row: number): Levels | undefined {
    const { scale, quarantine } = this.#o;
    const found: (readonly [0 | 1, number, number, TextLevel])[] = [];
    for (const [side, levels] of [bids, asks].entries()) {
      for (const text of levels) {
        const [price, qty] = [unitsOf(text[0], scale.price), unitsOf(text[1], scale.qty)];
        if (price > 0 && qty >= 0) found.push([side === 0 ? 0 : 1, price, qty, text]);
        else {
          quarantine.addRow(row, 'NOT_A_NUMBER', 'levels', `expected a price above 0 and a quantity, was ${text[0]} ${text[1]}`);
          return undefined;
        }
      }
    }
    return found;
  }

  /** The event of a frame. Where the subscription has a depth, levels that it pushes out are taken away too. */
  #update(frame: Book, levels: Levels, now: number): BookUpdate {
    const all = levels.map(([side, price, qty]) => [side, price, qty] as const);
    if (Number.isFinite(this.#o.parser.depth)) {
      for (const [side, price, qty, text] of levels) this.#texts.set(side, price, text, qty === 0);
      for (const side of [0, 1] as const) for (const price of this.#texts.cutTo(side)) all.push([side, price, 0]);
    }
    return {
      kind: 'book',
      ...this.#stamp(frame.eventTime, frame.feedSeq, now),
      snapshot: frame.snapshot,
      count: all.length,
      sides: Uint8Array.from(all, (level) => level[0]),
      prices: Float64Array.from(all, (level) => level[1]),
      qtys: Float64Array.from(all, (level) => level[2]),
    };
  }

  #prove({ checksum }: Book, now: number, out: MarketEvent[]): void {
    const { checksum: rule } = this.#o.parser;
    if (rule === 'none' || checksum === undefined) return;
    const ours = this.#texts.checksum(rule);
    if (ours === checksum) this.counts.checksums++;
    else this.#gap(`expected the checksum ${checksum}, was ${ours}`, now, out);
  }

  #watchCross(now: number, out: MarketEvent[]): void {
    const wasCrossed = this.#isCrossed;
    this.#isCrossed = this.#book.valid && this.#book.crossed;
    if (!this.#isCrossed || wasCrossed) return;
    const [bid, ask] = [this.#book.bidPx(0), this.#book.askPx(0)];
    this.#say('crossed', `${this.#o.symbol}: expected a bid below the ask ${ask}, was ${bid}`, bid - ask, now, out);
  }

  #takeTrade({ price, qty, aggressor, tradeID, eventTime }: Trade, row: number, now: number, out: MarketEvent[]): void {
    const { scale, quarantine } = this.#o;
    const [px, size] = [unitsOf(price, scale.price), unitsOf(qty, scale.qty)];
    if (!(px > 0 && size > 0))
      return quarantine.addRow(row, 'NOT_A_NUMBER', 'trade', `expected a price and a quantity above 0, was ${price} ${qty}`);
    if (tradeID > 0) {
      if (tradeID <= this.#lastTrade) {
        this.counts.duplicates++;
        return;
      }
      if (this.#o.parser.countsTrades && this.#lastTrade > 0) this.counts.missingTrades += tradeID - this.#lastTrade - 1;
      this.#lastTrade = tradeID;
    }
    this.counts.trades++;
    out.push({
      kind: 'trade',
      ...this.#stamp(eventTime, tradeID, now),
      price: ticksUnchecked(px),
      qty: lotsUnchecked(size),
      aggressor,
      tradeID,
    });
  }

  #takeQuote(quote: Quote, row: number, now: number, out: MarketEvent[]): void {
    const { scale, quarantine } = this.#o;
    const [bid, ask] = [unitsOf(quote.bid, scale.price), unitsOf(quote.ask, scale.price)];
    const [bidQty, askQty] = [unitsOf(quote.bidQty, scale.qty), unitsOf(quote.askQty, scale.qty)];
    if (!(bid >= 0 && ask >= 0 && bidQty >= 0 && askQty >= 0))
      return quarantine.addRow(row, 'NOT_A_NUMBER', 'quote', 'expected prices and quantities from 0 on');
    if (bid > ask && ask > 0) return quarantine.addRow(row, 'CROSSED', 'quote', `expected a bid of at most ${quote.ask}, was ${quote.bid}`);
    this.counts.quotes++;
    const sides = { bid: ticksUnchecked(bid), bidQty: lotsUnchecked(bidQty), ask: ticksUnchecked(ask), askQty: lotsUnchecked(askQty) };
    out.push({ kind: 'quote', ...this.#stamp(quote.eventTime, quote.feedSeq, now), ...sides });
  }

  #say(condition: FeedCondition, text: string, value: number, now: number, out: MarketEvent[]): void {
    out.push({ kind: 'feedStatus', ...this.#stamp(0, 0, now), condition, text, value });
  }

  /** Frames without a time of the venue have that of their receipt. */
  #stamp(eventTime: number, feedSeq: number, now: number) {
    const { feed, listing } = this.#o;
    return {
      eventSeq: 0,
      feed,
      feedSeq,
      eventTime: microsUnchecked(eventTime > 0 ? eventTime : now),
      receivedAt: microsUnchecked(now),
      listing,
    };
  }
}
