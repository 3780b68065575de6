import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import { BookLevels } from '../book-levels.ts';

/** What a frame is: an L2 change, a REST snapshot, a best bid and offer, a print, or a well-formed frame that the feed has no use for. */
export type FrameKind = 'depth' | 'snapshot' | 'ticker' | 'trade' | 'other';

/** The checked fields of the frame read last: whole ticks, lots and microseconds. Only those of its kind mean anything. */
export class FrameFields {
  kind: FrameKind = 'other';
  /** Microseconds of the venue (transaction time, else send time); 0 = the frame has none. */
  eventTime = 0;
  /** Depth. */
  firstID = 0;
  previousID = 0;
  /** Depth, snapshot and ticker: number of the last update in it. */
  lastID = 0;
  /** Ticker. */
  bid = 0;
  bidQty = 0;
  ask = 0;
  askQty = 0;
  /** Trade. */
  tradeID = 0;
  price = 0;
  qty = 0;
  sellerAggressed = false;
  /** False for prints of the insurance fund and of settlement, which have numbers of the same row but are no trades of the book. */
  atMarket = true;
  /** Levels of depth and snapshot. */
  readonly levels: BookLevels;

  constructor(feed: FeedIx, listing: ListingIx) {
    this.levels = new BookLevels(feed, listing);
  }
}
