import type { ByteWriter } from '../../base/canonical.ts';
import { columnGet, splitZero } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { ComparedSide, OrderCompared } from '../../domain/order-compared.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { averageOf, comparedOrder, levelApart, matchWithin, nearest, shortfallOf, whyAlone, type ComparedOrder } from './compared-order.ts';

import { takeSlippage } from './slippage-model.ts';

/** Two orders that are counterparts, of which at least one has not ended. */
interface OrderPair {
  readonly own: ComparedOrder;
  readonly other: ComparedOrder;
}

/** Orders of a live version beside those of a version of its slice whose orders go to the simulator. */
export interface OrderComparison {
  readonly row: RowIx;
  readonly beside: RowIx;
  readonly as: ComparedSide;
  /** Orders whose window is open, oldest first: the live version's, the other's. */
  readonly own: ComparedOrder[];
  readonly other: ComparedOrder[];
  readonly pairs: OrderPair[];
}

/** Most comparisons of one desk's life: the orders of further ones are not compared. */
export const maxOrderComparisons = 1_024;
/** Most orders of each side whose window is open, and most pairs that have not ended: the oldest is settled as it stands. */
export const maxWaitingOrders = 256;

const capital = splitZero();

/** An order was sent: it waits for its counterparts in every version beside it. */
export function compareOrder(core: Core, order: Readonly<Order>, at: Micros, outcome: Outcome): void {
  const { row, simulated } = order;
  if (order.bracketOf !== 0 || core.gate.rows[row].custodian || !trades(core, row, simulated)) return;
  let waits = false;
  for (const sibling of core.gate.slices[core.gate.rows[row].slice].rows) {
    if (sibling === row || core.gate.rows[sibling].custodian || !trades(core, sibling, !simulated)) continue;
    const comparison = simulated ? comparisonOf(core, sibling, row) : comparisonOf(core, row, sibling);
    if (comparison === undefined) continue;
    columnGet(capital, simulated ? core.gate.paperCap : core.gate.cap, row);
    const waiting = simulated ? comparison.other : comparison.own;
    waiting.push(comparedOrder(order, at, capital));
    if (waiting.length > maxWaitingOrders) settleOldest(core, comparison, outcome);
    waits = true;
  }
  if (waits) planComparisons(core);
}

/** Works for real, or on paper. */
function trades({ rollout }: Core, row: RowIx, simulated: boolean): boolean {
  const lifecycle = rollout.lifecycle[row];
  return simulated ? lifecycle === 'Shadow' || lifecycle === 'Standby' : lifecycle === 'Canary' || lifecycle === 'Active';
}

function comparisonOf(core: Core, row: RowIx, beside: RowIx): OrderComparison | undefined {
  const { comparisons, deployments, serving } = core.rollout;
  const known = comparisons.find((one) => one.row === row && one.beside === beside);
  if (known !== undefined || comparisons.length >= maxOrderComparisons) return known;
  const strategy = deployments[serving[beside] ?? -1]?.spec.strategy;
  const as = strategy === 'PaperTrading' || strategy === 'Progressive' ? 'paper' : 'shadow';
  const fresh: OrderComparison = { row, beside, as, own: [], other: [], pairs: [] };
  comparisons.push(fresh);
  return fresh;
}

function planComparisons({ rollout }: Core): void {
  let oldest = Infinity;
  for (const { own, other } of rollout.comparisons) oldest = Math.min(oldest, own[0]?.sentAt ?? Infinity, other[0]?.sentAt ?? Infinity);
  rollout.compareAt = microsUnchecked(oldest === Infinity ? 0 : oldest + matchWithin + 1);
}

/** Orders whose window has closed find the nearest counterpart, or are alone. To be called when `compareAt` has come. */
export function settleComparisons(core: Core, at: Micros, outcome: Outcome): void {
  for (const comparison of core.rollout.comparisons) {
    for (let oldest = oldestOf(comparison); oldest !== undefined && at - oldest.sentAt > matchWithin; oldest = oldestOf(comparison))
      settleOldest(core, comparison, outcome);
  }
  planComparisons(core);
}

function oldestOf({ own, other }: OrderComparison): ComparedOrder | undefined {
  const [a, b] = [own.at(0), other.at(0)];
  return a === undefined || (b !== undefined && b.sentAt < a.sentAt) ? b : a;
}

function settleOldest(core: Core, comparison: OrderComparison, outcome: Outcome): void {
  const { own, other, pairs } = comparison;
  const oldest = oldestOf(comparison);
  if (oldest === undefined) return;
  const isOwn = oldest === own[0];
  const [mine, others] = isOwn ? [own, other] : [other, own];
  mine.shift();
  const found = nearest(oldest, others);
  if (found < 0) {
    outcome.decisions.push(alone(core, comparison, oldest, isOwn, whyAlone(oldest, others)));
    return;
  }
  const [counterpart] = others.splice(found, 1);
  const pair = isOwn ? { own: oldest, other: counterpart } : { own: counterpart, other: oldest };
  if (pair.own.over && pair.other.over) tell(core, comparison, pair, outcome);
  else pairs.push(pair);
  if (pairs.length > maxWaitingOrders) tell(core, comparison, pairs.splice(0, 1)[0], outcome);
}

/** Every entry of an order that is compared now. */
export function* entriesOf(core: Core, row: RowIx, clOrdID: number): Generator<ComparedOrder> {
  for (const { row: live, beside, own, other, pairs } of core.rollout.comparisons) {
    if (row !== live && row !== beside) continue;
    for (const one of row === live ? own : other) if (one.clOrdID === clOrdID) yield one;
    for (const pair of pairs) {
      const one = row === live ? pair.own : pair.other;
      if (one.clOrdID === clOrdID) yield one;
    }
  }
}

/** Pairs of a row of which both orders have ended now are told. */
export function tellEnded(core: Core, row: RowIx, outcome: Outcome): void {
  for (const comparison of core.rollout.comparisons) {
    const { row: live, beside, pairs } = comparison;
    if (row !== live && row !== beside) continue;
    for (let i = 0; i < pairs.length; i++)
      if (pairs[i].own.over && pairs[i].other.over) tell(core, comparison, pairs.splice(i--, 1)[0], outcome);
  }
}

function tell(core: Core, { row, beside, as }: OrderComparison, { own, other }: OrderPair, outcome: Outcome): void {
  const [average, otherAverage] = [averageOf(own), averageOf(other)];
  const compared: OrderCompared = {
    kind: 'orderCompared',
    row,
    besideRow: beside,
    as,
    listing: own.listing,
    side: own.side,
    sentAt: own.sentAt,
    outcome: 'matched',
    why: 'none',
    clOrdID: own.clOrdID,
    besideClOrdID: other.clOrdID,
    orderQty: lotsUnchecked(own.orderQty),
    besideQty: lotsUnchecked(other.orderQty),
    filledQty: lotsUnchecked(own.filledQty),
    besideFilledQty: lotsUnchecked(other.filledQty),
    timeApart: own.sentAt - other.sentAt,
    fillTimeApart: fillTime(own) - fillTime(other),
    limitApart: levelApart(own, other),
    priceApart: ((average - otherAverage) * 10_000) / otherAverage,
    filledApart: own.filledQty / own.wholeQty - other.filledQty / other.wholeQty,
    cost: shortfallOf(own),
    besideCost: shortfallOf(other),
    fees: feesOf(core, own),
    besideFees: feesOf(core, other),
    notional: notionalOf(core, own),
  };
  outcome.decisions.push(compared);
  takeSlippage(core, compared);
}

function alone(
  core: Core,
  { row, beside, as }: OrderComparison,
  one: ComparedOrder,
  isOwn: boolean,
  why: OrderCompared['why'],
): OrderCompared {
  const zero = lotsUnchecked(0);
  const qty = lotsUnchecked(one.orderQty);
  const filled = lotsUnchecked(one.filledQty);
  return {
    kind: 'orderCompared',
    row,
    besideRow: beside,
    as,
    listing: one.listing,
    side: one.side,
    sentAt: one.sentAt,
    outcome: isOwn ? 'onlyLive' : 'onlyBeside',
    why,
    clOrdID: isOwn ? one.clOrdID : 0,
    besideClOrdID: isOwn ? 0 : one.clOrdID,
    orderQty: isOwn ? qty : zero,
    besideQty: isOwn ? zero : qty,
    filledQty: isOwn ? filled : zero,
    besideFilledQty: isOwn ? zero : filled,
    timeApart: NaN,
    fillTimeApart: NaN,
    limitApart: NaN,
    priceApart: NaN,
    filledApart: NaN,
    cost: isOwn ? shortfallOf(one) : NaN,
    besideCost: isOwn ? NaN : shortfallOf(one),
    fees: isOwn ? feesOf(core, one) : NaN,
    besideFees: isOwn ? NaN : feesOf(core, one),
    notional: isOwn ? notionalOf(core, one) : 0,
  };
}

function fillTime({ lastFillAt, sentAt }: ComparedOrder): number {
  return lastFillAt === 0 ? NaN : lastFillAt - sentAt;
}

/** Value of what was executed, units of its currency's money. */
function valueOf({ registry }: Core, { listing, traded }: ComparedOrder): number {
  return traded * registry.listings[listing].moneyPerTickLot;
}

function notionalOf(core: Core, one: ComparedOrder): number {
  return valueOf(core, one) / core.registry.listings[one.listing].unitsPerCurrency;
}

function feesOf(core: Core, one: ComparedOrder): number {
  return one.foreignFees || one.filledQty === 0 ? NaN : (one.fees * 10_000) / valueOf(core, one);
}

export function hashComparisons(writer: ByteWriter, comparisons: readonly OrderComparison[]): void {
  writer.u32(comparisons.length);
  for (const { row, beside, as, own, other, pairs } of comparisons) {
    writer.safeInt(row);
    writer.safeInt(beside);
    writer.str(as);
    for (const waiting of [own, other]) {
      writer.u32(waiting.length);
      for (const one of waiting) hashOrder(writer, one);
    }
    writer.u32(pairs.length);
    for (const pair of pairs) {
      hashOrder(writer, pair.own);
      hashOrder(writer, pair.other);
    }
  }
}

function hashOrder(writer: ByteWriter, one: ComparedOrder): void {
  for (const n of [one.clOrdID, one.sentAt, one.listing, one.level, one.orderQty, one.wholeQty, one.filledQty, one.lastFillAt])
    writer.safeInt(n);
  for (const x of [one.capital, one.middleTwice, one.traded, one.fees]) writer.f64(x);
  writer.bool(one.over);
  writer.bool(one.foreignFees);
  writer.str(one.side);
  writer.str(one.ordType);
  writer.str(one.near);
}
