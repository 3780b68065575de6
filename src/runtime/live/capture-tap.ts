import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { L2Book } from '../../core/market/book.ts';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { BookUpdate, FeedCondition, FeedStatus, MarketEvent } from '../../domain/market.ts';
import { sendDelivery } from '../hosts/messages.ts';
import type { RingWriter } from '../rings/ring.ts';

/** Fuller than this the ring takes nothing again that has been lost, so that a snapshot finds room. */
const resumeBelow = 0.5;

/**
 * Market data on its way to whoever captures it, as strategies get it. It never waits: what a slow disk has no room for is lost, counted, and told in the capture itself as a
 * gap of its source with a snapshot of the book behind it, so that a replay knows what it lacks.
 */
export class CaptureTap {
  readonly #ring: RingWriter;
  readonly #bookOf: (listing: ListingIx) => L2Book | undefined;
  /** Events lost since the last one that was taken, by listing. */
  readonly #lost = new Map<ListingIx, { readonly feed: FeedIx; count: number }>();
  #taken = 0;
  #lostInAll = 0;
  #over = false;

  /** @param bookOf the book of a listing before the event at hand; undefined = there is none */
  constructor(ring: RingWriter, bookOf: (listing: ListingIx) => L2Book | undefined) {
    this.#ring = ring;
    this.#bookOf = bookOf;
  }

  get taken(): number {
    return this.#taken;
  }

  get lost(): number {
    return this.#lostInAll;
  }

  /** Nobody takes anything any more. */
  end(): void {
    this.#over = true;
  }

  /** The event has its number; what it holds is copied. */
  take(event: MarketEvent, at: Micros): void {
    if (this.#over) return;
    if (this.#resume(event, at) && this.#send(event, at)) this.#taken += 1;
    else this.#lose(event);
    this.#ring.publish();
  }

  #lose({ feed, listing }: MarketEvent): void {
    this.#lostInAll += 1;
    const lost = this.#lost.get(listing);
    if (lost === undefined) this.#lost.set(listing, { feed, count: 1 });
    else lost.count += 1;
  }

  /** @returns false: there is no room yet. */
  #resume(next: MarketEvent, at: Micros): boolean {
    if (this.#lost.size === 0) return true;
    if (this.#ring.fill >= resumeBelow) return false;
    for (const [listing, { feed, count }] of this.#lost) {
      const stamp = { eventSeq: next.eventSeq, feed, feedSeq: 0, eventTime: next.eventTime, receivedAt: next.receivedAt, listing };
      const status = (condition: FeedCondition, value: number, text: string): FeedStatus => ({
        kind: 'feedStatus',
        ...stamp,
        condition,
        value,
        text,
      });
      if (!this.#send(status('gap', count, `${count} events are not captured: the disk did not keep up`), at)) return false;
      const book = this.#bookOf(listing);
      const whole = book?.valid === true ? snapshotOf(book, stamp) : undefined;
      if (whole !== undefined && !(this.#send(whole, at) && this.#send(status('resync', 0, ''), at))) return false;
      this.#lost.delete(listing);
    }
    return true;
  }

  #send(event: MarketEvent, at: Micros): boolean {
    return sendDelivery(this.#ring, { kind: 'market', eventSeq: event.eventSeq, at: microsUnchecked(at), event }, 0);
  }
}

function snapshotOf(book: L2Book, stamp: Omit<BookUpdate, 'kind' | 'snapshot' | 'count' | 'sides' | 'prices' | 'qtys'>): BookUpdate {
  const { bidLevels, askLevels } = book;
  const count = bidLevels + askLevels;
  const [sides, prices, qtys] = [new Uint8Array(count), new Float64Array(count), new Float64Array(count)];
  for (let n = 0; n < count; n++) {
    const level = n < bidLevels ? n : n - bidLevels;
    sides[n] = n < bidLevels ? 0 : 1;
    prices[n] = n < bidLevels ? book.bidPx(level) : book.askPx(level);
    qtys[n] = n < bidLevels ? book.bidQty(level) : book.askQty(level);
  }
  return { kind: 'book', ...stamp, snapshot: true, count, sides, prices, qtys };
}
