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
import { midTwice } from '../market/marks.ts';
import { maxTicks } from './capacities.ts';
import { differencePrice } from './difference.ts';
import { convertInto } from './rates.ts';
import type { Risk } from './risk.ts';
import { addToDays, addToMade } from './scope-results.ts';
import { settle } from './settle.ts';
import { forgetSlack, noteResult } from './slack.ts';
import { listRoute } from './unsettled.ts';

/**
 * Results as the checks and monitors need them: of rows since their beginning and since their day began, in the slice's currency; of every scope since its
 * day began, in the firm's currency, each route converted at the mark of its last valuation (those stand in the scope table). A route's day is its listing's
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
  /** By route: half ticks at which it was last valued, when the next change may be added to it (`difference.ts`); 0 = it is valued as a whole next time. */
  readonly valuedAt: Float64Array;
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
    valuedAt: new Float64Array(routes),
    rowTotal: moneyColumn(rows * 2),
    rowDay: moneyColumn(rows * 2),
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
  pnl.valuedAt[route] = 0;
  if (Math.abs(mid) > 2 * maxTicks) return false;
  positions.leafPnl(row, exposure.routeAccount[route], listing, simulated, mid, now);
  columnGet(before, pnl.cash, route);
  if (!isZero(before)) addInto(now, now, before);
  if (positions.hasOneCurrency(row, simulated)) pnl.valuedAt[route] = differencePrice(risk, listing);
  columnGet(before, pnl.total, route);
  subInto(change, now, before);
  if (isZero(change)) return false;
  columnSet(pnl.total, route, now);
  const place = row * 2 + (simulated ? 1 : 0);
  columnAdd(pnl.rowTotal, place, change.hi, change.lo);
  columnAdd(pnl.rowDay, place, change.hi, change.lo);
  if (simulated || risk.firmCurrency < 0) return true;
  if (risk.registry.listings[listing].currency === risk.firmCurrency) {
    listRoute(risk.unsettled, route);
    noteResult(risk, listing, change.hi, change.lo);
  } else {
    valueInFirm(risk, route);
  }
  return true;
}

/** Brings a foreign route's share in the scopes up to date; without a rate it stays as it was last valued. */
function valueInFirm(risk: Risk, route: number): void {
  const { exposure, pnl, rates, registry, firmCurrency } = risk;
  const { currency } = registry.listings[exposure.routeListing[route]];
  if (!convertInto(firm, rates, now, currency, firmCurrency, false)) return;
  columnGet(before, pnl.totalFirm, route);
  columnSet(pnl.totalFirm, route, firm);
  subInto(change, firm, before);
  addToMade(risk, route, change);
  noteResult(risk, exposure.routeListing[route], change.hi, change.lo);
  columnGet(before, pnl.dayStart, route);
  subInto(change, now, before);
  if (!convertInto(firm, rates, change, currency, firmCurrency, false)) return;
  columnGet(before, pnl.dayFirm, route);
  columnSet(pnl.dayFirm, route, firm);
  subInto(change, firm, before);
  addToDays(risk, route, change);
  noteResult(risk, exposure.routeListing[route], change.hi, change.lo);
}

/** Whether a route has made or lost anything, in its currency or the firm's, since its day began. */
function isMoved({ total, dayStart, dayFirm }: Pnl, route: number): boolean {
  return (
    total.hi[route] !== dayStart.hi[route] || total.lo[route] !== dayStart.lo[route] || dayFirm.hi[route] !== 0 || dayFirm.lo[route] !== 0
  );
}

/** A new session day of a calendar: what its listings made or lost so far belongs to the day before. */
export function startDay(risk: Risk, calendar: number): void {
  const { exposure, pnl, sessions, monitors } = risk;
  settle(risk);
  forgetSlack(risk);
  monitors.quietBelow.fill(-Infinity);
  for (let route = 0; route < exposure.routeCount; route++) {
    if (sessions.calendarOf[exposure.routeListing[route]] !== calendar || !isMoved(pnl, route)) continue;
    columnGet(now, pnl.total, route);
    columnGet(before, pnl.dayStart, route);
    columnSet(pnl.dayStart, route, now);
    subInto(change, before, now);
    columnAdd(pnl.rowDay, exposure.routeRow[route] * 2 + exposure.routeSimulated[route], change.hi, change.lo);
    if (exposure.routeSimulated[route] === 1 || risk.firmCurrency < 0) continue;
    if (risk.registry.listings[exposure.routeListing[route]].currency !== risk.firmCurrency) {
      columnGet(firm, pnl.dayFirm, route);
      negInto(change, firm);
      fromSafe(firm, 0);
      columnSet(pnl.dayFirm, route, firm);
    }
    addToDays(risk, route, change);
  }
}

/** Another deployment of the row begins: what it made or lost on paper so far today is not the new one's. What it lost of capital is. */
export function startPaperDay({ exposure, pnl }: Risk, row: RowIx): void {
  for (let route = 0; route < exposure.routeCount; route++) {
    if (exposure.routeRow[route] !== row || exposure.routeSimulated[route] !== 1) continue;
    columnGet(now, pnl.total, route);
    columnSet(pnl.dayStart, route, now);
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
export function addCash(risk: Risk, route: number, x: Split): void {
  setInto(firm, x);
  columnAdd(risk.pnl.cash, route, firm.hi, firm.lo);
  valueRoute(risk, route);
}
