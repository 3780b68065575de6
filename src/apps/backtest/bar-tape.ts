import { MICROS_PER_DAY } from '../../base/time.ts';
import type { BarSeries, BarSet } from '../../ports/backtest.ts';
import type { BarTape, RateTape } from '../../runtime/bar-tape.ts';

/** The bars of a set, as a desk plays them; listing n is series n of the set. */
const known = new WeakMap<BarSet, BarTape>();

/** Laid out once per set. @throws RangeError when close times do not rise. */
export function tapeOf(set: BarSet): BarTape {
  const before = known.get(set);
  if (before !== undefined) return before;
  const tape = layOut(set);
  known.set(set, tape);
  return tape;
}

function layOut(set: BarSet): BarTape {
  let times = new Float64Array(0);
  for (const one of set.series) times = union(times, rising(one));
  const days = new Int32Array(times.length);
  const starts = new Int32Array(times.length + 1);
  for (const { closeTime, day } of set.series) {
    for (let row = 0, at = 0; row < closeTime.length; row++, at++) {
      while (times[at] !== closeTime[row]) at++;
      starts[at + 1]++;
      days[at] = day === undefined ? Math.floor(closeTime[row] / MICROS_PER_DAY) : day[row];
    }
  }
  for (let at = 0; at < times.length; at++) starts[at + 1] += starts[at];
  const rates = ratesOf(set);
  return { listingCount: set.series.length, times, days, starts, ...flat(set, times, starts), ...(rates === undefined ? {} : { rates }) };
}

/** Listings of rates follow those of the instruments. */
function ratesOf({ series, conversion }: BarSet): RateTape | undefined {
  if (conversion === undefined) return undefined;
  const all = conversion.rates.flatMap(({ time, rate }, n) =>
    Array.from(time, (at, i) => ({ at, listing: series.length + n, price: rate[i] })),
  );
  all.sort((a, b) => a.at - b.at || a.listing - b.listing);
  return {
    times: Float64Array.from(all, ({ at }) => at),
    listings: Int32Array.from(all, ({ listing }) => listing),
    prices: Float64Array.from(all, ({ price }) => price),
  };
}

type Columns = Omit<BarTape, 'listingCount' | 'times' | 'days' | 'starts' | 'rates'>;

/** Every bar at its place: one time after the other, instruments by id. */
function flat(set: BarSet, times: Float64Array, starts: Int32Array): Columns {
  const count = starts[times.length];
  const column = (): Float64Array => new Float64Array(count);
  const to: Columns = {
    listings: new Int32Array(count),
    numbers: new Int32Array(count),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  const next = starts.slice();
  const byID = [...set.series.keys()].sort((a, b) => (set.series[a].instrumentID < set.series[b].instrumentID ? -1 : 1));
  for (const listing of byID) {
    const { closeTime, open, high, low, close, volume } = set.series[listing];
    for (let row = 0, at = 0; row < closeTime.length; row++, at++) {
      while (times[at] !== closeTime[row]) at++;
      const n = next[at]++;
      to.listings[n] = listing;
      to.numbers[n] = row + 1;
      to.open[n] = open[row];
      to.high[n] = high[row];
      to.low[n] = low[row];
      to.close[n] = close[row];
      to.volume[n] = volume[row];
    }
  }
  return to;
}

function rising({ instrumentID, closeTime }: BarSeries): Float64Array {
  for (let i = 0; i < closeTime.length; i++) {
    if (!(closeTime[i] > (i === 0 ? -Infinity : closeTime[i - 1])))
      throw new RangeError(`bars of ${instrumentID}, row ${i + 1}: expected a close time after ${closeTime[i - 1]}, was ${closeTime[i]}`);
  }
  return closeTime;
}

/** All times of both, rising, each once. */
function union(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const all = new Float64Array(a.length + b.length);
  let n = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; n++) {
    const time = j >= b.length || a[i] <= b[j] ? a[i] : b[j];
    if (a[i] === time) i++;
    if (b[j] === time) j++;
    all[n] = time;
  }
  return all.slice(0, n);
}
