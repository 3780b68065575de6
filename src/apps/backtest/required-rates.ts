import { isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { BarSeries, BarSet, RateSeries } from '../../ports/backtest.ts';
import type { BarTape } from '../../runtime/bar-tape.ts';

/**
 * Rates that lead from one currency to another: one that joins the two, else two over a third currency, in the order in which the core knows them (`currencies`); none = no
 * way.
 */
export function rateWay(rates: readonly RateSeries[], currencies: readonly string[], from: string, to: string): readonly RateSeries[] {
  const joining = (a: string, b: string): RateSeries | undefined =>
    rates.find(({ base, quote }) => (base === a && quote === b) || (base === b && quote === a));
  const direct = joining(from, to);
  if (direct !== undefined) return [direct];
  for (const over of currencies) {
    const [first, second] = [joining(from, over), joining(over, to)];
    if (first !== undefined && second !== undefined) return [first, second];
  }
  return [];
}

/** Other currencies than the run's, each with its first instrument. */
export function foreignCurrencies({ currency, series }: BarSet): ReadonlyMap<string, BarSeries> {
  const found = new Map<string, BarSeries>();
  for (const one of series)
    if (one.currency !== undefined && one.currency !== currency && !found.has(one.currency)) found.set(one.currency, one);
  return found;
}

/** What is to be said where no rate leads from an instrument's currency to the run's. */
export function noWayText(instrumentID: string, quote: string, base: string): string {
  return `${instrumentID} is quoted in ${quote}, the run counts in ${base}: expected a rate ${quote}${base} or ${base}${quote}, or two over one other currency`;
}

/**
 * Every currency of the run has a rate from the first bar of an instrument in it to the end, never older than allowed: what is held in a currency stays in it, and its
 * worth is asked for at each close. @throws RangeError naming the rate, the time, and the last that is known
 */
export function requireRates(set: BarSet, currencies: readonly string[], { times }: BarTape, first: number, end: number): void {
  for (const [code, { instrumentID }] of foreignCurrencies(set)) {
    const { rates = [], maxAge = 0 } = set.conversion ?? {};
    const way = rateWay(rates, currencies, code, set.currency);
    if (way.length === 0) throw new RangeError(`rates: ${noWayText(instrumentID, code, set.currency)}, was none`);
    const from = Math.min(...set.series.filter((one) => one.currency === code).map((one) => firstFrom(one.closeTime, times[first])));
    for (const rate of way) requireOne(rate, maxAge, times, first, end, from);
  }
}

function requireOne(
  { rateID, time, rate }: RateSeries,
  maxAge: number,
  times: Float64Array,
  first: number,
  end: number,
  from: number,
): void {
  const wrong = rate.findIndex((one) => !(Number.isSafeInteger(one) && one > 0));
  if (wrong >= 0) throw new RangeError(`rate ${rateID}, row ${wrong + 1}: expected a price above 0, was ${rate[wrong] / 1e6}`);
  let known = -1;
  for (let n = first; n < end; n++) {
    const at = times[n];
    while (known + 1 < time.length && time[known + 1] <= at) known++;
    if (at < from || (known >= 0 && at - time[known] <= maxAge)) continue;
    const newest = known < 0 ? 'there is none' : `the last is of ${timeOf(time[known])}`;
    const until = `the run needs it from ${timeOf(Math.max(from, times[first]))} to ${timeOf(times[end - 1])}`;
    throw new RangeError(
      `rate ${rateID}: expected a close within the ${maxAge / MICROS_PER_DAY} days before ${timeOf(at)}, ${newest}; ${until}`,
    );
  }
}

function firstFrom(times: Float64Array, from: number): number {
  return times.find((at) => at >= from) ?? Infinity;
}

function timeOf(at: number): string {
  return `${isoFromMicros(microsUnchecked(at)).slice(0, 16)}Z`;
}
