import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dayFromCivil, isoFromDay, isoFromMicros } from '../../base/time.ts';
import { roundHalfEven } from '../../base/decimal.ts';
import { microsUnchecked } from '../../base/units.ts';
import { adjustments, type RawBars } from '../../domain/bar-columns.ts';
import { dailyBars, namesWithDailyBars } from '../../testing/backtest/daily-bars.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { sessionDays } from '../calendars/market-clock.ts';
import { adjustBars } from '../csv/adjust.ts';
import { readSp500Bars } from './sp500-bars.ts';

const folder = recordedPath('sp500/daily');

function barsOf(name: string): RawBars {
  const { bars } = readSp500Bars(join(folder ?? '', `${name}.csv.gz`), `${name}.csv.gz`);
  if (bars === undefined) throw new Error(`${name}: set aside`);
  return bars;
}

test('every adjusted price and volume of all names is that of the plain implementation, to the unit', (context) => {
  if (folder === undefined) return context.skip('the daily bars are absent');
  let rows = 0;
  for (const name of namesWithDailyBars()) {
    const raw = barsOf(name);
    const modes = name < 'B' ? adjustments : (['total'] as const);
    for (const adjust of modes) {
      const columns = adjustBars(raw, adjust);
      const plain = dailyBars(name, '0000', '9999', adjust);
      expect(columns.count).toBe(plain.length);
      for (const [i, { open, high, low, close, volume }] of plain.entries()) {
        rows++;
        const same =
          columns.open[i] === open &&
          columns.high[i] === high &&
          columns.low[i] === low &&
          columns.close[i] === close &&
          columns.volume[i] === volume;
        if (!same)
          expect(
            [columns.open[i], columns.high[i], columns.low[i], columns.close[i], columns.volume[i]],
            `${name} ${plain[i].date}`,
          ).toEqual([open, high, low, close, volume]);
      }
    }
  }
  expect(rows).toBeGreaterThan(692_018);
});

test('nothing of the real files is dropped, and every bar without volume is named', (context) => {
  if (folder === undefined) return context.skip('the daily bars are absent');
  const counts = { dropped: 0, untraded: 0, rows: 0, events: 0 };
  const named: string[] = [];
  for (const name of namesWithDailyBars()) {
    const { bars, events, quarantine } = readSp500Bars(join(folder, `${name}.csv.gz`), name);
    counts.rows += bars?.count ?? 0;
    counts.events += events.length;
    counts.dropped += quarantine.rows;
    counts.untraded += quarantine.untradedRows;
    for (const { file, code } of quarantine.faults) if (!named.includes(`${file} ${code}`)) named.push(`${file} ${code}`);
  }
  expect(counts).toEqual({ dropped: 0, untraded: 36, rows: 692_018, events: 9_363 });
  expect(named).toEqual(['NDAQ ZERO_VOLUME', 'TTWO ZERO_VOLUME']);
});

test('the days with bars are exactly the sessions of the calendar', (context) => {
  if (folder === undefined) return context.skip('the daily bars are absent');
  const days = new Set<number>();
  for (const name of ['KO', 'XOM', 'JPM']) for (const day of barsOf(name).day) days.add(day);
  const sessions = sessionDays(calendarOf('XNYS'), dayFromCivil(1999, 11, 1), dayFromCivil(2021, 4, 21));
  expect([...days].sort((a, b) => a - b)).toEqual(sessions);
});

test('a bar is known when its session closes, on an early close too', (context) => {
  if (folder === undefined) return context.skip('the daily bars are absent');
  const { day, time } = barsOf('KO');
  const closes = new Map(Array.from(day, (one, i) => [isoFromDay(one), isoFromMicros(microsUnchecked(time[i]))]));
  expect(closes.get('2015-12-24')).toBe('2015-12-24T18:00:00.000000Z');
  expect(closes.get('2020-03-06')).toBe('2020-03-06T21:00:00.000000Z');
  expect(closes.get('2020-03-09')).toBe('2020-03-09T20:00:00.000000Z');
});

test('rounding by the machine’s own rule is the half-even rounding of the base room', () => {
  const values = [0.5, 1.5, 2.5, 1e15 + 0.5, 2 ** 52 - 0.5, 2 ** 52 + 1, 0.49999999999999994, 123456.5, 16_250_000.499];
  const column = (from: readonly number[]) => Float64Array.from(from);
  const raw: RawBars = {
    instrumentID: 'X',
    interval: barsInterval,
    count: values.length,
    day: new Int32Array(values.length),
    time: column(values),
    open: column(values),
    high: column(values),
    low: column(values),
    close: column(values),
    volume: column(values),
  };
  expect(Array.from(adjustBars(raw, 'none', { unitsPerPrice: 1 }).close)).toEqual(values.map(roundHalfEven));
});

const barsInterval = microsUnchecked(86_400_000_000);
