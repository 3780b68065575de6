import { addInto, columnGet, columnSet, fromSafe, splitZero, subInto } from '../../base/split.ts';
import type { CurrencyIx, ListingIx, RowIx, SliceIx } from '../../domain/ids.ts';
import { lotStride } from './exposure.ts';
import { convertLastInto, hangsOn, isRate, wasRated } from './rates.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';

/**
 * Routes whose money hangs on a rate, kept so that a mark of a rate looks at no others. All of it follows from the routes: what is new among them is taken in when it is
 * next asked for.
 */
export interface ForeignRoutes {
  /** How many routes have been looked at. */
  looked: number;
  /** row * 2 + simulated of rows that trade in another currency than their slice's, in the order of the first route in which they do. */
  readonly sides: number[];
  /** By such a side: the numbers of all its routes. */
  readonly ofSide: Map<number, number[]>;
  /** Real routes in another currency than the firm's. */
  readonly ofFirm: number[];
  /** Slices that hold a position in a currency that was never rated, and that currency: nobody knows how much of their capital it takes. */
  readonly unrated: Map<SliceIx, CurrencyIx>;
}

export function createForeignRoutes(): ForeignRoutes {
  return { looked: 0, sides: [], ofSide: new Map(), ofFirm: [], unrated: new Map() };
}

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

function sideOf({ row, simulated }: Route): number {
  return row * 2 + (simulated ? 1 : 0);
}

/** Takes in the routes that are new since it was last asked. */
function lookAtNew(risk: Risk): ForeignRoutes {
  const { foreign } = risk;
  const { routes } = risk.exposure;
  for (; foreign.looked < routes.length; foreign.looked++) {
    const route = routes[foreign.looked];
    if (!route.simulated && route.currency !== risk.firmCurrency) foreign.ofFirm.push(route.ix);
    const side = sideOf(route);
    const known = foreign.ofSide.get(side);
    if (known !== undefined) known.push(route.ix);
    else if (isForeign(risk, route)) {
      const before = routes.slice(0, foreign.looked + 1).filter((one) => sideOf(one) === side);
      foreign.sides.push(side);
      foreign.ofSide.set(
        side,
        before.map(({ ix }) => ix),
      );
    }
  }
  return foreign;
}

const now = splitZero();
const start = splitZero();
const part = splitZero();
const total = splitZero();
const day = splitZero();

/** Sums a row's results anew from its routes, each at the last rate that was ever known; what was never rated counts nothing: no order could open it. */
export function sumRow(risk: Risk, row: RowIx, simulated: boolean): void {
  const { pnl, exposure, rates, monitors } = risk;
  const place = row * 2 + (simulated ? 1 : 0);
  // a rate moves the day's result and the total by different amounts: what was quiet by the total need not be
  monitors.quietBelow[row] = -Infinity;
  const own = sliceCurrency(risk, row);
  fromSafe(total, 0);
  fromSafe(day, 0);
  for (const ix of lookAtNew(risk).ofSide.get(place) ?? []) {
    const route = exposure.routes[ix];
    columnGet(now, pnl.total, route.ix);
    columnGet(start, pnl.dayStart, route.ix);
    subInto(start, now, start);
    if (!convertLastInto(part, rates, now, route.currency, own, false)) continue;
    addInto(total, total, part);
    if (convertLastInto(part, rates, start, route.currency, own, false)) addInto(day, day, part);
  }
  columnSet(pnl.rowTotal, place, total);
  columnSet(pnl.rowDay, place, day);
}

const nobody: readonly RowIx[] = [];

/** To be called after every mark: where it is a rate, rows that hang on rates are worth something else. @returns these rows, to be judged */
export function rateMoved(risk: Risk, listing: ListingIx): readonly RowIx[] {
  if (!isRate(risk.rates, listing)) return nobody;
  const { sides } = lookAtNew(risk);
  if (sides.length === 0) return nobody;
  for (const side of sides) sumRow(risk, side >> 1, side % 2 === 1);
  if (risk.foreign.unrated.size > 0) seekUnrated(risk);
  return [...new Set(sides.map((side) => side >> 1))];
}

/** Real routes whose worth to the firm hangs on the listing's marks as a rate. */
export function routesRatedBy(risk: Risk, listing: ListingIx): readonly number[] {
  if (risk.firmCurrency < 0 || !isRate(risk.rates, listing)) return nobody;
  const { ofFirm } = lookAtNew(risk);
  return ofFirm.filter((ix) => hangsOn(risk.rates, listing, risk.exposure.routes[ix].currency, risk.firmCurrency));
}

/** Finds the slices that hold a position which was never rated: what comes from outside is in the books whether there is a rate or not. To be called when such a position moves. */
export function seekUnrated(risk: Risk): void {
  const { gate, exposure, rates } = risk;
  const { sides, ofSide, unrated } = lookAtNew(risk);
  unrated.clear();
  for (const side of sides) {
    if (side % 2 === 1) continue;
    const { slice } = gate.rows[side >> 1];
    for (const ix of ofSide.get(side) ?? []) {
      const { currency } = exposure.routes[ix];
      if (exposure.lots[ix * lotStride] !== 0 && !wasRated(rates, currency, gate.slices[slice].currency)) unrated.set(slice, currency);
    }
  }
}
