import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dayFromCivil, isoFromDay, MICROS_PER_HOUR, MICROS_PER_MINUTE, parseIso, weekday } from '../../base/time.ts';
import { micros, type Micros } from '../../base/units.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { calendarOf, sessionsBetween } from './calendar.ts';
import type { CalendarCode } from './calendar-rules.ts';
import { isOpenAt, isSessionDay, nextClose, nextOpen, phaseAt, sessionDays, sessionInputs, sessionOf } from './market-clock.ts';

const hoursFile = recordedPath('lean/market-hours/market-hours-database.json');
interface Entry {
  readonly holidays: readonly string[];
  readonly earlyCloses?: Readonly<Record<string, string>>;
  readonly lateOpens?: Readonly<Record<string, string>>;
}
type Week = Readonly<Record<string, readonly { readonly start: string; readonly end: string; readonly state: string }[]>>;
interface MarketHours {
  readonly entries: Readonly<Record<string, Entry & Week>>;
}

const hours = hoursFile === undefined ? undefined : (JSON.parse(readFileSync(hoursFile, 'utf8')) as MarketHours);

function at(text: string): Micros {
  const parsed = parseIso(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

function minutes(text: string): number {
  const [time, days] = text.includes('.') ? [text.split('.')[1], Number(text.split('.')[0])] : [text, 0];
  return days * 1440 + Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

const newYorkHour = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** What the file itself says about a local date: spans in minutes, the pauses before and after the session left out where `states` says so. */
function fileSpans(entry: string, day: number, states: readonly string[]): string {
  if (hours === undefined) return '';
  const one = hours.entries[entry];
  const [year, month, date] = isoFromDay(day).split('-').map(Number);
  // one day of the file is written with zeros in front
  const padded = isoFromDay(day).replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1');
  const key = one.holidays.includes(padded) ? padded : `${month}/${date}/${year}`;
  const early = one.earlyCloses?.[key];
  const late = one.lateOpens?.[key];
  const common = entry === 'Future-cme-ES' && early === undefined && late === undefined ? hours.entries['Future-cme-[*]'].holidays : [];
  if (one.holidays.includes(key) || common.includes(key)) return '';
  const [earlyAt, lateAt] = [early, late].map((text) => (text === undefined ? undefined : minutes(text)));
  const open = new Uint8Array(1440);
  for (const segment of one[weekdays[weekday(day)]]) {
    if (!states.includes(segment.state)) continue;
    const [from, to] = [minutes(segment.start), minutes(segment.end)];
    for (let m = from; m < to; m++) {
      const afterEarly = earlyAt !== undefined && m >= earlyAt;
      const beforeLate = lateAt !== undefined && m < lateAt;
      open[m] = earlyAt !== undefined && lateAt !== undefined ? (afterEarly && beforeLate ? 0 : 1) : afterEarly || beforeLate ? 0 : 1;
    }
  }
  return spansOf(open);
}

function ourSpans(code: CalendarCode, day: number, phases: readonly string[]): string {
  const calendar = calendarOf(code);
  const open = new Uint8Array(1440);
  for (const { phase, from, to } of calendar.intervalsOf(day)) {
    if (!phases.includes(phase)) continue;
    const offset = sessionMidnight(code, day);
    const [begin, end] = [from, to].map((time) => Math.round((time - offset) / MICROS_PER_MINUTE));
    for (let m = begin; m < end; m++) open[m] = 1;
  }
  return spansOf(open);
}

/** Local midnight by the system's zone tables; the days of a change have no session before 03:00. */
function sessionMidnight(code: CalendarCode, day: number): number {
  if (code === 'ALWAYS') return day * 24 * MICROS_PER_HOUR;
  const noonUtc = new Date(`${isoFromDay(day)}T17:00:00Z`);
  const hour = Number(newYorkHour.format(noonUtc));
  return noonUtc.getTime() * 1000 - hour * MICROS_PER_HOUR;
}

function spansOf(open: Uint8Array): string {
  const spans: string[] = [];
  for (let m = 0; m < 1440; m++) {
    if (open[m] === 0 || (m > 0 && open[m - 1] === 1)) continue;
    let end = m;
    while (end < 1440 && open[end] === 1) end++;
    spans.push(`${m}-${end}`);
  }
  return spans.join(' ');
}

function expectDays(code: CalendarCode, from: string, to: string, file: (day: number) => string, ours: (day: number) => string): number {
  let seen = 0;
  for (let day = at(from) / (24 * MICROS_PER_HOUR); day <= at(to) / (24 * MICROS_PER_HOUR); day++) {
    expect(`${isoFromDay(day)} ${ours(day)}`, code).toBe(`${isoFromDay(day)} ${file(day)}`);
    seen++;
  }
  return seen;
}

test('every session, holiday and early close of XNYS, 1998 to 2028, is that of the market-hours file', (context) => {
  if (hours === undefined) return context.skip('the market-hours file is absent');
  const session = (day: number) => fileSpans('Equity-usa-[*]', day, ['market']);
  const before = (day: number) => fileSpans('Equity-usa-[*]', day, ['premarket']);
  expect(expectDays('XNYS', '1998-01-01', '2028-12-31', session, (day) => ourSpans('XNYS', day, ['open']))).toBe(11_323);
  expectDays('XNYS', '1998-01-01', '2028-12-31', before, (day) => ourSpans('XNYS', day, ['preOpen']));
});

test('every session, holiday and early close of the CME equity futures since the hours of today began is that of the file', (context) => {
  if (hours === undefined) return context.skip('the market-hours file is absent');
  const states = ['premarket', 'market', 'postmarket'];
  const file = (day: number) => fileSpans('Future-cme-ES', day, states);
  expect(expectDays('XCME', '2021-06-27', '2026-12-31', file, (day) => ourSpans('XCME', day, ['open']))).toBe(2_014);
});

test('before that they differ from the file in the pause and the close of their time only, 2009 to 2021', (context) => {
  if (hours === undefined) return context.skip('the market-hours file is absent');
  const states = ['premarket', 'market', 'postmarket'];
  /** The pause filled up, and 17:00 to 17:15 left out. */
  const today = (day: number) => ourSpans('XCME', day, ['open', 'preOpen']).replaceAll('0-1035', '0-1020');
  expect(expectDays('XCME', '2009-01-01', '2021-06-26', (day) => fileSpans('Future-cme-ES', day, states), today)).toBe(4_560);
});

test('every session, holiday and early close of FX is that of the file, at both venues', (context) => {
  if (hours === undefined) return context.skip('the market-hours file is absent');
  const oanda = (day: number) => fileSpans('Forex-oanda-[*]', day, ['market']);
  const fxcm = (day: number) => fileSpans('Forex-fxcm-[*]', day, ['market']);
  expect(expectDays('FX', '2005-01-01', '2025-12-31', oanda, (day) => ourSpans('FX', day, ['open']))).toBe(7_670);
  expect(expectDays('FXCM', '2007-01-01', '2025-12-31', fxcm, (day) => ourSpans('FXCM', day, ['open']))).toBe(6_940);
});

test('a session keeps its local time over both changes to and from daylight saving time', () => {
  const calendar = calendarOf('XNYS');
  const closes = ['2020-03-06', '2020-03-09', '2020-10-30', '2020-11-02'].map(
    (day) => sessionOf(calendar, at(day) / 86_400_000_000)?.close,
  );
  expect(closes).toEqual([at('2020-03-06T21:00:00Z'), at('2020-03-09T20:00:00Z'), at('2020-10-30T20:00:00Z'), at('2020-11-02T21:00:00Z')]);
  const fx = calendarOf('FXCM');
  const week = (from: string, to: string) => {
    const found = sessionsBetween(fx, at(from), at(to));
    if (!found.ok) throw new Error('unknown days');
    return found.value.reduce((sum, one) => sum + one.to - one.from, 0) / MICROS_PER_HOUR;
  };
  expect([week('2014-03-09', '2014-03-15'), week('2014-11-02', '2014-11-08')]).toEqual([120, 120]);
  expect(nextOpen(fx, at('2014-03-08T00:00:00Z'))).toBe(at('2014-03-09T21:00:00Z'));
  expect(nextOpen(fx, at('2014-03-01T00:00:00Z'))).toBe(at('2014-03-02T22:00:00Z'));
});

test('an early close ends the session at one o’clock and late trading at five', () => {
  const calendar = calendarOf('XNYS');
  const day = dayFromCivil(2015, 12, 24);
  expect(sessionOf(calendar, day)).toEqual({
    sessionDay: day,
    open: at('2015-12-24T14:30:00Z'),
    close: at('2015-12-24T18:00:00Z'),
    early: true,
  });
  expect(phaseAt(calendar, at('2015-12-24T21:59:00Z'))).toBe('postClose');
  expect(phaseAt(calendar, at('2015-12-24T22:00:00Z'))).toBe('closed');
  expect(isSessionDay(calendar, dayFromCivil(2015, 12, 25))).toBe(false);
  expect(nextClose(calendar, at('2015-12-24T18:00:00Z'))).toBe(at('2015-12-28T21:00:00Z'));
});

test('a futures session begins on the evening before, and its pause does not end it', () => {
  const found = sessionsBetween(calendarOf('XCME'), at('2020-01-06T00:00:00Z'), at('2020-01-07T12:00:00Z'));
  if (!found.ok) throw new Error('unknown days');
  const monday = dayFromCivil(2020, 1, 6);
  expect(found.value.map((one) => [one.phase, one.sessionDay - monday, one.from, one.to])).toEqual([
    ['open', 0, at('2020-01-05T23:00:00Z'), at('2020-01-06T21:15:00Z')],
    ['preOpen', 0, at('2020-01-06T21:15:00Z'), at('2020-01-06T21:30:00Z')],
    ['open', 0, at('2020-01-06T21:30:00Z'), at('2020-01-06T22:00:00Z')],
    ['open', 1, at('2020-01-06T23:00:00Z'), at('2020-01-07T21:15:00Z')],
  ]);
});

test('Session inputs say every phase once, and closed keeps the day of the session before', () => {
  const found = sessionInputs(calendarOf('XNYS'), at('2020-01-03T12:00:00Z'), at('2020-01-06T20:00:00Z'));
  if (!found.ok) throw new Error('unknown days');
  const friday = dayFromCivil(2020, 1, 3);
  const said = found.value.map(({ at: time, input }) => [time, input.phase, input.sessionDay - friday, input.until]);
  expect(said).toEqual([
    [at('2020-01-03T12:00:00Z'), 'preOpen', 0, at('2020-01-03T14:30:00Z')],
    [at('2020-01-03T14:30:00Z'), 'open', 0, at('2020-01-03T21:00:00Z')],
    [at('2020-01-03T21:00:00Z'), 'postClose', 0, at('2020-01-04T01:00:00Z')],
    [at('2020-01-04T01:00:00Z'), 'closed', 0, at('2020-01-06T09:00:00Z')],
    [at('2020-01-06T09:00:00Z'), 'preOpen', 3, at('2020-01-06T14:30:00Z')],
    [at('2020-01-06T14:30:00Z'), 'open', 3, at('2020-01-06T21:00:00Z')],
  ]);
});

test('days that no table knows are refused with the days that it does know', () => {
  expect(sessionsBetween(calendarOf('XNYS'), at('1997-12-31T20:00:00Z'), at('1998-01-05T00:00:00Z'))).toEqual({
    ok: false,
    error: { code: 'CALENDAR_UNKNOWN_DAY', calendar: 'XNYS', day: '1997-12-31', first: '1998-01-01', last: '2028-12-31' },
  });
  expect(isOpenAt(calendarOf('XNYS'), at('2030-01-07T16:00:00Z'))).toBe(false);
  expect(nextOpen(calendarOf('XNYS'), at('2028-12-31T16:00:00Z'))).toBeUndefined();
});

test('a market that never closes has a session a day', () => {
  const always = calendarOf('ALWAYS');
  expect(sessionDays(always, 0, 9)).toHaveLength(10);
  expect(isOpenAt(always, micros(1_600_000_000_000_000))).toBe(true);
  expect(isOpenAt(calendarOf('XNYS'), at('2020-01-03T12:00:00Z'))).toBe(false);
  expect(isOpenAt(calendarOf('XNYS'), at('2020-01-03T12:00:00Z'), true)).toBe(true);
});
