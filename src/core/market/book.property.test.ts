import fc from 'fast-check';
import { expect, test } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { BookUpdate } from '../../domain/market.ts';
import { createL2Book, type L2Book } from './book.ts';
import { maxLadderTicks } from './price-ladder.ts';

type Level = readonly [side: 0 | 1, price: number, qty: number];

function update(levels: readonly Level[], snapshot = false): BookUpdate {
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

/** The obvious book: two maps, sorted when somebody looks. */
class ObviousBook {
  readonly sides: readonly [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
  valid = false;
  #gap = false;

  apply(levels: readonly Level[], snapshot: boolean): void {
    if (snapshot) this.sides.forEach((side) => side.clear());
    else if (this.#gap) return;
    this.#gap = false;
    this.valid = true;
    for (const [side, price, qty] of levels) {
      if (qty === 0) this.sides[side].delete(price);
      else this.sides[side].set(price, qty);
    }
  }

  invalidate(): void {
    this.valid = false;
    this.#gap = true;
  }

  /** Best first. */
  levels(side: 0 | 1): (readonly [number, number])[] {
    return [...this.sides[side]].sort(([a], [b]) => (side === 0 ? b - a : a - b));
  }
}

function expectEqual(book: L2Book, obvious: ObviousBook): void {
  expect([book.valid, book.bidLevels, book.askLevels]).toEqual([obvious.valid, obvious.sides[0].size, obvious.sides[1].size]);
  const [bids, asks] = [obvious.levels(0), obvious.levels(1)];
  expect(bids.map((_, i) => [book.bidPx(i), book.bidQty(i)])).toEqual(bids);
  expect(asks.map((_, i) => [book.askPx(i), book.askQty(i)])).toEqual(asks);
  expect([book.bidPx(bids.length), book.bidQty(bids.length), book.askPx(asks.length), book.askQty(asks.length)]).toEqual([0, 0, 0, 0]);
  expect(book.crossed).toBe(bids.length > 0 && asks.length > 0 && bids[0][0] >= asks[0][0]);
  expect(bids.every(([price, qty]) => book.qtyAt(0, ticksUnchecked(price)) === qty)).toBe(true);
  expect(asks.every(([price, qty]) => book.qtyAt(1, ticksUnchecked(price)) === qty)).toBe(true);
}

/** Prices that meet each other often, at the edges of pages, and so far apart that no ladder covers them all. */
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 600, max: 700 }) },
  { weight: 2, arbitrary: fc.integer({ min: -200, max: 20_000 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      -3 * maxLadderTicks,
      -1,
      0,
      63,
      64,
      maxLadderTicks - 1,
      maxLadderTicks,
      5 * maxLadderTicks,
      Number.MAX_SAFE_INTEGER,
    ),
  },
);
const level: fc.Arbitrary<Level> = fc.tuple(fc.constantFrom<0 | 1>(0, 1), price, fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 })));
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ what: fc.constant('change' as const), levels: fc.array(level, { maxLength: 40, size: 'max' }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('snapshot' as const), levels: fc.array(level, { maxLength: 40, size: 'max' }) }) },
  { weight: 1, arbitrary: fc.constant({ what: 'invalidate' as const, levels: [] }) },
);

test('the book and the obvious book are one over any changes, snapshots and gaps', () => {
  let changes = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const book = createL2Book();
      const obvious = new ObviousBook();
      for (const { what, levels } of steps) {
        changes += levels.length;
        if (what === 'invalidate') {
          book.invalidate();
          obvious.invalidate();
        } else {
          book.apply(update(levels, what === 'snapshot'));
          obvious.apply(levels, what === 'snapshot');
        }
        expectEqual(book, obvious);
      }
    }),
    { numRuns: casesOf(250), seed: 20240808 },
  );
  console.log(`book: ${changes} level changes against the obvious book`);
  expect(changes).toBeGreaterThan(casesOf(100_000));
});

/** A market that wanders, with changes that fall off with the distance from its middle and now and then one far out. */
function wander(random: Prng, count: number, visit: (levels: readonly Level[], n: number) => void): void {
  let middle = 618_000;
  for (let n = 0; n < count; n++) {
    middle += random.int(21) - 10;
    const levels = Array.from({ length: 60 }, (): Level => {
      const side = random.int(2) === 0 ? 0 : 1;
      const far = random.int(50) === 0 ? 2_000_000 : 300;
      const away = 1 + Math.floor(random.float() * random.float() * far);
      return [side, side === 0 ? middle - away : middle + away, random.int(3) === 0 ? 0 : 1 + random.int(1_000_000)];
    });
    visit(levels, n);
  }
}

test('a long wandering market leaves the same book in both', () => {
  const book = createL2Book();
  const obvious = new ObviousBook();
  let changes = 0;
  wander(prng('wander'), 5_000, (levels, n) => {
    changes += levels.length;
    book.apply(update(levels));
    obvious.apply(levels, false);
    if (n % 500 === 499) expectEqual(book, obvious);
  });
  expectEqual(book, obvious);
  expect(changes).toBe(300_000);
});

test('levels may be asked for in any order between changes', () => {
  const book = createL2Book();
  const obvious = new ObviousBook();
  const random = prng('order');
  let asked = 0;
  wander(random, 300, (levels) => {
    book.apply(update(levels));
    obvious.apply(levels, false);
    const [bids, asks] = [obvious.levels(0), obvious.levels(1)];
    for (let i = 0; i < 20; i++, asked += 2) {
      const [bid, ask] = [random.int(bids.length), random.int(asks.length)];
      expect([book.bidPx(bid), book.bidQty(bid)]).toEqual(bids[bid]);
      expect([book.askPx(ask), book.askQty(ask)]).toEqual(asks[ask]);
    }
  });
  expect(asked).toBe(12_000);
});

test('a planted fault in one level is seen by the comparison', () => {
  const book = createL2Book();
  const obvious = new ObviousBook();
  book.apply(update([[0, 100, 5]]));
  obvious.apply([[0, 100, 6]], false);
  expect(() => expectEqual(book, obvious)).toThrow();
});

test('empty books, first changes and quantities have their units', () => {
  const book = createL2Book();
  expect([book.valid, book.bidPx(0), book.askQty(0), book.crossed]).toEqual([false, ticksUnchecked(0), lotsUnchecked(0), false]);
  book.apply(update([]));
  expect(book.valid).toBe(true);
});
