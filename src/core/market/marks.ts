import type { Micros } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { FeedNotice, Mark } from '../../domain/input.ts';

/** Conflated top of book per listing, as the core knows it. Prices in ticks, 0 = that side is empty. Part of the hashed state. */
export interface Marks {
  readonly bid: Float64Array;
  readonly bidQty: Float64Array;
  readonly ask: Float64Array;
  readonly askQty: Float64Array;
  readonly last: Float64Array;
  /** Price that values a position, worked out once for each mark: the middle of a two-sided book that is not crossed in half ticks (x2), else the last trade x2; 0 = none. */
  readonly middle: Float64Array;
  /** When the core took it; 0 = never. */
  readonly at: Float64Array;
  readonly eventSeq: Float64Array;
  readonly feed: Int32Array;
  /** 1 = may be used; 0 after a gap, a crossed book or a stale feed until the next good mark. */
  readonly valid: Uint8Array;
  readonly capacity: number;
}

/** Most listings of one desk. */
export const maxListings = 65_536;

export function createMarks(capacity: number): Marks {
  if (!(capacity > 0 && capacity <= maxListings)) throw new RangeError(`marks: expected a capacity of 1…${maxListings}, was ${capacity}`);
  const column = (): Float64Array => new Float64Array(capacity);
  return {
    bid: column(),
    bidQty: column(),
    ask: column(),
    askQty: column(),
    last: column(),
    middle: column(),
    at: column(),
    eventSeq: column(),
    feed: new Int32Array(capacity).fill(-1),
    valid: new Uint8Array(capacity),
    capacity,
  };
}

/** Takes a mark. A crossed one (bid >= ask, both there) is kept but not valid. */
export function applyMark(marks: Marks, mark: Mark, at: Micros): void {
  const i = mark.listing;
  marks.bid[i] = mark.bid;
  marks.bidQty[i] = mark.bidQty;
  marks.ask[i] = mark.ask;
  marks.askQty[i] = mark.askQty;
  marks.last[i] = mark.last;
  marks.middle[i] = mark.bidQty > 0 && mark.askQty > 0 && mark.bid < mark.ask ? mark.bid + mark.ask : mark.last * 2;
  marks.at[i] = at;
  marks.eventSeq[i] = mark.eventSeq;
  marks.feed[i] = mark.feed;
  marks.valid[i] = mark.bidQty > 0 && mark.askQty > 0 && mark.bid >= mark.ask ? 0 : 1;
}

/** A gap, a crossed or a stale book invalidates the listing's mark (listing -1: all of the feed) until the next good one. */
export function applyFeedNotice(marks: Marks, notice: FeedNotice): void {
  if (notice.condition !== 'gap' && notice.condition !== 'crossed' && notice.condition !== 'stale') return;
  if (notice.listing >= 0) {
    marks.valid[notice.listing] = 0;
    return;
  }
  for (let i = 0; i < marks.capacity; i++) if (marks.feed[i] === notice.feed) marks.valid[i] = 0;
}

/** Price that values a position, half ticks; 0 = none. */
export function midTwice(marks: Marks, listing: ListingIx): number {
  return marks.middle[listing];
}
