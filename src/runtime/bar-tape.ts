import { MICROS_PER_DAY } from '../base/time.ts';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked, type Micros } from '../base/units.ts';
import type { ListingRow } from '../core/registry.ts';
import type { EventSeq } from '../domain/ids.ts';
import type { Bar } from '../domain/market.ts';

/** Recorded bars as columns, in the order in which a desk shows them: by close time, then by instrument id. Prices in ticks, volume in lots. */
export interface BarTape {
  /** Listings are numbers from 0 to below it. */
  readonly listingCount: number;
  /** Close times at which any listing has a bar, rising. */
  readonly times: Float64Array;
  /** Session date of each of these times, days since 1970-01-01. */
  readonly days: Int32Array;
  /** Where the bars of each time begin in the columns below; one more than times. */
  readonly starts: Int32Array;
  readonly listings: Int32Array;
  /** Number of the bar within its listing, from 1. */
  readonly numbers: Int32Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** What the tape's money is converted at; left out = it knows one currency. */
  readonly rates?: RateTape;
}

/** Prices of listings that nobody trades, by the time from which each is known; of what comes up to a close time the newest is shown before the bars. */
export interface RateTape {
  readonly times: Float64Array;
  readonly listings: Int32Array;
  readonly prices: Float64Array;
}

export type ReusedBar = { -readonly [K in keyof Bar]: Bar[K] };

/** Bars of one close time on their way to a host. */
export interface BarBatch {
  readonly tape: BarTape;
  /** Used again for each of them. */
  readonly bar: ReusedBar;
  at: Micros;
  /** The bar that comes next, the number of its event, and the end. */
  next: number;
  eventSeq: EventSeq;
  end: number;
}

const dayLong = micros(MICROS_PER_DAY);

export function blankBar(): ReusedBar {
  const none = ticksUnchecked(0);
  const stamp = { eventSeq: 0, feed: 0, feedSeq: 0, eventTime: microsUnchecked(0), receivedAt: microsUnchecked(0), listing: 0 };
  return { kind: 'bar', ...stamp, interval: dayLong, open: none, high: none, low: none, close: none, volume: lotsUnchecked(0) };
}

/** Copies the tape's bar number `n` into `bar`, which has its close time and eventSeq from the caller. */
export function readBar(tape: BarTape, n: number, bar: ReusedBar): void {
  bar.listing = tape.listings[n];
  bar.feedSeq = tape.numbers[n];
  bar.open = ticksUnchecked(tape.open[n]);
  bar.high = ticksUnchecked(tape.high[n]);
  bar.low = ticksUnchecked(tape.low[n]);
  bar.close = ticksUnchecked(tape.close[n]);
  bar.volume = lotsUnchecked(tape.volume[n]);
}

/** Bars of one time in the order in which they are shown: ascending instrument id. */
export function byInstrument(listings: readonly ListingRow[]): (a: Bar, b: Bar) => number {
  const id = (bar: Bar): string => listings[bar.listing].listing.instrumentID;
  return (a, b) => (id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : a.listing - b.listing);
}

/** Index of the first close time that is not before `at`. */
export function timeFrom(tape: BarTape, at: number): number {
  let low = 0;
  let high = tape.times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tape.times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
