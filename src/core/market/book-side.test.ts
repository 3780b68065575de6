import { expect, test } from 'vitest';
import { BookSide, maxLevels } from './book-side.ts';
import { maxLadderTicks } from './price-ladder.ts';

const levelsOf = (side: BookSide): number[] => Array.from({ length: side.count }, (_, i) => side.px(i));

test('bids have the highest price first, asks the lowest', () => {
  const [bids, asks] = [new BookSide(1), new BookSide(-1)];
  for (const price of [100, 102, 101]) {
    bids.set(price, 1);
    asks.set(price, 1);
  }
  expect(levelsOf(bids)).toEqual([102, 101, 100]);
  expect(levelsOf(asks)).toEqual([100, 101, 102]);
});

test('setting a level gives back what stood there', () => {
  const side = new BookSide(1);
  expect([side.set(100, 5), side.set(100, 7), side.set(100, 0), side.set(100, 0), side.count]).toEqual([0, 5, 7, 0, 0]);
});

test('the level past the most is forgotten at the worse end and counted', () => {
  for (const sign of [1, -1] as const) {
    const side = new BookSide(sign);
    for (let i = 0; i < maxLevels; i++) side.set(1_000_000 - sign * i, 1);
    expect([side.count, side.forgotten]).toEqual([maxLevels, 0]);
    const worst = 1_000_000 - sign * (maxLevels - 1);
    expect(side.set(worst - sign, 3)).toBe(0);
    expect([side.count, side.forgotten, side.qtyAt(worst - sign), side.qtyAt(worst)]).toEqual([maxLevels, 1, 0, 1]);
    side.set(1_000_000 + sign, 3);
    expect([side.count, side.forgotten, side.px(0), side.qtyAt(worst)]).toEqual([maxLevels, 2, 1_000_000 + sign, 0]);
  }
});

test('levels that no ladder can cover together are kept on either side of it', () => {
  const side = new BookSide(1);
  const far = 4 * maxLadderTicks;
  for (const price of [0, far, -far, 1, far + 1]) side.set(price, 2);
  expect(levelsOf(side)).toEqual([far + 1, far, 1, 0, -far]);
  expect([side.qtyAt(far), side.qtyAt(-far), side.qty(1), side.qtyAt(far - 1)]).toEqual([2, 2, 2, 0]);
  for (const price of [0, 1, -far]) side.set(price, 0);
  expect(levelsOf(side)).toEqual([far + 1, far]);
});

test('far levels are the first to be forgotten on the worse side, the last on the better one', () => {
  const side = new BookSide(1);
  const far = 4 * maxLadderTicks;
  side.set(0, 1);
  side.set(-far, 1);
  side.set(far, 1);
  for (let i = 1; side.forgotten === 0; i++) side.set(i, 1);
  expect([side.qtyAt(-far), side.qtyAt(0), side.qtyAt(far), side.count]).toEqual([0, 1, 1, maxLevels]);
  side.set(50, 2);
  expect(side.forgotten).toBe(1);
  side.set(maxLevels + 5, 1);
  expect([side.forgotten, side.qtyAt(0), side.px(0)]).toEqual([2, 0, far]);
});

test('an empty side may begin anywhere again', () => {
  const side = new BookSide(-1);
  side.set(0, 1);
  side.set(0, 0);
  side.set(100 * maxLadderTicks, 1);
  side.clear();
  expect([side.count, side.px(0), side.qtyAt(100 * maxLadderTicks)]).toEqual([0, 0, 0]);
  side.set(-100 * maxLadderTicks, 4);
  expect([side.px(0), side.qty(0)]).toEqual([-100 * maxLadderTicks, 4]);
});
