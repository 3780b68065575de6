import { setPaperCap } from '../../core/risk/order-gate.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { madeInto } from '../../core/risk/scope-results.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { settle } from '../../core/risk/settle.ts';
import { columnGet, splitZero, toBigInt, type MoneyColumn } from '../../base/split.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  createDesk,
  moneyOf,
  setFirmCapital,
  type RiskDesk,
} from './risk-desk.ts';

export const codes = ['USD', 'EUR', 'JPY'] as const;
export type Code = (typeof codes)[number];
/** A desk in dollars whose one version trades dollars, euros and yen. Money counts in 10^-6, prices in cents. */
export interface World {
  readonly desk: RiskDesk;
  readonly row: number;
  readonly simulated: boolean;
  readonly listings: Readonly<Record<Code, number>>;
  readonly pairs: { readonly EURUSD: number; readonly USDJPY: number };
}

export function createWorld(simulated: boolean): World {
  const desk = createDesk();
  for (const code of codes) addCurrency(desk, code, 6);
  addVenue(desk, 'NYX');
  addAccount(desk, 'A1', 'NYX');
  const listed = codes.map((currency) => addListing(desk, { instrumentID: `I${currency}`, venueID: 'NYX', currency }));
  const pair = { venueID: 'NYX', assetClass: 'fx', priceUnit: '0.0001' } as const;
  const EURUSD = addListing(desk, { ...pair, instrumentID: 'EURUSD', currency: 'USD', baseCurrency: 'EUR' });
  const USDJPY = addListing(desk, { ...pair, instrumentID: 'USDJPY', currency: 'JPY', baseCurrency: 'USD' });
  setFirmCapital(desk, 'USD', '1000000');
  const slice = addDeskSlice(desk, 'multi', 'USD', '100000', '0');
  const row = addVersion(desk, slice, '1.0.0');
  const cap = moneyOf(desk, '50000', 'USD');
  setRow(desk.risk.gate, row, simulated ? { mode: 'SIMULATED' } : { mode: 'ACTIVE', cap });
  if (simulated) setPaperCap(desk.risk.gate, row, cap);
  return { desk, row, simulated, listings: { USD: listed[0], EUR: listed[1], JPY: listed[2] }, pairs: { EURUSD, USDJPY } };
}

const money = splitZero();

export function moneyIn(column: MoneyColumn, at: number): bigint {
  columnGet(money, column, at);
  return toBigInt(money);
}

/** What the firm has made by what its limits see. */
export function firmMade({ risk }: RiskDesk): bigint {
  settle(risk);
  madeInto(money, risk, firmScope, 0);
  return toBigInt(money);
}
