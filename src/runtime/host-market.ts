import { ticksUnchecked, type Ticks } from '../base/units.ts';
import { createL2Book, type L2Book } from '../core/market/book.ts';
import type { ListingIx } from '../domain/ids.ts';
import type { MarketEvent } from '../domain/market.ts';

/** The market as one thread sees it: books, which listings have shown anything yet, last prices. */
export class HostMarket {
  readonly books: L2Book[] = [];
  /** By listing: 1 = it has shown something. */
  #seen = new Uint8Array(0);
  /** By listing; NaN = none yet. A column: bars set it by the million. */
  #last = new Float64Array(0);
  /** Twice the middle of the last two-sided quote; of what has none it is not there. */
  readonly #quoted: (number | undefined)[] = [];
  /** Listings whose book somebody else keeps. */
  readonly #lent: boolean[] = [];

  /** Makes room for listings that were registered since. */
  growTo(count: number): void {
    const known = this.books.length;
    if (count <= known) return;
    const [seen, last] = [new Uint8Array(count), new Float64Array(count).fill(NaN, known)];
    seen.set(this.#seen);
    last.set(this.#last);
    this.#seen = seen;
    this.#last = last;
    while (this.books.length < count) {
      this.books.push(createL2Book());
      this.#lent.push(false);
    }
  }

  /** Whether a listing has shown anything yet. */
  hasSeen(listing: ListingIx): boolean {
    return this.#seen[listing] === 1;
  }

  /** Last close or print of a listing; undefined = none yet. */
  lastPx(listing: ListingIx): Ticks | undefined {
    const last = this.#last[listing];
    return last === last ? ticksUnchecked(last) : undefined;
  }

  /** Looks at a book that somebody else keeps, who is shown every event right before. */
  borrow(listing: ListingIx, book: L2Book): void {
    this.books[listing] = book;
    this.#lent[listing] = true;
  }

  take(event: MarketEvent): void {
    const { listing } = event;
    switch (event.kind) {
      case 'book':
        if (!this.#lent[listing]) this.books[listing].apply(event);
        if (this.#seen[listing] === 0 && this.books[listing].valid) this.#seen[listing] = 1;
        return;
      case 'quote':
        this.#seen[listing] = 1;
        if (event.bidQty > 0 && event.askQty > 0 && event.bid < event.ask) this.#quoted[listing] = event.bid + event.ask;
        return;
      case 'trade':
        this.#last[listing] = event.price;
        return;
      case 'bar':
        this.takeBar(listing, event.close);
        return;
      case 'feedStatus':
        if (event.condition === 'gap' && !this.#lent[listing]) this.books[listing].invalidate();
        return;
    }
  }

  /** Price that values money, half ticks: the middle of the last quote, else of the book, else the last print; 0 = none. */
  midTwice(listing: ListingIx): number {
    const quoted = this.#quoted[listing];
    if (quoted !== undefined) return quoted;
    const book = this.books[listing];
    if (book.valid && book.bidLevels > 0 && book.askLevels > 0) return book.bidPx(0) + book.askPx(0);
    return 2 * (this.lastPx(listing) ?? 0);
  }

  /** `take` of a bar with this close, ticks. */
  takeBar(listing: ListingIx, close: number): void {
    this.#seen[listing] = 1;
    this.#last[listing] = close;
  }

  /** What another thread saw, but for its book. */
  recall(listing: ListingIx, seen: boolean, last: Ticks | undefined): void {
    this.#seen[listing] = seen ? 1 : 0;
    this.#last[listing] = last ?? NaN;
  }
}
