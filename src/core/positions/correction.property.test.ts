import { expect, test } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Side } from '../../domain/order.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';
import { averageCostInto } from './average.ts';
import { bookFill, createBooking } from './booking.ts';
import { bustFill, correctFill } from './correction.ts';
import { leafLink, leafOf, positionOfLeaf } from './leaf.ts';
import { FIRST_LOT, addRow, createLedger, type Ledger } from './ledger.ts';
import { LOT_COST, LOT_NEXT, LOT_QTY, lotStride, noLot } from './lot-pool.ts';
import { readPair } from './pair.ts';
import { sums } from './money-rows.ts';
import { leafSumInto } from './valuation.ts';

/**
 * What "as if the fill had never been (or been the corrected one)" promises: a ledger that booked and corrected, beside one that only ever saw the right fills.
 */
const cases = casesOf(8_000);
const registry = ledgerWorld();
const listing = 3;
const currency = 2;
const out = createBooking();
const money = splitZero();

interface Fill {
  readonly side: Side;
  readonly qty: number;
  readonly px: number;
}

function drawFills(random: Prng): Fill[] {
  return Array.from({ length: 2 + random.int(8) }, () => ({
    side: random.int(2) === 0 ? 'buy' : 'sell',
    qty: 1 + random.int(9),
    px: 1 + random.int(20),
  }));
}

function emptyLedger(): Ledger {
  const ledger = createLedger(registry, { leaves: 1, lots: 8, moneyRows: 8 });
  addRow(ledger, 0, 0);
  leafOf(ledger, 0, 1, listing, false);
  return ledger;
}

function bookAll(ledger: Ledger, fills: readonly Fill[]): number[] {
  return fills.map(({ side, qty, px }, n) => {
    expect(bookFill(ledger, 0, side, lots(qty), ticks(px), 0, qty, currency, n, micros(n), out)).toBeUndefined();
    return out.fill;
  });
}

function replace(ledger: Ledger, fill: number, was: Fill, is: Fill | undefined): void {
  const original = {
    leaf: 0,
    fill,
    clOrdID: 9,
    side: was.side,
    lots: lots(was.qty),
    px: ticks(was.px),
    commissionHi: 0,
    commissionLo: was.qty,
    commissionCurrency: currency,
  };
  const refusal =
    is === undefined
      ? bustFill(ledger, 0, original, micros(99), out)
      : correctFill(ledger, 0, original, { ...original, lots: lots(is.qty), px: ticks(is.px), commissionLo: is.qty }, micros(99), out);
  expect(refusal).toBeUndefined();
}

function sum(ledger: Ledger, name: keyof typeof sums): bigint {
  leafSumInto(money, ledger, 0, currency, sums[name]);
  return toBigInt(money);
}

function fifo(ledger: Ledger): string {
  const { cells } = ledger.lots;
  const queue: string[] = [];
  for (let lot = leafLink(ledger, 0, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT]) {
    readPair(money, cells, lot * lotStride + LOT_COST);
    queue.push(`${cells[lot * lotStride + LOT_QTY]} for ${toBigInt(money)}`);
  }
  return `realized ${sum(ledger, 'realized')}, lots ${queue.join(', ')}`;
}

function average(ledger: Ledger): string {
  const qty = averageCostInto(money, ledger, 0);
  const cost = toBigInt(money);
  return `realized ${sum(ledger, 'averageRealized')}, ${qty} for ${cost}`;
}

/** What must always agree; cash and position give total PnL at any mark. */
function always(ledger: Ledger): string {
  const figures = (['cash', 'fees', 'bought', 'sold', 'trades'] as const).map((name) => `${name} ${sum(ledger, name)}`);
  return `position ${positionOfLeaf(ledger, 0)}, ${figures.join(', ')}`;
}

/** Position before each fill. */
function positions(fills: readonly Fill[]): number[] {
  let position = 0;
  return fills.map(({ side, qty }) => {
    const before = position;
    position += side === 'buy' ? qty : 0 - qty;
    return before;
  });
}

/** Whether fill n added to the position and, since then, nothing was added after a close. */
function staysWhole(fills: readonly Fill[], n: number): boolean {
  const before = positions(fills);
  const sign = (fill: Fill): number => (fill.side === 'buy' ? 1 : -1);
  if (before[n] * sign(fills[n]) < 0) return false;
  let closed = false;
  let position = before[n] + sign(fills[n]) * fills[n].qty;
  for (const fill of fills.slice(n + 1)) {
    const adds = position * sign(fill) > 0;
    if (adds && closed) return false;
    if (!adds) closed = true;
    position += sign(fill) * fill.qty;
    if (position * sign(fills[n]) <= 0) return false;
  }
  return true;
}

interface Pair {
  readonly fills: readonly Fill[];
  readonly n: number;
  readonly is: Fill | undefined;
  readonly corrected: Ledger;
  readonly right: Ledger;
}

function makePair(random: Prng, kind: 'bust' | 'price' | 'any'): Pair {
  const fills = drawFills(random);
  const n = random.int(fills.length);
  const was = fills[n];
  const is = kind === 'bust' ? undefined : { side: was.side, qty: kind === 'price' ? was.qty : 1 + random.int(9), px: 1 + random.int(20) };
  const corrected = emptyLedger();
  replace(corrected, bookAll(corrected, fills)[n], was, is);
  const right = emptyLedger();
  bookAll(right, is === undefined ? fills.filter((_, at) => at !== n) : fills.map((fill, at) => (at === n ? is : fill)));
  return { fills, n, is, corrected, right };
}

function words({ fills, n, is }: Pair): string {
  return `${fills.map((f) => `${f.side} ${f.qty}@${f.px}`).join(', ')}; number ${n} becomes ${is === undefined ? 'nothing' : `${is.qty}@${is.px}`}`;
}

test.each(['bust', 'price', 'any'] as const)(
  'after a correction (%s) position, cash, fees and volume are those of the right fills alone',
  (kind) => {
    const random = prng(`always ${kind}`);
    for (let n = 0; n < cases / 4; n++) {
      const pair = makePair(random, kind);
      if (always(pair.corrected) !== always(pair.right))
        expect.fail(`${words(pair)}: expected ${always(pair.right)}, was ${always(pair.corrected)}`);
    }
  },
);

test('a corrected price leaves the lots and the realized PnL of the right fills, whatever was closed since', () => {
  const random = prng('price');
  let averages = 0;
  for (let n = 0; n < cases; n++) {
    const pair = makePair(random, 'price');
    if (fifo(pair.corrected) !== fifo(pair.right)) expect.fail(`${words(pair)}: expected ${fifo(pair.right)}, was ${fifo(pair.corrected)}`);
    if (!staysWhole(pair.fills, pair.n)) continue;
    averages += 1;
    if (average(pair.corrected) !== average(pair.right))
      expect.fail(`${words(pair)}: expected ${average(pair.right)}, was ${average(pair.corrected)}`);
  }
  console.log(`price corrections: ${cases} cases, the average cost exact in ${averages}`);
  expect(averages).toBeGreaterThan(cases / 20);
});

test('a bust of lots that are all still there leaves both books of the other fills', () => {
  const random = prng('bust');
  let seen = 0;
  for (let n = 0; n < cases; n++) {
    const pair = makePair(random, 'bust');
    const { side } = pair.fills[pair.n];
    const adds = positions(pair.fills)[pair.n] * (side === 'buy' ? 1 : -1) >= 0;
    if (!adds || pair.fills.slice(pair.n + 1).some((fill) => fill.side !== side)) continue;
    seen += 1;
    const books = (ledger: Ledger): string => `${fifo(ledger)}; ${average(ledger)}`;
    if (books(pair.corrected) !== books(pair.right))
      expect.fail(`${words(pair)}: expected ${books(pair.right)}, was ${books(pair.corrected)}`);
  }
  console.log(`busts: ${seen} of ${cases} cases before any close`);
  expect(seen).toBeGreaterThan(cases / 20);
});
