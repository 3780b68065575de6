import { expect, test } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lotsUnchecked, micros, ticksUnchecked } from '../../base/units.ts';
import type { Side } from '../../domain/order.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';
import { bookFill, createBooking, maxFillNotional, type BookingRefusal } from './booking.ts';
import { checkSums } from './check-sums.ts';
import { findLeaf, firstLeafOf, leafOf, nextLeafOf, positionOfLeaf } from './leaf.ts';
import { addRow, createLedger, noLeaf, type Ledger, type LedgerRoom } from './ledger.ts';
import { CASH, ENTRY_COST, FEES, TRADES } from './money-rows.ts';
import { positionOf, type LedgerScope } from './scopes.ts';
import { leafSumInto, scopeSumInto } from './valuation.ts';

const registry = ledgerWorld();
const out = createBooking();
const money = splitZero();
const [usd, eur] = [0, 1];

function newLedger(room: Partial<LedgerRoom> = {}): Ledger {
  const ledger = createLedger(registry, room);
  for (const [row, algorithm] of [0, 0, 1, 0].entries()) addRow(ledger, row, algorithm);
  return ledger;
}

function fill(ledger: Ledger, leaf: number, side: Side, qty: number, px: number, fee = 0, currency = eur): BookingRefusal | undefined {
  return bookFill(
    ledger,
    leaf,
    side,
    lotsUnchecked(qty),
    ticksUnchecked(px),
    fee < 0 ? -1 : 0,
    fee < 0 ? 281474976710656 + fee : fee,
    currency,
    7,
    micros(0),
    out,
  );
}

function scopeSum(ledger: Ledger, scope: LedgerScope, ix: number, currency: number, sum: number): bigint {
  scopeSumInto(money, ledger, scope, ix, currency, sum);
  return toBigInt(money);
}

test('a booking says what it did', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  fill(ledger, leaf, 'buy', 10, 100, 3);
  expect(out).toMatchObject({ fill: 1, leaf, position: 10, cash: { hi: -1, lo: 281474976710656 - 1000 }, entryCost: { hi: 0, lo: 1000 } });
  fill(ledger, leaf, 'sell', 4, 110, -2, usd);
  expect(out).toMatchObject({ fill: 2, position: 6, realized: { hi: 0, lo: 40 }, averageRealized: { hi: 0, lo: 40 }, feeCurrency: usd });
  expect(toBigInt(out.fee)).toBe(-2n);
  expect(toBigInt(out.entryCost)).toBe(-400n);
});

test('a fill counts for its version, algorithm, venue, account and the firm, in base units and money', () => {
  const ledger = newLedger();
  fill(ledger, leafOf(ledger, 0, 0, 2, false), 'buy', 10, 100, 1);
  fill(ledger, leafOf(ledger, 1, 2, 4, false), 'buy', 3, 100, 1);
  fill(ledger, leafOf(ledger, 2, 0, 2, false), 'sell', 4, 100, 1);
  const positions: [LedgerScope, number, number][] = [
    ['version', 0, 10],
    ['version', 1, 21],
    ['version', 2, -4],
    ['algorithm', 0, 31],
    ['algorithm', 1, -4],
    ['venue', 0, 6],
    ['venue', 1, 21],
    ['account', 0, 6],
    ['account', 1, 0],
    ['account', 2, 21],
    ['firm', 0, 27],
  ];
  for (const [scope, ix, units] of positions) expect(positionOf(ledger, scope, ix, 1), `${scope} ${ix}`).toBe(units);
  expect(scopeSum(ledger, 'algorithm', 0, eur, CASH)).toBe(-3100n);
  expect(scopeSum(ledger, 'venue', 0, eur, CASH)).toBe(-600n);
  expect(scopeSum(ledger, 'firm', 0, eur, CASH)).toBe(-2700n);
  expect(scopeSum(ledger, 'firm', 0, eur, FEES)).toBe(3n);
  expect(scopeSum(ledger, 'firm', 0, eur, TRADES)).toBe(3n);
  expect(scopeSum(ledger, 'firm', 0, eur, ENTRY_COST)).toBe(3500n);
});

test('paper counts for its own version alone, beside its real trades', () => {
  const ledger = newLedger();
  const real = leafOf(ledger, 0, 0, 2, false);
  const paper = leafOf(ledger, 0, 0, 2, true);
  expect(paper).not.toBe(real);
  fill(ledger, real, 'buy', 10, 100);
  fill(ledger, paper, 'buy', 5, 100, 9);
  expect([positionOf(ledger, 'version', 0, 1), positionOf(ledger, 'simulated', 0, 1), positionOf(ledger, 'firm', 0, 1)]).toEqual([
    10, 5, 10,
  ]);
  expect([
    scopeSum(ledger, 'simulated', 0, eur, FEES),
    scopeSum(ledger, 'version', 0, eur, FEES),
    scopeSum(ledger, 'account', 0, eur, FEES),
  ]).toEqual([9n, 0n, 0n]);
});

test('a fee stays in its own currency', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  fill(ledger, leaf, 'buy', 1, 100, 5, usd);
  fill(ledger, leaf, 'buy', 1, 100, -7, usd);
  fill(ledger, leaf, 'buy', 1, 100, 4, eur);
  const fees = [usd, eur].map((currency) => {
    leafSumInto(money, ledger, leaf, currency, FEES);
    return toBigInt(money);
  });
  expect(fees).toEqual([-2n, 4n]);
  expect(scopeSum(ledger, 'account', 0, usd, FEES)).toBe(-2n);
});

test('the leaves of a row come in order of creation, and only once each', () => {
  const ledger = newLedger();
  const made = [
    leafOf(ledger, 0, 0, 2, false),
    leafOf(ledger, 1, 0, 2, false),
    leafOf(ledger, 0, 0, 0, false),
    leafOf(ledger, 0, 0, 0, true),
  ];
  expect(leafOf(ledger, 0, 0, 0, false)).toBe(made[2]);
  expect(findLeaf(ledger, 2, 0, 0, false)).toBe(noLeaf);
  const walked: number[] = [];
  for (let leaf = firstLeafOf(ledger, 0); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf)) walked.push(leaf);
  expect(walked).toEqual([made[0], made[2], made[3]]);
  expect(firstLeafOf(ledger, 3)).toBe(noLeaf);
  expect(firstLeafOf(ledger, 99)).toBe(noLeaf);
});

const refusals: [string, number, number, string][] = [
  ['nothing', 0, 100, 'FILL_QTY_NOT_POSITIVE'],
  ['a negative quantity', -5, 100, 'FILL_QTY_NOT_POSITIVE'],
  ['half a lot', 0.5, 100, 'FILL_QTY_NOT_POSITIVE'],
  ['no number of lots', NaN, 100, 'FILL_QTY_NOT_POSITIVE'],
  ['half a tick', 1, 100.5, 'FILL_PX_NOT_WHOLE'],
  ['no price', 1, NaN, 'FILL_PX_NOT_WHOLE'],
  ['more than 2^88', 2 ** 45, 2 ** 44, 'FILL_NOTIONAL_EXCEEDS_MAX'],
  ['more base units than a safe integer', 2 ** 53 - 2, 1, 'POSITION_EXCEEDS_MAX'],
];

test.each(refusals)('a fill of %s is refused and changes nothing', (_, qty, px, code) => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  fill(ledger, leaf, 'buy', 7, 100);
  expect(fill(ledger, leaf, 'buy', qty, px)).toMatchObject({ code });
  expect(positionOfLeaf(ledger, leaf)).toBe(7);
  expect(ledger.fills).toBe(1);
  expect(checkSums(ledger)).toEqual([]);
});

test('the largest fill passes, one tick more does not', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  expect(maxFillNotional).toBe(2 ** 88);
  expect(fill(ledger, leaf, 'buy', 2 ** 44, 2 ** 44)).toBeUndefined();
  expect(fill(ledger, leaf, 'buy', 2 ** 44, 2 ** 44 + 2 ** 10)).toMatchObject({ code: 'FILL_NOTIONAL_EXCEEDS_MAX' });
});

test('the position of an instrument passes at the largest safe integer and is refused one unit past it, and may shrink again', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  const other = leafOf(ledger, 1, 0, 2, false);
  const largest = Number.MAX_SAFE_INTEGER;
  expect(fill(ledger, leaf, 'buy', largest - 1, 0)).toBeUndefined();
  expect(fill(ledger, other, 'sell', 1, 0)).toBeUndefined();
  expect(fill(ledger, other, 'sell', 1, 0)).toMatchObject({ code: 'POSITION_EXCEEDS_MAX', max: largest });
  expect(fill(ledger, leaf, 'sell', largest - 1, 0)).toBeUndefined();
  expect(checkSums(ledger)).toEqual([]);
});

test('a commission in an unknown currency is refused', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 2, false);
  expect(fill(ledger, leaf, 'buy', 1, 100, 5, 3)).toEqual({ code: 'COMMISSION_CURRENCY_UNKNOWN', currency: 3, currencies: 3 });
  expect(fill(ledger, leaf, 'buy', 1, 100, 0, 3)).toBeUndefined();
});

test('at the maximum of lots nothing opens, but what is open can be closed', () => {
  const ledger = newLedger({ maxLots: 3 });
  const leaf = leafOf(ledger, 0, 0, 2, false);
  for (let n = 0; n < 3; n++) expect(fill(ledger, leaf, 'buy', 10, 100)).toBeUndefined();
  expect(fill(ledger, leaf, 'buy', 1, 100)).toEqual({ code: 'LOT_CAPACITY_REACHED', lots: 3, max: 3 });
  expect(fill(ledger, leaf, 'sell', 31, 100)).toMatchObject({ code: 'LOT_CAPACITY_REACHED' });
  expect(fill(ledger, leaf, 'sell', 15, 100)).toBeUndefined();
  expect(fill(ledger, leaf, 'buy', 1, 100)).toBeUndefined();
});

test('at the maximum of leaves or money rows a leaf is refused by `noLeaf`, a new fee currency by its code', () => {
  const few = newLedger({ maxLeaves: 1 });
  expect(leafOf(few, 0, 0, 2, false)).toBe(0);
  expect(leafOf(few, 0, 0, 0, false)).toBe(noLeaf);
  expect(leafOf(few, 0, 0, 2, false)).toBe(0);
  const narrow = newLedger({ maxMoneyRows: 5 });
  const leaf = leafOf(narrow, 0, 0, 2, false);
  expect(leafOf(narrow, 1, 0, 2, false)).toBe(noLeaf);
  expect(fill(narrow, leaf, 'buy', 1, 100, 5, usd)).toEqual({ code: 'MONEY_ROW_CAPACITY_REACHED', rows: 5, max: 5 });
  expect(fill(narrow, leaf, 'buy', 1, 100, 5, eur)).toBeUndefined();
});

test('a row that was not declared, or declared twice differently, is our own bug', () => {
  const ledger = newLedger();
  expect(() => leafOf(ledger, 9, 0, 2, false)).toThrow('declared');
  expect(() => addRow(ledger, 0, 1)).toThrow('keeps its algorithm');
  addRow(ledger, 0, 0);
});

test('carries that fills leave behind are settled in what is read', () => {
  const ledger = newLedger();
  const leaf = leafOf(ledger, 0, 0, 0, false);
  for (let n = 1; n <= 50; n++) {
    fill(ledger, leaf, n % 3 === 0 ? 'sell' : 'buy', 5, 20_000 + n, n, usd);
    leafSumInto(money, ledger, leaf, usd, CASH);
    expect(money.lo >= 0 && money.lo < 281474976710656).toBe(true);
    expect(checkSums(ledger)).toEqual([]);
  }
});
