import type { Micros } from '../base/units.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { RecordedFeed } from '../ports/feed.ts';

/** Most feeds of one merge. */
export const maxMergedFeeds = 4_096;

/** One feed out of several: by receive time, at one time in the order of the list, within a feed in its own order. The feeds must not be read elsewhere. */
export function mergeFeeds(feeds: readonly RecordedFeed[]): RecordedFeed {
  if (feeds.length > maxMergedFeeds) throw new RangeError(`merge: expected at most ${maxMergedFeeds} feeds, was ${feeds.length}`);
  return new MergedFeed(feeds);
}

/** A binary heap of feed numbers, the next event on top. */
class MergedFeed implements RecordedFeed {
  readonly #feeds: readonly RecordedFeed[];
  readonly #times: Float64Array;
  readonly #heap: Int32Array;
  #size = 0;
  /** The top feed gave an event that the caller may still read: its next one is asked for as late as possible, because it may overwrite it. */
  #given = false;

  constructor(feeds: readonly RecordedFeed[]) {
    this.#feeds = feeds;
    this.#times = new Float64Array(feeds.length);
    this.#heap = new Int32Array(feeds.length);
    for (const [i, feed] of feeds.entries()) {
      const time = feed.peek();
      if (time === undefined) continue;
      this.#times[i] = time;
      this.#heap[this.#size] = i;
      this.#rise(this.#size++);
    }
  }

  peek(): Micros | undefined {
    this.#settle();
    return this.#size === 0 ? undefined : this.#feeds[this.#heap[0]].peek();
  }

  next(): MarketEvent | undefined {
    this.#settle();
    if (this.#size === 0) return undefined;
    this.#given = true;
    return this.#feeds[this.#heap[0]].next();
  }

  #settle(): void {
    if (!this.#given) return;
    this.#given = false;
    const top = this.#heap[0];
    const time = this.#feeds[top].peek();
    if (time === undefined) this.#heap[0] = this.#heap[--this.#size];
    else this.#times[top] = time;
    this.#sink();
  }

  #isBefore(a: number, b: number): boolean {
    return this.#times[a] < this.#times[b] || (this.#times[a] === this.#times[b] && a < b);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#isBefore(heap[i], heap[parent])) return;
      [heap[i], heap[parent]] = [heap[parent], heap[i]];
      i = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let i = 0; ;) {
      let child = 2 * i + 1;
      if (child >= this.#size) return;
      if (child + 1 < this.#size && this.#isBefore(heap[child + 1], heap[child])) child++;
      if (!this.#isBefore(heap[child], heap[i])) return;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
}
