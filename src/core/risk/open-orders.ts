import { assert } from '../../base/assert.ts';
import { columnAdd, columnGet, columnSet, isNeg, isZero, mulInto, mulSmallInto, splitZero, subInto } from '../../base/split.ts';
import type { ClOrdID, RowIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { settleCapital } from './capital.ts';
import {
  baseUnitsOfRoute,
  cellStride,
  findSlot,
  firstCell,
  giveSlot,
  judgeHeld,
  listingOfRoute,
  moneyOfRoute,
  openOf,
  routeStride,
  rowOfRoute,
  simulatedRoute,
  takeRoute,
  takeSlot,
  type Exposure,
} from './exposure.ts';
import { orderMarginChanged } from './margin-use.ts';
import { enterBook, leaveBook } from './own-book.ts';
import type { Risk } from './risk.ts';
import { noteOpened, noteOwed } from './slack.ts';
import { countedStride, listRoute } from './unsettled.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const routesApart = routeStride;
const cellsApart = cellStride;
const cellsAt = firstCell;
const baseUnitsAt = baseUnitsOfRoute;
const simulatedAt = simulatedRoute;
const moneyAt = moneyOfRoute;
const listingAt = listingOfRoute;
const rowAt = rowOfRoute;
const countedApart = countedStride;

const inFull = 0;
const routeOnly = 1;
const notAtAll = 2;

/** Counts an order beside those that were checked: a child of a bracket, one that is known again, one of another row. */
export function orderOpened(risk: Risk, order: Readonly<Order>, reservePx: number, replaced: ClOrdID): void {
  const { exposure, registry, gate } = risk;
  const route = takeRoute(exposure, gate.rows[order.row], order.account, registry.listings[order.listing], order.simulated);
  openOnRoute(risk, order, route, reservePx, replaced);
}

/**
 * Counts an accepted order on its route. `reservePx` = 0 when it was proven reducing. `replaced` = the order it is to replace at a venue that does so in one message:
 * until the venue answers the two count as the larger of both; 0 = none, or a venue where both may fill.
 */
export function openOnRoute(risk: Risk, order: Readonly<Order>, route: number, reservePx: number, replaced: ClOrdID): void {
  const { exposure } = risk;
  assert(exposure.freeCount > 0, 'open orders have room: the gate denies orders before they run out');
  const slot = takeSlot(exposure, order.clOrdID);
  assert(slot >= 0, 'an order is counted once');
  exposure.slotRoute[slot] = route;
  exposure.slotSell[slot] = order.side === 'sell' ? 1 : 0;
  exposure.slotWeight[slot] = order.leg === 'stop' ? notAtAll : order.leg === 'target' ? routeOnly : inFull;
  exposure.slotLeaves[slot] = order.leavesQty;
  exposure.slotCounted[slot] = 0;
  exposure.slotPx[slot] = reservePx;
  exposure.slotReserved.hi[slot] = 0;
  exposure.slotReserved.lo[slot] = 0;
  const twin = replaced === 0 ? -1 : findSlot(exposure, replaced);
  exposure.slotTwin[slot] = twin;
  exposure.slotHeir[slot] = -1;
  if (twin >= 0) exposure.slotHeir[twin] = slot;
  exposure.bookPx[slot] = 0;
  const rests = order.ordType === 'limit' && !order.simulated;
  if (rests) enterBook(exposure, slot, order.listing, order.price);
  recount(risk, slot);
}

/** The order's leavesQty as it is now: fills, restatements, corrections. Saying the same twice changes nothing. */
export function orderChanged(risk: Risk, clOrdID: ClOrdID, leavesQty: number): void {
  const slot = findSlot(risk.exposure, clOrdID);
  if (slot < 0 || risk.exposure.slotLeaves[slot] === leavesQty) return;
  risk.exposure.slotLeaves[slot] = leavesQty;
  recount(risk, slot);
  if (risk.exposure.slotHeir[slot] >= 0) recount(risk, risk.exposure.slotHeir[slot]);
}

/** A venue moved the order's price by itself (restated). */
export function orderRepriced(risk: Risk, clOrdID: ClOrdID, price: number): void {
  const { exposure } = risk;
  const slot = findSlot(exposure, clOrdID);
  if (slot < 0) return;
  const listing = exposure.routeListing[exposure.slotRoute[slot]];
  if (exposure.bookPx[slot] !== 0) {
    leaveBook(exposure, slot, listing);
    enterBook(exposure, slot, listing, price);
  }
  if (exposure.slotPx[slot] !== 0) exposure.slotPx[slot] = Math.max(exposure.slotPx[slot], price);
  recount(risk, slot);
}

/** The order can trade no more: what it held is free. Saying it twice changes nothing. */
export function orderClosed(risk: Risk, clOrdID: ClOrdID): void {
  const { exposure } = risk;
  const slot = findSlot(exposure, clOrdID);
  if (slot < 0) return;
  exposure.slotLeaves[slot] = 0;
  exposure.slotTwin[slot] = twinCleared(exposure.slotTwin[slot], exposure.slotHeir);
  recount(risk, slot);
  leaveBook(exposure, slot, exposure.routeListing[exposure.slotRoute[slot]]);
  giveSlot(exposure, slot);
  const heir = exposure.slotHeir[slot];
  if (heir >= 0) {
    exposure.slotTwin[heir] = -1;
    exposure.slotHeir[slot] = -1;
    recount(risk, heir);
  }
}

/** The order belongs to another row of its slice now: it counts there as it did before. Its `row` is the new one already. */
export function orderRehomed(risk: Risk, order: Readonly<Order>): void {
  const { exposure } = risk;
  const slot = findSlot(exposure, order.clOrdID);
  if (slot < 0) return;
  const reservePx = exposure.slotPx[slot];
  orderClosed(risk, order.clOrdID);
  orderOpened(risk, order, reservePx, 0);
}

function twinCleared(twin: number, heirs: Int32Array): number {
  if (twin >= 0) heirs[twin] = -1;
  return -1;
}

const wanted = splitZero();
const held = splitZero();

/** Brings what the order counts with to what its leavesQty says. */
function recount(risk: Risk, slot: number): void {
  const { exposure } = risk;
  const at = exposure.slotRoute[slot] * routesApart;
  const twin = exposure.slotTwin[slot];
  const leaves = exposure.slotLeaves[slot];
  const counts = twin < 0 ? leaves : Math.max(0, leaves - exposure.slotLeaves[twin]);
  const weight = exposure.slotWeight[slot];
  const change = weight === notAtAll ? 0 : counts - exposure.slotCounted[slot];
  if (change !== 0) {
    const open = openOf(exposure.slotSell[slot] === 1);
    exposure.slotCounted[slot] = counts;
    countAbove(risk, slot, open, change);
    exposure.routes[at + open] += change;
  }
  if (weight === inFull) reserve(risk, slot, at, twin);
}

/** The cells follow when they are settled; the only one of a row on paper at once. What counts in its route alone is taken as counted in the cells already. */
function countAbove(risk: Risk, slot: number, open: number, change: number): void {
  const { exposure, unsettled } = risk;
  const route = exposure.slotRoute[slot];
  const at = route * routesApart;
  const { routes, routeFacts: facts } = exposure;
  if (facts[at + simulatedAt] === 0) {
    if (exposure.slotWeight[slot] === inFull) listRoute(unsettled, route);
    else unsettled.counted[route * countedApart + open] += change;
    if (change < 0) return;
    noteOpened(risk, facts[at + listingAt], change * facts[at + baseUnitsAt]);
  } else if (exposure.slotWeight[slot] === inFull) {
    const cell = routes[at + cellsAt];
    exposure.cells[cell * cellsApart + open] += change * facts[at + baseUnitsAt];
    judgeHeld(exposure, cell, risk.sectorOf);
  }
}

/** leavesQty x reservation price, of a replacement only what it reserves beyond the order it replaces. */
function reserve(risk: Risk, slot: number, at: number, twin: number): void {
  const { exposure, gate } = risk;
  const { routeFacts, slotReserved } = exposure;
  columnGet(held, slotReserved, slot);
  const units = exposure.slotPx[slot] === 0 ? 0 : exposure.slotLeaves[slot];
  if (units === 0) {
    if (isZero(held)) return;
    wanted.hi = 0;
    wanted.lo = 0;
  } else {
    mulInto(wanted, units, exposure.slotPx[slot]);
    mulSmallInto(wanted, wanted, routeFacts[at + moneyAt]);
    if (twin >= 0) lessTwin(exposure, twin);
  }
  columnSet(slotReserved, slot, wanted);
  subInto(wanted, wanted, held);
  if (isZero(wanted)) return;
  const row: RowIx = routeFacts[at + rowAt];
  if (routeFacts[at + simulatedAt] === 1) {
    columnAdd(gate.paperReserved, row, wanted.hi, wanted.lo);
    return;
  }
  columnAdd(gate.reserved, row, wanted.hi, wanted.lo);
  if (!isNeg(wanted)) noteOwed(risk, wanted);
  const slice = gate.slices[gate.rows[row].slice];
  columnAdd(risk.usedOf, slice.currency, wanted.hi, wanted.lo);
  if (risk.marginUse.active) orderMarginChanged(risk, slot, units === 0);
  if (isNeg(wanted) && !(isZero(slice.drawn) && isZero(slice.overdraft))) settleCapital(gate, slice.ix);
}

function lessTwin(exposure: Exposure, twin: number): void {
  columnGet(old, exposure.slotReserved, twin);
  subInto(wanted, wanted, old);
  if (!isNeg(wanted)) return;
  wanted.hi = 0;
  wanted.lo = 0;
}

const old = splitZero();
