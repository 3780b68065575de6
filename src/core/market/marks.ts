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
  /** The last such price that there was, for what is in the books already: a mark that names none hides no loss; 0 = there was never one. A stock split scales it. */
  readonly known: Float64Array;
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
    known: column(),
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
  const middle = mark.bidQty > 0 && mark.askQty > 0 && mark.bid < mark.ask ? mark.bid + mark.ask : mark.last * 2;
  marks.middle[i] = middle;
  if (middle !== 0) marks.known[i] = middle;
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

/** `numerator` new units for each `denominator` old ones: nobody has quoted the new ones yet, and what was known of the price is so of them, to the half tick. */
export function splitMark(marks: Marks, listing: ListingIx, numerator: number, denominator: number): void {
  for (const column of [marks.bid, marks.bidQty, marks.ask, marks.askQty, marks.last, marks.middle, marks.valid]) column[listing] = 0;
  const price = marks.known[listing];
  // no price comes to none
  if (price !== 0) marks.known[listing] = Math.sign(price) * Math.max(1, Math.round((Math.abs(price) * denominator) / numerator));
}

/** Price of the last mark, half ticks; 0 = it names none. */
export function midTwice(marks: Marks, listing: ListingIx): number {
  return marks.middle[listing];
}

/** Price that values a position, half ticks: the last that any mark named; 0 = none ever did. */
export function knownTwice(marks: Marks, listing: ListingIx): number {
  return marks.known[listing];
}

/** Whether the last mark may be used and names a price: what is judged by the market of now needs one. */
export function isPriced(marks: Marks, listing: ListingIx): boolean {
  return marks.valid[listing] === 1 && marks.middle[listing] !== 0;
}
