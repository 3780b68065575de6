import { assert } from '../../base/assert.ts';
import { columnAdd, isNeg, isZero, mulInto, mulSmallInto, setInto, splitZero, subInto } from '../../base/split.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { checkCapital, settleCapital } from './capital.ts';
import { cellStride, judgeHeld, lotStride, openOf, takeRoute } from './exposure.ts';
import { sliceCurrency } from './foreign.ts';
import { orderMarginChanged } from './margin-use.ts';
import {
  findSlot,
  giveSlot,
  slotBookPx,
  slotCounted,
  slotHeir,
  slotLeaves,
  slotPx,
  slotReserved,
  slotRoute,
  slotSell,
  slotShift,
  slotTwin,
  slotWeight,
  takeSlot,
} from './open-slot.ts';
import { isOverCap } from './order-gate.ts';
import { enterBook, leaveBook } from './own-book.ts';
import { convertLastInto } from './rates.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { noteOpened, noteOwed } from './slack.ts';
import { listRoute } from './unsettled.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const cellsApart = cellStride;
const lotsApart = lotStride;
const shift = slotShift;
const leavesAt = slotLeaves;
const countedAt = slotCounted;
const pxAt = slotPx;
const reservedAt = slotReserved;
const bookPxAt = slotBookPx;
const routeAt = slotRoute;
const sellAt = slotSell;
const weightAt = slotWeight;
const twinAt = slotTwin;
const heirAt = slotHeir;

const inFull = 0;
const routeOnly = 1;
const notAtAll = 2;

/** Counts an order beside those that were checked: a child of a bracket, one that is known again, one of another row. */
export function orderOpened(risk: Risk, order: Readonly<Order>, reservePx: number, replaced: ClOrdID): void {
  const { exposure, registry, gate } = risk;
  const route = takeRoute(exposure, gate.rows[order.row], order.account, registry.listings[order.listing], order.simulated);
  openOnRoute(risk, order, route, reservePx, replaced);
  settleGrown(risk, exposure.routes[route]);
}

/**
 * Counts an accepted order on its route (by number). `reservePx` = 0 when it was proven reducing. `replaced` = the order it is to replace at a venue that does so in one
 * message: until the venue answers the two count as the larger of both; 0 = none, or a venue where both may fill.
 */
export function openOnRoute(risk: Risk, order: Readonly<Order>, route: number, reservePx: number, replaced: ClOrdID): void {
  const { exposure } = risk;
  const { slots } = exposure;
  assert(slots.freeCount > 0, 'open orders have room: the gate denies orders before they run out');
  const slot = takeSlot(slots, order.clOrdID);
  assert(slot >= 0, 'an order is counted once');
  const { numbers, words } = slots;
  const at = slot << shift;
  const twin = replaced === 0 ? -1 : findSlot(slots, replaced);
  numbers[at | leavesAt] = order.leavesQty;
  numbers[at | countedAt] = 0;
  numbers[at | pxAt] = reservePx;
  numbers[at | reservedAt] = 0;
  numbers[(at | reservedAt) + 1] = 0;
  numbers[at | bookPxAt] = 0;
  words[at | routeAt] = route;
  words[at | sellAt] = order.side === 'sell' ? 1 : 0;
  words[at | weightAt] = order.leg === 'stop' ? notAtAll : order.leg === 'target' ? routeOnly : inFull;
  words[at | twinAt] = twin;
  words[at | heirAt] = -1;
  if (twin >= 0) words[(twin << shift) | heirAt] = slot;
  const rests = order.ordType === 'limit' && !order.simulated;
  if (rests) enterBook(exposure, slot, order.listing, order.price);
  recount(risk, slot);
}

/** The order's leavesQty as it is now: fills, restatements, corrections. Saying the same twice changes nothing. */
export function orderChanged(risk: Risk, clOrdID: ClOrdID, leavesQty: number): void {
  const { slots } = risk.exposure;
  const slot = findSlot(slots, clOrdID);
  if (slot < 0 || slots.numbers[(slot << shift) | leavesAt] === leavesQty) return;
  slots.numbers[(slot << shift) | leavesAt] = leavesQty;
  recount(risk, slot);
  const heir = slots.words[(slot << shift) | heirAt];
  if (heir >= 0) recount(risk, heir);
  settleGrown(risk, risk.exposure.routes[slots.words[(slot << shift) | routeAt]]);
}

/** A venue moved the order's price by itself (restated). */
export function orderRepriced(risk: Risk, clOrdID: ClOrdID, price: number): void {
  const { exposure } = risk;
  const { numbers, words } = exposure.slots;
  const slot = findSlot(exposure.slots, clOrdID);
  if (slot < 0) return;
  const at = slot << shift;
  const route = exposure.routes[words[at | routeAt]];
  const { listing } = route;
  if (numbers[at | bookPxAt] !== 0) {
    leaveBook(exposure, slot, listing);
    enterBook(exposure, slot, listing, price);
  }
  if (numbers[at | pxAt] !== 0) numbers[at | pxAt] = Math.max(numbers[at | pxAt], price);
  recount(risk, slot);
  settleGrown(risk, route);
}

/** The order can trade no more: what it held is free. Saying it twice changes nothing. */
export function orderClosed(risk: Risk, clOrdID: ClOrdID): void {
  const { exposure } = risk;
  const { slots } = exposure;
  const { numbers, words } = slots;
  const slot = findSlot(slots, clOrdID);
  if (slot < 0) return;
  const at = slot << shift;
  const twin = words[at | twinAt];
  const heir = words[at | heirAt];
  numbers[at | leavesAt] = 0;
  if (twin >= 0) words[(twin << shift) | heirAt] = -1;
  words[at | twinAt] = -1;
  recount(risk, slot);
  if (numbers[at | bookPxAt] !== 0) leaveBook(exposure, slot, exposure.routes[words[at | routeAt]].listing);
  giveSlot(slots, slot);
  if (heir < 0) return;
  words[at | heirAt] = -1;
  words[(heir << shift) | twinAt] = -1;
  recount(risk, heir);
}

/** The order belongs to another row of its slice now: it counts there as it did before. Its `row` is the new one already. */
export function orderRehomed(risk: Risk, order: Readonly<Order>): void {
  const { slots } = risk.exposure;
  const slot = findSlot(slots, order.clOrdID);
  if (slot < 0) return;
  const reservePx = slots.numbers[(slot << shift) | pxAt];
  orderClosed(risk, order.clOrdID);
  orderOpened(risk, order, reservePx, 0);
}

const wanted = splitZero();
const more = splitZero();
const held = splitZero();

/** Brings what the order counts with to what its leavesQty says. */
function recount(risk: Risk, slot: number): void {
  const { exposure } = risk;
  const { numbers, words } = exposure.slots;
  const at = slot << shift;
  const twin = words[at | twinAt];
  const weight = words[at | weightAt];
  const sell = words[at | sellAt] === 1;
  const route = exposure.routes[words[at | routeAt]];
  const leaves = numbers[at | leavesAt];
  const counts = twin < 0 ? leaves : Math.max(0, leaves - numbers[(twin << shift) | leavesAt]);
  const change = counts - numbers[at | countedAt];
  if (change !== 0) {
    numbers[at | countedAt] = counts;
    if (weight === notAtAll) {
      protect(route, sell, change);
    } else {
      countAbove(risk, route, sell, weight, change);
      exposure.lots[route.ix * lotsApart + openOf(sell)] += change;
    }
  }
  if (weight === inFull) reserve(risk, slot, route, twin);
}

/** What an order reserves grows without a check when a venue restates it or its rate has risen: what goes past the slice's capital draws the reserve, then an overdraft (CAP1). */
function settleGrown({ gate }: Risk, { row, simulated }: Route): void {
  if (simulated || !isOverCap(gate, row)) return;
  const { slice } = gate.rows[row];
  if (!checkCapital(gate, slice)) settleCapital(gate, slice);
}

/** A stop counts in nothing but what it protects. */
function protect(route: Route, sell: boolean, change: number): void {
  if (sell) route.sellStops += change;
  else route.buyStops += change;
}

/** The cells follow when they are settled; the only one of a row on paper at once. What counts in its route alone is taken as counted in the cells already. */
function countAbove(risk: Risk, route: Route, sell: boolean, weight: number, change: number): void {
  const { exposure, unsettled } = risk;
  if (!route.simulated) {
    if (weight === inFull) listRoute(unsettled, route);
    else if (sell) route.settledSells += change;
    else route.settledBuys += change;
    if (change > 0) noteOpened(risk, route, change * route.baseUnits);
  } else if (weight === inFull) {
    const [cell] = route.cells;
    exposure.cells[cell * cellsApart + openOf(sell)] += change * route.baseUnits;
    judgeHeld(exposure, cell, risk.sectorOf);
  }
}

/**
 * leavesQty x reservation price in the currency of the slice, of a replacement only what it reserves beyond the order it replaces. An order in another currency counts
 * at the rate of its last change; one that was never rated keeps what it has.
 */
function reserve(risk: Risk, slot: number, route: Route, twin: number): void {
  const { gate } = risk;
  const { numbers } = risk.exposure.slots;
  const at = slot << shift;
  const px = numbers[at | pxAt];
  const units = px === 0 ? 0 : numbers[at | leavesAt];
  held.hi = numbers[at | reservedAt];
  held.lo = numbers[(at | reservedAt) + 1];
  if (units === 0) {
    if (isZero(held)) return;
    wanted.hi = 0;
    wanted.lo = 0;
  } else {
    mulInto(wanted, units, px);
    mulSmallInto(wanted, wanted, route.money);
    const own = sliceCurrency(risk, route.row);
    if (own !== route.currency && !convertLastInto(wanted, risk.rates, wanted, route.currency, own, true)) setInto(wanted, held);
    else if (twin >= 0) lessTwin(numbers, twin);
  }
  subInto(more, wanted, held);
  numbers[at | reservedAt] = wanted.hi;
  numbers[(at | reservedAt) + 1] = wanted.lo;
  if (isZero(more)) return;
  const { row } = route;
  if (route.simulated) {
    columnAdd(gate.paperReserved, row, more.hi, more.lo);
    return;
  }
  columnAdd(gate.reserved, row, more.hi, more.lo);
  if (!isNeg(more)) noteOwed(risk, more);
  const slice = gate.slices[gate.rows[row].slice];
  columnAdd(risk.usedOf, slice.currency, more.hi, more.lo);
  if (risk.marginUse.active) orderMarginChanged(risk, slot, route, units === 0);
  if (isNeg(more) && !(isZero(slice.drawn) && isZero(slice.overdraft))) settleCapital(gate, slice.ix);
}

const reservedOfTwin = splitZero();

function lessTwin(numbers: Float64Array, twin: number): void {
  reservedOfTwin.hi = numbers[(twin << shift) | reservedAt];
  reservedOfTwin.lo = numbers[((twin << shift) | reservedAt) + 1];
  subInto(wanted, wanted, reservedOfTwin);
  if (!isNeg(wanted)) return;
  wanted.hi = 0;
  wanted.lo = 0;
}
