import { assert } from '../../base/assert.ts';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { Bar, FeedStatus, MarketEvent } from '../../domain/market.ts';

/** The usual lengths; any other whole number of microseconds will do. */
export const barIntervals = {
  '1s': micros(1_000_000),
  '1m': micros(60_000_000),
  '5m': micros(300_000_000),
  '1h': micros(3_600_000_000),
  '1d': micros(86_400_000_000),
} as const;

/** Most empty intervals in a row that are filled with flat bars; a longer hole stays one. */
export const maxFlatBars = 100_000;

export interface BarTerms {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
  readonly interval: Micros;
  /** What a bar is made of. Middles of quotes are not offered: they lie between ticks, and bars are exact. */
  readonly of: 'trade' | 'bid' | 'ask';
  /** Which time decides the bar of an event; by default `receivedAt`, which never goes back. */
  readonly clock?: 'receivedAt' | 'eventTime';
  /** Intervals begin at `offset` + n x `interval` since 1970-01-01T00:00:00Z; by default 0. */
  readonly offset?: Micros;
  /** Everything since then is heard; by default the first event. The bar that was under way then is not given. */
  readonly since?: Micros;
  /** `none`: no bar for an interval without an event. `flat`: one at the last close with volume 0, but none across a gap. */
  readonly empty?: 'none' | 'flat';
}

/** A bar being made, in numbers; `at` is the beginning of its interval. */
interface Draft {
  at: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/**
 * Makes bars out of a stream, one at a time. An interval takes its beginning and leaves its end to the next; its bar is given by the first event (or `advance`)
 * at or after its end, before that event. An event of an interval that is over (possible by `eventTime` only) is left out and counted. A bar that a gap of the
 * feed touches is not given.
 */
export class BarMaker {
  readonly #terms: BarTerms;
  readonly #clock: 'receivedAt' | 'eventTime';
  readonly #offset: number;
  readonly #draft: Draft = { at: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
  #working = false;
  /** NaN = nothing heard yet. */
  #since: number;
  /** Intervals that begin before this are over. */
  #over = -Infinity;
  #broken = false;
  #gapOpen = false;
  /** Last close that a flat bar may go on from, and the end of its bar; NaN = none. */
  #flatFrom = NaN;
  #given = 0;
  /** Events that came after their bar was over; bars that were under way when the feed began; bars that a gap touches. */
  late = 0;
  partial = 0;
  broken = 0;

  constructor(terms: BarTerms) {
    const { interval } = terms;
    if (!(interval > 0)) throw new RangeError(`bars: expected an interval of at least 1 microsecond, was ${interval}`);
    this.#terms = terms;
    this.#clock = terms.clock ?? 'receivedAt';
    this.#offset = terms.offset ?? 0;
    this.#since = terms.since ?? NaN;
  }

  /** Takes an event; bars that it ends go out first. */
  take(event: MarketEvent, out: (bar: Bar) => void): void {
    assert(event.listing === this.#terms.listing, 'bars: an event of another listing');
    if (event.kind === 'feedStatus') return this.#takeStatus(event, out);
    const time = event[this.#clock];
    if (Number.isNaN(this.#since)) this.#since = time;
    this.#endUpTo(time, event.receivedAt, out);
    if (this.#gapOpen) this.#break();
    this.#gapOpen = false;
    switch (event.kind) {
      case 'trade':
        if (this.#terms.of === 'trade') this.#add(time, event.price, event.qty);
        return;
      case 'quote':
        if (this.#terms.of === 'bid' && event.bidQty > 0) this.#add(time, event.bid, 0);
        if (this.#terms.of === 'ask' && event.askQty > 0) this.#add(time, event.ask, 0);
        return;
      case 'book':
      case 'bar':
        return;
    }
  }

  /**
   * What is missing lies between the message before a gap and the one after: the bars of both are broken. The time of a status is the receiver's, so by the
   * venue's clock it ends no bar, and the message after it says where the gap ends.
   */
  #takeStatus({ condition, receivedAt }: FeedStatus, out: (bar: Bar) => void): void {
    const byReceiver = this.#clock === 'receivedAt';
    if (byReceiver && Number.isNaN(this.#since)) this.#since = receivedAt;
    if (condition === 'gap') this.#break();
    if (byReceiver) this.#endUpTo(receivedAt, receivedAt, out);
    if (condition === 'gap' && byReceiver) this.#break();
    else if (condition === 'gap') this.#gapOpen = true;
  }

  /** Time has come to `to` without an event: ends the bars that are over. */
  advance(to: Micros, out: (bar: Bar) => void): void {
    this.#endUpTo(to, to, out);
  }

  #begin(time: number): number {
    return Math.floor((time - this.#offset) / this.#terms.interval) * this.#terms.interval + this.#offset;
  }

  #break(): void {
    this.#broken = true;
    this.#flatFrom = NaN;
  }

  #endUpTo(time: number, receivedAt: number, out: (bar: Bar) => void): void {
    const begin = this.#begin(time);
    if (begin <= this.#over) return;
    if (this.#working && this.#draft.at < begin) this.#end(receivedAt, out);
    this.#fillUpTo(begin, receivedAt, out);
    this.#over = begin;
    this.#broken = false;
  }

  #end(receivedAt: number, out: (bar: Bar) => void): void {
    const { at, close } = this.#draft;
    this.#working = false;
    if (this.#broken) {
      this.broken++;
      return;
    }
    if (at < this.#since) {
      this.partial++;
      return;
    }
    this.#give(receivedAt, out);
    this.#flatFrom = close;
  }

  #fillUpTo(begin: number, receivedAt: number, out: (bar: Bar) => void): void {
    const { interval, empty } = this.#terms;
    const draft = this.#draft;
    if (empty !== 'flat' || Number.isNaN(this.#flatFrom)) return;
    if ((begin - draft.at) / interval - 1 > maxFlatBars) {
      this.#flatFrom = NaN;
      return;
    }
    const price = this.#flatFrom;
    draft.open = draft.high = draft.low = draft.close = price;
    draft.volume = 0;
    for (draft.at += interval; draft.at < begin; draft.at += interval) this.#give(receivedAt, out);
    draft.at -= interval;
  }

  #give(receivedAt: number, out: (bar: Bar) => void): void {
    const { feed, listing, interval } = this.#terms;
    const { at, open, high, low, close, volume } = this.#draft;
    const end = microsUnchecked(at + interval);
    out({
      kind: 'bar',
      eventSeq: 0,
      feed,
      feedSeq: ++this.#given,
      eventTime: end,
      // by the receive clock a bar is known when its time is over, whenever the next event comes
      receivedAt: this.#clock === 'receivedAt' ? end : microsUnchecked(receivedAt),
      listing,
      interval,
      open: ticksUnchecked(open),
      high: ticksUnchecked(high),
      low: ticksUnchecked(low),
      close: ticksUnchecked(close),
      volume: lotsUnchecked(volume),
    });
  }

  #add(time: number, price: number, qty: number): void {
    const at = this.#begin(time);
    const draft = this.#draft;
    if (at < this.#over) {
      this.late++;
      return;
    }
    if (!this.#working) {
      this.#working = true;
      draft.at = at;
      draft.open = draft.high = draft.low = price;
      draft.volume = 0;
    }
    if (price > draft.high) draft.high = price;
    if (price < draft.low) draft.low = price;
    draft.close = price;
    draft.volume += qty;
    assert(Number.isSafeInteger(draft.volume), 'bars: the volume of a bar is a safe integer');
  }
}
