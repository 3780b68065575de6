import { columnGet, columnSet, isZero, splitZero, subInto } from '../../base/split.ts';
import { cellStride, judgeHeld, lotStride } from './exposure.ts';
import { orderMarginNow, routeMarginNow } from './margin-use.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { addToDays, addToMade } from './scope-results.ts';
import { ownScopes, versionScope } from './scopes.ts';
import { settleSectors } from './sector-value.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const cellsApart = cellStride;
const lotsApart = lotStride;
const own = ownScopes;
const version = versionScope;

/** Brings everything above the routes up to date: to be called before a cell, a scope's result, a margin or a sector's value is read. Doing it twice changes nothing. */
export function settle(risk: Risk): void {
  const { unsettled, marginUse, sectorValue } = risk;
  const { routes, slots, hasSlot, routeCount, slotCount } = unsettled;
  unsettled.routeCount = 0;
  unsettled.slotCount = 0;
  for (let i = 0; i < routeCount; i++) {
    const route = risk.exposure.routes[routes[i]];
    route.behind = false;
    settleCells(risk, route);
    settleResult(risk, route);
    if (marginUse.active && isPlain(risk, route)) routeMarginNow(risk, route);
  }
  for (let i = 0; i < slotCount; i++) {
    hasSlot[slots[i]] = 0;
    if (marginUse.active) orderMarginNow(risk, slots[i]);
  }
  if (sectorValue.staleCount > 0) settleSectors(risk);
}

/** A route in the firm's currency: nothing above it is converted at a rate of the moment, so that it may wait. */
function isPlain(risk: Risk, route: Route): boolean {
  return route.currency === risk.firmCurrency;
}

/** The position in the version's cell is kept at once, because the monitors read it after each fill. */
function settleCells(risk: Risk, route: Route): void {
  const { exposure, sectorOf } = risk;
  const { cells } = exposure;
  const { baseUnits } = route;
  const at = route.ix * lotsApart;
  const position = exposure.lots[at];
  const buys = exposure.lots[at + 1];
  const sells = exposure.lots[at + 2];
  const moved = (position - route.settledPosition) * baseUnits;
  const bought = (buys - route.settledBuys) * baseUnits;
  const sold = (sells - route.settledSells) * baseUnits;
  if (moved === 0 && bought === 0 && sold === 0) return;
  route.settledPosition = position;
  route.settledBuys = buys;
  route.settledSells = sells;
  for (let scope = 0; scope < own; scope++) {
    const cell = route.cells[scope];
    const place = cell * cellsApart;
    if (scope !== version) cells[place] += moved;
    cells[place + 1] += bought;
    cells[place + 2] += sold;
    judgeHeld(exposure, cell, sectorOf);
  }
}

const now = splitZero();
const shown = splitZero();

function settleResult(risk: Risk, route: Route): void {
  if (!isPlain(risk, route)) return;
  columnGet(now, risk.pnl.total, route.ix);
  columnGet(shown, risk.unsettled.shown, route.ix);
  subInto(shown, now, shown);
  if (isZero(shown)) return;
  columnSet(risk.unsettled.shown, route.ix, now);
  addToMade(risk, route, shown);
  addToDays(risk, route, shown);
}
