import {
  columnAdd,
  columnGet,
  columnSet,
  growColumn,
  moneyColumn,
  mulInto,
  mulSmallInto,
  splitZero,
  subInto,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import { midTwice } from '../market/marks.ts';
import { marginBps, type MarginTable } from './margin.ts';
import { convertInto } from './rates.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { divCeilInto } from './split-more.ts';

/** Initial margin of positions (at the mark) and open orders (at their reservation) by account, firm's currency; kept while any credit line is set. */
export interface MarginUse {
  active: boolean;
  readonly tables: MarginTable[];
  readonly slot: MoneyColumn;
  readonly route: MoneyColumn;
  readonly account: MoneyColumn;
}

export function createMarginUse(routes: number, openOrders: number): MarginUse {
  return { active: false, tables: [], slot: moneyColumn(openOrders), route: moneyColumn(routes), account: moneyColumn(16) };
}

const margin = splitZero();
const held = splitZero();

/** Takes the order's reservation as it is now. Without a rate the margin stays as it was (a new order is denied NO_FX_RATE before). */
export function orderMarginChanged(risk: Risk, slot: number): void {
  const { exposure, marginUse } = risk;
  columnGet(margin, exposure.slotReserved, slot);
  const route = exposure.slotRoute[slot];
  if (marginInto(margin, risk, margin, exposure.routeAccount[route], exposure.routeListing[route])) {
    move(risk, marginUse.slot, slot, exposure.routeAccount[route]);
  }
}

/** Takes the route's position at the listing's mark. */
export function positionMarginChanged(risk: Risk, route: number): void {
  const { exposure, marginUse, marks, registry } = risk;
  if (exposure.routeSimulated[route] === 1) return;
  const listing = exposure.routeListing[route];
  mulInto(margin, Math.abs(exposure.routePosition[route]), midTwice(marks, listing));
  mulSmallInto(margin, margin, registry.listings[listing].moneyPerTickLot);
  divCeilInto(margin, margin, 2);
  if (marginInto(margin, risk, margin, exposure.routeAccount[route], listing))
    move(risk, marginUse.route, route, exposure.routeAccount[route]);
}

/** Initial margin of a notional in the firm's currency, rounded up; false = no rate. */
export function marginInto(out: Split, risk: Risk, notional: Split, account: number, listingIx: number): boolean {
  const { registry, marginUse, rates, firmCurrency } = risk;
  const listing = registry.listings[listingIx];
  const bps = marginBps(marginUse.tables[account], listing.instrument, registry.instruments[listing.instrument].instrumentID);
  mulSmallInto(out, notional, bps);
  divCeilInto(out, out, bpsOne);
  return firmCurrency >= 0 && convertInto(out, rates, out, listing.currency, firmCurrency, true);
}

function move(risk: Risk, column: MoneyColumn, ix: number, account: number): void {
  columnGet(held, column, ix);
  columnSet(column, ix, margin);
  subInto(margin, margin, held);
  columnAdd(risk.marginUse.account, account, margin.hi, margin.lo);
}

export function growAccounts(risk: Risk, accounts: number): void {
  growColumn(risk.marginUse.account, accounts);
}

/** From the first credit line on the use is kept; it starts from everything that is open. */
export function keepMarginUse(risk: Risk, active: boolean): void {
  const { exposure, marginUse } = risk;
  if (active === marginUse.active) return;
  marginUse.active = active;
  for (const column of [marginUse.account, marginUse.slot, marginUse.route]) {
    column.hi.fill(0);
    column.lo.fill(0);
  }
  if (!active) return;
  for (let route = 0; route < exposure.routeCount; route++) positionMarginChanged(risk, route);
  exposure.slotIx.forEach((slot) => {
    if (exposure.routeSimulated[exposure.slotRoute[slot]] === 0) orderMarginChanged(risk, slot);
  });
}
