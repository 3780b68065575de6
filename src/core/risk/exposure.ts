import { assert } from '../../base/assert.ts';
import { intMap, type IntMap } from '../../base/int-map.ts';
import { moneyColumn, type MoneyColumn } from '../../base/split.ts';
import type { AccountIx, ClOrdID, InstrumentIx, ListingIx, RowIx } from '../../domain/ids.ts';
import type { ListingRow } from '../registry.ts';
import type { RiskCapacities } from './capacities.ts';
import type { GateRow } from './order-gate.ts';
import { heldInstruments, placeOf, type ScopeTable } from './scope-table.ts';
import { accountScope, algorithmScope, firmScope, ownScopes, sectorScope, venueScope, versionScope } from './scopes.ts';

/**
 * Open quantities beside positions.
 * Cell = (scope, instrument), base units. Route = (row, account, listing), lots: where an order of a row goes, with the cells it counts in.
 * Slot = one open order. A route of a simulated row has one cell of its own for all scopes: a run on paper is judged as if it were alone.
 */
export interface Exposure {
  readonly cellIx: IntMap;
  cellCount: number;
  readonly cellScope: Uint8Array;
  readonly cellScopeIx: Int32Array;
  readonly cellInstrument: Int32Array;
  /** By instrument: the firm's cell, -1 or behind the end = never used. */
  firmCells: Int32Array;
  /** `cellStride` numbers for each cell, so that one look fetches all: position, open buys, open sells, and 1 where any of them is not 0. */
  readonly cells: Float64Array;
  /** By row on paper: instruments held. Those of the other scopes stand in the scope table. */
  readonly paperHeld: Int32Array;
  readonly table: ScopeTable;

  readonly routeIx: IntMap;
  routeCount: number;
  readonly routeRow: Int32Array;
  readonly routeAccount: Int32Array;
  readonly routeListing: Int32Array;
  readonly routeSimulated: Uint8Array;
  /** `routeStride` numbers for each route, one cache line: position, open buys, open sells (lots), then its cells by scope. */
  readonly routes: Float64Array;
  /** `routeStride` further numbers for each route: what it is, and what its listing counts with (`rowOfRoute` …). */
  readonly routeFacts: Float64Array;
  /** By row * 2 + simulated: its latest route and that one's account, by listing, so that the usual account is found without hashing; -1 = none. */
  readonly usualRoute: (Int32Array | undefined)[];
  readonly nextRoute: Int32Array;
  /** By listing: its newest route, -1 = none. */
  firstRoute: Int32Array;

  readonly slotIx: IntMap;
  /** Where orders were last found, by a few bits of their numbers: most are asked for again before another takes the place. A guess, checked against `slotOrder`. */
  readonly slotGuess: Int32Array;
  readonly freeSlots: Int32Array;
  freeCount: number;
  readonly slotOrder: Float64Array;
  readonly slotRoute: Int32Array;
  readonly slotSell: Uint8Array;
  /** 0 = counts in full, 1 = in its route only (target of a bracket), 2 = not at all (stop of a bracket). */
  readonly slotWeight: Uint8Array;
  readonly slotLeaves: Float64Array;
  /** Lots that it counts with now. */
  readonly slotCounted: Float64Array;
  /** Ticks at which it reserves capital; 0 = proven reducing when it was accepted. */
  readonly slotPx: Float64Array;
  readonly slotReserved: MoneyColumn;
  /** Order that it is to replace, while the venue has not answered; -1 = none. */
  readonly slotTwin: Int32Array;
  /** Order that is to replace it; -1 = none. */
  readonly slotHeir: Int32Array;

  /** Own resting orders by price, best first: [listing * 2 + sell], -1 = none. */
  bookHead: Int32Array;
  readonly bookNext: Int32Array;
  readonly bookPrev: Int32Array;
  /** Limit price of a resting order; 0 = stands in no book. */
  readonly bookPx: Float64Array;
  readonly capacities: RiskCapacities;
}

export const cellStride = 4;
export const routeStride = 8;
/** Places within the facts of a route. */
export const rowOfRoute = 0;
export const accountOfRoute = 1;
export const listingOfRoute = 2;
export const simulatedRoute = 3;
export const baseUnitsOfRoute = 4;
export const moneyOfRoute = 5;
export const currencyOfRoute = 6;
/** Place of the first cell within a route. */
export const firstCell = 3;
/** Places within a cell and a route; `openOf` gives the one of a side. */
export const held = 3;
// what is exported V8 fetches and tests at every use, these it knows
const heldAt = held;
const cellsApart = cellStride;
const routesApart = routeStride;
const cellsAt = firstCell;
const openBuys = 1;
const openSells = 2;

/** Place of the open quantity on a side. */
export function openOf(sell: boolean): number {
  return sell ? openSells : openBuys;
}

/** Scope number of the cells of rows on paper. */
export const paperScope = ownScopes;

export function createExposure(capacities: RiskCapacities, table: ScopeTable): Exposure {
  const { cells, routes, openOrders } = capacities;
  const exposure: Exposure = {
    cellIx: intMap(cells),
    cellCount: 0,
    cellScope: new Uint8Array(cells),
    cellScopeIx: new Int32Array(cells),
    cellInstrument: new Int32Array(cells),
    firmCells: new Int32Array(16).fill(-1),
    cells: new Float64Array(cells * cellStride),
    paperHeld: new Int32Array(capacities.rows),
    table,
    routeIx: intMap(routes),
    routeCount: 0,
    routeRow: new Int32Array(routes),
    routeAccount: new Int32Array(routes),
    routeListing: new Int32Array(routes),
    routeSimulated: new Uint8Array(routes),
    routes: new Float64Array(routes * routeStride),
    routeFacts: new Float64Array(routes * routeStride),
    usualRoute: [],
    nextRoute: new Int32Array(routes),
    firstRoute: new Int32Array(0),
    slotIx: intMap(openOrders),
    slotGuess: new Int32Array(guesses),
    freeSlots: new Int32Array(openOrders),
    freeCount: openOrders,
    slotOrder: new Float64Array(openOrders),
    slotRoute: new Int32Array(openOrders),
    slotSell: new Uint8Array(openOrders),
    slotWeight: new Uint8Array(openOrders),
    slotLeaves: new Float64Array(openOrders),
    slotCounted: new Float64Array(openOrders),
    slotPx: new Float64Array(openOrders),
    slotReserved: moneyColumn(openOrders),
    slotTwin: new Int32Array(openOrders),
    slotHeir: new Int32Array(openOrders),
    bookHead: new Int32Array(0),
    bookNext: new Int32Array(openOrders),
    bookPrev: new Int32Array(openOrders),
    bookPx: new Float64Array(openOrders),
    capacities,
  };
  for (let i = 0; i < openOrders; i++) exposure.freeSlots[i] = openOrders - 1 - i;
  return exposure;
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
}

/** Whether any row has a position or an open order in the listing. */
export function isExposed({ firstRoute, nextRoute, routes }: Exposure, listing: ListingIx): boolean {
  for (let route = firstRoute[listing]; route >= 0; route = nextRoute[route]) {
    const at = route * routeStride;
    if (routes[at] !== 0 || routes[at + openBuys] !== 0 || routes[at + openSells] !== 0) return true;
  }
  return false;
}

const two16 = 65_536;

function routeKey(row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number {
  return ((row * two16 + account) * two16 + listing) * 2 + (simulated ? 1 : 0);
}

/** Listings past this are found by hashing only. */
const usualListings = 8_192;

/** The route, -1 = never used. */
export function findRoute(exposure: Exposure, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): number {
  const usual = exposure.usualRoute[row * 2 + (simulated ? 1 : 0)];
  if (usual !== undefined && 2 * listing < usual.length && usual[2 * listing + 1] === account && usual[2 * listing] >= 0)
    return usual[2 * listing];
  return exposure.routeIx.get(routeKey(row, account, listing, simulated)) ?? -1;
}

function setUsual(exposure: Exposure, route: number, row: RowIx, account: AccountIx, listing: ListingIx, simulated: boolean): void {
  if (listing >= usualListings) return;
  const side = row * 2 + (simulated ? 1 : 0);
  let usual = exposure.usualRoute[side];
  if (usual === undefined || 2 * listing >= usual.length) {
    const wider = new Int32Array(2 * Math.min(usualListings, Math.max(16, 2 * listing))).fill(-1);
    if (usual !== undefined) wider.set(usual);
    usual = wider;
    exposure.usualRoute[side] = wider;
  }
  usual[2 * listing] = route;
  usual[2 * listing + 1] = account;
}

/** Whether a new route (and its cells) would still find room. */
export function routeFits(exposure: Exposure): boolean {
  return exposure.routeCount < exposure.capacities.routes && exposure.cellCount + ownScopes <= exposure.capacities.cells;
}

/** The route, made when it is new. */
export function takeRoute(exposure: Exposure, row: GateRow, account: AccountIx, listing: ListingRow, simulated: boolean): number {
  const found = findRoute(exposure, row.ix, account, listing.ix, simulated);
  if (found >= 0) return found;
  assert(routeFits(exposure), 'routes and cells have room: the gate denies orders before they run out');
  const route = exposure.routeCount++;
  exposure.routeIx.set(routeKey(row.ix, account, listing.ix, simulated), route);
  exposure.routeRow[route] = row.ix;
  exposure.routeAccount[route] = account;
  exposure.routeListing[route] = listing.ix;
  exposure.routeSimulated[route] = simulated ? 1 : 0;
  exposure.nextRoute[route] = exposure.firstRoute[listing.ix];
  exposure.firstRoute[listing.ix] = route;
  const { instrument } = listing;
  describeRoute(exposure, route * routeStride, row.ix, account, listing, simulated);
  setUsual(exposure, route, row.ix, account, listing.ix, simulated);
  const at = route * routesApart + cellsAt;
  const { routes } = exposure;
  if (simulated) {
    routes.fill(takeCell(exposure, paperScope, row.ix, instrument), at, at + ownScopes);
    return route;
  }
  routes[at + firmScope] = takeCell(exposure, firmScope, 0, instrument);
  routes[at + accountScope] = takeCell(exposure, accountScope, account, instrument);
  routes[at + venueScope] = takeCell(exposure, venueScope, listing.venue, instrument);
  // side by side: most algorithms have one version at work
  routes[at + algorithmScope] = takeCell(exposure, algorithmScope, row.algorithm, instrument);
  routes[at + versionScope] = takeCell(exposure, versionScope, row.ix, instrument);
  return route;
}

function describeRoute(exposure: Exposure, at: number, row: RowIx, account: AccountIx, listing: ListingRow, simulated: boolean): void {
  const { routeFacts: facts } = exposure;
  facts[at + rowOfRoute] = row;
  facts[at + accountOfRoute] = account;
  facts[at + listingOfRoute] = listing.ix;
  facts[at + simulatedRoute] = simulated ? 1 : 0;
  facts[at + baseUnitsOfRoute] = listing.baseUnitsPerLot;
  facts[at + moneyOfRoute] = listing.moneyPerTickLot;
  facts[at + currencyOfRoute] = listing.currency;
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

/** A power of two. */
const guesses = 1_024;

function guessOf(clOrdID: ClOrdID): number {
  return Math.imul(clOrdID | 0, 0x9e3779b1) >>> 22;
}

/** Slot of an open order, -1 = it is not open. */
export function findSlot(exposure: Exposure, clOrdID: ClOrdID): number {
  const guess = exposure.slotGuess[guessOf(clOrdID)];
  if (exposure.slotOrder[guess] === clOrdID) return guess;
  return exposure.slotIx.get(clOrdID) ?? -1;
}

/** Gives an order a free slot. @returns -1 when it has one already. */
export function takeSlot(exposure: Exposure, clOrdID: ClOrdID): number {
  const slot = exposure.freeSlots[exposure.freeCount - 1];
  if (!exposure.slotIx.add(clOrdID, slot)) return -1;
  exposure.freeCount -= 1;
  exposure.slotOrder[slot] = clOrdID;
  exposure.slotGuess[guessOf(clOrdID)] = slot;
  return slot;
}

export function giveSlot(exposure: Exposure, slot: number): void {
  exposure.slotIx.delete(exposure.slotOrder[slot]);
  exposure.slotOrder[slot] = 0;
  exposure.freeSlots[exposure.freeCount++] = slot;
}
