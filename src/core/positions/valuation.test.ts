import { expect, test } from 'vitest';
import { fromSafe, splitZero, toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { ledgerDesk } from '../../testing/ledger/desk.ts';
import { bookFill } from './booking.ts';
import { bookCashFlow } from './cash-flow.ts';
import { AVERAGE_REALIZED } from './money-rows.ts';
import {
  createStatement,
  entryCostOf,
  marketValueInto,
  rowCurrency,
  rowEquityChange,
  rowPnl,
  rowPnlIn,
  rowStatement,
  scopePnlIn,
  scopeSumInto,
  unrealizedInto,
} from './valuation.ts';

const out = splitZero();
const baseline = splitZero();
const [usd, eur, jpy] = [0, 1, 2];

test('a position is worth the middle of the book, half a tick exactly where the tick value is even', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0, 0);
  desk.trade(leaf, '+3@100');
  desk.mark(0, 100, 101);
  expect(marketValueInto(out, desk.ledger, desk.marks, leaf)).toBe(true);
  expect(toBigInt(out)).toBe(3n * 201n * 5_000_000_000n);
  unrealizedInto(out, desk.ledger, desk.marks, leaf);
  expect(toBigInt(out)).toBe(3n * 5_000_000_000n);
});

const halves: [string, string, number, bigint][] = [
  ['half a unit goes to the even one below', '+1@0', 2, 2n],
  ['half a unit goes to the even one above', '+1@0', 3, 4n],
  ['below zero as well', '-1@0', 3, -4n],
  ['two halves are whole', '+2@0', 2, 5n],
];

test.each(halves)('where a tick is one money unit, %s', (_, script, bid, value) => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, script);
  desk.mark(2, bid, bid + 1);
  marketValueInto(out, desk.ledger, desk.marks, leaf);
  expect(toBigInt(out)).toBe(value);
});

test('the PnL of a row is realized + unrealized - fees + flows, deposits aside', () => {
  const desk = ledgerDesk();
  const { ledger, marks, booking } = desk;
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+10@100 -4@110');
  bookFill(ledger, leaf, 'buy', lots(1), ticks(100), 0, 7, eur, 1, micros(0), booking);
  const flow = { kind: 'cashFlow', account: 0, row: 0, instrument: 1, currency: eur, hi: 0, reference: '' } as const;
  bookCashFlow(ledger, { ...flow, flow: 'dividend', lo: 5 }, false);
  bookCashFlow(ledger, { ...flow, flow: 'deposit', lo: 1000 }, false);
  desk.mark(2, 119, 121);
  const statement = createStatement();
  expect(rowStatement(ledger, marks, 0, false, eur, statement)).toBe('valued');
  const { realized, unrealized, fees, flows, handover, pnl, capital } = statement;
  const figures = [realized, unrealized, fees, flows, handover, pnl, capital].map(toBigInt);
  expect(figures).toEqual([40n, 140n, 7n, 5n, 0n, 178n, 1000n]);
  expect(rowPnl(ledger, marks, 0, false, out)).toBe('valued');
  expect(toBigInt(out)).toBe(178n);
  fromSafe(baseline, 100);
  rowEquityChange(ledger, marks, 0, false, eur, baseline, out);
  expect(toBigInt(out)).toBe(78n);
  entryCostOf(out, ledger, 0, false, eur);
  expect(toBigInt(out)).toBe(700n);
});

test('without a mark an open position has no value, a closed one needs none', () => {
  const desk = ledgerDesk();
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+10@100');
  expect(marketValueInto(out, desk.ledger, desk.marks, leaf)).toBe(false);
  expect(rowPnl(desk.ledger, desk.marks, 0, false, out)).toBe('noMark');
  expect(scopePnlIn(desk.ledger, desk.marks, 'firm', 0, eur, out)).toBe('noMark');
  desk.trade(leaf, '-10@101');
  expect(rowPnl(desk.ledger, desk.marks, 0, false, out)).toBe('valued');
  expect(toBigInt(out)).toBe(10n);
});

test('a row with anything in a second currency is valued by currency only', () => {
  const desk = ledgerDesk();
  const { ledger, marks, booking } = desk;
  expect([rowCurrency(ledger, 0, false), rowPnl(ledger, marks, 0, false, out)]).toEqual([-1, 'valued']);
  const leaf = desk.leaf(0);
  desk.trade(leaf, '+1@100 -1@90');
  expect(rowCurrency(ledger, 0, false)).toBe(eur);
  bookFill(ledger, leaf, 'buy', lots(1), ticks(100), 0, 7, usd, 1, micros(0), booking);
  desk.mark(2, 100, 102);
  expect([rowCurrency(ledger, 0, false), rowPnl(ledger, marks, 0, false, out)]).toEqual([-2, 'severalCurrencies']);
  const by = [usd, eur, jpy].map((currency) => (rowPnlIn(ledger, marks, 0, false, currency, out), toBigInt(out)));
  expect(by).toEqual([-7n, -9n, 0n]);
});

test('paper PnL and real PnL of a row are two', () => {
  const desk = ledgerDesk();
  desk.trade(desk.leaf(0), '+1@100 -1@90');
  desk.trade(desk.leaf(0, 2, true), '+1@100 -1@130');
  const both = [false, true].map((simulated) => (rowPnl(desk.ledger, desk.marks, 0, simulated, out), toBigInt(out)));
  expect(both).toEqual([-10n, 30n]);
});

test('the PnL of a scope is the sum over its leaves', () => {
  const desk = ledgerDesk();
  desk.trade(desk.leaf(0), '+1@100');
  desk.trade(desk.leaf(2), '-2@100');
  desk.trade(desk.leaf(1, 4), '+1@10');
  desk.mark(2, 109, 111);
  desk.mark(4, 11, 13);
  const scopes = [
    ['version', 0],
    ['version', 2],
    ['algorithm', 0],
    ['algorithm', 1],
    ['venue', 0],
    ['account', 2],
    ['firm', 0],
  ] as const;
  const pnl = scopes.map(([scope, ix]) => (scopePnlIn(desk.ledger, desk.marks, scope, ix, eur, out), toBigInt(out)));
  expect(pnl).toEqual([10n, -20n, 24n, -20n, -10n, 14n, 4n]);
});

test('average cost is asked of leaves only', () => {
  expect(() => scopeSumInto(out, ledgerDesk().ledger, 'firm', 0, eur, AVERAGE_REALIZED)).toThrow('kept by leaf');
});
