import { dayNumber, weekday } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Bar } from '../../domain/market.ts';
import { deviationOf, meanOf, quantileOf, type SignalMaker } from './signal-strategy.ts';

/** Everything that looks ahead sees the columns of its data through a closure; what is delivered to it is `seen`. */
const last = (bars: readonly Bar[]): Bar => bars[bars.length - 1];
const long = (is: boolean): number => (is ? 100 : 0);
const dayOf = (time: number): number => dayNumber(microsUnchecked(time));
/** Monday of the week of a time, a day number. */
const weekOf = (time: number): number => dayOf(time) - ((weekday(dayOf(time)) + 6) % 7);

/** Splits of the first instrument, two for one: known from their own day on. */
export const splitRows = [120, 190];

/** What an earlier run of the same process left behind. */
const memory = new Map<number, number>();

/** Twenty strategies that use what they could not have known, each in another way. */
export const plantedLeaks: Readonly<Record<string, SignalMaker>> = {
  'window centered on today': (visible) => (seen, n) => {
    const at = seen[n].length - 1;
    const window = visible.series[n].close.slice(Math.max(0, at - 5), at + 6);
    return long(last(seen[n]).close < meanOf(window));
  },
  'normalized by the whole sample': (visible) => {
    const [mean, sd] = [meanOf(visible.series[0].close), deviationOf(visible.series[0].close)];
    return (seen, n) => (n === 0 ? long((last(seen[n]).close - mean) / sd < -0.4) : 0);
  },
  "the next bar's open through a captured series": (visible) => (seen, n) =>
    long(visible.series[n].open[seen[n].length] > last(seen[n]).close || visible.series[n].close[seen[n].length] > last(seen[n]).close),
  'the highest of the next ten bars': (visible) => (seen, n) => {
    const next = visible.series[n].high.slice(seen[n].length, seen[n].length + 10);
    return long(Math.max(...next) > 1.03 * last(seen[n]).close);
  },
  'a weekly bar that has not closed': (visible) => {
    const closeOfWeek = new Map<number, number>();
    visible.series[0].closeTime.forEach((time, i) => closeOfWeek.set(weekOf(time), visible.series[0].close[i]));
    return (seen, n) => (n === 0 ? long((closeOfWeek.get(weekOf(last(seen[n]).eventTime)) ?? 0) > last(seen[n]).close) : 0);
  },
  'a price level restated by later splits': (visible, until) => (seen, n) => {
    if (n > 0) return 0;
    const known = splitRows.filter((row) => visible.series[0].closeTime[row] <= until && row >= seen[n].length);
    return long(last(seen[n]).close / 2 ** known.length < 30_000_000);
  },
  'a trend fitted on the whole sample': (visible) => {
    const { close } = visible.series[0];
    const center = (close.length - 1) / 2;
    const mean = meanOf(close);
    const slope =
      close.reduce((sum, y, x) => sum + (x - center) * (y - mean), 0) / close.reduce((sum, _y, x) => sum + (x - center) * (x - center), 0);
    return (seen, n) => (n === 0 ? long(last(seen[n]).close < mean + slope * (seen[n].length - 1 - center)) : 0);
  },
  'a universe of survivors': (visible) => {
    const end = Math.max(...visible.series.map(({ closeTime }) => closeTime[closeTime.length - 1]));
    return (seen, n) => long(visible.series[n].closeTime.at(-1) === end && seen[n].length % 20 > 10);
  },
  'a join shifted by one day': (visible) => {
    const moveOf = new Map<number, number>();
    const { closeTime, close } = visible.series[1];
    for (let i = 1; i < close.length; i++) moveOf.set(dayOf(closeTime[i]) - 1, close[i] - close[i - 1]);
    return (seen, n) => (n === 0 ? long((moveOf.get(dayOf(last(seen[n]).eventTime)) ?? 0) > 0) : 0);
  },
  'a mutable array that outlives the run': () => (seen, n) => {
    if (n > 0) return 0;
    const { eventTime, close } = last(seen[n]);
    memory.set(dayOf(eventTime), close);
    return long((memory.get(dayOf(eventTime) + 1) ?? 0) > close);
  },
  'the memory behind a view': (visible) => (seen, n) => {
    const all = new Float64Array(visible.series[n].close.buffer);
    return long(all[seen[n].length + 2] < last(seen[n]).close);
  },
  'a threshold from the whole sample': (visible) => {
    const { volume, close } = visible.series[0];
    const level = quantileOf(
      close.map((value, i) => value * volume[i]),
      0.3,
    );
    return (seen, n) => (n === 0 ? long(last(seen[n]).close * last(seen[n]).volume < level) : 0);
  },
  'a gap filled backwards': (visible) => (seen, n, context) => {
    // the second instrument misses days: its value of such a day is taken from the day after
    const { closeTime, close } = visible.series[1];
    const next = closeTime.findIndex((time) => time >= context.now);
    return n === 0 ? long(close[next] > close[Math.max(0, next - 3)]) : 0;
  },
  'a straight line between month ends': (visible) => (seen, n) => {
    const { close } = visible.series[n];
    const at = seen[n].length - 1;
    const [before, after] = [at - (at % 21), Math.min(at - (at % 21) + 21, close.length - 1)];
    const line = close[before] + ((close[after] - close[before]) * (at - before)) / Math.max(1, after - before);
    return long(last(seen[n]).close < line);
  },
  'a filter run forwards and backwards': (visible) => {
    const smooth = Float64Array.from(visible.series[0].close);
    for (let i = 1; i < smooth.length; i++) smooth[i] = 0.8 * smooth[i - 1] + 0.2 * smooth[i];
    for (let i = smooth.length - 2; i >= 0; i--) smooth[i] = 0.8 * smooth[i + 1] + 0.2 * smooth[i];
    return (seen, n) => (n === 0 ? long(last(seen[n]).close < smooth[seen[n].length - 1]) : 0);
  },
  'labels that reach past today': (visible) => (seen, n) => {
    // nearest neighbor among past days, whose label is the return of the ten days after them
    const { close } = visible.series[n];
    const at = seen[n].length - 1;
    if (at < 30) return 0;
    const move = (i: number): number => close[i] / close[i - 1] - 1;
    let [nearest, distance] = [0, Infinity];
    for (let i = at - 9; i < at; i++) if (Math.abs(move(i) - move(at)) < distance) [nearest, distance] = [i, Math.abs(move(i) - move(at))];
    return long(close[nearest + 10] > close[nearest]);
  },
  'names ranked by the return of the whole sample': (visible) => {
    const gains = visible.series.map(({ close }) => close[close.length - 1] / close[0]);
    const best = gains.indexOf(Math.max(...gains));
    return (seen, n) => long(n === best && seen[n].length % 30 > 15);
  },
  'a window chosen on the whole sample': (visible) => {
    const { close } = visible.series[0];
    const profit = (window: number): number =>
      close.reduce((sum, value, i) => (i > window && close[i - 1] > close[i - 1 - window] ? sum + value / close[i - 1] - 1 : sum), 0);
    const windows = Array.from({ length: 30 }, (_, i) => i + 2);
    const chosen = windows.reduce((a, b) => (profit(b) > profit(a) ? b : a));
    return (seen, n) => (n === 0 ? long(last(seen[n]).close > (seen[n].at(-1 - chosen)?.close ?? Infinity)) : 0);
  },
  "a limit at the next bar's low": (visible) => (seen, n) => ({
    buyAt: n === 0 && seen[n].length % 5 === 0 ? visible.series[n].low[seen[n].length] : NaN,
  }),
  'a size from the volatility of the whole sample': (visible) => {
    const risk = deviationOf(visible.series[0].close.map((value, i, all) => (i === 0 ? 0 : value / all[i - 1] - 1)));
    return (seen, n) => (n === 0 && seen[n].length % 20 > 10 ? Math.round(10 / risk) : 0);
  },
};
