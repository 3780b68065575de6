import { MICROS_PER_DAY } from '../../base/time.ts';
import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { Bar } from '../../domain/market.ts';
import type { BarSeries, BarSet } from '../../ports/backtest.ts';
import type { RecordedFeed } from '../../ports/feed.ts';

/** The bars of a set in the order in which a run sees them: by close time, then by instrument id. */
export interface BarTape {
  readonly set: BarSet;
  /** Close times at which any instrument has a bar, rising. */
  readonly times: Float64Array;
  /** Session date of each of these times. */
  readonly days: Int32Array;
  /** Where the bars of each time begin in `series` and `rows`; one more than times. */
  readonly starts: Int32Array;
  /** Place in the set, and row in that series, of each bar. */
  readonly series: Int32Array;
  readonly rows: Int32Array;
}

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
  const series = new Int32Array(starts[times.length]);
  const rows = new Int32Array(starts[times.length]);
  const next = starts.slice();
  const byID = [...set.series.keys()].sort((a, b) => (set.series[a].instrumentID < set.series[b].instrumentID ? -1 : 1));
  for (const ix of byID) {
    const { closeTime } = set.series[ix];
    for (let row = 0, at = 0; row < closeTime.length; row++, at++) {
      while (times[at] !== closeTime[row]) at++;
      series[next[at]] = ix;
      rows[next[at]++] = row;
    }
  }
  return { set, times, days, starts, series, rows };
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

/** Index of the first close time that is not before `at`. */
export function timeFrom(tape: BarTape, at: number): number {
  let low = 0;
  let high = tape.times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tape.times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const dayLong = micros(MICROS_PER_DAY);

/** Bars of the close times `first` to `end` (excluded) as a feed; its bar is reused. */
export function feedOfTape(tape: BarTape, first: number, end: number): RecordedFeed {
  const { times, starts, rows } = tape;
  const last = starts[end];
  let bar = starts[first];
  let at = first;
  const event = blankBar();
  const peek = (): Micros | undefined => {
    if (bar >= last) return undefined;
    while (bar >= starts[at + 1]) at++;
    return microsUnchecked(times[at]);
  };
  return {
    peek,
    next() {
      if (peek() === undefined) return undefined;
      const ix = tape.series[bar];
      fillBar(event, tape.set.series[ix], ix, rows[bar]);
      bar++;
      return event;
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function blankBar(): Mutable<Bar> {
  const none = ticksUnchecked(0);
  const stamp = { eventSeq: 0, feed: 0, feedSeq: 0, eventTime: microsUnchecked(0), receivedAt: microsUnchecked(0), listing: 0 };
  return { kind: 'bar', ...stamp, interval: dayLong, open: none, high: none, low: none, close: none, volume: lotsUnchecked(0) };
}

function fillBar(event: Mutable<Bar>, series: BarSeries, listing: number, row: number): void {
  const time = microsUnchecked(series.closeTime[row]);
  event.eventSeq = 0;
  event.feedSeq = row + 1;
  event.eventTime = time;
  event.receivedAt = time;
  event.listing = listing;
  event.open = ticksUnchecked(series.open[row]);
  event.high = ticksUnchecked(series.high[row]);
  event.low = ticksUnchecked(series.low[row]);
  event.close = ticksUnchecked(series.close[row]);
  event.volume = lotsUnchecked(series.volume[row]);
}
