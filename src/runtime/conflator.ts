import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Lots, type Micros, type Ticks } from '../base/units.ts';
import type { EventSeq, FeedIx, ListingIx } from '../domain/ids.ts';
import type { Mark } from '../domain/input.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { BookView } from '../ports/strategy.ts';

/** At most ten marks per second and listing go to the core (and one before each intent that met a newer quote). */
export const markInterval = 100_000;

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
  dirty: boolean;
  sentAt: Micros;
}

/** Turns market data at full rate into the marks that the core sees. */
export class Conflator {
  readonly #tops: (Top | undefined)[] = [];
  readonly #dirty = new Set<ListingIx>();
  readonly #bookOf: (listing: ListingIx) => BookView;

  constructor(bookOf: (listing: ListingIx) => BookView) {
    this.#bookOf = bookOf;
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
    if (!top.dirty) {
      top.dirty = true;
      this.#dirty.add(event.listing);
    }
  }

  /** The listing's mark if it changed and its interval has passed. */
  due(listing: ListingIx, at: Micros): Mark | undefined {
    const top = this.#tops[listing];
    if (top === undefined || !top.dirty || at - top.sentAt < markInterval) return undefined;
    return this.#send(listing, top, at);
  }

  /** The listing's mark if it changed at all: asked for before an intent is judged. */
  fresh(listing: ListingIx, at: Micros): Mark | undefined {
    const top = this.#tops[listing];
    return top === undefined || !top.dirty ? undefined : this.#send(listing, top, at);
  }

  /** Earliest time at which a changed mark may go. */
  nextAt(): Micros | undefined {
    let next: Micros | undefined;
    for (const listing of this.#dirty) {
      const at = microsUnchecked((this.#tops[listing]?.sentAt ?? 0) + markInterval);
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  /** Marks whose interval is over, in order of (feed, sequence). */
  dueAll(at: Micros): readonly Mark[] {
    const marks: Mark[] = [];
    for (const listing of [...this.#dirty]) {
      const mark = this.due(listing, at);
      if (mark !== undefined) marks.push(mark);
    }
    return marks.sort((a, b) => a.feed - b.feed || a.feedSeq - b.feedSeq || a.listing - b.listing);
  }

  #send(listing: ListingIx, top: Top, at: Micros): Mark {
    top.dirty = false;
    top.sentAt = at;
    this.#dirty.delete(listing);
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
    sentAt: microsUnchecked(-markInterval),
  };
}
