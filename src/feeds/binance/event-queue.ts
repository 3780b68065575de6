import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { FeedCondition, MarketEvent } from '../../domain/market.ts';

/** Events that one line of a capture brought, in the order in which they go out. A snapshot brings the frames that waited for it, so the longest list is theirs. */
export class EventQueue {
  /** Receive time of the line at hand, never before that of the line above, microseconds. */
  now = 0;
  readonly #feed: FeedIx;
  readonly #listing: ListingIx;
  readonly #events: MarketEvent[] = [];
  #head = 0;

  constructor(feed: FeedIx, listing: ListingIx) {
    this.#feed = feed;
    this.#listing = listing;
  }

  get empty(): boolean {
    return this.#head === this.#events.length;
  }

  get firstAt(): Micros | undefined {
    return this.#events[this.#head]?.receivedAt;
  }

  push(event: MarketEvent): void {
    this.#events.push(event);
  }

  take(): MarketEvent | undefined {
    const event = this.#events[this.#head];
    if (++this.#head >= this.#events.length) this.clear();
    return event;
  }

  clear(): void {
    this.#events.length = 0;
    this.#head = 0;
  }

  say(condition: FeedCondition, text: string, value: number): void {
    const at = microsUnchecked(this.now);
    this.#events.push({
      kind: 'feedStatus',
      eventSeq: 0,
      feed: this.#feed,
      feedSeq: 0,
      eventTime: at,
      receivedAt: at,
      listing: this.#listing,
      condition,
      text,
      value,
    });
  }
}
