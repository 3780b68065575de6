import { isoFromDay, isoFromMicros, MICROS_PER_DAY, MICROS_PER_MINUTE } from '../base/time.ts';
import { microsUnchecked } from '../base/units.ts';
import type { RawBars } from '../domain/bar-columns.ts';
import { isSessionDay, sessionDays } from './calendars/market-clock.ts';
import { calendarOf, type Calendar } from './calendars/calendar.ts';
import type { CalendarCode } from './calendars/calendar-rules.ts';
import { sessionFinder } from './csv/session-times.ts';

export const findingKinds = ['gap', 'outside', 'outlier', 'spike', 'stale'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something about bars that passed every rule but that a person should look at. */
export interface BarFinding {
  readonly kind: FindingKind;
  readonly instrumentID: string;
  /** Date or time of the first bar concerned. */
  readonly at: string;
  readonly text: string;
}

export interface BarCheck {
  readonly instrumentID: string;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  /** Sessions (or bars of a session) that the calendar has and the file has not. */
  readonly missing: number;
  readonly findings: readonly BarFinding[];
  /** Findings past maxFindings. */
  readonly unlisted: number;
}

/** Findings kept of one instrument. */
export const maxFindings = 500;
/** A move counts when it is so many times the usual one (1.4826 times the median absolute move; Hampel, 1974) and at least so large. */
const outlierTimes = 12;
const outlierMove = 0.15;
/** A spike goes and comes back: what is left of it after the next bar is at most this share. */
const spikeRest = 0.25;
/** So many bars in a row with one price and without any range. */
const staleBars = 5;
/** Consistency of the median absolute deviation with the standard deviation of normal moves. */
const normalScale = 1.4826;

/** Looks through bars of one instrument: sessions without a bar, moves far from the usual, prices that jump and come back, prices that stand still. */
export function checkBars(bars: RawBars, code: CalendarCode): BarCheck {
  const findings: BarFinding[] = [];
  let unlisted = 0;
  const add = (kind: FindingKind, i: number, text: string) => {
    if (findings.length < maxFindings) findings.push({ kind, instrumentID: bars.instrumentID, at: nameOf(bars, i), text });
    else unlisted++;
  };
  const missing = bars.interval >= MICROS_PER_DAY ? findDayGaps(bars, calendarOf(code), add) : findBarGaps(bars, calendarOf(code), add);
  findOutside(bars, calendarOf(code), add);
  findMoves(bars, add);
  findStale(bars, add);
  return {
    instrumentID: bars.instrumentID,
    rows: bars.count,
    from: nameOf(bars, 0),
    to: nameOf(bars, bars.count - 1),
    missing,
    findings,
    unlisted,
  };
}

/** One line for each finding, after one of figures. */
export function barCheckText({ instrumentID, rows, from, to, missing, findings, unlisted }: BarCheck): string {
  const head = `${instrumentID}: ${rows} bars from ${from} to ${to}, ${missing} missing, ${findings.length + unlisted} findings`;
  const lines = findings.map((one) => `  ${one.kind} ${one.at}: ${one.text}`);
  return [head, ...lines, ...(unlisted > 0 ? [`  and ${unlisted} more`] : [])].join('\n');
}

type Add = (kind: FindingKind, i: number, text: string) => void;

function nameOf(bars: RawBars, i: number): string {
  if (i < 0) return '-';
  return bars.interval >= MICROS_PER_DAY ? isoFromDay(bars.day[i]) : isoFromMicros(microsUnchecked(bars.time[i]));
}

/** Sessions between two bars; each run of them is one finding. */
function findDayGaps(bars: RawBars, calendar: Calendar, add: Add): number {
  let missing = 0;
  for (let i = 1; i < bars.count; i++) {
    const between = bars.day[i] - bars.day[i - 1] === 1 ? [] : sessionDays(calendar, bars.day[i - 1] + 1, bars.day[i] - 1);
    if (between.length === 0) continue;
    missing += between.length;
    add(
      'gap',
      i - 1,
      `${between.length === 1 ? '1 session' : `${between.length} sessions`} without a bar, ${isoFromDay(between[0])} to ${isoFromDay(between[between.length - 1])}`,
    );
  }
  return missing;
}

/** Bars that are absent inside one open stretch; a quiet minute has no bar, so only the longest hole of a session is a finding. */
function findBarGaps(bars: RawBars, calendar: Calendar, add: Add): number {
  let missing = 0;
  let worst = { holes: 0, at: -1 };
  const report = () => {
    if (worst.holes >= 1)
      add(
        'gap',
        worst.at,
        `${worst.holes === 1 ? '1 bar' : `${worst.holes} bars`} absent, the longest hole of its session (${worst.holes * (bars.interval / MICROS_PER_MINUTE)} minutes)`,
      );
    worst = { holes: 0, at: -1 };
  };
  for (let i = 1; i < bars.count; i++) {
    if (bars.day[i] !== bars.day[i - 1]) {
      report();
      continue;
    }
    const holes = openBarsBetween(bars.time[i - 1], bars.time[i] - bars.interval, bars.interval, calendar, bars.day[i]);
    missing += holes;
    if (holes > worst.holes) worst = { holes, at: i - 1 };
  }
  report();
  return missing;
}

/** Whole bars that fit into the open parts of [from, to). */
function openBarsBetween(from: number, to: number, interval: number, calendar: Calendar, day: number): number {
  if (to <= from) return 0;
  let bars = 0;
  for (let one = day - 1; one <= day; one++) {
    for (const span of calendar.intervalsOf(one)) {
      if (span.phase === 'open' && span.sessionDay === day)
        bars += Math.max(0, Math.floor((Math.min(to, span.to) - Math.max(from, span.from)) / interval));
    }
  }
  return bars;
}

/** Bars on dates without a session, or at times at which the market is closed: no reader lets them through, so they were written by something else. */
function findOutside(bars: RawBars, calendar: Calendar, add: Add): void {
  const isDailyStock = bars.interval >= MICROS_PER_DAY && calendar.code === 'XNYS';
  const find = sessionFinder(calendar);
  for (let i = 0; i < bars.count; i++) {
    const inside = isDailyStock ? isSessionDay(calendar, bars.day[i]) : find(bars.time[i] - bars.interval, bars.time[i]) !== undefined;
    if (!inside) add('outside', i, `${calendar.code} has no session then`);
  }
}

function findMoves(bars: RawBars, add: Add): void {
  const price = adjustedCloses(bars);
  const moves = new Float64Array(Math.max(0, bars.count - 1));
  for (let i = 1; i < bars.count; i++) moves[i - 1] = Math.log(price[i] / price[i - 1]);
  const usual = normalScale * median(moves.map(Math.abs));
  if (!(usual > 0)) return;
  for (let i = 0; i < moves.length; i++) {
    const size = Math.abs(moves[i]);
    if (size < outlierTimes * usual || size < outlierMove) continue;
    const percent = `${((Math.exp(moves[i]) - 1) * 100).toFixed(1)} %`;
    const times = (size / usual).toFixed(0);
    const isSpike = i + 1 < moves.length && Math.abs(moves[i] + moves[i + 1]) <= spikeRest * size;
    if (isSpike) add('spike', i + 1, `${percent} and back with the next bar, ${times} times the usual move`);
    else if (!(i > 0 && Math.abs(moves[i] + moves[i - 1]) <= spikeRest * size))
      add('outlier', i + 1, `${percent}, ${times} times the usual move`);
  }
}

/** Closes with splits and dividends taken out. */
function adjustedCloses({ close, totalFactor }: RawBars): Float64Array {
  return totalFactor === undefined ? close : close.map((price, i) => price * totalFactor[i]);
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0;
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function findStale(bars: RawBars, add: Add): void {
  const { open, high, low, close } = bars;
  const isFlat = (i: number) => open[i] === high[i] && high[i] === low[i] && low[i] === close[i];
  for (let from = 0, to = 0; from < bars.count; from = to) {
    to = from + 1;
    if (!isFlat(from)) continue;
    while (to < bars.count && isFlat(to) && close[to] === close[from]) to++;
    if (to - from >= staleBars && bars.interval >= MICROS_PER_DAY) add('stale', from, `${to - from} bars in a row stand at ${close[from]}`);
  }
}
