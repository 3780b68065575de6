import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dayFromCivil, isoFromDay } from '../../base/time.ts';
import { dailyRows, dailyText, type DailyRow } from '../../testing/daily-rows.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { sessionDays } from '../calendars/market-clock.ts';
import { faultLine } from '../csv/quarantine.ts';
import { readSp500Bars } from './sp500-bars.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bad-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dates = sessionDays(calendarOf('XNYS'), dayFromCivil(2015, 3, 2), dayFromCivil(2015, 6, 30)).map(isoFromDay);

function readRows(rows: readonly DailyRow[]) {
  const path = join(folder, 'KO.csv.gz');
  writeFileSync(path, gzipSync(dailyText(rows)));
  return readSp500Bars(path, 'KO.csv.gz');
}

const rowsOf = () => dailyRows(dates);

/** `faults` are beginnings of the sentences; the line is the place in the list + 2. */
interface Case {
  readonly what: string;
  readonly change: (rows: DailyRow[]) => void;
  readonly faults: readonly string[];
  /** Dates that are left out. */
  readonly without: readonly number[];
}

const scaled = (row: DailyRow, factor: number) => {
  for (const field of ['open', 'high', 'low', 'close', 'adjusted'] as const) row[field] = String(Number(row[field]) * factor);
};

const cases: readonly Case[] = [
  { what: 'clean rows', change: () => undefined, faults: [], without: [] },
  {
    what: 'two rows in the wrong order',
    change: (rows) => ([rows[10], rows[11]] = [rows[11], rows[10]]),
    faults: ['KO.csv.gz row 12: OUT_OF_ORDER date: expected a time after 2015-03-13 and before 2015-03-16, was 2015-03-17'],
    without: [11],
  },
  {
    what: 'a row far from its place',
    change: (rows) => rows.splice(5, 0, ...rows.splice(60, 1)),
    faults: ['KO.csv.gz row 7: OUT_OF_ORDER date: expected a time after 2015-03-06 and before 2015-03-09, was 2015-05-27'],
    without: [60],
  },
  {
    what: 'a row twice',
    change: (rows) => rows.splice(21, 0, { ...rows[20] }),
    faults: ['KO.csv.gz row 23: DUPLICATE date: 2015-03-30 stands in row 22 already'],
    without: [],
  },
  {
    what: 'two rows of one date that differ',
    change: (rows) => rows.splice(21, 0, { ...rows[20], close: '50.5' }),
    faults: [
      'KO.csv.gz row 22: DUPLICATE date: rows 22, 23 differ and all say 2015-03-30',
      'KO.csv.gz row 23: DUPLICATE date: rows 22, 23 differ and all say 2015-03-30',
    ],
    without: [20],
  },
  {
    what: 'a negative price',
    change: (rows) => (rows[3].low = '-49.6'),
    faults: ['KO.csv.gz row 5: NEGATIVE low: expected at least 0, was -49.6'],
    without: [3],
  },
  {
    what: 'a negative volume',
    change: (rows) => (rows[3].volume = '-5'),
    faults: ['KO.csv.gz row 5: NEGATIVE volume: expected at least 0, was -5'],
    without: [3],
  },
  {
    what: 'a price of zero',
    change: (rows) => (rows[4].open = '0.0'),
    faults: ['KO.csv.gz row 6: ZERO_PRICE open: expected a price above 0, was 0'],
    without: [4],
  },
  {
    what: 'no volume',
    change: (rows) => (rows[7].volume = '0'),
    faults: ['KO.csv.gz row 9: ZERO_VOLUME volume: expected trades behind the prices, was 0 (kept, nothing fills on it)'],
    without: [],
  },
  {
    what: 'NaN',
    change: (rows) => (rows[8].close = 'NaN'),
    faults: ['KO.csv.gz row 10: NOT_A_NUMBER close: expected a plain decimal'],
    without: [8],
  },
  {
    what: 'an empty field',
    change: (rows) => (rows[8].high = ''),
    faults: ['KO.csv.gz row 10: NOT_A_NUMBER high: expected a plain decimal'],
    without: [8],
  },
  {
    what: 'an adjusted close that is no number',
    change: (rows) => (rows[8].adjusted = 'nan'),
    faults: ['KO.csv.gz row 10: NOT_A_NUMBER adjusted_close: expected a price above 0, was nan'],
    without: [8],
  },
  {
    what: 'a high below the close',
    change: (rows) => (rows[9].high = '49'),
    faults: ['KO.csv.gz row 11: IMPOSSIBLE_BAR high: expected at least the low 49.9, was 49'],
    without: [9],
  },
  {
    what: 'a low above the open',
    change: (rows) => (rows[9].low = '50.3'),
    faults: ['KO.csv.gz row 11: IMPOSSIBLE_BAR low: expected at most 50.1, was 50.3'],
    without: [9],
  },
  {
    what: 'one field a hundred times too large',
    change: (rows) => (rows[30].high = '5050'),
    faults: ["KO.csv.gz row 32: WRONG_SCALE high: expected about 50.9 as the bar's other prices, was 5050"],
    without: [30],
  },
  ...([10, 100, 1_000, 10_000, 0.1, 0.0001] as const).map((factor) => ({
    what: `a row ${factor} times its neighbors`,
    change: (rows: DailyRow[]) => scaled(rows[40], factor),
    faults: [`KO.csv.gz row 42: WRONG_SCALE close: expected about 50.2 as its neighbors, was ${Number(rowsOf()[40].close) * factor} (10^`],
    without: [40],
  })),
  {
    what: 'the first row ten times the others',
    change: (rows) => scaled(rows[0], 10),
    faults: ['KO.csv.gz row 2: WRONG_SCALE close'],
    without: [0],
  },
  {
    what: 'the last ten rows a hundred times the others',
    change: (rows) => rows.slice(-10).forEach((row) => scaled(row, 100)),
    faults: Array.from({ length: 10 }, (_, i) => `KO.csv.gz row ${dates.length - 8 + i}: WRONG_SCALE close`),
    without: Array.from({ length: 10 }, (_, i) => dates.length - 10 + i),
  },
  {
    what: 'an adjusted close a tenth of the others',
    change: (rows) => (rows[12].adjusted = String(Number(rows[12].adjusted) / 10)),
    faults: ['KO.csv.gz row 14: WRONG_SCALE adjusted_close: expected a factor to the close of about 0.9'],
    without: [12],
  },
  {
    what: 'a Saturday',
    change: (rows) => (rows[4].date = '2015-03-07'),
    faults: ['KO.csv.gz row 6: NOT_A_SESSION date: 2015-03-07 has no session of XNYS'],
    without: [4],
  },
  {
    what: 'a date that does not exist',
    change: (rows) => (rows[4].date = '2015-02-30'),
    faults: ['KO.csv.gz row 6: ROW_TIME timestamp: expected yyyy-mm-dd, was 2015-02-30'],
    without: [4],
  },
  {
    what: 'a field too many',
    change: (rows) => (rows[4].split = '1.0,0'),
    faults: ['KO.csv.gz row 6: ROW_FIELDS: expected 9 fields, was 10'],
    without: [4],
  },
];

test.each(cases)('$what: named with file and row, and left out', ({ change, faults, without }) => {
  const rows = rowsOf();
  change(rows);
  const { bars, quarantine } = readRows(rows);
  const said = quarantine.faults.map(faultLine);
  expect(said.map((line, i) => line.slice(0, faults[i]?.length))).toEqual(faults);
  expect(Array.from(bars?.day ?? [], isoFromDay)).toEqual(dates.filter((_, i) => !without.includes(i)));
});

function readBytes(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const { bars, quarantine } = readSp500Bars(path, name);
  return { bars, said: quarantine.faults.map(faultLine) };
}

const shifted = (rows: DailyRow[], days: number) => {
  for (const row of rows)
    row.date = isoFromDay(dayFromCivil(Number(row.date.slice(0, 4)), Number(row.date.slice(5, 7)), Number(row.date.slice(8))) + days);
  return rows;
};

test('a truncated file is set aside whole and says how far it can be read', () => {
  const whole = gzipSync(dailyText(rowsOf()));
  const { bars, said } = readBytes('KO.csv.gz', whole.subarray(0, whole.length - 200));
  expect(bars).toBeUndefined();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^KO\.csv\.gz row \d+: FILE_TRUNCATED: the file ends before its last block$/);
});

test('no file cut off anywhere gives bars', () => {
  const whole = gzipSync(dailyText(rowsOf().slice(0, 20)));
  for (let length = 1; length < whole.length; length++)
    expect(readBytes('KO.csv.gz', whole.subarray(0, length)).bars, `cut at ${length}`).toBeUndefined();
});

test('a damaged file, an empty one, one of other columns and one that is not there are set aside whole', () => {
  const whole = gzipSync(dailyText(rowsOf()));
  whole[whole.length - 6] ^= 1;
  expect(readBytes('KO.csv.gz', whole)).toMatchObject({ bars: undefined, said: [expect.stringContaining('FILE_DAMAGED: expected gzip')] });
  expect(readBytes('E.csv', new Uint8Array(0))).toEqual({ bars: undefined, said: ['E.csv: FILE_EMPTY: expected rows, was empty'] });
  expect(readBytes('H.csv', Buffer.from('date,close\n2015-03-02,1\n')).said[0]).toContain(
    'H.csv row 1: FILE_HEADER: expected timestamp,open',
  );
  expect(readSp500Bars(join(folder, 'none.csv'), 'none.csv').quarantine.faults[0].code).toBe('FILE_UNREADABLE');
});

test('dates of another zone, a day late, are recognized by their Saturdays', () => {
  const { bars, said } = readBytes('KO.csv', Buffer.from(dailyText(shifted(rowsOf(), 1))));
  expect(bars).toBeUndefined();
  expect(said[0]).toMatch(/^KO\.csv row 6: OTHER_TIME_ZONE: \d+ of 85 dates have no session of XNYS \(the first: 2015-03-07\)/);
});

test('a split whose coefficient cannot be read sets the file aside; without a split around it only the row goes', () => {
  const rows = rowsOf();
  rows[40].split = 'x';
  expect(readRows(rows).bars?.count).toBe(rows.length - 1);
  for (const row of rows.slice(0, 40)) row.adjusted = String(Number(row.adjusted) / 2);
  const { bars, quarantine } = readRows(rows);
  expect(bars).toBeUndefined();
  expect(quarantine.faults.map(faultLine).at(-1)).toContain(
    'row 42: NOT_A_NUMBER: the split coefficient cannot be read, and the adjusted closes around it differ by 2',
  );
});

test('the coefficient of a row that is left out still adjusts the rows before it, once', () => {
  const rows = splitRows();
  rows[40].close = 'NaN';
  const splitFactor = readRows(rows).bars?.splitFactor ?? [];
  expect([splitFactor[0], splitFactor[39], splitFactor[40]]).toEqual([2, 2, 1]);
  const twice = splitRows();
  twice.splice(41, 0, { ...twice[40] });
  expect(readRows(twice).bars?.splitFactor?.[0]).toBe(2);
});

/** Raw rows around a split of two for one on the 40th date, their adjusted closes without a jump. */
function splitRows(): DailyRow[] {
  const rows = rowsOf();
  for (const row of rows.slice(0, 40)) scaled(row, 2);
  for (const row of rows.slice(0, 40)) row.adjusted = String(Number(row.adjusted) / 2);
  rows[40].split = '2.0';
  rows[40].dividend = '0.25';
  return rows;
}

test('a split and a dividend of a row that stands there twice happen once, also where one of the two is bad', () => {
  const plain = readRows(splitRows());
  expect(plain.events.map(({ kind }) => kind)).toEqual(['dividend', 'split']);
  for (const spoil of ['', 'close', 'volume'] as const)
    for (const first of [true, false]) {
      const rows = splitRows();
      rows.splice(41, 0, { ...rows[40] });
      if (spoil !== '') rows[first ? 40 : 41][spoil] = 'NaN';
      const { bars, events } = readRows(rows);
      expect(bars?.splitFactor, `${spoil} ${first}`).toEqual(plain.bars?.splitFactor);
      expect(bars?.close).toEqual(plain.bars?.close);
      expect(events).toEqual(plain.events);
    }
});

const doubtful: readonly { readonly what: string; readonly change: (rows: DailyRow[]) => void; readonly said: string }[] = [
  {
    what: 'two rows of one date say different splits',
    change: (rows) => rows.splice(41, 0, { ...rows[40], split: '1.0' }),
    said: 'row 43: DUPLICATE: rows 42 and 43 say splits of 2 and 1 for 2015-04-28',
  },
  {
    what: 'two rows of one date say different dividends',
    change: (rows) => rows.splice(41, 0, { ...rows[40], dividend: '0.5' }),
    said: 'row 43: DUPLICATE: rows 42 and 43 say dividends of 0.25 and 0.5 for 2015-04-28',
  },
  {
    what: 'the row of a split is out of order',
    change: (rows) => rows.splice(42, 0, ...rows.splice(40, 1)),
    said: 'row 44: OUT_OF_ORDER: a split of 2 stands in a row out of order',
  },
  {
    what: 'the row of a split is out of order and bad',
    change: (rows) => {
      rows[40].close = 'NaN';
      rows.splice(42, 0, ...rows.splice(40, 1));
    },
    said: 'row 44: OUT_OF_ORDER: a split of 2 stands in a row out of order',
  },
  {
    what: 'the date of the row of a split cannot be read',
    change: (rows) => (rows[40].date = '28.4.2015'),
    said: 'row 43: NOT_A_NUMBER: a row before it was left out whose split cannot be known, and the adjusted closes around it differ by 2',
  },
  {
    what: 'the row of a split is cut short',
    change: (rows) => (rows[40].split = '2.0,1'),
    said: 'row 43: NOT_A_NUMBER: a row before it was left out whose split cannot be known, and the adjusted closes around it differ by 2',
  },
];

test.for(doubtful)('a file is set aside where $what', ({ change, said }) => {
  const rows = splitRows();
  change(rows);
  const { bars, events, quarantine } = readRows(rows);
  expect([bars, events]).toEqual([undefined, []]);
  expect(quarantine.faults.map(faultLine).at(-1)).toContain(said);
});

test('a real split of ten for one is no wrong scale', () => {
  const rows = rowsOf();
  for (const row of rows.slice(0, 40)) scaled(row, 10);
  for (const row of rows.slice(0, 40)) row.adjusted = String(Number(row.adjusted) / 10);
  rows[40].split = '10.0';
  expect(readRows(rows).quarantine.faults).toEqual([]);
});

test('a bar without volume can be dropped as well', () => {
  const rows = rowsOf();
  rows[7].volume = '0';
  const path = join(folder, 'Z.csv');
  writeFileSync(path, dailyText(rows));
  expect(readSp500Bars(path, 'Z.csv', 'dropped').bars?.count).toBe(rows.length - 1);
  expect(readSp500Bars(path, 'Z.csv').quarantine.untradedRows).toBe(1);
});
