import type { Lots, Micros, Ticks } from '../base/units.ts';
import type { EventSeq, FeedIx, ListingIx } from './ids.ts';

/** Header of everything a feed delivers. Event time may lie in the "future" of the receiver: clocks differ. */
export interface FeedStamp {
  /** Given where feeds, reports and timers are merged; 0 until then. */
  eventSeq: EventSeq;
  readonly feed: FeedIx;
  /** The source's own sequence number; 0 = it has none. */
  readonly feedSeq: number;
  /** The venue's time and ours. */
  readonly eventTime: Micros;
  readonly receivedAt: Micros;
  readonly listing: ListingIx;
}

/** Top of book; price noPrice and qty 0 = side is empty. */
export interface Quote extends FeedStamp {
  readonly kind: 'quote';
  readonly bid: Ticks;
  readonly bidQty: Lots;
  readonly ask: Ticks;
  readonly askQty: Lots;
}

/** A public print on the tape. */
export interface Trade extends FeedStamp {
  readonly kind: 'trade';
  readonly price: Ticks;
  readonly qty: Lots;
  /** Side of the aggressor; 'none' = the source does not say. */
  readonly aggressor: 'buy' | 'sell' | 'none';
  /** The source's number of the trade; 0 = none. */
  readonly tradeID: number;
}

/**
 * Changes of L2 levels, or a whole book when `snapshot`. The first `count` places of the arrays hold it; a feed may reuse the object after the next
 * event was asked for. qty 0 = the level is gone.
 */
export interface BookUpdate extends FeedStamp {
  readonly kind: 'book';
  readonly snapshot: boolean;
  readonly count: number;
  /** 0 = bid, 1 = ask. */
  readonly sides: Uint8Array;
  readonly prices: Float64Array;
  readonly qtys: Float64Array;
}

/** A bar is known at its close time (= eventTime). Integers as in backtest-semantics: ticks and lots. */
export interface Bar extends FeedStamp {
  readonly kind: 'bar';
  /** Length in microseconds; a session's day bar gives its calendar length. */
  readonly interval: Micros;
  readonly open: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly close: Ticks;
  readonly volume: Lots;
}

export const feedConditions = ['live', 'heartbeat', 'gap', 'crossed', 'stale', 'skew', 'resync', 'end'] as const;
export type FeedCondition = (typeof feedConditions)[number];

/** What a feed has to say about itself: after `gap` the listing's book is invalid until `resync`. */
export interface FeedStatus extends FeedStamp {
  readonly kind: 'feedStatus';
  readonly condition: FeedCondition;
  /** The numbers behind it, in words: `expected pu 5123107831937, was …`. */
  readonly text: string;
  /** gap: missing messages if known; skew: microseconds (venue minus ours); crossed: ticks; stale: microseconds of silence; else 0. */
  readonly value: number;
}

export type MarketEvent = Quote | Trade | BookUpdate | Bar | FeedStatus;
