import type { BarSeries, BarSet } from '../ports/backtest.ts';

const columns = ['closeTime', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The same bars in memory that all threads share: one copy for all workers. */
export function sharedBars(bars: BarSet): BarSet {
  return { ...bars, series: bars.series.map((one) => mapColumns(one, shareFloats, shareWhole)), ...mapRates(bars, shareFloats) };
}

/** The bars that had closed by `to`, in memory of their own: nothing of what came later can be reached from them. */
export function barsUntil(bars: BarSet, to: number): BarSet {
  const series = bars.series.map((one) => {
    const count = countUntil(one.closeTime, to);
    const cut = mapColumns(
      one,
      (column) => column.slice(0, count),
      (column) => column.slice(0, count),
    );
    return one.events === undefined ? cut : { ...cut, events: one.events.filter(({ at }) => at <= to) };
  });
  const known = mapRates(bars, (column, time) => column.slice(0, countUntil(time, to)));
  return { ...bars, series, ...known, dataHash: `${bars.dataHash} until ${to}` };
}

/** The same close times with the prices, volumes and rates of each instrument in reverse: other bars that are as good as these. */
export function mirroredBars(bars: BarSet): BarSet {
  const series = bars.series.map((one): BarSeries => {
    const [open, close] = [one.close, one.open].map((column) => column.toReversed());
    const [high, low, volume] = [one.high, one.low, one.volume].map((column) => column.toReversed());
    return { ...one, open, high, low, close, volume };
  });
  const rates = mapRates(bars, (column, time) => (column === time ? column : column.toReversed()));
  return { ...bars, series, ...rates, dataHash: `${bars.dataHash} mirrored` };
}

/** Times at which any instrument has a bar, rising. */
export function closeTimesOf(bars: BarSet): Float64Array {
  const all = new Float64Array(bars.series.reduce((sum, { closeTime }) => sum + closeTime.length, 0));
  let end = 0;
  for (const { closeTime } of bars.series) {
    all.set(closeTime, end);
    end += closeTime.length;
  }
  all.sort();
  let count = 0;
  for (const time of all) if (count === 0 || all[count - 1] !== time) all[count++] = time;
  return all.slice(0, count);
}

function countUntil(times: Float64Array, to: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= to) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mapColumns(
  series: BarSeries,
  floats: (column: Float64Array) => Float64Array,
  whole: (column: Int32Array) => Int32Array,
): BarSeries {
  const [closeTime, open, high, low, close, volume] = columns.map((name) => floats(series[name]));
  const { instrumentID, day, events, multiplier, currency, assetClass } = series;
  const kept = {
    ...(day === undefined ? {} : { day: whole(day) }),
    ...(events === undefined ? {} : { events }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(currency === undefined ? {} : { currency }),
    ...(assetClass === undefined ? {} : { assetClass }),
  };
  return { instrumentID, closeTime, open, high, low, close, volume, ...kept };
}

/** The rates of a set of several currencies; `map` is handed each column with the times of its rows. */
function mapRates({ conversion }: BarSet, map: (column: Float64Array, time: Float64Array) => Float64Array): Pick<BarSet, 'conversion'> {
  if (conversion === undefined) return {};
  const rates = conversion.rates.map((one) => ({ ...one, time: map(one.time, one.time), rate: map(one.rate, one.time) }));
  return { conversion: { ...conversion, rates } };
}

function shareFloats(column: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
}

function shareWhole(column: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
}
