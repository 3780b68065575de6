import { microsUnchecked } from '../base/units.ts';
import type { L2Book } from '../core/market/book.ts';
import type { FeedIx, ListingIx } from '../domain/ids.ts';
import type { BookUpdate } from '../domain/market.ts';
import type { Mutable } from './mutable.ts';

const firstCapacity = 4_096;

/** A book event whose object and arrays are used again and again; they grow to the deepest frame and stay. */
export class BookLevels {
  readonly event: Mutable<BookUpdate>;

  constructor(feed: FeedIx, listing: ListingIx) {
    this.event = {
      kind: 'book',
      eventSeq: 0,
      feed,
      feedSeq: 0,
      eventTime: microsUnchecked(0),
      receivedAt: microsUnchecked(0),
      listing,
      snapshot: false,
      count: 0,
      sides: new Uint8Array(firstCapacity),
      prices: new Float64Array(firstCapacity),
      qtys: new Float64Array(firstCapacity),
    };
  }

  /** Empties it and makes room for `capacity` levels. */
  reset(capacity: number): void {
    const { event } = this;
    event.count = 0;
    if (event.sides.length >= capacity) return;
    let size = event.sides.length;
    while (size < capacity) size *= 2;
    event.sides = new Uint8Array(size);
    event.prices = new Float64Array(size);
    event.qtys = new Float64Array(size);
  }

  add(side: 0 | 1, price: number, qty: number): void {
    const { event } = this;
    const i = event.count++;
    event.sides[i] = side;
    event.prices[i] = price;
    event.qtys[i] = qty;
  }

  /** The whole of a book, best levels first. */
  copyBook(book: L2Book): void {
    this.reset(book.bidLevels + book.askLevels);
    for (let i = 0; i < book.bidLevels; i++) this.add(0, book.bidPx(i), book.bidQty(i));
    for (let i = 0; i < book.askLevels; i++) this.add(1, book.askPx(i), book.askQty(i));
  }

  stamp(snapshot: boolean, feedSeq: number, eventTime: number, receivedAt: number): void {
    const { event } = this;
    event.snapshot = snapshot;
    event.feedSeq = feedSeq;
    event.eventTime = microsUnchecked(eventTime);
    event.receivedAt = microsUnchecked(receivedAt);
  }

  /** A copy with arrays of its own, for a frame that must wait. */
  copy(): BookUpdate {
    const { event } = this;
    const { count } = event;
    return { ...event, sides: event.sides.slice(0, count), prices: event.prices.slice(0, count), qtys: event.qtys.slice(0, count) };
  }
}
