import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dayFromCivil, isoFromDay } from '../../base/time.ts';
import { calendarOf } from '../../feeds/calendars/calendar.ts';
import { sessionDays } from '../../feeds/calendars/market-clock.ts';
import { openColumnStore } from '../../storage/columnar/column-store.ts';
import { dailyRows, dailyText } from '../../testing/daily-rows.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { importFolder } from './import-folder.ts';
import { inspectPath } from './inspect-path.ts';
import { loadBars } from './load-bars.ts';
import { pathSummaryText } from './series-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sp500 = recordedPath('sp500/daily');
const lean = recordedPath('lean');
const all = { adjust: 'total', fromDay: dayFromCivil(2000, 1, 1), toDay: dayFromCivil(2020, 12, 31) } as const;

test('columns and raw files give the same bars, with one digest', async (context) => {
  if (sp500 === undefined) return context.skip('the daily bars are absent');
  const store = join(folder, 'sp500');
  const seen: string[] = [];
  const some = join(folder, 'some');
  mkdirSync(some);
  for (const name of ['KO', 'NDAQ', 'TTWO', 'XOM']) copyFileSync(join(sp500, `${name}.csv.gz`), join(some, `${name}.csv.gz`));
  const imported = await importFolder(some, store, ({ entry }) => seen.push(entry.source));
  expect(imported).toMatchObject({ ok: true, value: { imported: 4, rows: 20_941, dropped: 0, untraded: 36, unknown: [] } });
  expect(seen).toEqual(['KO.csv.gz', 'NDAQ.csv.gz', 'TTWO.csv.gz', 'XOM.csv.gz']);
  const request = { ...all, instruments: ['XOM', 'KO', 'NDAQ'] };
  const [raw, columns] = [await loadBars(sp500, request), await loadBars(store, request)];
  if (!raw.ok || !columns.ok) throw new Error('refused');
  expect([raw.value.from, columns.value.from]).toEqual(['raw files', 'columns']);
  expect(columns.value.bars).toEqual(raw.value.bars);
  expect([columns.value.dataHash, columns.value.untraded, columns.value.faults]).toEqual([
    raw.value.dataHash,
    raw.value.untraded,
    raw.value.faults,
  ]);
  expect(raw.value.bars.map((bars) => [bars.instrumentID, bars.count, isoFromDay(bars.day[0])])).toEqual([
    ['KO', 5_284, '2000-01-03'],
    ['NDAQ', 4_660, '2002-07-01'],
    ['XOM', 5_284, '2000-01-03'],
  ]);
  const split = await loadBars(store, { ...request, adjust: 'split' });
  expect(split.ok && split.value.dataHash).not.toBe(raw.value.dataHash);
  const everything = await loadBars(store, all);
  expect(everything.ok && everything.value.bars.length).toBe(4);
});

test('everything below the folder of LEAN is imported by security, expiry and day', async (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const store = join(folder, 'lean');
  const imported = await importFolder(join(lean, 'equity'), store, () => undefined);
  expect(imported).toMatchObject({ ok: true, value: { unknown: [] } });
  const opened = openColumnStore(store);
  if (opened === undefined) throw new Error('no store');
  const inspected = await inspectPath(store, () => undefined);
  if (!inspected.ok || inspected.value.what !== 'data') throw new Error('refused');
  expect(inspected.value.summary.setAside).toEqual([]);
  const text = pathSummaryText(inspected.value.summary);
  expect(text).toContain('AAPL           bars      1d         5846 rows  1998-01-02 to 2021-03-31  tick 0.0001');
  const trades = opened.tables.find((table) => table.path === 'equity-usa/tick/IBM/20131007-trade');
  const read = trades === undefined ? undefined : await opened.readTrades(trades);
  expect(read?.ok && read.value.count).toBe(24_293);
  const loaded = await loadBars(store, { ...all, instruments: ['GOOGL'] });
  expect(loaded.ok && isoFromDay(loaded.value.bars[0].day[0])).toBe('2004-08-19');
});

test('an unknown name is answered with a similar one, a name in two places with both', async () => {
  const raw = join(folder, 'raw');
  const dates = sessionDays(calendarOf('XNYS'), dayFromCivil(2015, 3, 2), dayFromCivil(2015, 4, 30)).map(isoFromDay);
  const bytes = gzipSync(dailyText(dailyRows(dates)));
  for (const one of ['a', 'b']) {
    mkdirSync(join(raw, one), { recursive: true });
    writeFileSync(join(raw, one, 'KO.csv.gz'), bytes);
  }
  writeFileSync(join(raw, 'a', 'PEP.csv.gz'), bytes.subarray(0, bytes.length - 20));
  expect(await loadBars(raw, { ...all, instruments: ['KOO'] })).toEqual({
    ok: false,
    error: { code: 'INSTRUMENT_ABSENT', instrumentID: 'KOO', text: 'no daily bars of KOO (did you mean KO?)' },
  });
  expect(await loadBars(raw, { ...all, instruments: ['KO'] })).toMatchObject({
    ok: false,
    error: { code: 'INSTRUMENT_AMBIGUOUS', places: ['a/KO.csv.gz', 'b/KO.csv.gz'] },
  });
  expect(await loadBars(join(raw, 'a'), { ...all, instruments: ['PEP'] })).toMatchObject({
    ok: false,
    error: { code: 'INSTRUMENT_SET_ASIDE', instrumentID: 'PEP', faults: [expect.stringContaining('FILE_TRUNCATED')] },
  });
  expect(await importFolder(raw, join(folder, 'two'), () => undefined)).toMatchObject({
    ok: false,
    error: { code: 'TABLE_TAKEN', path: 'daily/KO' },
  });
  expect(readdirSync(join(folder, 'two', 'daily'))).toEqual(['KO.parquet']);
});

test('an instrument without a bar between the dates has no rows', async (context) => {
  if (sp500 === undefined) return context.skip('the daily bars are absent');
  const loaded = await loadBars(sp500, { instruments: ['V'], adjust: 'none', fromDay: 0, toDay: 12_000 });
  expect(loaded.ok && [loaded.value.bars[0].count, loaded.value.bars[0].open.length]).toEqual([0, 0]);
});

test('adjusted once as they are written, prices are those of adjusting when they are read, and reading them otherwise is refused', async (context) => {
  if (sp500 === undefined) return context.skip('the daily bars are absent');
  const file = join(sp500, 'AAPL.csv.gz');
  for (const adjust of ['split', 'total'] as const) {
    const store = join(folder, `baked-${adjust}`);
    expect((await importFolder(file, store, () => undefined, { adjust })).ok).toBe(true);
    const request = { ...all, instruments: ['AAPL'], adjust };
    const [raw, baked] = [await loadBars(sp500, request), await loadBars(store, request)];
    expect(raw.ok && baked.ok && [baked.value.dataHash, baked.value.bars[0].count]).toEqual(raw.ok && [raw.value.dataHash, 5_284]);
    expect(await loadBars(store, { ...request, adjust: 'none' })).toEqual({
      ok: false,
      error: {
        code: 'ADJUSTED_OTHERWISE',
        instrumentID: 'AAPL',
        text: `AAPL was imported with --adjust ${adjust}: expected adjust ${adjust}, was none`,
      },
    });
  }
});

test('splits, dividends and ticker changes come with the bars, from raw files and from columns', async (context) => {
  if (sp500 === undefined || lean === undefined) return context.skip('the recorded files are absent');
  const store = join(folder, 'events');
  await importFolder(join(lean, 'equity/usa/daily'), store, () => undefined);
  const request = { ...all, adjust: 'none', instruments: ['AAPL', 'GOOGL'] } as const;
  const [raw, columns] = [await loadBars(join(lean, 'equity/usa/daily'), request), await loadBars(store, request)];
  if (!raw.ok || !columns.ok) throw new Error('refused');
  expect(columns.value.events).toEqual(raw.value.events);
  const kinds = columns.value.events.map((events) => [...new Set(events.map((event) => event.kind))].sort());
  expect(kinds).toEqual([
    ['dividend', 'split'],
    ['split', 'tickerChange'],
  ]);
  const dividends = columns.value.events[0].filter((event) => event.kind === 'dividend' && isoFromDay(event.day) === '2012-08-09');
  expect(dividends).toEqual([{ kind: 'dividend', day: dayFromCivil(2012, 8, 9), cash: 2.65 }]);
});
