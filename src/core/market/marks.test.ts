import { expect, test } from 'vitest';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { FeedNotice, Mark } from '../../domain/input.ts';
import { feedConditions } from '../../domain/market.ts';
import { applyFeedNotice, applyMark, createMarks, isPriced, knownTwice, maxListings, midTwice, splitMark } from './marks.ts';

const mark = (listing: number, bid: number, bidQty: number, ask: number, askQty: number, last = 0): Mark => ({
  kind: 'mark',
  listing,
  feed: 4,
  feedSeq: 1,
  bid: ticksUnchecked(bid),
  bidQty: lotsUnchecked(bidQty),
  ask: ticksUnchecked(ask),
  askQty: lotsUnchecked(askQty),
  last: ticksUnchecked(last),
  eventTime: microsUnchecked(1),
  eventSeq: 77,
});
const notice = (condition: FeedNotice['condition'], listing: number, feed = 4): FeedNotice => ({
  kind: 'feed',
  feed,
  listing,
  condition,
  value: 0,
  text: '',
});

test('before the first mark a listing has no price and no feed', () => {
  const marks = createMarks(2);
  expect([marks.valid[1], marks.at[1], marks.feed[1], midTwice(marks, 1)]).toEqual([0, 0, -1, 0]);
});

test('a mark is kept with its time, feed and eventSeq', () => {
  const marks = createMarks(2);
  applyMark(marks, mark(1, 10, 1, 12, 2, 11), micros(9));
  expect([marks.bid[1], marks.bidQty[1], marks.ask[1], marks.askQty[1], marks.last[1]]).toEqual([10, 1, 12, 2, 11]);
  expect([marks.at[1], marks.eventSeq[1], marks.feed[1], marks.valid[1], marks.valid[0]]).toEqual([9, 77, 4, 1, 0]);
});

test('the price is the middle of a two-sided book, else the last trade', () => {
  const marks = createMarks(1);
  const priceOf = (one: Mark): number => {
    applyMark(marks, one, micros(1));
    return midTwice(marks, 0);
  };
  expect(priceOf(mark(0, 10, 1, 13, 1, 99))).toBe(23);
  expect(priceOf(mark(0, 10, 1, 0, 0, 99))).toBe(198);
  expect(priceOf(mark(0, 0, 0, 13, 1, 99))).toBe(198);
  expect(priceOf(mark(0, 13, 1, 13, 1, 99))).toBe(198);
  expect(priceOf(mark(0, -3, 1, -1, 1, 99))).toBe(-4);
});

test('the last price that a mark named is known until another one names one, and is none of now', () => {
  const marks = createMarks(1);
  const seen = (one: Mark): readonly unknown[] => {
    applyMark(marks, one, micros(1));
    return [knownTwice(marks, 0), midTwice(marks, 0), isPriced(marks, 0)];
  };
  expect(seen(mark(0, 10, 1, 0, 0))).toEqual([0, 0, false]);
  expect(seen(mark(0, 10, 1, 13, 1))).toEqual([23, 23, true]);
  expect(seen(mark(0, 10, 1, 0, 0))).toEqual([23, 0, false]);
  expect(seen(mark(0, 13, 1, 12, 1))).toEqual([23, 0, false]);
  expect(seen(mark(0, 0, 0, 0, 0, 7))).toEqual([14, 14, true]);
  expect(seen(mark(0, 0, 0, 9, 1))).toEqual([14, 0, false]);
});

test('a split leaves no quote and scales what is known, to the half tick', () => {
  const marks = createMarks(1);
  applyMark(marks, mark(0, 10, 1, 13, 1, 12), micros(1));
  splitMark(marks, 0, 2, 1);
  expect([marks.bid[0], marks.bidQty[0], marks.ask[0], marks.askQty[0], marks.last[0], midTwice(marks, 0), marks.valid[0]]).toEqual([
    0, 0, 0, 0, 0, 0, 0,
  ]);
  expect(knownTwice(marks, 0)).toBe(12);
});

test('a crossed or locked mark is kept but not valid; one with an empty side is', () => {
  const marks = createMarks(1);
  const validAfter = (one: Mark): number => {
    applyMark(marks, one, micros(1));
    return marks.valid[0];
  };
  expect([mark(0, 13, 1, 12, 1), mark(0, 12, 1, 12, 1), mark(0, 11, 1, 12, 1), mark(0, 13, 1, 12, 0)].map(validAfter)).toEqual([
    0, 0, 1, 1,
  ]);
});

test('a gap, a crossing and a silence take the mark away until the next good one; the other conditions do not', () => {
  const takenAway = feedConditions.filter((condition) => {
    const marks = createMarks(3);
    applyMark(marks, mark(0, 10, 1, 12, 1), micros(1));
    applyMark(marks, mark(1, 10, 1, 12, 1), micros(1));
    applyFeedNotice(marks, notice(condition, 1));
    expect(marks.valid[0]).toBe(1);
    const taken = marks.valid[1] === 0;
    applyMark(marks, mark(1, 10, 1, 12, 1), micros(2));
    expect(marks.valid[1]).toBe(1);
    return taken;
  });
  expect(takenAway).toEqual(['gap', 'crossed', 'stale']);
});

test('a notice without a listing is for all of its feed and no other', () => {
  const marks = createMarks(3);
  applyMark(marks, mark(0, 10, 1, 12, 1), micros(1));
  applyMark(marks, { ...mark(1, 10, 1, 12, 1), feed: 5 }, micros(1));
  applyMark(marks, mark(2, 10, 1, 12, 1), micros(1));
  applyFeedNotice(marks, notice('stale', -1));
  expect([...marks.valid]).toEqual([0, 1, 0]);
});

test('the number of listings has a limit', () => {
  expect(createMarks(maxListings).capacity).toBe(maxListings);
  for (const capacity of [0, -1, maxListings + 1, NaN])
    expect(() => createMarks(capacity)).toThrow(`marks: expected a capacity of 1…${maxListings}, was ${capacity}`);
});
