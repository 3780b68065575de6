import { describe, expect, test } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { FastBook } from './fast-book.ts';
import { askSide, bidSide, createDepth, createExecutions, noOrder, noOwner } from './matching-book.ts';
import type { MatchingBook } from './matching-book.ts';
import { createObviousBook } from './obvious-book.ts';

const books: readonly (readonly [string, () => MatchingBook])[] = [
  ['obvious', () => createObviousBook(8)],
  ['fast', () => new FastBook(8)],
];

describe.each(books)('%s book', (_, create) => {
  test('the better price trades first, then the older order', () => {
    const book = create();
    book.add(1, askSide, ticks(101), lots(5), noOwner, false);
    book.add(2, askSide, ticks(100), lots(5), noOwner, false);
    book.add(3, askSide, ticks(100), lots(5), noOwner, false);
    const out = createExecutions();
    expect(book.match(bidSide, 101, lots(12), noOwner, noOrder, out)).toBe(0);
    expect([...out.makerID.subarray(0, out.count)]).toEqual([2, 3, 1]);
    expect([...out.qty.subarray(0, out.count)]).toEqual([5, 5, 2]);
    expect([...out.price.subarray(0, out.count)]).toEqual([100, 100, 101]);
    expect(book.qtyOf(1)).toBe(3);
  });

  test('a reduced order keeps its place in the queue', () => {
    const book = create();
    book.add(1, bidSide, ticks(99), lots(5), noOwner, false);
    book.add(2, bidSide, ticks(99), lots(5), noOwner, false);
    expect(book.reduce(1, lots(2))).toBe(true);
    expect(book.reduce(1, lots(3))).toBe(false);
    expect(book.queueAt(bidSide, ticks(99))).toEqual([1, 2]);
    expect(book.qtyAt(bidSide, ticks(99))).toBe(7);
  });

  test('a taker stops at its own resting order and at a guarded one', () => {
    const book = create();
    const out = createExecutions();
    book.add(1, askSide, ticks(100), lots(1), 7, false);
    book.add(2, askSide, ticks(100), lots(4), 8, true);
    expect(book.match(bidSide, Infinity, lots(3), 7, noOrder, out)).toBe(3);
    expect([out.stop, out.stopID, out.count]).toEqual(['self', 1, 0]);
    expect(book.match(bidSide, Infinity, lots(3), 9, noOrder, out)).toBe(2);
    expect([out.stop, out.stopID, out.count]).toEqual(['guarded', 2, 1]);
    expect(book.match(bidSide, Infinity, lots(2), 9, 2, out)).toBe(0);
    expect(book.qtyOf(2)).toBe(2);
  });

  test('a full buffer stops the match and the next call goes on', () => {
    const book = create();
    const out = createExecutions(2);
    for (let id = 1; id <= 3; id++) book.add(id, askSide, ticks(100), lots(1), noOwner, false);
    expect(book.match(bidSide, 100, lots(5), noOwner, noOrder, out)).toBe(3);
    expect(out.stop).toBe('full');
    expect(book.match(bidSide, 100, lots(3), noOwner, noOrder, out)).toBe(2);
    expect([out.stop, out.count, book.size]).toEqual(['done', 1, 0]);
  });

  test('a full book, a duplicate id, a price out of range and an empty order are refused by name', () => {
    const book = create();
    for (let id = 1; id <= 8; id++) book.add(id, bidSide, ticks(id), lots(1), noOwner, false);
    expect(book.add(9, bidSide, ticks(1), lots(1), noOwner, false)).toBe('BOOK_FULL');
    book.cancel(8);
    expect(book.add(7, bidSide, ticks(1), lots(1), noOwner, false)).toBe('DUPLICATE_ID');
    expect(book.add(9, bidSide, ticks(Number.MAX_SAFE_INTEGER), lots(1), noOwner, false)).toBe('PRICE_OUT_OF_RANGE');
    expect(book.add(9, bidSide, ticks(1), lots(0), noOwner, false)).toBe('QTY_NOT_POSITIVE');
  });

  test('depth lists the levels from the best on, far ones too', () => {
    const book = create();
    for (const price of [100, -70_000, 100, 99, 3]) book.add(book.size + 1, bidSide, ticks(price), lots(2), noOwner, false);
    const depth = createDepth(3);
    expect(book.depth(bidSide, depth)).toBe(3);
    expect([...depth.price]).toEqual([100, 99, 3]);
    expect([...depth.qty]).toEqual([4, 2, 2]);
    expect(book.depth(bidSide, createDepth(9))).toBe(4);
    expect(book.available(askSide, -70_000, 100)).toBe(10);
    expect(book.available(askSide, 99, 5)).toBe(5);
  });
});
