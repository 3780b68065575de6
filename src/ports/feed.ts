import type { Micros } from '../base/units.ts';
import type { MarketEvent } from '../domain/market.ts';

/** Recorded or generated market data, pulled in order of receivedAt. The object returned may be reused after the next call. */
export interface RecordedFeed {
  /** Time of the next event, or undefined at the end. */
  peek(): Micros | undefined;
  next(): MarketEvent | undefined;
}

/** Live market data is pushed; `stop` ends it. */
export interface LiveFeed {
  start(sink: (event: MarketEvent) => void): void;
  stop(): void;
}
