import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { zipOf } from '../../testing/zip-writer.ts';
import { faultLine } from '../csv/quarantine.ts';
import { readLeanBars } from './lean-bars.ts';
import { parseLeanPath, type LeanFile } from './lean-file.ts';

const lean = recordedPath('lean');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lean-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(path: string): LeanFile {
  const file = parseLeanPath(path);
  if (file === undefined) throw new Error(`${path}: not known`);
  return file;
}

function readMade(path: string, archive: Buffer) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), archive);
  return readLeanBars(folder, fileOf(path)).map(({ content, quarantine }) => ({ bars: content, said: quarantine.faults.map(faultLine) }));
}

const minutePath = 'equity/usa/minute/spy/20131007_trade.zip';

/** A day of minute bars from `first` to `last` minute, most volume at the opening and the close of the session. */
function minutes(first: number, last: number, shift: number): string[] {
  const rows: string[] = [];
  for (let m = first; m <= last; m++) {
    const inSession = m >= 570 && m < 960;
    const volume = !inSession ? 200 : m < 630 || m >= 900 ? 30_000 : 8_000;
    const price = 1_670_000 + ((m * 131) % 900);
    rows.push([(m + shift) * 60_000, price, price + 500, price - 400, price + 100, volume].join(','));
  }
  return rows;
}

test('rows of the recorded files by market, with what was dropped', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const counts = new Map<string, { files: number; rows: number; dropped: number; untraded: number }>();
  for (const path of (readdirSync(lean, { recursive: true }) as string[]).sort()) {
    const file = parseLeanPath(path);
    if (file === undefined || file.content !== 'trade' || file.resolution === 'tick') continue;
    const key = `${file.market} ${file.resolution}`;
    const count = counts.get(key) ?? { files: 0, rows: 0, dropped: 0, untraded: 0 };
    for (const { content, quarantine } of readLeanBars(lean, file)) {
      expect(
        quarantine.wholeFile,
        faultLine(quarantine.faults[0] ?? { file: path, row: 0, code: 'FILE_EMPTY', field: '', text: '', outcome: 'dropped' }),
      ).toBe(false);
      count.rows += content?.count ?? 0;
      count.dropped += quarantine.rows;
      count.untraded += quarantine.untradedRows;
    }
    count.files++;
    counts.set(key, count);
  }
  expect(Object.fromEntries(counts)).toEqual({
    'crypto-coinbase daily': { files: 1, rows: 1_317, dropped: 1, untraded: 0 },
    'crypto-coinbase minute': { files: 19, rows: 25_302, dropped: 0, untraded: 0 },
    'equity-usa daily': { files: 21, rows: 69_785, dropped: 240, untraded: 26 },
    'equity-usa minute': { files: 41, rows: 21_257, dropped: 1, untraded: 0 },
    'future-cme minute': { files: 16, rows: 23_948, dropped: 0, untraded: 47 },
  });
});

test('a future’s archive gives an instrument for each expiry, closed at the end of its minute in UTC', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const read = readLeanBars(lean, fileOf('future/cme/minute/es/20131007_trade.zip')).map((one) => one.content);
  expect(read.map((bars) => [bars?.instrumentID, bars?.count])).toEqual([
    ['ES-201312', 1_344],
    ['ES-201403', 325],
    ['ES-201406', 2],
  ]);
  expect([read[0]?.close[0], isoFromMicros(microsUnchecked(read[0]?.time[0] ?? 0))]).toEqual([1676.5, '2013-10-07T00:01:00.000000Z']);
});

test('prices are divided by 10,000 and times are New York’s', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const bars = readLeanBars(lean, fileOf(minutePath))[0].content;
  expect([bars?.instrumentID, bars?.open[0], isoFromMicros(microsUnchecked(bars?.time[0] ?? 0))]).toEqual([
    'SPY',
    167.41,
    '2013-10-07T08:01:00.000000Z',
  ]);
});

test('a path tells market, content and date, or is not known', () => {
  expect(parseLeanPath('crypto/coinbase/daily/btcusd_quote.zip')).toMatchObject({
    market: 'crypto-coinbase',
    content: 'quote',
    symbol: 'btcusd',
    day: undefined,
  });
  expect(parseLeanPath('forex/oanda/hour/eurusd.zip')).toMatchObject({ content: 'quote', resolution: 'hour' });
  for (const path of [
    'equity/xetra/daily/sap.zip',
    'equity/usa/minute/spy/20131399_trade.zip',
    '../equity/usa/daily/spy.zip',
    'equity/usa/daily/spy.csv',
  ]) {
    expect(parseLeanPath(path), path).toBeUndefined();
  }
});

test('a day of minute bars is taken as it is', () => {
  const [{ bars, said }] = readMade(minutePath, zipOf({ 'a.csv': minutes(240, 1199, 0).join('\n') }));
  expect([bars?.count, said]).toEqual([960, []]);
});

test.each([
  ['extended hours, written in Chicago time', 240, 1199, -60, 'none when moved by 1 h'],
  ['the session alone, written in Chicago time', 570, 959, -60, 'when moved by 1 h'],
  ['the session alone, written in UTC', 570, 959, 240, 'when moved by -4 h'],
  ['the session alone, written in Tokyo time', 570, 929, -570, 'when moved by 10 h'],
])('%s is found out and set aside whole', (_what, first, last, shift, words) => {
  const [{ bars, said }] = readMade(minutePath, zipOf({ 'a.csv': minutes(first, last, shift).join('\n') }));
  expect(bars).toBeUndefined();
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`${minutePath} row 1: OTHER_TIME_ZONE: `);
  if (first !== 570 || shift !== -570) expect(said[0]).toContain(words);
});

test('a truncated archive is set aside whole with the row up to which it can be read', () => {
  const whole = zipOf({ 'a.csv': minutes(240, 1199, 0).join('\n') });
  const [{ bars, said }] = readMade(minutePath, whole.subarray(0, whole.length / 2));
  expect(bars).toBeUndefined();
  expect(said[0]).toMatch(/20131007_trade\.zip row \d+: FILE_TRUNCATED: a\.csv: the archive ends before its directory/);
});

test('prices that are not in ten-thousandths, a time past the day, a missing field: named by row', () => {
  const rows = minutes(570, 600, 0);
  rows[3] = `${573 * 60_000},167.41,167.42,167.40,167.41,500`;
  rows[5] = '86400000,1,1,1,1,1';
  rows[7] = `${577 * 60_000},1670000,1670000,1670000,1670000`;
  const [{ bars, said }] = readMade(minutePath, zipOf({ 'a.csv': rows.join('\r\n') }));
  expect(bars?.count).toBe(28);
  expect(said).toEqual([
    expect.stringContaining('row 4: WRONG_SCALE open: expected a whole number (price times 10,000), was 167.41'),
    expect.stringContaining('row 6: ROW_TIME time: expected milliseconds of a day or yyyymmdd hh:mm, was 86400000'),
    expect.stringContaining('row 8: ROW_FIELDS: expected 6 fields, was 5'),
  ]);
});
