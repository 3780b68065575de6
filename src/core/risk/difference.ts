import { columnAddPair } from '../../base/split.ts';
import { knownTwice } from '../market/marks.ts';
import { mulPair, addPair, subPair, writePair, type Cells } from '../positions/pair.ts';
import { maxTicks } from './capacities.ts';
import { lotStride } from './exposure.ts';
import type { FillMove } from './position-view.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';
import { noteResult } from './slack.ts';
import { listRoute } from './unsettled.ts';

/**
 * What a fill or a mark changes in the result of a route, added to it instead of valuing the route anew: cash less fee, plus (lots x price after - lots x
 * price before) x tick value / 2. It is used only where it is exact: the tick value is even, so that no valuation was ever rounded; the listing is in the
 * firm's currency and its row knows no other, so that nothing is converted; and the route was valued at a price before (`valuedAt`). All else is valued
 * as a whole (`valueRoute`).
 */

/** The change under way and a term of it, pairs as in `positions/pair.ts`. */
const change: Cells = new Float64Array(2);
const term: Cells = new Float64Array(2);
const factors = new Float64Array(2);

// a constant of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const lotsApart = lotStride;
const splitBase = 281_474_976_710_656;
const inverse = 1 / splitBase;
/** Two terms below this differ by a safe integer. */
const half = 4_503_599_627_370_496;

/** The listing's price in half ticks, when changes may be added at it; 0 = they may not. */
export function differencePrice(risk: Risk, listing: number): number {
  const { marks, registry } = risk;
  const { currency, moneyPerTickLot } = registry.listings[listing];
  // not by %, which is a call for doubles
  const odd = Math.floor(moneyPerTickLot / 2) * 2 !== moneyPerTickLot;
  if (odd || currency !== risk.firmCurrency || marks.at[listing] === 0) return 0;
  const mid = knownTwice(marks, listing);
  return mid > 2 * maxTicks || mid < -2 * maxTicks ? 0 : mid;
}

/** Moves a route to the price `mid` (half ticks, not 0). @returns false, and nothing changed, when it must be valued as a whole. */
export function moveToMark(risk: Risk, route: Route, mid: number, tickValue: number): boolean {
  const before = route.valuedAt;
  if (before === 0) return false;
  const halfTicks = risk.exposure.lots[route.ix * lotsApart] * (mid - before);
  if (halfTicks > half || halfTicks < -half) return false;
  route.valuedAt = mid;
  if (halfTicks === 0) return true;
  valueInto(halfTicks, tickValue);
  addChange(risk, route);
  return true;
}

/** Adds a booked fill to a route that held `was` lots before it. @returns false, and nothing changed, when it must be valued as a whole. */
export function moveByFill(risk: Risk, route: Route, was: number, fill: FillMove): boolean {
  const before = route.valuedAt;
  if (before === 0) return false;
  const mid = differencePrice(risk, route.listing);
  const now = fill.position * mid;
  const then = was * before;
  if (mid === 0 || now > half || now < -half || then > half || then < -half) return false;
  valueInto(now - then, route.money);
  writePair(term, 0, fill.cash);
  addPair(change, 0, term, 0);
  writePair(term, 0, fill.fee);
  subPair(change, 0, term, 0);
  route.valuedAt = mid;
  if (change[0] === 0 && change[1] === 0) return true;
  addChange(risk, route);
  return true;
}

/** change = half ticks x tick value / 2, the tick value even. */
function valueInto(halfTicks: number, tickValue: number): void {
  const money = halfTicks * (tickValue / 2);
  if (money <= Number.MAX_SAFE_INTEGER && money >= -Number.MAX_SAFE_INTEGER) {
    const hi = Math.floor(money * inverse) + 0;
    change[0] = hi;
    change[1] = money - hi * splitBase + 0;
    return;
  }
  factors[0] = halfTicks;
  factors[1] = tickValue / 2;
  mulPair(change, 0, factors, 0, factors, 1);
}

/** Adds the change to the route and its row; the scopes above follow when they are settled. */
function addChange(risk: Risk, route: Route): void {
  const { pnl } = risk;
  const { ix, row, simulated } = route;
  const place = row * 2 + (simulated ? 1 : 0);
  columnAddPair(pnl.total, ix, change);
  columnAddPair(pnl.rowTotal, place, change);
  columnAddPair(pnl.rowDay, place, change);
  if (simulated) return;
  listRoute(risk.unsettled, route);
  noteResult(risk, route, change[0], change[1]);
}
