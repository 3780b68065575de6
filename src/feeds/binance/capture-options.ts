import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { BinanceMarket } from './symbols.ts';

/** A silence longer than this between two messages is reported as stale, microseconds. */
export const defaultStaleAfter = 1_000_000;

export interface BinanceFeedOptions {
  /** A gzip capture; a line = receive time in nanoseconds, a space, the frame. */
  readonly file: string;
  /** Captures of the same receiver that go on where `file` ends. */
  readonly following?: readonly string[];
  readonly market: BinanceMarket;
  readonly feed: FeedIx;
  readonly listing: ListingIx;
  /** As the venue writes it in frames: `BTCUSDT`. */
  readonly symbol: string;
  /** Decimal strings of the listing; every price and quantity of the capture must be a whole number of them. */
  readonly priceUnit: string;
  readonly lot: string;
  /** Microseconds; see `defaultStaleAfter`. */
  readonly staleAfter?: number;
  /** Microseconds; see `skewThreshold`. */
  readonly skewThreshold?: number;
}
