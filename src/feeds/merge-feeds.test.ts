import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked } from '../base/units.ts';
import type { Trade } from '../domain/market.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import { maxMergedFeeds, mergeFeeds } from './merge-feeds.ts';
import type { Mutable } from './mutable.ts';

/** Trades at the times; as real feeds may, it fills one object again and again, already when the next time is asked for. */
function feedOf(feed: number, times: readonly number[]): RecordedFeed {
  const zero = microsUnchecked(0);
  const event: Mutable<Trade> = {
    kind: 'trade',
    eventSeq: 0,
    feed,
    feedSeq: 0,
    eventTime: zero,
    receivedAt: zero,
    listing: 0,
    price: ticksUnchecked(1),
    qty: lotsUnchecked(1),
    aggressor: 'none',
    tradeID: 0,
  };
  let row = 0;
  const fill = () => {
    event.receivedAt = micros(times[row]);
    event.feedSeq = row;
  };
  return {
    peek: () => {
      if (row >= times.length) return undefined;
      fill();
      return event.receivedAt;
    },
    next: () => {
      if (row >= times.length) return undefined;
      fill();
      row++;
      return event;
    },
  };
}

function drain(feed: RecordedFeed): string[] {
  const seen: string[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) seen.push(`${event.receivedAt} ${event.feed} ${event.feedSeq}`);
  return seen;
}

test('a merge is the stable sort by time, then feed, then sequence, whoever asks for the next time in between', () => {
  const lists = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { maxLength: 7 });
  let [seen, events] = [0, 0];
  fc.assert(
    fc.property(lists, fc.boolean(), (times, peeks) => {
      const sorted = times.map((one) => [...one].sort((a, b) => a - b));
      const all = sorted.flatMap((one, feed) => one.map((time, seq) => ({ time, feed, seq })));
      all.sort((a, b) => a.time - b.time || a.feed - b.feed || a.seq - b.seq);
      const merged = mergeFeeds(sorted.map((one, feed) => feedOf(feed, one)));
      const read: string[] = [];
      for (const { time } of all) {
        if (peeks) expect(merged.peek()).toBe(time);
        const event = merged.next();
        read.push(`${event?.receivedAt} ${event?.feed} ${event?.feedSeq}`);
        events++;
      }
      expect(read).toEqual(all.map(({ time, feed, seq }) => `${time} ${feed} ${seq}`));
      expect([merged.peek(), merged.next()]).toEqual([undefined, undefined]);
      seen++;
    }),
    { numRuns: 500 },
  );
  expect(seen).toBe(500);
  expect(events).toBeGreaterThan(2_000);
});

test('merges may be merged, and nothing merges to nothing', () => {
  const inner = mergeFeeds([feedOf(0, [1, 4]), feedOf(1, [2])]);
  expect(drain(mergeFeeds([inner, feedOf(2, [1, 3])]))).toEqual(['1 0 0', '1 2 0', '2 1 0', '3 2 1', '4 0 1']);
  expect(drain(mergeFeeds([]))).toEqual([]);
});

test('more feeds than the limit are refused', () => {
  expect(() => mergeFeeds(Array.from({ length: maxMergedFeeds + 1 }, () => feedOf(0, [])))).toThrow(
    `expected at most ${maxMergedFeeds} feeds`,
  );
});
