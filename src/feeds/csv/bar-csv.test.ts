import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isoFromDay, isoFromMicros, MICROS_PER_DAY, MICROS_PER_MINUTE } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { readBarCsv, type BarCsvLayout } from './bar-csv.ts';
import { readClosePanel } from './close-panel.ts';
import { readMinuteCsv } from './minute-csv.ts';
import { faultLine } from './quarantine.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bar-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));
const minuteFolder = recordedPath('spy-minute');
const panelFile = recordedPath('portfolio/stock_prices_1990_2024.csv');

const layout: BarCsvLayout = {
  instrumentID: 'ABC',
  columns: { time: 'Date', open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume' },
  separator: ',',
  hasHeader: true,
  timeFormat: 'yyyy-mm-dd',
  zone: 'America/New_York',
  calendar: 'XNYS',
  interval: MICROS_PER_DAY,
  stamp: 'begin',
};

function read(text: string, change: Partial<BarCsvLayout> = {}) {
  const path = join(folder, 'abc.csv');
  writeFileSync(path, text);
  const { bars, quarantine } = readBarCsv(path, 'abc.csv', { ...layout, ...change });
  const rows = Array.from(
    bars?.day ?? [],
    (day, i) => `${isoFromDay(day)} ${isoFromMicros(microsUnchecked(bars?.time[i] ?? 0))} ${bars?.close[i] ?? NaN}`,
  );
  return { rows, said: quarantine.faults.map(faultLine) };
}

test('columns are found by their names, in any order', () => {
  const text = 'Close,Volume,Date,Open,High,Low,Note\n10.5,900,2020-03-06,10,11,9.5,x\n10.6,900,2020-03-09,10,11,9.5,y\n';
  expect(read(text)).toEqual({
    rows: ['2020-03-06 2020-03-06T21:00:00.000000Z 10.5', '2020-03-09 2020-03-09T20:00:00.000000Z 10.6'],
    said: [],
  });
});

test('a missing column, a file without rows and a short row are named', () => {
  expect(read('Date,Open\n2020-03-06,1\n').said).toEqual(['abc.csv row 1: FILE_HEADER: expected a column High, was Date Open']);
  expect(read('Date,Open,High,Low,Close,Volume\n').said).toEqual(['abc.csv: FILE_EMPTY: expected at least one good row, was none of 0']);
  expect(read('Date,Open,High,Low,Close,Volume\n2020-03-06,1,2\n').said[0]).toBe(
    'abc.csv row 2: ROW_FIELDS: expected at least 6 fields, was 3',
  );
});

test('times with a zone of their own close after their interval; a market that never closes has days of UTC', () => {
  const text = '2020-03-06T10:00:00-05:00,10,11,9,10,5\n2020-03-06T10:01:00-05:00,10,11,9,10,5\n';
  const columns = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 };
  const change = { columns, hasHeader: false, timeFormat: 'iso', interval: MICROS_PER_MINUTE } as const;
  expect(read(text, change).rows[0]).toBe('2020-03-06 2020-03-06T15:01:00.000000Z 10');
  expect(read(text, { ...change, stamp: 'end' }).rows[0]).toBe('2020-03-06 2020-03-06T15:00:00.000000Z 10');
  const daily = read('2020-03-07,10,11,9,10,5\n', { columns, hasHeader: false, calendar: 'ALWAYS', zone: 'UTC' });
  expect(daily).toEqual({ rows: ['2020-03-07 2020-03-08T00:00:00.000000Z 10'], said: [] });
});

test('recorded minute bars are read in UTC; read as New York time they are set aside', (context) => {
  if (minuteFolder === undefined) return context.skip('the minute bars are absent');
  const january = readMinuteCsv(join(minuteFolder, 'spy-minute-2011-01.csv'), 'spy-minute-2011-01.csv');
  expect([january.bars?.instrumentID, january.bars?.count, january.quarantine.isEmpty]).toEqual(['SPY', 14_180, true]);
  const march = readMinuteCsv(join(minuteFolder, 'spy-minute-2011-03.csv'), 'spy-minute-2011-03.csv');
  expect(march.bars?.count).toBe(17_576);
  expect(march.quarantine.faults.map(faultLine)).toEqual([
    'spy-minute-2011-03.csv row 16129: NOT_A_SESSION time: XNYS is closed at 2011-03-30T00:00:00.000000Z',
  ]);
  const columns = { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 };
  const wrong: BarCsvLayout = {
    ...layout,
    columns,
    separator: ';',
    hasHeader: false,
    timeFormat: 'yyyymmdd hhmmss',
    interval: MICROS_PER_MINUTE,
    stamp: 'end',
  };
  const { bars, quarantine } = readBarCsv(join(minuteFolder, 'spy-minute-2011-01.csv'), 'x.csv', wrong);
  expect(bars).toBeUndefined();
  expect(quarantine.faults[0].code).toBe('OTHER_TIME_ZONE');
});

test('a panel of closes keeps what is not yet listed empty', (context) => {
  if (panelFile === undefined) return context.skip('the panel is absent');
  const { panel, quarantine } = readClosePanel(panelFile, 'panel.csv');
  expect([panel?.days.length, panel?.instrumentIDs.length, quarantine.isEmpty]).toEqual([8_796, 19, true]);
  expect([panel?.closes[2][0], panel?.closes[0][0]]).toEqual([NaN, 0.2621293365955353]);
});

test('bad prices of a panel are left out one by one, bad dates with their row', () => {
  const path = join(folder, 'panel.csv');
  const days = ['2020-03-02', '2020-03-03', '2020-03-03', '2020-03-01', '2020-03-04', '2020-3-5', '2020-03-06'];
  const prices = ['10,20', '100,21', '10,20', '10,20', '10,-5', '10,20', '11,x'];
  writeFileSync(path, `date,A,B\n${days.map((day, i) => `${day},${prices[i]}`).join('\n')}\n`);
  const { panel, quarantine } = readClosePanel(path, 'panel.csv');
  expect(panel?.closes.map((column) => [...column])).toEqual([
    [10, NaN, 10, 11],
    [20, 21, NaN, NaN],
  ]);
  expect(quarantine.faults.map(faultLine)).toEqual([
    'panel.csv row 4: DUPLICATE date: 2020-03-03 stands in row 3 already',
    'panel.csv row 5: OUT_OF_ORDER date: expected a date after 2020-03-03, was 2020-03-01',
    'panel.csv row 6: NEGATIVE B: expected a price above 0, was -5',
    'panel.csv row 7: ROW_TIME date: expected yyyy-mm-dd, was 2020-3-5',
    'panel.csv row 8: NOT_A_NUMBER B: expected a plain decimal, was x',
    'panel.csv row 3: WRONG_SCALE A: expected about 10 as its neighbors, was 100',
  ]);
});
