import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dayFromCivil, isoFromDay } from '../../base/time.ts';
import { calendarOf } from '../../feeds/calendars/calendar.ts';
import { sessionDays } from '../../feeds/calendars/market-clock.ts';
import { dailyRows, dailyText } from '../../testing/daily-rows.ts';
import { checkFolder, folderCheckText } from './check-folder.ts';
import { importFolder } from './import-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const dates = sessionDays(calendarOf('XNYS'), dayFromCivil(2015, 3, 2), dayFromCivil(2015, 12, 31)).map(isoFromDay);

test('raw files and their columns are found guilty of the same, each by name', async () => {
  const raw = join(folder, 'raw');
  mkdirSync(raw);
  const rows = dailyRows(dates);
  rows[5].low = '-1';
  rows[9].volume = '0';
  rows.splice(30, 2);
  for (const row of rows.slice(50))
    for (const field of ['open', 'high', 'low', 'close', 'adjusted'] as const) row[field] = String(Number(row[field]) * 2);
  writeFileSync(join(raw, 'KO.csv.gz'), gzipSync(dailyText(rows)));
  const whole = gzipSync(dailyText(dailyRows(dates)));
  writeFileSync(join(raw, 'PEP.csv.gz'), whole.subarray(0, whole.length - 100));
  const progress: string[] = [];
  const fromRaw = await checkFolder(raw, (done, total) => progress.push(`${done}/${total}`));
  expect(progress).toEqual(['1/2', '2/2']);
  const text = folderCheckText(fromRaw);
  expect(text.split('\n')).toEqual([
    '2 sources: 1 rows dropped, 1 bars without volume, 1 set aside whole',
    '1 series of bars: 3 bars missing, 3 findings',
    'met: 1 FILE_TRUNCATED, 1 NEGATIVE, 1 ZERO_VOLUME',
    'set aside: PEP.csv.gz',
    'KO.csv.gz row 7: NEGATIVE low: expected at least 0, was -1',
    'KO.csv.gz row 11: ZERO_VOLUME volume: expected trades behind the prices, was 0 (kept, nothing fills on it)',
    expect.stringMatching(/^PEP\.csv\.gz row \d+: FILE_TRUNCATED: the file ends before its last block$/),
    `daily/KO: KO: ${rows.length - 1} bars from 2015-03-02 to 2015-12-31, 3 missing, 3 findings`,
    '  gap 2015-03-06: 1 session without a bar, 2015-03-09 to 2015-03-09',
    '  gap 2015-04-13: 2 sessions without a bar, 2015-04-14 to 2015-04-15',
    expect.stringMatching(/^ {2}outlier 2015-05-14: 1\d\d\.\d %, \d+ times the usual move$/),
  ]);
  const imported = await importFolder(raw, join(folder, 'store'), () => undefined);
  expect(imported).toMatchObject({ ok: true, value: { imported: 2, tables: 1, dropped: 1, untraded: 1 } });
  const fromColumns = await checkFolder(join(folder, 'store'), () => undefined);
  expect(folderCheckText(fromColumns)).toBe(text);
});

test('a table that cannot be read is said', async () => {
  const store = join(folder, 'store');
  writeFileSync(join(store, 'daily', 'KO.parquet'), 'x');
  expect((await checkFolder(store, () => undefined)).damaged).toEqual([
    expect.stringMatching(/^daily\/KO: expected SHA-256 [0-9a-f]{64}, was [0-9a-f]{64}$/),
  ]);
});
