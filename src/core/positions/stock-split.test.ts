import { expect, test } from 'vitest';
import { toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { ledgerDesk } from '../../testing/ledger/desk.ts';
import { checkSums } from './check-sums.ts';
import { bustFill, correctFill } from './correction.ts';
import { positionOf } from './scopes.ts';
import { applyStockSplit, maxSplitTerm, maxSplitUnits } from './stock-split.ts';

/** Listings 2 (a tick of a lot is one cent) and 4 (seven base units in a lot) are of instrument 1; the mark in half ticks. */
const cases: [string, string, number, number, number, string, bigint][] = [
  ['4 for 1 multiplies lots, cost stays', '+10@100 +5@120', 4, 1, 220, '60 | 40:1000 20:600 | 60:1600', 0n],
  ['1 for 10 keeps cost on whole lots and pays the fraction at the mark before', '+25@100', 1, 10, 220, '2 | 2:2500 | 2:2500', 550n],
  ['a fraction of a short position costs', '-25@100', 1, 10, 220, '-2 | 2:2500 | 2:2500', -550n],
  ['3 for 2: quantities are differences of floors and add up', '+1@100 +1@110 +1@120', 3, 2, 200, '4 | 1:100 2:110 1:120 | 4:330', 33n],
  ['a lot of which nothing is left gives its cost to the next', '+1@100 +9@110', 1, 10, 200, '1 | 1:1090 | 1:1090', 0n],
  ['the last one to the one before', '+10@100 +1@110', 1, 10, 200, '1 | 1:1110 | 1:1110', 100n],
  ['without a whole lot left everything is paid out', '+7@100', 1, 10, 220, '0 |  | 0:0', 770n],
  ['half a money unit goes to the even one', '+1@100', 1, 2, 3, '0 |  | 0:0', 2n],
];

test.each(cases)('%s', (_, script, n, d, twice, held, paid) => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, script);
  desk.mark(2, Math.floor((twice - 1) / 2), twice - Math.floor((twice - 1) / 2));
  const cash = desk.sum(leaf, 'cash');
  const answer = applyStockSplit(desk.ledger, 1, n, d, desk.marks);
  expect(answer.ok && answer.value.map((one) => [one.leaf, toBigInt(one.cashInLieu)])).toEqual([[leaf, paid]]);
  expect(desk.held(leaf)).toBe(held);
  expect(desk.sum(leaf, 'cash') - cash).toBe(paid);
  expect(checkSums(desk.ledger)).toEqual([]);
});

test('what is paid out is realized, and the cost too when nothing is left', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+7@100');
  desk.mark(2, 109, 111);
  applyStockSplit(desk.ledger, 1, 1, 10, desk.marks);
  expect([desk.sum(leaf, 'realized'), desk.sum(leaf, 'averageRealized'), desk.sum(leaf, 'entryCost')]).toEqual([70n, 70n, 0n]);
});

test('a part of a scaled lot takes the floor of its cost, the last part the rest', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+2@50');
  applyStockSplit(desk.ledger, 1, 3, 2, desk.marks);
  expect(desk.held(leaf)).toBe('3 | 3:100 | 3:100');
  desk.trade(leaf, '-1@40');
  expect(desk.held(leaf)).toBe('2 | 2:67 | 2:67');
  desk.trade(leaf, '-2@40');
  expect([desk.held(leaf), desk.sum(leaf, 'realized')]).toEqual(['0 |  | 0:0', 20n]);
});

test('every listing of the instrument is split, real and paper, no other instrument', () => {
  const desk = ledgerDesk();
  const leaves = [desk.leaf(0, 2), desk.leaf(1, 4), desk.leaf(2, 2, true), desk.leaf(0, 0)];
  for (const leaf of leaves) desk.trade(leaf, '+10@100');
  const answer = applyStockSplit(desk.ledger, 1, 2, 1, desk.marks);
  expect(answer.ok && answer.value.map(({ leaf, before, after }) => [leaf, before, after])).toEqual(
    leaves.slice(0, 3).map((leaf) => [leaf, 10, 20]),
  );
  expect([
    positionOf(desk.ledger, 'firm', 0, 1),
    positionOf(desk.ledger, 'simulated', 2, 1),
    positionOf(desk.ledger, 'firm', 0, 0),
  ]).toEqual([160, 20, 10]);
});

test('fills from before a split can no longer be busted or corrected, later ones can', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  const terms = { lots: lots(10), px: ticks(100), commissionHi: 0, commissionLo: 0, commissionCurrency: 0 };
  const original = { leaf, fill: desk.trade(leaf, '+10@100'), clOrdID: 7, side: 'buy', ...terms } as const;
  applyStockSplit(desk.ledger, 1, 2, 1, desk.marks);
  expect(bustFill(desk.ledger, leaf, original, micros(9), desk.booking)).toEqual({
    code: 'FILL_BEFORE_STOCK_SPLIT',
    fill: 1,
    splitAfter: 2,
  });
  expect(correctFill(desk.ledger, leaf, original, terms, micros(9), desk.booking)).toMatchObject({ code: 'FILL_BEFORE_STOCK_SPLIT' });
  const later = { ...original, fill: desk.trade(leaf, '+10@100') };
  expect(bustFill(desk.ledger, leaf, later, micros(9), desk.booking)).toBeUndefined();
  expect(desk.held(leaf)).toBe('20 | 20:1000 | 20:1000');
});

test('a fraction without a mark, a ratio outside the range and too large a position are refused and change nothing', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+5@1');
  const before = desk.held(leaf);
  const split = (n: number, d: number): unknown => applyStockSplit(desk.ledger, 1, n, d, desk.marks);
  expect(split(1, 2)).toEqual({ ok: false, error: { code: 'NO_MARK_FOR_FRACTION', listing: 2 } });
  for (const [n, d] of [
    [0, 1],
    [1, 0],
    [1.5, 1],
    [maxSplitTerm + 1, 1],
  ]) {
    expect(split(n, d)).toEqual({
      ok: false,
      error: { code: 'SPLIT_RATIO_OUTSIDE_RANGE', numerator: n, denominator: d, max: maxSplitTerm },
    });
  }
  expect(desk.held(leaf)).toBe(before);
  desk.trade(leaf, `+${10 ** 10}@1`);
  expect(split(maxSplitTerm, 1)).toMatchObject({ ok: false, error: { code: 'POSITION_EXCEEDS_MAX', max: maxSplitUnits } });
});
