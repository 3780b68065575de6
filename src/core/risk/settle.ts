import { columnGet, columnSet, isZero, splitZero, subInto } from '../../base/split.ts';
import { baseUnitsOfRoute, cellStride, currencyOfRoute, firstCell, judgeHeld, routeStride } from './exposure.ts';
import { orderMarginNow, routeMarginNow } from './margin-use.ts';
import type { Risk } from './risk.ts';
import { addToDays, addToMade } from './scope-results.ts';
import { ownScopes, versionScope } from './scopes.ts';
import { settleSectors } from './sector-value.ts';
import { countedStride } from './unsettled.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const routesApart = routeStride;
const cellsApart = cellStride;
const cellsAt = firstCell;
const countedApart = countedStride;
const own = ownScopes;
const version = versionScope;

/** Brings everything above the routes up to date: to be called before a cell, a scope's result, a margin or a sector's value is read. Doing it twice changes nothing. */
export function settle(risk: Risk): void {
  const { unsettled, marginUse, sectorValue } = risk;
  const { routes, hasRoute, slots, hasSlot, routeCount, slotCount } = unsettled;
  unsettled.routeCount = 0;
  unsettled.slotCount = 0;
  for (let i = 0; i < routeCount; i++) {
    const route = routes[i];
    hasRoute[route] = 0;
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
function isPlain(risk: Risk, route: number): boolean {
  return risk.exposure.routeFacts[route * routesApart + currencyOfRoute] === risk.firmCurrency;
}

/** The position in the version's cell is kept at once, because the monitors read it after each fill. */
function settleCells(risk: Risk, route: number): void {
  const { exposure, unsettled, sectorOf } = risk;
  const { routes, cells } = exposure;
  const { counted } = unsettled;
  const at = route * routesApart;
  const was = route * countedApart;
  const baseUnits = exposure.routeFacts[at + baseUnitsOfRoute];
  const moved = (routes[at] - counted[was]) * baseUnits;
  const buys = (routes[at + 1] - counted[was + 1]) * baseUnits;
  const sells = (routes[at + 2] - counted[was + 2]) * baseUnits;
  if (moved === 0 && buys === 0 && sells === 0) return;
  for (let n = 0; n < 3; n++) counted[was + n] = routes[at + n];
  for (let scope = 0; scope < own; scope++) {
    const cell = routes[at + cellsAt + scope];
    const place = cell * cellsApart;
    if (scope !== version) cells[place] += moved;
    cells[place + 1] += buys;
    cells[place + 2] += sells;
    judgeHeld(exposure, cell, sectorOf);
  }
}

const now = splitZero();
const shown = splitZero();

function settleResult(risk: Risk, route: number): void {
  if (!isPlain(risk, route)) return;
  columnGet(now, risk.pnl.total, route);
  columnGet(shown, risk.unsettled.shown, route);
  subInto(shown, now, shown);
  if (isZero(shown)) return;
  columnSet(risk.unsettled.shown, route, now);
  addToMade(risk, route, shown);
  addToDays(risk, route, shown);
}
