import { addInto, columnAdd, columnGet, splitZero, subInto, type Split } from '../../base/split.ts';
import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { bookEntryCost, type BookingOutcome } from './capital.ts';
import { differencePrice, moveByFill, moveToMark } from './difference.ts';
import { cellStride, judgeHeld, lotStride, takeRoute } from './exposure.ts';
import { isForeign, rateMoved, routesRatedBy, seekUnrated } from './foreign.ts';
import { routeMarginNow } from './margin-use.ts';
import { addCash, valueInFirm, valueRoute } from './pnl.ts';
import type { ListingRow } from '../registry.ts';
import type { FillMove } from './position-view.ts';
import { convertLastInto } from './rates.ts';
import { valueTwice } from './reference.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { ownScopes, versionScope, type ScopeKind } from './scopes.ts';
import { sectorValueChanged } from './sector-value.ts';
import { settle } from './settle.ts';
import { forgetSlack, noteMoved, notePrice } from './slack.ts';
import { listRoute } from './unsettled.ts';

// a constant of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const lotsApart = lotStride;

const before = splitZero();
const cost = splitZero();

/**
 * To be called after every booking to a leaf (fill, bust, correction, cash flow, transfer; for both leaves of a transfer): copies the ledger's answer into
 * the columns that the checks read, books the row's entry cost and values the leaf. `fill` = what a plain fill did, when it was one.
 */
export function positionMoved(
  risk: Risk,
  row: RowIx,
  account: AccountIx,
  listing: ListingIx,
  simulated: boolean,
  fill?: FillMove,
): BookingOutcome {
  const { exposure, gate, registry, positions } = risk;
  const definition = registry.listings[listing];
  const route = exposure.routes[takeRoute(exposure, gate.rows[row], account, definition, simulated)];
  const waits = simulated || definition.currency === risk.firmCurrency;
  const price = valueTwice(risk.marks, listing);
  // a sector's value without a mark of today stays that of what was held until now
  if (!waits || (risk.sectorValue.active && price <= 0)) settle(risk);
  const at = route.ix * lotsApart;
  const was = exposure.lots[at];
  const added = fill !== undefined && positions.hasOneCurrency(row, simulated) ? fill : undefined;
  const lots = added === undefined ? positions.leafPosition(row, account, listing, simulated) : added.position;
  exposure.lots[at] = lots;
  movePosition(risk, route, (lots - was) * definition.baseUnitsPerLot);
  if (!simulated && lots !== was) {
    noteMoved(risk, route, (lots - was) * definition.baseUnitsPerLot, ((lots - was) * price * definition.moneyPerTickLot) / 2);
    notePrice(risk, listing, price);
  }
  const { currency } = gate.slices[gate.rows[row].slice];
  columnGet(before, simulated ? gate.paperCost : gate.entryCost, row);
  if (added !== undefined && definition.currency === currency) addInto(cost, before, added.entryCost);
  else positions.entryCost(row, simulated, cost);
  if (!simulated) {
    subInto(before, cost, before);
    columnAdd(risk.usedOf, currency, before.hi, before.lo);
  }
  const outcome = bookEntryCost(gate, row, cost, simulated);
  if (added === undefined || !moveByFill(risk, route, was, added)) valueRoute(risk, route);
  if (!simulated) {
    if (!waits) settleForeign(risk, route);
    if (isForeign(risk, route)) seekUnrated(risk);
    if (risk.sectorValue.active) sectorMoved(risk, definition);
  }
  return outcome;
}

/** An instrument with several listings is worth what the last of them says, all of it: no sum of moves tells by how much it changed, so it is valued at once. */
function sectorMoved(risk: Risk, listing: ListingRow): void {
  sectorValueChanged(risk, listing);
  if (risk.listingsOf[listing.instrument] > 1) settle(risk);
}

/** What hangs on a rate of the moment is brought up to date at once. */
function settleForeign(risk: Risk, route: Route): void {
  settle(risk);
  if (risk.marginUse.active) routeMarginNow(risk, route);
}

/** The position in the version's cell, or in the only one of a row on paper; the other scopes follow when they are settled. */
function movePosition(risk: Risk, route: Route, moved: number): void {
  const { exposure } = risk;
  const cell = route.cells[versionScope];
  exposure.cells[cell * cellStride] += moved;
  if (route.simulated) judgeHeld(exposure, cell, risk.sectorOf);
  else listRoute(risk.unsettled, route);
  const watch = risk.monitors.rows[route.row];
  // a late fill on paper is none of the capital that the version trades by now; lots of capital come to a version that is still on paper when it takes over
  if (watch !== undefined && (watch.simulated || !route.simulated)) watch.position = exposure.cells[cell * cellStride];
}

/**
 * Routes that may be behind before a mark settles them: some 0.6 us each. While no order needs their sums the list would grow to all of the desk's, and whoever
 * reads one then would wait for all.
 */
const settledTogether = 1_024;

/**
 * To be called after every mark: values the listing's positions at it. The rows to judge are those of its routes (`firstRoute`) and those that hang on it as a rate.
 * @returns the latter
 */
export function markMoved(risk: Risk, listing: ListingIx): readonly RowIx[] {
  const { exposure } = risk;
  const first = exposure.firstRoute[listing];
  if (risk.registry.listings[listing].currency !== risk.firmCurrency || risk.unsettled.routeCount >= settledTogether) settle(risk);
  if (first >= 0) valueRoutes(risk, listing, first);
  if (risk.sectorValue.active) sectorMoved(risk, risk.registry.listings[listing]);
  if (first >= 0) notePrice(risk, listing, valueTwice(risk.marks, listing));
  const rated = rateMoved(risk, listing);
  const hanging = routesRatedBy(risk, listing);
  // values of sectors are those of the firm's positions
  if (hanging.length > 0 && risk.sectorValue.active) settle(risk);
  for (const ix of hanging) worthMoved(risk, exposure.routes[ix]);
  return rated;
}

/** A rate has moved what a route in another currency is worth to the firm, its accounts and the other scopes. */
function worthMoved(risk: Risk, route: Route): void {
  valueInFirm(risk, route);
  if (risk.marginUse.active) routeMarginNow(risk, route);
  if (risk.sectorValue.active) sectorValueChanged(risk, risk.registry.listings[route.listing]);
}

function valueRoutes(risk: Risk, listing: ListingIx, first: number): void {
  const { exposure } = risk;
  const { moneyPerTickLot, currency } = risk.registry.listings[listing];
  const atOnce = risk.marginUse.active && currency !== risk.firmCurrency;
  const mid = differencePrice(risk, listing);
  for (let ix = first; ix >= 0; ix = exposure.routes[ix].next) {
    const route = exposure.routes[ix];
    if (exposure.lots[ix * lotsApart] === 0) continue;
    if (mid === 0 || !moveToMark(risk, route, mid, moneyPerTickLot)) valueWhole(risk, route);
    if (atOnce) routeMarginNow(risk, route);
    else if (!route.simulated) listRoute(risk.unsettled, route);
  }
}

/** Fees in another currency are converted anew: they may hide in the result how much more the position is worth, which margins and sector values follow. */
function valueWhole(risk: Risk, route: Route): void {
  if (!route.simulated && !risk.positions.hasOneCurrency(route.row, false)) forgetSlack(risk);
  valueRoute(risk, route);
}

const flow = splitZero();

/**
 * To be called after a cash flow that is a result was booked to a row (funding, dividend, borrow, fee, settlement): `money` in units of `currency`, positive =
 * into the account. Counts with the row's route of that instrument (any of the account when `instrument` is -1), at the last rate there was when the currencies differ.
 * @returns false when the row trades nothing there or there was never a rate: the flow is in the ledger, but no monitor sees it.
 */
export function cashMoved(
  risk: Risk,
  row: RowIx,
  account: AccountIx,
  instrument: number,
  currency: number,
  money: Split,
  simulated: boolean,
): boolean {
  const route = routeIn(risk, row, account, instrument, simulated);
  if (route === undefined || !convertLastInto(flow, risk.rates, money, currency, route.currency, false)) return false;
  addCash(risk, route, flow);
  return true;
}

function routeIn(risk: Risk, row: RowIx, account: AccountIx, instrument: number, simulated: boolean): Route | undefined {
  const { exposure, registry } = risk;
  return exposure.routes.find(
    (route) =>
      route.row === row &&
      route.account === account &&
      route.simulated === simulated &&
      (instrument < 0 || registry.listings[route.listing].instrument === instrument),
  );
}

/** Where a cell and the ledger differ about a position, as a sentence; '' = nowhere. An audit: it looks at every cell. */
export function positionsDiffer(risk: Risk): string {
  const { exposure, positions } = risk;
  settle(risk);
  for (let cell = 0; cell < exposure.cellCount; cell++) {
    const scope = exposure.cellScope[cell];
    if (scope >= ownScopes) continue;
    const ledger = positions.positionBase(scope as ScopeKind, exposure.cellScopeIx[cell], exposure.cellInstrument[cell]);
    const here = exposure.cells[cell * cellStride];
    if (here !== ledger)
      return `position of instrument ${exposure.cellInstrument[cell]} in scope ${scope}/${exposure.cellScopeIx[cell]}: expected ${ledger}, was ${here}`;
  }
  return '';
}
