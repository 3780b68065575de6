import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dayFromCivil, isoFromDay, isoFromMicros, MICROS_PER_MINUTE } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { sessionDays, sessionOf } from '../calendars/market-clock.ts';
import { readClosePanel } from '../csv/close-panel.ts';
import { readLeanBars } from './lean-bars.ts';
import { parseLeanPath, type LeanFile } from './lean-file.ts';
import { readLeanQuoteBars } from './lean-quote-bars.ts';

const lean = recordedPath('lean');
const portfolio = recordedPath('portfolio');
const absent = 'the recorded files are absent';

function fileOf(path: string): LeanFile {
  const file = parseLeanPath(path);
  if (file === undefined) throw new Error(`${path}: not known`);
  return file;
}

test('SPY has a bar on every session of XNYS from 1998 to 2021 and on no other day', (context) => {
  if (lean === undefined) return context.skip(absent);
  const [{ content }] = readLeanBars(lean, fileOf('equity/usa/daily/spy.zip'));
  expect([...(content?.day ?? [])]).toEqual(sessionDays(calendarOf('XNYS'), dayFromCivil(1998, 1, 2), dayFromCivil(2021, 3, 31)));
});

test('the panel of closes has a row on every session of XNYS from 1998 to 2024 and on no other day', (context) => {
  if (portfolio === undefined) return context.skip(absent);
  const { panel } = readClosePanel(join(portfolio, 'stock_prices_1990_2024.csv'), 'panel.csv');
  const first = dayFromCivil(1998, 1, 1);
  const days = [...(panel?.days ?? [])].filter((day) => day >= first);
  expect(days).toEqual(sessionDays(calendarOf('XNYS'), first, dayFromCivil(2024, 11, 29)));
});

test.for(['20131007', '20131009', '20131030', '20131203', '20200106'])(
  'E-mini trades of %s fill the sessions of XCME, pauses left out',
  (date, context) => {
    if (lean === undefined) return context.skip(absent);
    const [{ content, quarantine }] = readLeanBars(lean, fileOf(`future/cme/minute/es/${date}_trade.zip`));
    if (content === undefined) throw new Error('set aside');
    expect(quarantine.rows).toBe(0);
    const begins = new Set(Array.from(content.time, (time) => time - MICROS_PER_MINUTE));
    const day = dayFromCivil(Number(date.slice(0, 4)), Number(date.slice(4, 6)), Number(date.slice(6)));
    const holes: string[] = [];
    let open = 0;
    for (const interval of [day - 1, day].flatMap((one) => calendarOf('XCME').intervalsOf(one))) {
      for (let at: number = interval.from; at < interval.to; at += MICROS_PER_MINUTE) {
        // the file ends with the day of UTC
        if (at < day * 1440 * MICROS_PER_MINUTE || at >= (day + 1) * 1440 * MICROS_PER_MINUTE) continue;
        if (interval.phase === 'open') open++;
        if ((interval.phase === 'open') !== begins.has(microsUnchecked(at))) holes.push(isoFromMicros(microsUnchecked(at)));
      }
    }
    // the front month trades in all but a few quiet minutes of the night
    expect([open > 1_350, holes.length < 40]).toEqual([true, true]);
    expect(begins.size).toBe(open - holes.length);
  },
);

test('hours of EURUSD lie in sessions of FX alone, and the sessions without any are known by name', (context) => {
  if (lean === undefined) return context.skip(absent);
  const [{ content, quarantine }] = readLeanQuoteBars(lean, fileOf('forex/oanda/hour/eurusd.zip'));
  if (content === undefined) throw new Error('set aside');
  expect(quarantine.isEmpty).toBe(true);
  const days = new Set(content.day);
  const calendar = calendarOf('FX');
  const sessions = sessionDays(calendar, dayFromCivil(2007, 1, 2), dayFromCivil(2018, 12, 31));
  const without = sessions.filter((day) => !days.has(day)).map(isoFromDay);
  // Christmas and New Year's days that the market-hours file does not list, and an outage of the source in December 2016
  const holidays = [
    '2013-12-25',
    '2014-01-01',
    '2014-12-25',
    '2015-01-01',
    '2016-12-26',
    '2017-01-02',
    '2017-12-25',
    '2018-01-01',
    '2018-12-26',
  ];
  const outage = ['2016-12-12', '2016-12-13', '2016-12-14', '2016-12-15'];
  expect([sessions.length, without]).toEqual([3_124, [...holidays, ...outage].sort()]);
  const early = sessionOf(calendar, dayFromCivil(2014, 12, 31));
  expect(early).toMatchObject({ early: true });
});
