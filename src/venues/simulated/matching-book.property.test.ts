import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import type { Prng } from '../../base/prng.ts';
import { lots, ticks } from '../../base/units.ts';
import { FastBook } from './fast-book.ts';
import { askSide, bidSide, createDepth, createExecutions, maxBookPrice, noOrder } from './matching-book.ts';
import type { BookSide, Executions, MatchingBook } from './matching-book.ts';
import { createObviousBook } from './obvious-book.ts';

const operationsPerSeed = 5_000;
const seeds = 48;
const maxOrders = 64;
const wholeBookEvery = 10;

/** Where prices fall: close together, further apart than a ladder's window, around zero, and at the ends of the range. */
type Landscape = (luck: Prng) => number;
const landscapes: readonly Landscape[] = [
  (luck) => 1000 + luck.int(12),
  (luck) => luck.int(7) - 3,
  (luck) => 50_000 + luck.int(60_000),
  (luck) => (luck.int(3) - 1) * 40_000 + luck.int(4),
  (luck) => [maxBookPrice, -maxBookPrice, maxBookPrice - 1, 1 - maxBookPrice, 0, 32_767, 32_768, -32_768][luck.int(8)],
  (luck) => Math.floor(luck.normal() * (luck.int(20) === 0 ? 1e9 : 3)),
];

interface Pair {
  readonly obvious: MatchingBook;
  readonly fast: MatchingBook;
}

/** What an operation answered and executed. */
function answer(book: MatchingBook, out: Executions, result: unknown): string {
  let text = `${JSON.stringify(result)} ${book.size} ${book.bestPx(bidSide)} ${book.bestPx(askSide)} ${out.stop} ${out.stopID}`;
  for (let i = 0; i < out.count; i++) text += ` ${out.makerID[i]}:${out.price[i]}:${out.qty[i]}:${out.makerLeaves[i]}`;
  return text;
}

/** Everything that can be seen of a book. */
function picture(book: MatchingBook): string {
  const sides = [bidSide, askSide].map((side) => {
    const depth = createDepth(maxOrders);
    book.depth(side, depth);
    return Array.from({ length: depth.count }, (_, i) => [
      depth.price[i],
      depth.qty[i],
      depth.orders[i],
      book.queueAt(side, ticks(depth.price[i])),
      book.qtyAt(side, ticks(depth.price[i])),
    ]);
  });
  return JSON.stringify(sides);
}

interface Operation {
  apply(book: MatchingBook, out: Executions): unknown;
}

function drawOperation(luck: Prng, price: () => number): Operation {
  const id = 1 + luck.int(200);
  const side: BookSide = luck.int(2) === 0 ? bidSide : askSide;
  const qty = lots(1 + luck.int(9));
  const owner = luck.int(4);
  const guarded = luck.int(10) === 0;
  const px = price();
  const draw = luck.int(100);
  if (draw < 45) {
    return {
      apply: (book, out) => {
        const left = book.match(side, px, qty, owner, noOrder, out);
        return left > 0 && out.stop === 'done' ? book.add(id, side, ticks(px), lots(left), owner, guarded) : left;
      },
    };
  }
  if (draw < 65) return { apply: (book) => book.cancel(id) };
  if (draw < 75) return { apply: (book) => [book.qtyOf(id), book.reduce(id, qty), book.has(id)] };
  if (draw < 85) return { apply: (book, out) => book.match(side, side === bidSide ? Infinity : -Infinity, lots(qty * 3), owner, id, out) };
  if (draw < 95) return { apply: (book) => [book.available(side, px, qty * 4), book.qtyAt(side, ticks(px))] };
  return { apply: (book) => addOddly(book, id, side, luck.int(1)) };
}

function addOddly(book: MatchingBook, id: number, side: BookSide, zero: number): unknown {
  return [
    book.add(id, side, ticks(maxBookPrice + 1), lots(1), 0, false),
    book.add(id, side, ticks(1), lots(zero), 0, false),
    book.queueAt(side, ticks(maxBookPrice + 1)),
  ];
}

/** Runs one seed on both; @returns the operation after which they differed, or -1. */
function firstDifference(seed: number, pair: Pair): number {
  const luck = prng(seed);
  const landscape = landscapes[seed % landscapes.length];
  const capacity = 1 + (seed % 4);
  const outs = [createExecutions(capacity), createExecutions(capacity)] as const;
  for (let i = 0; i < operationsPerSeed; i++) {
    const operation = drawOperation(luck, () => landscape(luck));
    const expected = answer(pair.obvious, outs[0], operation.apply(pair.obvious, outs[0]));
    const actual = answer(pair.fast, outs[1], operation.apply(pair.fast, outs[1]));
    if (expected !== actual) return i;
    if (i % wholeBookEvery === 0 && picture(pair.obvious) !== picture(pair.fast)) return i;
  }
  return -1;
}

test('the fast book and the obvious book show the same executions and the same books', () => {
  let operations = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const difference = firstDifference(seed, { obvious: createObviousBook(maxOrders), fast: new FastBook(maxOrders) });
    expect(difference, `seed ${seed}: the books differ after operation ${difference}`).toBe(-1);
    operations += operationsPerSeed;
  }
  console.log(`matching books: ${operations} operations in ${seeds} seeds agree`);
  expect(operations).toBeGreaterThanOrEqual(200_000);
});

type Fault = (book: MatchingBook) => MatchingBook;
const faults: Readonly<Record<string, Fault>> = {
  'a reduction that moves an order to the end of its queue': (book) =>
    withMethods(book, {
      reduce: (id, qty) => {
        const side: BookSide =
          book.bestPx(bidSide) > -Infinity && book.queueAt(bidSide, ticks(book.bestPx(bidSide))).includes(id) ? bidSide : askSide;
        if (!book.has(id) || qty > book.qtyOf(id)) return book.reduce(id, qty);
        const price = book.bestPx(side);
        if (!Number.isFinite(price) || !book.queueAt(side, ticks(price)).includes(id)) return book.reduce(id, qty);
        book.cancel(id);
        return book.add(id, side, ticks(price), qty, 0, false) === 'resting';
      },
    }),
  'one lot too many for a taker that meets its limit': (book) =>
    withMethods(book, {
      match: (side, limit, qty, owner, pass, out) => book.match(side, side === bidSide ? limit + 1 : limit, qty, owner, pass, out),
    }),
  'a cancel that forgets every hundredth order': (book) => withMethods(book, { cancel: (id) => (id % 100 === 0 ? -1 : book.cancel(id)) }),
  'guards that are not looked at': (book) =>
    withMethods(book, { add: (id, side, price, qty, owner) => book.add(id, side, price, qty, owner, false) }),
};

/** A book with some methods replaced. */
function withMethods(book: MatchingBook, methods: Partial<MatchingBook>): MatchingBook {
  return {
    maxOrders: book.maxOrders,
    get size() {
      return book.size;
    },
    add: (id, side, price, qty, owner, guarded) => book.add(id, side, price, qty, owner, guarded),
    cancel: (id) => book.cancel(id),
    reduce: (id, qty) => book.reduce(id, qty),
    match: (side, limit, qty, owner, pass, out) => book.match(side, limit, qty, owner, pass, out),
    available: (side, limit, enough) => book.available(side, limit, enough),
    has: (id) => book.has(id),
    qtyOf: (id) => book.qtyOf(id),
    bestPx: (side) => book.bestPx(side),
    qtyAt: (side, price) => book.qtyAt(side, price),
    depth: (side, out) => book.depth(side, out),
    queueAt: (side, price) => book.queueAt(side, price),
    ...methods,
  };
}

test.each(Object.keys(faults))('a planted fault is found: %s', (name) => {
  let found = 0;
  for (let seed = 1; seed <= landscapes.length && found === 0; seed++) {
    const difference = firstDifference(seed, { obvious: createObviousBook(maxOrders), fast: faults[name](new FastBook(maxOrders)) });
    if (difference >= 0) found += 1;
  }
  expect(found).toBeGreaterThan(0);
});
