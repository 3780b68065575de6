import {
  addInto,
  columnAdd,
  columnGet,
  columnSet,
  growColumn,
  isZero,
  moneyColumn,
  mulInto,
  mulSmallInto,
  splitZero,
  subInto,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { CurrencyIx } from '../../domain/ids.ts';
import type { ListingRow } from '../registry.ts';
import { lotStride } from './exposure.ts';
import { fromMicro } from './firm-money.ts';
import { sliceCurrency } from './foreign.ts';
import { marginBps, type MarginTable } from './margin.ts';
import { slotReserved, slotRoute, slotShift } from './open-slot.ts';
import { convertInto, convertLastInto } from './rates.ts';
import { bpsOne, valueTwice } from './reference.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { madeInto } from './scope-results.ts';
import { accountScope, firmScope, scopeKinds, venueScope } from './scopes.ts';
import { divCeilInto, mulDivCeilInto } from './split-more.ts';
import { forgetSlack, noteOwed } from './slack.ts';
import { listSlot } from './unsettled.ts';

/** Initial margin of positions (at the mark) and open orders (at their reservation) by account, firm's currency; kept while any credit line is set. */
export interface MarginUse {
  active: boolean;
  readonly tables: MarginTable[];
  readonly slot: MoneyColumn;
  readonly route: MoneyColumn;
  /** [scope][index] of accounts, venues and the firm. */
  readonly margin: MoneyColumn[];
  /** [scope][index] of the same: cash put in less cash taken out, micro-money of the firm's currency. */
  readonly cash: Float64Array[];
}

export function createMarginUse(routes: number, openOrders: number): MarginUse {
  const perScope = <T>(make: () => T): T[] => Array.from({ length: scopeKinds }, make);
  return {
    active: false,
    tables: [],
    slot: moneyColumn(openOrders),
    route: moneyColumn(routes),
    margin: perScope(() => moneyColumn(1)),
    cash: perScope(() => new Float64Array(1)),
  };
}

const margin = splitZero();
const held = splitZero();

/**
 * The reservation of an order on a real route changed; `none` = it reserves nothing any more. In the firm's currency its margin follows when it is settled: an order
 * that is over before is never looked at. Nothing needs no rate.
 */
export function orderMarginChanged(risk: Risk, slot: number, route: Route, none: boolean): void {
  const { marginUse } = risk;
  if (!none) {
    if (!waitsToSettle(risk, route)) takeOrderMargin(risk, slot, route);
    else listSlot(risk.unsettled, slot);
  } else if (marginUse.slot.hi[slot] !== 0 || marginUse.slot.lo[slot] !== 0) {
    margin.hi = 0;
    margin.lo = 0;
    move(risk, marginUse.slot, slot, route.account);
  }
}

/** Nothing of its orders is converted at a rate of the moment. */
function waitsToSettle(risk: Risk, { row, currency }: Route): boolean {
  return currency === risk.firmCurrency && sliceCurrency(risk, row) === currency;
}

/** The margin of a listed slot. Who stands there now may be on paper, or in a currency whose orders do not wait. */
export function orderMarginNow(risk: Risk, slot: number): void {
  const route = routeOfSlot(risk, slot);
  if (!route.simulated && waitsToSettle(risk, route)) takeOrderMargin(risk, slot, route);
}

function routeOfSlot({ exposure }: Risk, slot: number): Route {
  return exposure.routes[exposure.slots.words[(slot << slotShift) | slotRoute]];
}

const reserved = splitZero();

/** Takes the order's reservation as it is now, at the last rate there was (a new order without a rate of now is denied NO_FX_RATE before); what was never rated stays as it was. */
function takeOrderMargin(risk: Risk, slot: number, { row, account, listing }: Route): void {
  const { numbers } = risk.exposure.slots;
  const at = (slot << slotShift) | slotReserved;
  reserved.hi = numbers[at];
  reserved.lo = numbers[at + 1];
  if (marginInto(margin, risk, reserved, 1, account, listing, sliceCurrency(risk, row), true))
    move(risk, risk.marginUse.slot, slot, account);
}

/** Takes the route's position at the listing's last price and the last rate there was. */
export function routeMarginNow(risk: Risk, route: Route): void {
  const { marginUse, marks } = risk;
  const { ix, account, listing, money, simulated, currency } = route;
  if (simulated) return;
  mulInto(margin, Math.abs(risk.exposure.lots[ix * lotStride]), valueTwice(marks, listing));
  mulSmallInto(margin, margin, money);
  if (marginInto(margin, risk, margin, 2, account, listing, currency, true)) move(risk, marginUse.route, ix, account);
}

/** Initial margin of a notional (`notional` / `parts`, in `currency`) in the firm's currency, rounded up: of what is in the books (`booked`) at the last rate there was, else at the rate of now; false = no rate. */
export function marginInto(
  out: Split,
  risk: Risk,
  notional: Split,
  parts: 1 | 2,
  account: number,
  listingIx: number,
  currency: CurrencyIx,
  booked: boolean,
): boolean {
  const { registry, marginUse, rates, firmCurrency } = risk;
  const listing = registry.listings[listingIx];
  const bps = marginBps(marginUse.tables[account], registry.instruments, listing.instrument);
  if (bps <= bpsOne * parts) {
    mulDivCeilInto(out, notional, bps, bpsOne * parts);
  } else {
    mulSmallInto(out, notional, bps);
    divCeilInto(out, out, bpsOne * parts);
  }
  if (firmCurrency < 0) return false;
  return booked
    ? convertLastInto(out, rates, out, currency, firmCurrency, true)
    : convertInto(out, rates, out, currency, firmCurrency, true);
}

function move(risk: Risk, column: MoneyColumn, ix: number, account: number): void {
  columnGet(held, column, ix);
  columnSet(column, ix, margin);
  subInto(margin, margin, held);
  if (isZero(margin)) return;
  noteOwed(risk, margin);
  columnAdd(risk.marginUse.margin[firmScope], 0, margin.hi, margin.lo);
  columnAdd(risk.marginUse.margin[accountScope], account, margin.hi, margin.lo);
  columnAdd(risk.marginUse.margin[venueScope], risk.registry.accounts[account].venue, margin.hi, margin.lo);
}

/** Makes room for an account or a venue. */
export function growMarginUse(risk: Risk, scope: number, things: number): void {
  const { margin, cash } = risk.marginUse;
  if (things <= cash[scope].length) return;
  growColumn(margin[scope], things * 2);
  const wider = new Float64Array(things * 2);
  wider.set(cash[scope]);
  cash[scope] = wider;
}

/** To be called after cash was put into or taken out of an account (deposit, transfer, flows that no row answers for). */
export function accountMoved(risk: Risk, account: number): void {
  const { cash } = risk.marginUse;
  const change = risk.positions.accountCash(account) - cash[accountScope][account];
  cash[accountScope][account] += change;
  cash[venueScope][risk.registry.accounts[account].venue] += change;
  cash[firmScope][0] += change;
  forgetSlack(risk);
}

const total = splitZero();

/** Equity of an account, a venue's accounts or all of them, firm's currency: cash put in plus everything made or lost. */
export function equityInto(out: Split, risk: Risk, scope: number, ix: number): void {
  fromMicro(out, risk.marginUse.cash[scope][ix], risk.registry.currencies[risk.firmCurrency].exponent);
  madeInto(total, risk, scope, ix);
  addInto(out, out, total);
}

/** Initial margin as a fraction of notional: a double for estimates. */
export function marginRate(risk: Risk, account: number, listing: ListingRow): number {
  return marginBps(risk.marginUse.tables[account], risk.registry.instruments, listing.instrument) / bpsOne;
}

/** From the first credit line on the use is kept; it starts from everything that is open. */
export function keepMarginUse(risk: Risk, active: boolean): void {
  const { exposure, marginUse } = risk;
  if (active === marginUse.active) return;
  marginUse.active = active;
  for (const column of [...marginUse.margin, marginUse.slot, marginUse.route]) {
    column.hi.fill(0);
    column.lo.fill(0);
  }
  if (!active) return;
  for (const route of exposure.routes) routeMarginNow(risk, route);
  exposure.slots.byID.forEach((slot) => {
    const route = routeOfSlot(risk, slot);
    if (!route.simulated) takeOrderMargin(risk, slot, route);
  });
}
