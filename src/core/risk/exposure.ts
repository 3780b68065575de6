import { assert } from '../../base/assert.ts';
import { intMap, type IntMap } from '../../base/int-map.ts';
import type { AccountIx, InstrumentIx, ListingIx, RowIx } from '../../domain/ids.ts';
import type { ListingRow } from '../registry.ts';
import type { RiskCapacities } from './capacities.ts';
import { createOpenSlots, type OpenSlots } from './open-slot.ts';
import type { GateRow } from './order-gate.ts';
import { routeOf, type Route } from './route.ts';
import { heldInstruments, placeOf, type ScopeTable } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, ownScopes, sectorScope, venueScope, versionScope } from './scopes.ts';

/**
 * Open quantities beside positions.
 * Cell = (scope, instrument), base units. Route = (row, account, listing), lots: where an order of a row goes, with the cells it counts in. A route of a
 * simulated row has one cell of its own for all scopes: a run on paper is judged as if it were alone.
 */
export interface Exposure {
  readonly cellIx: IntMap;
  cellCount: number;
  readonly cellScope: Uint8Array;
  readonly cellScopeIx: Int32Array;
  readonly cellInstrument: Int32Array;
  /** By cell of a version: the newest route of its row and instrument, -1 = none; of the other cells -1. */
  readonly newestOfCell: number[];
  /** By instrument: the firm's cell, -1 or behind the end = never used. */
  firmCells: Int32Array;
  /** `cellStride` numbers for each cell, so that one look fetches all: position, open buys, open sells, and 1 where any of them is not 0. */
  readonly cells: Float64Array;
  /** By row on paper: instruments held. Those of the other scopes stand in the scope table. */
  readonly paperHeld: Int32Array;
  readonly table: ScopeTable;

  readonly routeIx: IntMap;
  readonly routes: Route[];
  /** `lotStride` numbers for each route: position, open buys, open sells. Each order reads them, also of a route that nothing else is near the processor of. */
  readonly lots: Float64Array;
  /** By row * 2 + simulated: for each listing the route that was asked for last, plus one, and its account, so that the usual one is found without hashing; 0 = none. No state. */
  readonly usualRoutes: Int32Array[];
  /** By listing: its newest route, -1 = none. */
  firstRoute: Int32Array;

  /** Open orders. */
  readonly slots: OpenSlots;

  /** Own resting orders by price, best first: [listing * 2 + sell], -1 = none. */
  bookHead: Int32Array;
  /** The price of that one, 0 = none: what an order is compared with, without a look at the other. */
  bookBest: Float64Array;
  readonly capacities: RiskCapacities;
}

export const cellStride = 4;
export const lotStride = 4;
/** Places within a cell; `openOf` gives the one of a side. */
export const held = 3;
// what is exported V8 fetches and tests at every use, these it knows
const heldAt = held;
const cellsApart = cellStride;
const lotsApart = lotStride;
const openBuys = 1;
const openSells = 2;

/** Place of the open quantity on a side within a cell and within the lots of a route. */
export function openOf(sell: boolean): number {
  return sell ? openSells : openBuys;
}

/** Scope number of the cells of rows on paper. */
export const paperScope = ownScopes;

export function createExposure(capacities: RiskCapacities, table: ScopeTable): Exposure {
  const { cells, routes, openOrders } = capacities;
  return {
    cellIx: intMap(cells),
    cellCount: 0,
    cellScope: new Uint8Array(cells),
    cellScopeIx: new Int32Array(cells),
    cellInstrument: new Int32Array(cells),
    newestOfCell: [],
    firmCells: new Int32Array(16).fill(-1),
    cells: new Float64Array(cells * cellStride),
    paperHeld: new Int32Array(capacities.rows),
    table,
    routeIx: intMap(routes),
    routes: [],
    lots: new Float64Array(routes * lotStride),
    usualRoutes: [],
    firstRoute: new Int32Array(0),
    slots: createOpenSlots(openOrders),
    bookHead: new Int32Array(0),
    bookBest: new Float64Array(0),
    capacities,
  };
}

/** Makes room for listings. */
export function growListings(exposure: Exposure, listings: number): void {
  if (listings <= exposure.firstRoute.length) return;
  const size = Math.max(listings, exposure.firstRoute.length * 2, 16);
  const first = new Int32Array(size).fill(-1);
  first.set(exposure.firstRoute);
  exposure.firstRoute = first;
  const head = new Int32Array(size * 2).fill(-1);
  head.set(exposure.bookHead);
  exposure.bookHead = head;
  const best = new Float64Array(size * 2);
  best.set(exposure.bookBest);
  exposure.bookBest = best;
}

/** Whether any row has a position or an open order in the listing. */
export function isExposed({ firstRoute, routes, lots }: Exposure, listing: ListingIx): boolean {
  for (let ix = firstRoute[listing]; ix >= 0; ix = routes[ix].next) {
    const at = ix * lotsApart;
    if (lots[at] !== 0 || lots[at + openBuys] !== 0 || lots[at + openSells] !== 0) return true;
  }
  return false;
}

const two16 = 65_536;

function routeKey(row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number {
  return ((row * two16 + account) * two16 + listing) * 2 + (simulated ? 1 : 0);
}

/** Listings past this are found by hashing only. */
const usualListings = 8_192;

/** Number of the route, -1 = never used. */
function routeNumber(exposure: Exposure, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number {
  const side = row * 2 + (simulated ? 1 : 0);
  if (side < exposure.usualRoutes.length) {
    const usual = exposure.usualRoutes[side];
    const at = 2 * listing;
    if (at < usual.length && usual[at] !== 0 && usual[at + 1] === account) return usual[at] - 1;
  }
  const ix = exposure.routeIx.get(routeKey(row, account, listing, simulated));
  if (ix === undefined) return -1;
  setUsual(exposure, exposure.routes[ix]);
  return ix;
}

/** The route, undefined = never used. */
export function findRoute(exposure: Exposure, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): Route | undefined {
  const ix = routeNumber(exposure, row, account, listing, simulated);
  return ix < 0 ? undefined : exposure.routes[ix];
}

function setUsual(exposure: Exposure, route: Route): void {
  const { usualRoutes } = exposure;
  const { listing } = route;
  if (listing >= usualListings) return;
  const side = route.row * 2 + (route.simulated ? 1 : 0);
  // without gaps, which V8 would search through at every look
  while (usualRoutes.length <= side) usualRoutes.push(new Int32Array(0));
  if (2 * listing >= usualRoutes[side].length) {
    const wider = new Int32Array(Math.max(32, 4 * listing));
    wider.set(usualRoutes[side]);
    usualRoutes[side] = wider;
  }
  usualRoutes[side][2 * listing] = route.ix + 1;
  usualRoutes[side][2 * listing + 1] = route.account;
}

/** Whether a new route (and its cells) would still find room. */
export function routeFits(exposure: Exposure): boolean {
  return exposure.routes.length < exposure.capacities.routes && exposure.cellCount + ownScopes <= exposure.capacities.cells;
}

/** Number of the route, made when it is new. */
export function takeRoute(exposure: Exposure, row: GateRow, account: AccountIx, listing: ListingRow, simulated: boolean): number {
  const found = routeNumber(exposure, row.ix, account, listing.ix, simulated);
  return found < 0 ? makeRoute(exposure, row, account, listing, simulated) : found;
}

function makeRoute(exposure: Exposure, row: GateRow, account: AccountIx, listing: ListingRow, simulated: boolean): number {
  assert(routeFits(exposure), 'routes and cells have room: the gate denies orders before they run out');
  const ix = exposure.routes.length;
  const cells = cellsOf(exposure, row, account, listing, simulated);
  const own = cells[versionScope];
  const route = routeOf(ix, row.ix, account, listing, simulated, cells, exposure.firstRoute[listing.ix], exposure.newestOfCell[own]);
  exposure.newestOfCell[own] = ix;
  exposure.routes.push(route);
  exposure.routeIx.set(routeKey(row.ix, account, listing.ix, simulated), ix);
  exposure.firstRoute[listing.ix] = ix;
  setUsual(exposure, route);
  return ix;
}

/** A simulated route counts in one cell of its row in the place of all. */
function cellsOf(exposure: Exposure, row: GateRow, account: AccountIx, { instrument, venue }: ListingRow, simulated: boolean): number[] {
  const cells = new Array<number>(ownScopes).fill(0);
  if (simulated) return cells.fill(takeCell(exposure, paperScope, row.ix, instrument));
  cells[firmScope] = takeCell(exposure, firmScope, 0, instrument);
  cells[accountScope] = takeCell(exposure, accountScope, account, instrument);
  cells[venueScope] = takeCell(exposure, venueScope, venue, instrument);
  // side by side: most algorithms have one version at work
  cells[algorithmScope] = takeCell(exposure, algorithmScope, row.algorithm, instrument);
  cells[versionScope] = takeCell(exposure, versionScope, row.ix, instrument);
  return cells;
}

function takeCell(exposure: Exposure, scope: number, scopeIx: number, instrument: InstrumentIx): number {
  const key = (scope * two16 + scopeIx) * two16 + instrument;
  const found = exposure.cellIx.get(key);
  if (found !== undefined) return found;
  const cell = exposure.cellCount++;
  exposure.cellIx.set(key, cell);
  exposure.cellScope[cell] = scope;
  exposure.cellScopeIx[cell] = scopeIx;
  exposure.cellInstrument[cell] = instrument;
  exposure.newestOfCell.push(-1);
  if (scope === firmScope) noteFirmCell(exposure, instrument, cell);
  return cell;
}

function noteFirmCell(exposure: Exposure, instrument: InstrumentIx, cell: number): void {
  if (instrument >= exposure.firmCells.length) {
    const wider = new Int32Array(2 * instrument).fill(-1);
    wider.set(exposure.firmCells);
    exposure.firmCells = wider;
  }
  exposure.firmCells[instrument] = cell;
}

/** The firm's cell of an instrument, -1 = never used. */
export function findFirmCell(exposure: Exposure, instrument: InstrumentIx): number {
  const { firmCells } = exposure;
  return instrument < firmCells.length ? firmCells[instrument] : -1;
}

/** Raises or lowers the number of instruments held in the cell's scope after its position or its open orders changed. */
export function judgeHeld(exposure: Exposure, cell: number, sectorOf: Int32Array): void {
  const { cells } = exposure;
  const at = cell * cellsApart;
  // held as before because of its position: the usual case
  if (cells[at] !== 0 && cells[at + heldAt] === 1) return;
  const holds = cells[at] !== 0 || cells[at + openBuys] !== 0 || cells[at + openSells] !== 0 ? 1 : 0;
  const change = holds - cells[at + heldAt];
  if (change === 0) return;
  cells[at + heldAt] = holds;
  const scope = exposure.cellScope[cell];
  if (scope === paperScope) {
    exposure.paperHeld[exposure.cellScopeIx[cell]] += change;
    return;
  }
  bumpHeld(exposure.table, scope, exposure.cellScopeIx[cell], change);
  if (scope === firmScope) bumpHeld(exposure.table, sectorScope, sectorOf[exposure.cellInstrument[cell]], change);
}

function bumpHeld(table: ScopeTable, scope: number, ix: number, change: number): void {
  const place = placeOf(table, scope, ix);
  table.numbers[place + heldInstruments] += change;
}

/** Instruments held in a scope. */
export function heldIn(exposure: Exposure, scope: number, ix: number): number {
  const place = placeOf(exposure.table, scope, ix);
  return exposure.table.numbers[place + heldInstruments];
}
