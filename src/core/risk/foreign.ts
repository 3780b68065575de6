import { addInto, columnGet, columnSet, fromSafe, splitZero, subInto } from '../../base/split.ts';
import type { CurrencyIx, ListingIx, RowIx } from '../../domain/ids.ts';
import { convertLastInto, isRate } from './rates.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';

/**
 * Rows that trade in other currencies than that of their slice (docs/decisions/0054). What they hold of the slice's capital and what they make is counted in the slice's
 * currency: an order's reservation at the rate of its last change, rounded up; results at the rates of now. Balances of the ledger stay in their own currency.
 */
export function sliceCurrency({ gate }: Risk, row: RowIx): CurrencyIx {
  return gate.slices[gate.rows[row].slice].currency;
}

export function isForeign(risk: Risk, { row, currency }: Route): boolean {
  return currency !== sliceCurrency(risk, row);
}

const now = splitZero();
const start = splitZero();
const part = splitZero();
const total = splitZero();
const day = splitZero();

/** Sums a row's results anew from its routes, each at the last rate that was ever known; what was never rated counts nothing: no order could open it. */
export function sumRow(risk: Risk, row: RowIx, simulated: boolean): void {
  const { pnl, exposure, rates, monitors } = risk;
  // a rate moves the day's result and the total by different amounts: what was quiet by the total need not be
  monitors.quietBelow[row] = -Infinity;
  const own = sliceCurrency(risk, row);
  fromSafe(total, 0);
  fromSafe(day, 0);
  for (const route of exposure.routes) {
    if (route.row !== row || route.simulated !== simulated) continue;
    columnGet(now, pnl.total, route.ix);
    columnGet(start, pnl.dayStart, route.ix);
    subInto(start, now, start);
    if (!convertLastInto(part, rates, now, route.currency, own, false)) continue;
    addInto(total, total, part);
    if (convertLastInto(part, rates, start, route.currency, own, false)) addInto(day, day, part);
  }
  const place = row * 2 + (simulated ? 1 : 0);
  columnSet(pnl.rowTotal, place, total);
  columnSet(pnl.rowDay, place, day);
}

const nobody: readonly RowIx[] = [];

/** To be called after every mark: where it is a rate, rows that hang on rates are worth something else. @returns these rows, to be judged */
export function rateMoved(risk: Risk, listing: ListingIx): readonly RowIx[] {
  if (!isRate(risk.rates, listing)) return nobody;
  const sides = new Set<number>();
  for (const route of risk.exposure.routes) if (isForeign(risk, route)) sides.add(route.row * 2 + (route.simulated ? 1 : 0));
  for (const side of sides) sumRow(risk, side >> 1, side % 2 === 1);
  return [...new Set([...sides].map((side) => side >> 1))];
}
