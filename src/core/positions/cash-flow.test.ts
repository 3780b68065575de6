import { expect, test } from 'vitest';
import { fromSafe, splitZero, toBigInt } from '../../base/split.ts';
import { cashFlowKinds, type CashFlow, type CashFlowKind } from '../../domain/input.ts';
import { ledgerDesk } from '../../testing/ledger/desk.ts';
import { bookCashFlow } from './cash-flow.ts';
import { checkSums } from './check-sums.ts';
import type { Ledger } from './ledger.ts';
import { CAPITAL, FLOWS } from './money-rows.ts';
import type { LedgerScope } from './scopes.ts';
import { cashBalanceInto, rowPnl, scopeSumInto } from './valuation.ts';

const money = splitZero();

function flow(kind: CashFlowKind, row: number, qty: number, currency = 1): CashFlow {
  fromSafe(money, qty);
  return { kind: 'cashFlow', flow: kind, account: 0, row, instrument: -1, currency, hi: money.hi, lo: money.lo, reference: 'r1' };
}

function sum(ledger: Ledger, scope: LedgerScope, ix: number, which: number): bigint {
  scopeSumInto(money, ledger, scope, ix, 1, which);
  return toBigInt(money);
}

test('deposits and transfers move capital, everything else is PnL', () => {
  const { ledger, marks } = ledgerDesk();
  for (const kind of cashFlowKinds) bookCashFlow(ledger, flow(kind, 0, kind === 'deposit' ? 1000 : kind === 'transfer' ? -100 : -1), false);
  expect([sum(ledger, 'version', 0, CAPITAL), sum(ledger, 'version', 0, FLOWS)]).toEqual([900n, -5n]);
  rowPnl(ledger, marks, 0, false, money);
  expect(toBigInt(money)).toBe(-5n);
  cashBalanceInto(money, ledger, 'account', 0, 1);
  expect(toBigInt(money)).toBe(895n);
});

test('a flow of a row counts for version, algorithm, venue, account and firm, one of the account for the last three', () => {
  const { ledger } = ledgerDesk();
  bookCashFlow(ledger, flow('funding', 0, 10), false);
  bookCashFlow(ledger, flow('funding', -1, 5), false);
  const scopes = ['version', 'algorithm', 'venue', 'account', 'firm'] as const;
  expect(scopes.map((scope) => sum(ledger, scope, 0, FLOWS))).toEqual([10n, 10n, 15n, 15n, 15n]);
  expect(checkSums(ledger)).toEqual([]);
});

test('a paper flow stays with the paper side of its version', () => {
  const { ledger } = ledgerDesk();
  bookCashFlow(ledger, flow('funding', 0, 10), true);
  const scopes = ['simulated', 'version', 'algorithm', 'account', 'firm'] as const;
  expect(scopes.map((scope) => sum(ledger, scope, 0, FLOWS))).toEqual([10n, 0n, 0n, 0n, 0n]);
  expect(() => bookCashFlow(ledger, flow('funding', -1, 10), true)).toThrow('has a row');
});

test('without room for its money rows a flow is refused', () => {
  const { ledger } = ledgerDesk({ maxMoneyRows: 4 });
  expect(bookCashFlow(ledger, flow('fee', 0, -3), false)).toEqual({ code: 'MONEY_ROW_CAPACITY_REACHED', rows: 0, max: 4 });
});
