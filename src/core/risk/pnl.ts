import {
  addInto,
  columnAdd,
  columnGet,
  columnSet,
  fromSafe,
  growColumn,
  isZero,
  moneyColumn,
  negInto,
  splitZero,
  subInto,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import { midTwice } from '../market/marks.ts';
import { maxTicks } from './capacities.ts';
import { convertInto } from './rates.ts';
import type { Risk } from './risk.ts';
import { dayEstimate, placeOf } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, instrumentScope, scopeKinds, sectorScope, venueScope, versionScope } from './scopes.ts';

/**
 * Results as the checks and monitors need them: of rows since their beginning and since their day began, in the slice's currency; of every scope since its
 * day began, in the firm's currency, each route converted at the mark of its last valuation. A route's day is its listing's calendar day.
 */
export interface Pnl {
  /** By route: total as last valued, and total when its day began, listing's currency. */
  readonly total: MoneyColumn;
  readonly dayStart: MoneyColumn;
  /** By route: what it counts with in the scopes' days, and in its account's total, firm's currency. */
  readonly dayFirm: MoneyColumn;
  readonly totalFirm: MoneyColumn;
  /** By route: cash flows that are results (funding, dividends, borrow …), which the ledger keeps beside its leaves. */
  readonly cash: MoneyColumn;
  /** By row * 2 + simulated. */
  readonly rowTotal: MoneyColumn;
  readonly rowDay: MoneyColumn;
  /** [scope][index], real routes only, firm's currency. */
  readonly day: MoneyColumn[];
  /** [scope][index] of accounts, venues and the firm, since the beginning, firm's currency. */
  readonly made: MoneyColumn[];
}

export function createPnl(routes: number, rows: number): Pnl {
  return {
    total: moneyColumn(routes),
    dayStart: moneyColumn(routes),
    dayFirm: moneyColumn(routes),
    totalFirm: moneyColumn(routes),
    cash: moneyColumn(routes),
    rowTotal: moneyColumn(rows * 2),
    rowDay: moneyColumn(rows * 2),
    day: Array.from({ length: scopeKinds }, () => moneyColumn(16)),
    made: Array.from({ length: scopeKinds }, () => moneyColumn(1)),
  };
}

const now = splitZero();
const before = splitZero();
const change = splitZero();
const firm = splitZero();

/** Values one route anew, after a booking or a mark; at an impossible price it stays as last valued. @returns whether its result changed. */
export function valueRoute(risk: Risk, route: number): boolean {
  const { exposure, pnl, positions, marks } = risk;
  const listing = exposure.routeListing[route];
  const simulated = exposure.routeSimulated[route] === 1;
  const row: RowIx = exposure.routeRow[route];
  const mid = marks.at[listing] === 0 ? 0 : midTwice(marks, listing);
  if (Math.abs(mid) > 2 * maxTicks) return false;
  positions.leafPnl(row, exposure.routeAccount[route], listing, simulated, mid, now);
  columnGet(before, pnl.cash, route);
  addInto(now, now, before);
  columnGet(before, pnl.total, route);
  subInto(change, now, before);
  if (isZero(change)) return false;
  columnSet(pnl.total, route, now);
  const place = row * 2 + (simulated ? 1 : 0);
  columnAdd(pnl.rowTotal, place, change.hi, change.lo);
  columnAdd(pnl.rowDay, place, change.hi, change.lo);
  if (!simulated) valueInFirm(risk, route);
  return true;
}

/** Brings the route's share in the scopes up to date; without a rate it stays as it was last valued. */
function valueInFirm(risk: Risk, route: number): void {
  const { exposure, pnl, rates, registry, firmCurrency } = risk;
  if (firmCurrency < 0) return;
  const { currency } = registry.listings[exposure.routeListing[route]];
  if (!convertInto(firm, rates, now, currency, firmCurrency, false)) return;
  columnGet(before, pnl.totalFirm, route);
  columnSet(pnl.totalFirm, route, firm);
  subInto(change, firm, before);
  addHere(pnl.made[firmScope], 0, change);
  addHere(pnl.made[accountScope], exposure.routeAccount[route], change);
  addHere(pnl.made[venueScope], registry.listings[exposure.routeListing[route]].venue, change);
  columnGet(before, pnl.dayStart, route);
  subInto(change, now, before);
  if (!convertInto(firm, rates, change, currency, firmCurrency, false)) return;
  columnGet(before, pnl.dayFirm, route);
  columnSet(pnl.dayFirm, route, firm);
  subInto(change, firm, before);
  addToDays(risk, route, change);
}

function addToDays(risk: Risk, route: number, x: Split): void {
  const { exposure, registry, gate, sectorOf } = risk;
  const listing = registry.listings[exposure.routeListing[route]];
  const row = exposure.routeRow[route];
  addToDay(risk, firmScope, 0, x);
  addToDay(risk, accountScope, exposure.routeAccount[route], x);
  addToDay(risk, algorithmScope, gate.rows[row].algorithm, x);
  addToDay(risk, versionScope, row, x);
  addToDay(risk, venueScope, listing.venue, x);
  addToDay(risk, instrumentScope, listing.instrument, x);
  addToDay(risk, sectorScope, sectorOf[listing.instrument], x);
}

const splitBase = 281_474_976_710_656;

function addToDay(risk: Risk, scope: number, ix: number, x: Split): void {
  const column = risk.pnl.day[scope];
  addHere(column, ix, x);
  const place = placeOf(risk.limits.table, scope, ix);
  risk.limits.table.numbers[place + dayEstimate] = column.hi[ix] * splitBase + column.lo[ix];
}

function addHere(column: MoneyColumn, ix: number, x: Split): void {
  if (ix >= column.hi.length) growColumn(column, Math.max(ix + 1, column.hi.length * 2));
  columnAdd(column, ix, x.hi, x.lo);
}

/** A new session day of a calendar: what its listings made or lost so far belongs to the day before. */
export function startDay(risk: Risk, calendar: number): void {
  const { exposure, pnl, sessions } = risk;
  for (let route = 0; route < exposure.routeCount; route++) {
    if (sessions.calendarOf[exposure.routeListing[route]] !== calendar) continue;
    columnGet(now, pnl.total, route);
    columnGet(before, pnl.dayStart, route);
    columnSet(pnl.dayStart, route, now);
    subInto(change, before, now);
    columnAdd(pnl.rowDay, exposure.routeRow[route] * 2 + exposure.routeSimulated[route], change.hi, change.lo);
    columnGet(firm, pnl.dayFirm, route);
    if (isZero(firm)) continue;
    negInto(change, firm);
    addToDays(risk, route, change);
    fromSafe(firm, 0);
    columnSet(pnl.dayFirm, route, firm);
  }
}

/** Result of a row since its beginning, units of its slice's currency. */
export function rowTotalInto(out: Split, pnl: Pnl, row: RowIx, simulated: boolean): void {
  columnGet(out, pnl.rowTotal, row * 2 + (simulated ? 1 : 0));
}

/** Result of a row since its day began. */
export function rowDayInto(out: Split, pnl: Pnl, row: RowIx, simulated: boolean): void {
  columnGet(out, pnl.rowDay, row * 2 + (simulated ? 1 : 0));
}

/** Result of a scope since its day began, firm's currency. */
export function dayInto(out: Split, pnl: Pnl, scope: number, ix: number): void {
  if (ix < pnl.day[scope].hi.length) columnGet(out, pnl.day[scope], ix);
  else fromSafe(out, 0);
}

/** Result of an account, a venue or the firm since the beginning, firm's currency. */
export function madeInto(out: Split, pnl: Pnl, scope: number, ix: number): void {
  const column = pnl.made[scope];
  if (ix < column.hi.length) columnGet(out, column, ix);
  else fromSafe(out, 0);
}

/** The same as a double, for estimates. */
export function madeEstimate(pnl: Pnl, scope: number, ix: number): number {
  const column = pnl.made[scope];
  return ix < column.hi.length ? column.hi[ix] * splitBase + column.lo[ix] : 0;
}
