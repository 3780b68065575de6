import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked, type Micros } from '../base/units.ts';
import type { BarColumns } from '../domain/bar-columns.ts';
import type { FeedIx, ListingIx } from '../domain/ids.ts';
import type { Bar } from '../domain/market.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { Mutable } from './mutable.ts';

export interface BarFeedOptions {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
  /** Session dates, days since 1970-01-01; both included. */
  readonly fromDay?: number;
  readonly toDay?: number;
}

/** Bars as events, each at the time at which it closed and is known. The listing counts in the columns' own price units and lots. */
export function createBarFeed(bars: BarColumns, { feed, listing, fromDay = -Infinity, toDay = Infinity }: BarFeedOptions): RecordedFeed {
  let row = 0;
  while (row < bars.count && bars.day[row] < fromDay) row++;
  let end = row;
  while (end < bars.count && bars.day[end] <= toDay) end++;
  const [price, time] = [ticksUnchecked(0), microsUnchecked(0)];
  const event: Mutable<Bar> = {
    kind: 'bar',
    eventSeq: 0,
    feed,
    feedSeq: 0,
    eventTime: time,
    receivedAt: time,
    listing,
    interval: micros(bars.interval),
    open: price,
    high: price,
    low: price,
    close: price,
    volume: lotsUnchecked(0),
  };
  const peek = (): Micros | undefined => (row < end ? microsUnchecked(bars.time[row]) : undefined);
  const next = (): Bar | undefined => {
    if (row >= end) return undefined;
    const i = row++;
    event.eventTime = microsUnchecked(bars.time[i]);
    event.receivedAt = event.eventTime;
    event.feedSeq = i + 1;
    event.open = ticksUnchecked(bars.open[i]);
    event.high = ticksUnchecked(bars.high[i]);
    event.low = ticksUnchecked(bars.low[i]);
    event.close = ticksUnchecked(bars.close[i]);
    event.volume = lotsUnchecked(bars.volume[i]);
    return event;
  };
  return { peek, next };
}
