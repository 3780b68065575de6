import { expect, test } from 'vitest';
import { microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { BookUpdate } from '../../domain/market.ts';
import { maxLevels } from './book-side.ts';
import { createL2Book } from './book.ts';

type Level = readonly [side: 0 | 1, price: number, qty: number];

function update(snapshot: boolean, ...levels: readonly Level[]): BookUpdate {
  const at = microsUnchecked(0);
  return {
    kind: 'book',
    eventSeq: 0,
    feed: 0,
    feedSeq: 0,
    eventTime: at,
    receivedAt: at,
    listing: 0,
    snapshot,
    count: levels.length,
    sides: Uint8Array.from(levels, ([side]) => side),
    prices: Float64Array.from(levels, ([, price]) => price),
    qtys: Float64Array.from(levels, ([, , qty]) => qty),
  };
}

test('a book is not valid before the first snapshot or change', () => {
  const book = createL2Book();
  expect([book.valid, book.bidPx(0), book.bidQty(0), book.bidLevels, book.crossed]).toEqual([false, 0, 0, 0, false]);
  book.apply(update(false, [0, 100, 1]));
  expect([book.valid, book.bidPx(0), book.bidQty(0), book.bidLevels]).toEqual([true, 100, 1, 1]);
});

test('a snapshot replaces everything', () => {
  const book = createL2Book();
  book.apply(update(false, [0, 100, 1], [1, 103, 1]));
  book.apply(update(true, [1, 102, 5]));
  expect([book.bidLevels, book.askLevels, book.askPx(0), book.askQty(0)]).toEqual([0, 1, 102, 5]);
});

test('after a gap changes are ignored until the next snapshot, and what was there is no longer valid', () => {
  const book = createL2Book();
  book.apply(update(true, [0, 100, 1], [1, 102, 1]));
  book.invalidate();
  book.apply(update(false, [0, 101, 7]));
  expect([book.valid, book.qtyAt(0, ticksUnchecked(101))]).toEqual([false, 0]);
  book.apply(update(true, [0, 99, 3]));
  book.apply(update(false, [0, 98, 4]));
  expect([book.valid, book.bidPx(0), book.bidPx(1), book.askLevels]).toEqual([true, 99, 98, 0]);
});

test('a book is crossed when its best bid is at or above its best ask', () => {
  const crossedWith = (bid: number, ask: number): boolean => {
    const book = createL2Book();
    book.apply(update(true, [0, bid, 1], [1, ask, 1]));
    return book.crossed;
  };
  expect([crossedWith(100, 101), crossedWith(100, 100), crossedWith(101, 100)]).toEqual([false, true, true]);
});

test('only the first count places of an update are looked at', () => {
  const book = createL2Book();
  book.apply({ ...update(true, [0, 100, 1], [0, 101, 1]), count: 1 });
  expect([book.bidLevels, book.bidPx(0)]).toEqual([1, 100]);
});

test('levels beyond the most of a side are forgotten and counted', () => {
  const book = createL2Book();
  book.apply(update(true, ...Array.from({ length: maxLevels + 3 }, (_, i): Level => [0, 1_000_000 - i, 1])));
  expect([book.bidLevels, book.forgotten, book.bidPx(maxLevels - 1)]).toEqual([maxLevels, 3, 1_000_001 - maxLevels]);
});
