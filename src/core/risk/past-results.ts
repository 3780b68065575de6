import {
  addInto,
  columnAdd,
  columnGet,
  growColumn,
  moneyColumn,
  negInto,
  splitZero,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { dayInto } from './scope-results.ts';
import { accountScope, algorithmScope, firmScope, versionScope } from './scopes.ts';

/** Scopes that have an equity: the first four. */
export const equityScopes = 4;

export function createPastResults(): readonly MoneyColumn[] {
  return Array.from({ length: equityScopes }, () => moneyColumn(1));
}

const ended = splitZero();

/** A session day of the route is over: `taken` is what was taken out of the days of its scopes, and stays in what they have made since the beginning. */
export function addToPast(risk: Risk, { row, account }: Route, taken: Split): void {
  const { gate } = risk;
  negInto(ended, taken);
  add(risk.past[firmScope], 0);
  add(risk.past[accountScope], account);
  add(risk.past[algorithmScope], gate.rows[row].algorithm);
  add(risk.past[versionScope], row);
}

function add(column: MoneyColumn, ix: number): void {
  if (ix >= column.rows) growColumn(column, Math.max(ix + 1, 2 * column.rows));
  columnAdd(column, ix, ended.hi, ended.lo);
}

const past = splitZero();

/** What a scope has made since the beginning, realised and unrealised, net of fees, firm's currency; settled first by whoever asks. */
export function resultInto(out: Split, risk: Risk, scope: number, ix: number): void {
  dayInto(out, risk, scope, ix);
  if (ix >= risk.past[scope].rows) return;
  columnGet(past, risk.past[scope], ix);
  addInto(out, out, past);
}
