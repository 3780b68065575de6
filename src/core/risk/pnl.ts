import {
  addInto,
  columnAdd,
  columnGet,
  columnSet,
  fromSafe,
  isZero,
  moneyColumn,
  negInto,
  setInto,
  splitZero,
  subInto,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import { knownTwice } from '../market/marks.ts';
import { maxTicks } from './capacities.ts';
import { differencePrice } from './difference.ts';
import { isForeign, sumRow } from './foreign.ts';
import { addToPast } from './past-results.ts';
import { convertLastInto } from './rates.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { addToDays, addToMade } from './scope-results.ts';
import { settle } from './settle.ts';
import { forgetSlack, noteResult } from './slack.ts';
import { listRoute } from './unsettled.ts';

/**
 * Results as the checks and monitors need them: of rows since their beginning and since their day began, in the slice's currency (`foreign.ts` where they trade in
 * others too); of every scope since its
 * day began, in the firm's currency, each route converted at the last rate there was (those stand in the scope table). A route's day is its listing's
 * calendar day.
 */
export interface Pnl {
  /** By route: total as last valued, and total when its day began, listing's currency. */
  readonly total: MoneyColumn;
  readonly dayStart: MoneyColumn;
  /** By route in another currency than the firm's: what it counts with in the scopes' days, and in its account's total, firm's currency. */
  readonly dayFirm: MoneyColumn;
  readonly totalFirm: MoneyColumn;
  /** By route: cash flows that are results (funding, dividends, borrow …), which the ledger keeps beside its leaves. */
  readonly cash: MoneyColumn;
  /** By row * 2 + simulated. */
  readonly rowTotal: MoneyColumn;
  readonly rowDay: MoneyColumn;
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
  };
}

const now = splitZero();
const before = splitZero();
const change = splitZero();
const firm = splitZero();

/** Values one route anew, after a booking or a mark; at an impossible price it stays as last valued. @returns whether its result changed. */
export function valueRoute(risk: Risk, route: Route): boolean {
  const { pnl, positions, marks } = risk;
  const { ix, row, account, listing, simulated } = route;
  const mid = marks.at[listing] === 0 ? 0 : knownTwice(marks, listing);
  route.valuedAt = 0;
  if (Math.abs(mid) > 2 * maxTicks) return false;
  positions.leafPnl(row, account, listing, simulated, mid, now);
  columnGet(before, pnl.cash, ix);
  if (!isZero(before)) addInto(now, now, before);
  const foreign = isForeign(risk, route);
  if (!foreign && positions.hasOneCurrency(row, simulated)) route.valuedAt = differencePrice(risk, listing);
  columnGet(before, pnl.total, ix);
  subInto(change, now, before);
  if (isZero(change)) return false;
  columnSet(pnl.total, ix, now);
  if (foreign) sumRow(risk, row, simulated);
  else addToRow(pnl, row, simulated);
  if (simulated || risk.firmCurrency < 0) return true;
  if (route.currency === risk.firmCurrency) {
    listRoute(risk.unsettled, route);
    noteResult(risk, route, change.hi, change.lo);
  } else {
    valueInFirm(risk, route);
  }
  return true;
}

function addToRow(pnl: Pnl, row: RowIx, simulated: boolean): void {
  const place = row * 2 + (simulated ? 1 : 0);
  columnAdd(pnl.rowTotal, place, change.hi, change.lo);
  columnAdd(pnl.rowDay, place, change.hi, change.lo);
}

/** Brings a foreign route's share in the scopes up to date, at the last rate there was: a rate that falls silent hides no loss. What was never rated counts nothing. */
export function valueInFirm(risk: Risk, route: Route): void {
  const { pnl, rates, firmCurrency } = risk;
  const { ix, currency } = route;
  columnGet(now, pnl.total, ix);
  if (!convertLastInto(firm, rates, now, currency, firmCurrency, false)) return;
  columnGet(before, pnl.totalFirm, ix);
  columnSet(pnl.totalFirm, ix, firm);
  subInto(change, firm, before);
  addToMade(risk, route, change);
  noteResult(risk, route, change.hi, change.lo);
  columnGet(before, pnl.dayStart, ix);
  subInto(change, now, before);
  if (!convertLastInto(firm, rates, change, currency, firmCurrency, false)) return;
  columnGet(before, pnl.dayFirm, ix);
  columnSet(pnl.dayFirm, ix, firm);
  subInto(change, firm, before);
  addToDays(risk, route, change);
  noteResult(risk, route, change.hi, change.lo);
}

/** Whether a route has made or lost anything, in its currency or the firm's, since its day began. */
function isMoved({ total, dayStart, dayFirm }: Pnl, { ix }: Route): boolean {
  return total.hi[ix] !== dayStart.hi[ix] || total.lo[ix] !== dayStart.lo[ix] || dayFirm.hi[ix] !== 0 || dayFirm.lo[ix] !== 0;
}

/** A new session day of a calendar: what its listings made or lost so far belongs to the day before. */
export function startDay(risk: Risk, calendar: number): void {
  const { exposure, pnl, sessions, monitors } = risk;
  settle(risk);
  forgetSlack(risk);
  monitors.quietBelow.fill(-Infinity);
  for (const route of exposure.routes) {
    const { ix, row, listing, simulated } = route;
    if (sessions.calendarOf[listing] !== calendar || !isMoved(pnl, route)) continue;
    columnGet(now, pnl.total, ix);
    columnGet(before, pnl.dayStart, ix);
    columnSet(pnl.dayStart, ix, now);
    subInto(change, before, now);
    if (isForeign(risk, route)) sumRow(risk, row, simulated);
    else columnAdd(pnl.rowDay, row * 2 + (simulated ? 1 : 0), change.hi, change.lo);
    if (simulated || risk.firmCurrency < 0) continue;
    if (route.currency !== risk.firmCurrency) {
      columnGet(firm, pnl.dayFirm, ix);
      negInto(change, firm);
      fromSafe(firm, 0);
      columnSet(pnl.dayFirm, ix, firm);
    }
    addToDays(risk, route, change);
    addToPast(risk, route, change);
  }
}

/** Another deployment of the row begins: what it made or lost on paper so far today is not the new one's. What it lost of capital is. */
export function startPaperDay({ exposure, pnl }: Risk, row: RowIx): void {
  for (const route of exposure.routes) {
    if (route.row !== row || !route.simulated) continue;
    columnGet(now, pnl.total, route.ix);
    columnSet(pnl.dayStart, route.ix, now);
  }
  fromSafe(change, 0);
  columnSet(pnl.rowDay, row * 2 + 1, change);
}

/** Result of a row since its beginning, units of its slice's currency. */
export function rowTotalInto(out: Split, pnl: Pnl, row: RowIx, simulated: boolean): void {
  columnGet(out, pnl.rowTotal, row * 2 + (simulated ? 1 : 0));
}

/** Result of a row since its day began. */
export function rowDayInto(out: Split, pnl: Pnl, row: RowIx, simulated: boolean): void {
  columnGet(out, pnl.rowDay, row * 2 + (simulated ? 1 : 0));
}

/** Cash flows of a route that are results, and the route valued with them. */
export function addCash(risk: Risk, route: Route, x: Split): void {
  setInto(firm, x);
  columnAdd(risk.pnl.cash, route.ix, firm.hi, firm.lo);
  valueRoute(risk, route);
}
