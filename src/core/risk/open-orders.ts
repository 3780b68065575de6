import { assert } from '../../base/assert.ts';
import { columnAdd, isNeg, isZero, mulInto, mulSmallInto, setInto, splitZero, subInto, type Split } from '../../base/split.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { settleCapital } from './capital.ts';
import { cellStride, judgeHeld, openOf, takeRoute } from './exposure.ts';
import { orderMarginChanged } from './margin-use.ts';
import { sliceCurrency } from './foreign.ts';
import { findSlot, giveSlot, takeSlot, type OpenSlot } from './open-slot.ts';
import { enterBook, leaveBook } from './own-book.ts';
import { convertLastInto } from './rates.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { noteOpened, noteOwed } from './slack.ts';
import { listRoute } from './unsettled.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const cellsApart = cellStride;

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
export function openOnRoute(risk: Risk, order: Readonly<Order>, route: Route, reservePx: number, replaced: ClOrdID): void {
  const { exposure } = risk;
  const { slots } = exposure;
  assert(slots.freeCount > 0, 'open orders have room: the gate denies orders before they run out');
  const slot = takeSlot(slots, order.clOrdID);
  assert(slot !== undefined, 'an order is counted once');
  slot.route = route;
  slot.sell = order.side === 'sell';
  slot.weight = order.leg === 'stop' ? notAtAll : order.leg === 'target' ? routeOnly : inFull;
  slot.leaves = order.leavesQty;
  slot.counted = 0;
  slot.px = reservePx;
  slot.reserved.hi = 0;
  slot.reserved.lo = 0;
  const twin = replaced === 0 ? undefined : findSlot(slots, replaced);
  slot.twin = twin === undefined ? -1 : twin.place;
  slot.heir = -1;
  if (twin !== undefined) twin.heir = slot.place;
  slot.bookPx = 0;
  const rests = order.ordType === 'limit' && !order.simulated;
  if (rests) enterBook(exposure, slot, order.listing, order.price);
  recount(risk, slot);
}

/** The order's leavesQty as it is now: fills, restatements, corrections. Saying the same twice changes nothing. */
export function orderChanged(risk: Risk, clOrdID: ClOrdID, leavesQty: number): void {
  const { slots } = risk.exposure;
  const slot = findSlot(slots, clOrdID);
  if (slot === undefined || slot.leaves === leavesQty) return;
  slot.leaves = leavesQty;
  recount(risk, slot);
  if (slot.heir >= 0) recount(risk, slots.all[slot.heir]);
}

/** A venue moved the order's price by itself (restated). */
export function orderRepriced(risk: Risk, clOrdID: ClOrdID, price: number): void {
  const { exposure } = risk;
  const slot = findSlot(exposure.slots, clOrdID);
  if (slot === undefined) return;
  const listing = slot.route.listing;
  if (slot.bookPx !== 0) {
    leaveBook(exposure, slot, listing);
    enterBook(exposure, slot, listing, price);
  }
  if (slot.px !== 0) slot.px = Math.max(slot.px, price);
  recount(risk, slot);
}

/** The order can trade no more: what it held is free. Saying it twice changes nothing. */
export function orderClosed(risk: Risk, clOrdID: ClOrdID): void {
  const { exposure } = risk;
  const { slots } = exposure;
  const slot = findSlot(slots, clOrdID);
  if (slot === undefined) return;
  slot.leaves = 0;
  if (slot.twin >= 0) slots.all[slot.twin].heir = -1;
  slot.twin = -1;
  recount(risk, slot);
  leaveBook(exposure, slot, slot.route.listing);
  giveSlot(slots, slot);
  if (slot.heir < 0) return;
  const heir = slots.all[slot.heir];
  slot.heir = -1;
  heir.twin = -1;
  recount(risk, heir);
}

/** The order belongs to another row of its slice now: it counts there as it did before. Its `row` is the new one already. */
export function orderRehomed(risk: Risk, order: Readonly<Order>): void {
  const slot = findSlot(risk.exposure.slots, order.clOrdID);
  if (slot === undefined) return;
  const reservePx = slot.px;
  orderClosed(risk, order.clOrdID);
  orderOpened(risk, order, reservePx, 0);
}

const wanted = splitZero();
const more = splitZero();

/** Brings what the order counts with to what its leavesQty says. */
function recount(risk: Risk, slot: OpenSlot): void {
  const { exposure } = risk;
  const twin = slot.twin < 0 ? undefined : exposure.slots.all[slot.twin];
  const counts = twin === undefined ? slot.leaves : Math.max(0, slot.leaves - twin.leaves);
  const change = slot.weight === notAtAll ? 0 : counts - slot.counted;
  if (change !== 0) {
    slot.counted = counts;
    countAbove(risk, slot, change);
    if (slot.sell) slot.route.sells += change;
    else slot.route.buys += change;
  }
  if (slot.weight === inFull) reserve(risk, slot, twin);
  else if (slot.weight === notAtAll) protect(slot, counts);
}

/** A stop counts in nothing but what it protects. */
function protect(slot: OpenSlot, lots: number): void {
  if (slot.sell) slot.route.sellStops += lots - slot.counted;
  else slot.route.buyStops += lots - slot.counted;
  slot.counted = lots;
}

/** The cells follow when they are settled; the only one of a row on paper at once. What counts in its route alone is taken as counted in the cells already. */
function countAbove(risk: Risk, slot: OpenSlot, change: number): void {
  const { exposure, unsettled } = risk;
  const { route, sell, weight } = slot;
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
function reserve(risk: Risk, slot: OpenSlot, twin: OpenSlot | undefined): void {
  const { gate } = risk;
  const { reserved, route } = slot;
  const units = slot.px === 0 ? 0 : slot.leaves;
  if (units === 0) {
    if (isZero(reserved)) return;
    wanted.hi = 0;
    wanted.lo = 0;
  } else {
    mulInto(wanted, units, slot.px);
    mulSmallInto(wanted, wanted, route.money);
    const own = sliceCurrency(risk, route.row);
    if (own !== route.currency && !convertLastInto(wanted, risk.rates, wanted, route.currency, own, true)) setInto(wanted, reserved);
    else if (twin !== undefined) lessTwin(twin.reserved);
  }
  subInto(more, wanted, reserved);
  setInto(reserved, wanted);
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
  if (risk.marginUse.active) orderMarginChanged(risk, slot, units === 0);
  if (isNeg(more) && !(isZero(slice.drawn) && isZero(slice.overdraft))) settleCapital(gate, slice.ix);
}

function lessTwin(reserved: Split): void {
  subInto(wanted, wanted, reserved);
  if (!isNeg(wanted)) return;
  wanted.hi = 0;
  wanted.lo = 0;
}
