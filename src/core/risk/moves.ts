import { addInto, columnAdd, columnGet, splitZero, subInto, type Split } from '../../base/split.ts';
import type { AccountIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { bookEntryCost, type BookingOutcome } from './capital.ts';
import { differencePrice, moveByFill, moveToMark, settleShared } from './difference.ts';
import { cellStride, firstCell, judgeHeld, routeStride, takeRoute } from './exposure.ts';
import { positionMarginChanged } from './margin-use.ts';
import { addCash, valueRoute } from './pnl.ts';
import type { FillMove } from './position-view.ts';
import { convertInto } from './rates.ts';
import type { Risk } from './risk.ts';
import { ownScopes, versionScope, type ScopeKind } from './scopes.ts';
import { sectorValueChanged } from './sector-value.ts';

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
  const route = takeRoute(exposure, gate.rows[row], account, definition, simulated);
  const was = exposure.routes[route * routeStride];
  const added = fill !== undefined && positions.hasOneCurrency(row, simulated) ? fill : undefined;
  const lots = added === undefined ? positions.leafPosition(row, account, listing, simulated) : added.position;
  exposure.routes[route * routeStride] = lots;
  moveCells(risk, route, (lots - was) * definition.baseUnitsPerLot);
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
  if (risk.marginUse.active) positionMarginChanged(risk, route);
  if (risk.sectorValue.active && !simulated) sectorValueChanged(risk, definition);
  return outcome;
}

function moveCells(risk: Risk, route: number, moved: number): void {
  const { exposure, sectorOf } = risk;
  const from = route * routeStride + firstCell;
  if (exposure.routeSimulated[route] === 1) {
    const cell = exposure.routes[from];
    exposure.cells[cell * cellStride] += moved;
    judgeHeld(exposure, cell, sectorOf);
  } else {
    for (let i = 0; i < ownScopes; i++) {
      const cell = exposure.routes[from + i];
      exposure.cells[cell * cellStride] += moved;
      judgeHeld(exposure, cell, sectorOf);
    }
  }
  const watch = risk.monitors.rows[exposure.routeRow[route]];
  if (watch !== undefined) watch.position = exposure.cells[exposure.routes[from + versionScope] * cellStride];
}

/** To be called after every mark: values the listing's positions at it. The rows to judge are those of its routes (`firstRoute`, `nextRoute`, `routeRow`). */
export function markMoved(risk: Risk, listing: ListingIx): void {
  const { exposure } = risk;
  const first = exposure.firstRoute[listing];
  if (first >= 0) valueRoutes(risk, listing, first);
  if (risk.sectorValue.active) sectorValueChanged(risk, risk.registry.listings[listing]);
}

function valueRoutes(risk: Risk, listing: ListingIx, first: number): void {
  const { exposure } = risk;
  const { moneyPerTickLot } = risk.registry.listings[listing];
  const { active } = risk.marginUse;
  const mid = differencePrice(risk, listing);
  for (let route = first; route >= 0; route = exposure.nextRoute[route]) {
    if (exposure.routes[route * routeStride] === 0) continue;
    if (mid === 0 || !moveToMark(risk, route, mid, moneyPerTickLot)) valueRoute(risk, route);
    if (active) positionMarginChanged(risk, route);
  }
  settleShared(risk, listing);
}

const flow = splitZero();

/**
 * To be called after a cash flow that is a result was booked to a row (funding, dividend, borrow, fee, settlement): `money` in units of `currency`, positive =
 * into the account. Counts with the row's route of that instrument (any of the account when `instrument` is -1), at the mark when the currencies differ.
 * @returns false when the row trades nothing there or no rate is known: the flow is in the ledger, but no monitor sees it.
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
  const { rates, registry, exposure } = risk;
  const route = routeOf(risk, row, account, instrument, simulated);
  if (route < 0 || !convertInto(flow, rates, money, currency, registry.listings[exposure.routeListing[route]].currency, false))
    return false;
  addCash(risk, route, flow);
  return true;
}

function routeOf(risk: Risk, row: RowIx, account: AccountIx, instrument: number, simulated: boolean): number {
  const { exposure, registry } = risk;
  for (let route = 0; route < exposure.routeCount; route++) {
    if (
      exposure.routeRow[route] !== row ||
      exposure.routeAccount[route] !== account ||
      exposure.routeSimulated[route] !== (simulated ? 1 : 0)
    )
      continue;
    if (instrument < 0 || registry.listings[exposure.routeListing[route]].instrument === instrument) return route;
  }
  return -1;
}

/** Where a cell and the ledger differ about a position, as a sentence; '' = nowhere. An audit: it looks at every cell. */
export function positionsDiffer(risk: Risk): string {
  const { exposure, positions } = risk;
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
