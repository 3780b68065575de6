import { never } from '../../base/assert.ts';
import type { CashFlow, CashFlowKind } from '../../domain/input.ts';
import { noMoney, type Ledger } from './ledger.ts';
import { purseOf } from './line.ts';
import { CAPITAL, FLOWS, postSum } from './money-rows.ts';

export type CashFlowRefusal = { readonly code: 'MONEY_ROW_CAPACITY_REACHED'; readonly rows: number; readonly max: number };

/** Deposits and transfers move capital; everything else is PnL of the row (or of the account alone when row is -1). */
export function isCapital(flow: CashFlowKind): boolean {
  switch (flow) {
    case 'deposit':
    case 'transfer':
      return true;
    case 'fee':
    case 'funding':
    case 'dividend':
    case 'borrow':
    case 'settlement':
      return false;
    default:
      return never(flow, 'cash flow');
  }
}

/** Books money that comes (+) or goes (-) without a fill, to its purse and all sums above: row, algorithm, venue, account, firm; without a row the last three. */
export function bookCashFlow(ledger: Ledger, flow: CashFlow, simulated: boolean): CashFlowRefusal | undefined {
  const purse = purseOf(ledger, flow.row, flow.account, flow.currency, simulated);
  if (purse === noMoney) return { code: 'MONEY_ROW_CAPACITY_REACHED', rows: ledger.money.count, max: ledger.money.max };
  const { delta } = ledger;
  const sum = isCapital(flow.flow) ? CAPITAL : FLOWS;
  delta[sum] = flow.hi;
  delta[sum + 1] = flow.lo;
  postSum(ledger.money, purse, delta, sum);
  return undefined;
}
