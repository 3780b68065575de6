import { dayNumber, weekday } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Bar } from '../../domain/market.ts';
import { splitRows } from './planted-leaks.ts';
import { closesOf, deviationOf, meanOf, quantileOf, type SignalMaker } from './signal-strategy.ts';

const last = (bars: readonly Bar[]): Bar => bars[bars.length - 1];
const long = (is: boolean): number => (is ? 100 : 0);
const dayOf = (time: number): number => dayNumber(microsUnchecked(time));
const weekOf = (time: number): number => dayOf(time) - ((weekday(dayOf(time)) + 6) % 7);

/** What the planted leaks do, done with what was known: the detector must stay quiet. */
export const cleanSignals: Readonly<Record<string, SignalMaker>> = {
  'window up to today': () => (seen, n) => long(last(seen[n]).close < meanOf(closesOf(seen[n].slice(-11)))),
  'normalized by what came before': () => (seen, n) => {
    const closes = closesOf(seen[n]);
    return long((last(seen[n]).close - meanOf(closes)) / deviationOf(closes) < -0.4);
  },
  "today's open through a captured series": (visible) => (seen, n) =>
    long(visible.series[n].open[seen[n].length - 1] > last(seen[n]).close),
  'the highest of the last ten bars': () => (seen, n) =>
    long(Math.max(...seen[n].slice(-10).map(({ high }) => high)) > 1.03 * last(seen[n]).close),
  'a weekly bar that has closed': () => (seen, n) => {
    const week = weekOf(last(seen[n]).eventTime);
    const before = seen[n].filter(({ eventTime }) => weekOf(eventTime) < week).at(-1);
    return long((before?.close ?? 0) > last(seen[n]).close);
  },
  'a price level with the splits known that day': (visible) => (seen, n) => {
    if (n > 0) return 0;
    const happened = splitRows.filter((row) => (visible.series[0].closeTime[row] ?? Infinity) <= last(seen[n]).eventTime);
    return long(last(seen[n]).close * 2 ** happened.length > 50_000_000);
  },
  'a trend fitted on what came before': () => (seen, n) => {
    const closes = closesOf(seen[n]);
    const center = (closes.length - 1) / 2;
    const slope = closes.reduce((sum, y, x) => sum + (x - center) * y, 0);
    return long(slope > 0 && closes.length > 5);
  },
  'a universe of those alive that day': () => (seen, n, context) =>
    long(context.universe.some((other) => seen[other]?.at(-1)?.eventTime === context.now && other !== n) && seen[n].length % 20 > 10),
  'a join with yesterday': (visible) => {
    const moveOf = new Map<number, number>();
    const { closeTime, close } = visible.series[1];
    for (let i = 1; i < close.length; i++) moveOf.set(dayOf(closeTime[i]) + 1, close[i] - close[i - 1]);
    return (seen, n) => (n === 0 ? long((moveOf.get(dayOf(last(seen[n]).eventTime)) ?? 0) > 0) : 0);
  },
  'an array that is only read up to today': (visible) => (seen, n) =>
    long(visible.series[n].close[seen[n].length - 1] > (visible.series[n].close[seen[n].length - 4] ?? Infinity)),
  'a threshold from what came before': () => (seen, n) => long(last(seen[n]).close < quantileOf(closesOf(seen[n]), 0.3)),
  'a gap filled forwards': (visible) => (_seen, n, context) => {
    const { closeTime, close } = visible.series[1];
    const after = closeTime.findIndex((time) => time > context.now);
    const now = (after < 0 ? closeTime.length : after) - 1;
    return n === 0 ? long(close[now] > close[Math.max(0, now - 3)]) : 0;
  },
  'the step of the last month end': () => (seen, n) => {
    const at = seen[n].length - 1;
    return long(last(seen[n]).close < seen[n][at - (at % 21)].close);
  },
  'a filter run forwards': () => (seen, n) =>
    long(last(seen[n]).close < closesOf(seen[n]).reduce((smooth, close) => 0.8 * smooth + 0.2 * close)),
  'labels that have come true': () => (seen, n) => {
    const closes = closesOf(seen[n]);
    const at = closes.length - 1;
    if (at < 30) return 0;
    const move = (i: number): number => closes[i] / closes[i - 1] - 1;
    let [nearest, distance] = [0, Infinity];
    for (let i = 1; i + 10 <= at; i++) if (Math.abs(move(i) - move(at)) < distance) [nearest, distance] = [i, Math.abs(move(i) - move(at))];
    return long(closes[nearest + 10] > closes[nearest]);
  },
  'names ranked by the last month': () => (seen, n, context) => {
    const gain = (listing: number): number => {
      const bars = seen[listing] ?? [];
      return (bars.at(-1)?.close ?? 0) / (bars.at(-21)?.close ?? Infinity);
    };
    return long(context.universe.every((other) => gain(other) <= gain(n)) && gain(n) > 0);
  },
  'a window chosen on what came before': () => (seen, n) => {
    const closes = closesOf(seen[n].slice(-60));
    const profit = (window: number): number =>
      closes.reduce((sum, value, i) => (i > window && closes[i - 1] > closes[i - 1 - window] ? sum + value / closes[i - 1] - 1 : sum), 0);
    const chosen = [3, 5, 10, 20].reduce((a, b) => (profit(b) > profit(a) ? b : a));
    return long(last(seen[n]).close > (seen[n].at(-1 - chosen)?.close ?? Infinity));
  },
  "a limit at today's low": () => (seen, n) => ({ buyAt: n === 0 && seen[n].length % 5 === 0 ? last(seen[n]).low : NaN }),
  'a size from the volatility so far': () => (seen, n) => {
    const closes = closesOf(seen[n]);
    const risk = deviationOf(closes.map((value, i) => (i === 0 ? 0 : value / closes[i - 1] - 1)));
    return seen[n].length % 20 > 10 ? Math.round(10 / risk) : 0;
  },
  'the luck of the run': () => (_seen, _n, context) => long(context.random.float() < 0.3),
};
