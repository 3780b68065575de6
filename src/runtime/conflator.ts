import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Micros, type Ticks } from '../base/units.ts';
import type { EventSeq, FeedIx, ListingIx } from '../domain/ids.ts';
import type { Mark } from '../domain/input.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { BookView } from '../ports/strategy.ts';

/** At most ten marks per second and listing go to the core (and one before each intent that met a newer quote). */
export const markInterval = 100_000;

const none: readonly Mark[] = [];

interface Top {
  feed: FeedIx;
  feedSeq: number;
  bid: Ticks;
  bidQty: Lots;
  ask: Ticks;
  askQty: Lots;
  last: Ticks;
  eventTime: Micros;
  eventSeq: EventSeq;
  /** The listing has a quote stream of its own; then L2 changes no longer set the top. */
  quoted: boolean;
  /** Changed since its last mark, and: the change goes by itself. */
  dirty: boolean;
  goes: boolean;
  sentAt: Micros;
}

/** Turns market data at full rate into the marks that the core sees. */
export class Conflator {
  readonly #tops: (Top | undefined)[] = [];
  readonly #dirty = new Set<ListingIx>();
  #next: Micros | undefined;
  #nextKnown = true;
  readonly #bookOf: (listing: ListingIx) => BookView;
  readonly #isWanted: ((listing: ListingIx) => boolean) | undefined;

  /** `isWanted`: listings whose marks go by themselves; left out = all. Those of the others are there when asked for (`fresh`). */
  constructor(bookOf: (listing: ListingIx) => BookView, isWanted?: (listing: ListingIx) => boolean) {
    this.#bookOf = bookOf;
    this.#isWanted = isWanted;
  }

  /** Takes an event after the hosts' book has it. */
  take(event: MarketEvent, eventSeq: EventSeq): void {
    if (event.kind === 'feedStatus') return;
    const top = (this.#tops[event.listing] ??= emptyTop(event.feed));
    switch (event.kind) {
      case 'quote':
        top.quoted = true;
        top.bid = event.bid;
        top.bidQty = event.bidQty;
        top.ask = event.ask;
        top.askQty = event.askQty;
        break;
      case 'book': {
        if (top.quoted) return;
        const book = this.#bookOf(event.listing);
        if (!book.valid) return;
        top.bid = book.bidPx(0);
        top.bidQty = book.bidQty(0);
        top.ask = book.askPx(0);
        top.askQty = book.askQty(0);
        break;
      }
      case 'trade':
        top.last = event.price;
        break;
      case 'bar':
        top.last = event.close;
        break;
    }
    top.feed = event.feed;
    top.feedSeq = event.feedSeq;
    top.eventTime = event.eventTime;
    top.eventSeq = eventSeq;
    top.dirty = true;
    this.#want(event.listing, top);
  }

  /** `take` of a bar's close. */
  takeClose(listing: ListingIx, feed: FeedIx, feedSeq: number, close: number, closeTime: Micros, eventSeq: EventSeq): void {
    const top = (this.#tops[listing] ??= emptyTop(feed));
    top.feed = feed;
    top.feedSeq = feedSeq;
    top.last = ticksUnchecked(close);
    top.eventTime = closeTime;
    top.eventSeq = eventSeq;
    top.dirty = true;
    this.#want(listing, top);
  }

  /** Whether marks of the listing go by themselves. */
  wants(listing: ListingIx): boolean {
    return this.#isWanted === undefined || this.#isWanted(listing);
  }

  #want(listing: ListingIx, top: Top): void {
    if (top.goes || !this.wants(listing)) return;
    top.goes = true;
    this.#dirty.add(listing);
    this.#nextKnown = false;
  }

  /** The listing's mark if it changed and its interval has passed. */
  due(listing: ListingIx, at: Micros): Mark | undefined {
    const top = this.#tops[listing];
    if (top === undefined || !top.goes || at - top.sentAt < markInterval) return undefined;
    return this.#send(listing, top, at);
  }

  /** The listing's mark if it changed at all: asked for before an intent is judged. */
  fresh(listing: ListingIx, at: Micros): Mark | undefined {
    const top = this.#tops[listing];
    return top === undefined || !top.dirty ? undefined : this.#send(listing, top, at);
  }

  /** Earliest time at which a changed mark may go. */
  nextAt(): Micros | undefined {
    if (this.#nextKnown) return this.#next;
    this.#next = undefined;
    for (const listing of this.#dirty) {
      const at = microsUnchecked((this.#tops[listing]?.sentAt ?? 0) + markInterval);
      if (this.#next === undefined || at < this.#next) this.#next = at;
    }
    this.#nextKnown = true;
    return this.#next;
  }

  /** Marks whose interval is over, at most `most` of those that have waited longest, in order of (feed, sequence). */
  dueAll(at: Micros, most = Infinity): readonly Mark[] {
    const next = this.nextAt();
    if (next === undefined || next > at) return none;
    const marks: Mark[] = [];
    for (const listing of [...this.#dirty]) {
      const mark = this.due(listing, at);
      if (mark !== undefined && marks.push(mark) >= most) break;
    }
    return marks.sort((a, b) => a.feed - b.feed || a.feedSeq - b.feedSeq || a.listing - b.listing);
  }

  #send(listing: ListingIx, top: Top, at: Micros): Mark {
    top.dirty = false;
    top.sentAt = at;
    if (top.goes) {
      this.#dirty.delete(listing);
      this.#nextKnown = false;
    }
    top.goes = false;
    const { feed, feedSeq, bid, bidQty, ask, askQty, last, eventTime, eventSeq } = top;
    return { kind: 'mark', listing, feed, feedSeq, bid, bidQty, ask, askQty, last, eventTime, eventSeq };
  }
}

function emptyTop(feed: FeedIx): Top {
  return {
    feed,
    feedSeq: 0,
    bid: ticksUnchecked(0),
    bidQty: lotsUnchecked(0),
    ask: ticksUnchecked(0),
    askQty: lotsUnchecked(0),
    last: ticksUnchecked(0),
    eventTime: microsUnchecked(0),
    eventSeq: 0,
    quoted: false,
    dirty: false,
    goes: false,
    sentAt: microsUnchecked(-markInterval),
  };
}
