import { expect, test } from 'vitest';
import { dayFromCivil, isoFromDay, MICROS_PER_MINUTE, parseIso } from '../base/time.ts';
import { micros } from '../base/units.ts';
import type { RawBars } from '../domain/bar-columns.ts';
import { recordedPath } from '../testing/recorded-files.ts';
import { barCheckText, checkBars } from './bar-check.ts';
import { calendarOf } from './calendars/calendar.ts';
import { sessionDays } from './calendars/market-clock.ts';
import { readLeanHistory } from './lean/lean-history.ts';

const lean = recordedPath('lean');
const days = sessionDays(calendarOf('XNYS'), dayFromCivil(2015, 3, 2), dayFromCivil(2015, 12, 31));

/** Daily bars that move by a percent up and down. */
function daily(dayList: readonly number[], close: (i: number) => number): RawBars {
  const closes = Float64Array.from(dayList, (_, i) => close(i));
  const scaled = (factor: number) => closes.map((price) => price * factor);
  const shape = { instrumentID: 'ABC', interval: micros(86_400_000_000), count: dayList.length, day: Int32Array.from(dayList) };
  const time = Float64Array.from(dayList, (day) => day * 86_400_000_000);
  return { ...shape, time, open: scaled(0.999), high: scaled(1.01), low: scaled(0.99), close: closes, volume: scaled(1) };
}

const calm = (i: number) => 100 + (i % 2) + (i % 7) / 10;

test('quiet bars have no findings', () => {
  expect(checkBars(daily(days, calm), 'XNYS')).toMatchObject({ rows: days.length, missing: 0, findings: [], unlisted: 0 });
});

test('missing sessions, holidays not among them, are one gap for each run', () => {
  const check = checkBars(daily([...days.slice(0, 20), ...days.slice(23, 60), ...days.slice(61)], calm), 'XNYS');
  expect(check.missing).toBe(4);
  expect(check.findings.map((one) => `${one.kind} ${one.at} ${one.text}`)).toEqual([
    `gap ${isoFromDay(days[19])} 3 sessions without a bar, ${isoFromDay(days[20])} to ${isoFromDay(days[22])}`,
    `gap ${isoFromDay(days[59])} 1 session without a bar, ${isoFromDay(days[60])} to ${isoFromDay(days[60])}`,
  ]);
});

test('a jump that stays is an outlier, one that comes back a spike, and both are said once', () => {
  const jump = checkBars(
    daily(days, (i) => calm(i) * (i >= 50 ? 1.4 : 1)),
    'XNYS',
  );
  expect(jump.findings.map((one) => [one.kind, one.at])).toEqual([['outlier', isoFromDay(days[50])]]);
  const spike = checkBars(
    daily(days, (i) => calm(i) * (i === 50 ? 0.5 : 1)),
    'XNYS',
  );
  expect(spike.findings.map((one) => [one.kind, one.at])).toEqual([['spike', isoFromDay(days[50])]]);
});

test('prices that stand still are stale', () => {
  const bars = daily(days, (i) => (i >= 30 && i < 37 ? 100 : calm(i)));
  for (const column of [bars.open, bars.high, bars.low]) column.fill(100, 30, 37);
  expect(checkBars(bars, 'XNYS').findings.map((one) => [one.kind, one.at, one.text])).toEqual([
    ['stale', isoFromDay(days[30]), '7 bars in a row stand at 100'],
  ]);
});

test('absent minutes count inside the session only', () => {
  const parsed = parseIso('2015-03-03T14:30:00Z');
  if (!parsed.ok) throw new Error('time');
  const minutes = [-60, -20, ...Array.from({ length: 390 }, (_, i) => i), 420].filter((m) => m < 100 || m > 104);
  const time = Float64Array.from(minutes, (m) => parsed.value + (m + 1) * MICROS_PER_MINUTE);
  const bars = {
    ...daily(minutes, () => 50),
    interval: micros(MICROS_PER_MINUTE),
    day: new Int32Array(minutes.length).fill(dayFromCivil(2015, 3, 3)),
    time,
  };
  const check = checkBars(bars, 'XNYS');
  expect([check.missing, barCheckText(check)]).toEqual([
    5,
    [
      'ABC: 388 bars from 2015-03-03T13:31:00.000000Z to 2015-03-03T21:31:00.000000Z, 5 missing, 1 findings',
      '  gap 2015-03-03T16:10:00.000000Z: 5 bars absent, the longest hole of its session (5 minutes)',
    ].join('\n'),
  ]);
});

test('the recorded history of AAPL has its known gaps and moves, and no split among them', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const { bars } = readLeanHistory(lean, 'aapl');
  if (bars === undefined) throw new Error('set aside');
  const check = checkBars(bars, 'XNYS');
  expect(check.missing).toBe(3);
  const moves = check.findings.filter((one) => one.kind !== 'gap');
  expect(moves.map((one) => `${one.kind} ${one.at} ${one.text.split(',')[0]}`)).toEqual(['outlier 2000-09-29 -51.6 %']);
});
