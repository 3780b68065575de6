import { expect, test } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { micros } from '../../base/units.ts';
import { ledgerDesk } from '../../testing/ledger/desk.ts';
import { bustFill } from './correction.ts';
import { checkSums } from './check-sums.ts';
import { positionOf } from './scopes.ts';
import { createTransfer, transferLots } from './transfer.ts';
import { rowPnl } from './valuation.ts';
import { lots, ticks } from '../../base/units.ts';

const out = createTransfer();
const pnl = splitZero();

test('all lots go to the custodian at their entry cost, oldest first, behind its own', () => {
  const desk = ledgerDesk();
  const [giver, custodian] = [desk.leaf(0), desk.leaf(3)];
  desk.trade(custodian, '+1@90');
  desk.trade(giver, '+10@100 +5@120');
  expect(transferLots(desk.ledger, giver, custodian, 15, 0, out)).toBeUndefined();
  expect(desk.held(giver)).toBe('0 |  | 0:0');
  expect(desk.held(custodian)).toBe('16 | 1:90 10:1000 5:600 | 16:1690');
  expect(desk.fillsOf(custodian)).toEqual([1, 2, 3]);
  expect(out).toMatchObject({ lots: 15, fromPosition: 0, toPosition: 16 });
  expect(toBigInt(out.cost)).toBe(1600n);
  expect([desk.sum(giver, 'cash'), desk.sum(custodian, 'cash')]).toEqual([0n, -1690n]);
  expect([desk.sum(giver, 'entryCost'), desk.sum(custodian, 'entryCost')]).toEqual([0n, 1690n]);
  expect(checkSums(desk.ledger)).toEqual([]);
});

test('a part takes the oldest, and of the average cost its floor', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(1)];
  desk.trade(giver, '+3@100 +3@111');
  transferLots(desk.ledger, giver, taker, 4, 0, out);
  expect(desk.held(giver)).toBe('2 | 2:222 | 2:211');
  expect(desk.held(taker)).toBe('4 | 3:300 1:111 | 4:422');
});

test('short lots are handed over with the cash they brought', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(3)];
  desk.trade(giver, '-10@100');
  transferLots(desk.ledger, giver, taker, 10, 190, out);
  expect(desk.held(taker)).toBe('-10 | 10:1000 | 10:1000');
  expect([toBigInt(out.cost), toBigInt(out.earned), desk.sum(giver, 'cash'), desk.sum(taker, 'cash')]).toEqual([-1000n, 50n, 0n, 1000n]);
});

test('the taker closes lots of the other side at their entry cost', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(3)];
  desk.trade(giver, '+10@100');
  desk.trade(taker, '-4@130');
  transferLots(desk.ledger, giver, taker, 10, 0, out);
  expect(desk.held(taker)).toBe('6 | 6:600 | 6:600');
  expect([toBigInt(out.realized), desk.sum(taker, 'realized'), desk.sum(giver, 'realized')]).toEqual([120n, 120n, 0n]);
});

test('the mark splits the PnL: giver and taker add up to what one of them would have', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(3)];
  desk.trade(giver, '+10@100');
  desk.mark(2, 110, 111);
  const before = [0, 3].map((row) => (rowPnl(desk.ledger, desk.marks, row, false, pnl), toBigInt(pnl)));
  transferLots(desk.ledger, giver, taker, 10, 221, out);
  const at = [0, 3].map((row) => (rowPnl(desk.ledger, desk.marks, row, false, pnl), toBigInt(pnl)));
  desk.mark(2, 90, 91);
  const after = [0, 3].map((row) => (rowPnl(desk.ledger, desk.marks, row, false, pnl), toBigInt(pnl)));
  expect([before, at, after]).toEqual([
    [105n, 0n],
    [105n, 0n],
    [105n, -200n],
  ]);
  expect([desk.sum(giver, 'handover'), desk.sum(taker, 'handover')]).toEqual([105n, -105n]);
});

test('algorithm and version change, venue, account and firm do not', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(2)];
  desk.trade(giver, '+10@100');
  transferLots(desk.ledger, giver, taker, 10, 0, out);
  const units = (['version', 'algorithm', 'venue', 'account', 'firm'] as const).map((scope) => positionOf(desk.ledger, scope, 0, 1));
  expect(units).toEqual([0, 0, 10, 10, 10]);
});

test('a bust after the hand-over takes the lots from the taker and the fee back to the giver', () => {
  const desk = ledgerDesk();
  const [giver, taker] = [desk.leaf(0), desk.leaf(3)];
  const fill = desk.trade(giver, '+10@100');
  transferLots(desk.ledger, giver, taker, 10, 0, out);
  const original = {
    leaf: giver,
    fill,
    clOrdID: 7,
    side: 'buy',
    lots: lots(10),
    px: ticks(100),
    commissionHi: 0,
    commissionLo: 0,
    commissionCurrency: 0,
  } as const;
  expect(bustFill(desk.ledger, taker, original, micros(9), desk.booking)).toBeUndefined();
  expect(desk.booking.leaf).toBe(giver);
  expect([desk.held(giver), desk.held(taker)]).toEqual(['0 |  | 0:0', '0 |  | 0:0']);
  expect([desk.sum(taker, 'cash'), desk.sum(taker, 'realized'), desk.sum(giver, 'bought'), desk.sum(giver, 'trades')]).toEqual([
    0n,
    0n,
    0n,
    0n,
  ]);
  expect(checkSums(desk.ledger)).toEqual([]);
});

test('a part that needs a lot more is refused at the maximum of lots, the whole is not', () => {
  const desk = ledgerDesk({ maxLots: 2 });
  const [giver, taker] = [desk.leaf(0), desk.leaf(3)];
  desk.trade(giver, '+10@100 +5@120');
  expect(transferLots(desk.ledger, giver, taker, 14, 0, out)).toEqual({ code: 'LOT_CAPACITY_REACHED', lots: 2, max: 2 });
  expect(desk.held(giver)).toBe('15 | 10:1000 5:600 | 15:1600');
  expect(transferLots(desk.ledger, giver, taker, 15, 0, out)).toBeUndefined();
});

test('more than is held, another listing, another kind of money or the leaf itself are our own bugs', () => {
  const desk = ledgerDesk();
  const giver = desk.leaf(0);
  desk.trade(giver, '+10@100');
  const wrong: [number, number, string][] = [
    [desk.leaf(3), 11, 'held'],
    [desk.leaf(3), 0, 'held'],
    [desk.leaf(3, 0), 1, 'listing'],
    [desk.leaf(3, 2, true), 1, 'kind of money'],
    [giver, 1, 'another leaf'],
  ];
  for (const [to, n, words] of wrong) expect(() => transferLots(desk.ledger, giver, to, n, 0, out)).toThrow(words);
});
