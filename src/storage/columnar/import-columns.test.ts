import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openColumnStore, tableFile } from './column-store.ts';
import type { ColumnTable } from './column-table.ts';
import { importColumns, type ImportProgress, type ImportSource } from './import-columns.ts';
import { manifestFile, maxFaultLines, readManifest } from './store-manifest.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'plimsoll-columns-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const store = () => join(folder, 'store');
let reads: string[] = [];

function table(name: string, rows: number): ColumnTable {
  const values = Float64Array.from({ length: rows }, (_, i) => 1e15 + i);
  const price = { kind: 'double', values } as const;
  return {
    path: `daily/${name}`,
    kind: 'bars',
    instrumentID: name,
    interval: 86_400_000_000,
    count: rows,
    columns: [
      { name: 'day', kind: 'day', values: Int32Array.from(values, (_, i) => i) },
      { name: 'time', kind: 'time', values },
      ...['open', 'high', 'low', 'close', 'volume'].map((one) => ({ name: one, ...price })),
    ],
  };
}

function source(name: string, text: string, change: Partial<ImportSource> = {}): ImportSource {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, text);
  const read = () => {
    reads.push(name);
    return {
      tables: [table(name, text.length)],
      events: [],
      counts: { gap: 1 },
      dropped: 2,
      untraded: 1,
      faults: Array.from({ length: 300 }, (_, i) => `${name} row ${i}`),
    };
  };
  return { source: `${name}.csv`, files: [file], reader: 'test-1', adjust: 'none', read, ...change };
}

async function importAll(sources: readonly ImportSource[]) {
  reads = [];
  const progress: ImportProgress[] = [];
  const report = await importColumns(store(), sources, (one) => progress.push(one));
  return { report, progress };
}

test('sources are read once, with progress; what changed is read again', async () => {
  const first = await importAll([source('A', 'xxxx'), source('B', 'yyy')]);
  expect(first.report).toEqual({
    ok: true,
    value: { imported: 2, skipped: 0, tables: 2, rows: 7, dropped: 4, untraded: 2, setAside: [], counts: { gap: 2 } },
  });
  expect(first.progress.map(({ done, total, entry, skipped }) => [done, total, entry.source, skipped])).toEqual([
    [1, 2, 'A.csv', false],
    [2, 2, 'B.csv', false],
  ]);
  const again = await importAll([source('A', 'xxxx'), source('B', 'zzzz')]);
  expect([reads, again.report.ok && again.report.value.skipped]).toEqual([['B'], 1]);
  const opened = openColumnStore(store());
  expect(opened?.tables.map((one) => [one.path, one.rows, one.from, one.to])).toEqual([
    ['daily/A', 4, 1e15, 1e15 + 3],
    ['daily/B', 4, 1e15, 1e15 + 3],
  ]);
});

test('a new version of the reader, a missing, a cut and a changed table are reasons to read again', async () => {
  await importAll([source('A', 'xxxx')]);
  await importAll([source('A', 'xxxx', { reader: 'test-2' })]);
  expect(reads).toEqual(['A']);
  rmSync(tableFile(store(), 'daily/A'));
  await importAll([source('A', 'xxxx', { reader: 'test-2' })]);
  expect(reads).toEqual(['A']);
  truncateSync(tableFile(store(), 'daily/A'), 100);
  await importAll([source('A', 'xxxx', { reader: 'test-2' })]);
  expect(reads).toEqual(['A']);
  await importAll([source('A', 'xxxx', { reader: 'test-2' })]);
  expect(reads).toEqual([]);
  const whole = readFileSync(tableFile(store(), 'daily/A'));
  whole[40] ^= 1;
  writeFileSync(tableFile(store(), 'daily/A'), whole);
  await importAll([source('A', 'xxxx', { reader: 'test-2' })]);
  expect(reads).toEqual(['A']);
});

test('an import that ended in the middle goes on where it stopped', async () => {
  const dying = source('B', 'yyy', {
    read: () => {
      throw new Error('the machine stopped');
    },
  });
  await expect(importColumns(store(), [source('A', 'xxxx'), dying, source('C', 'z')], () => undefined)).rejects.toThrow(
    'the machine stopped',
  );
  appendFileSync(join(store(), manifestFile), '{"source":"B.csv","by');
  mkdirSync(join(store(), 'daily'), { recursive: true });
  writeFileSync(`${tableFile(store(), 'daily/B')}.part`, 'half');
  await importAll([source('A', 'xxxx'), source('B', 'yyy'), source('C', 'z')]);
  expect(reads).toEqual(['B', 'C']);
  const manifest = readManifest(store());
  expect([manifest?.torn, [...(manifest?.sources.keys() ?? [])].sort()]).toEqual([1, ['A.csv', 'B.csv', 'C.csv']]);
  expect(existsSync(`${tableFile(store(), 'daily/B')}.part`)).toBe(false);
});

test('two sources for one table are refused by name, a file that is gone too', async () => {
  const other = source('B', 'yyy', {
    read: () => ({ tables: [table('A', 2)], events: [], counts: {}, dropped: 0, untraded: 0, faults: [] }),
  });
  expect((await importAll([source('A', 'xxxx'), other])).report).toEqual({
    ok: false,
    error: { code: 'TABLE_TAKEN', path: 'daily/A', by: 'A.csv', source: 'B.csv' },
  });
  const gone = await importAll([source('D', 'x', { files: [join(folder, 'none.csv')] })]);
  expect(gone.report).toMatchObject({ ok: false, error: { code: 'SOURCE_UNREADABLE', source: 'D.csv' } });
});

test('a source of several files is read again when any of them changes', async () => {
  const extra = join(folder, 'factors.csv');
  writeFileSync(extra, '1');
  const both = () => source('A', 'xxxx', { files: [join(folder, 'A.csv'), extra] });
  await importAll([both()]);
  writeFileSync(extra, '2');
  await importAll([both()]);
  expect(reads).toEqual(['A']);
});

test('the manifest keeps a bounded number of sentences', async () => {
  await importAll([source('A', 'xxxx')]);
  expect(readManifest(store())?.sources.get('A.csv')?.faults).toHaveLength(maxFaultLines);
  expect(readFileSync(join(store(), manifestFile), 'utf8').split('\n')[0]).toBe('{"format":"plimsoll-columns-1"}');
});

test('a table that is not what the manifest says is refused; a folder without manifest is no store', async () => {
  await importAll([source('A', 'xxxx'), source('B', 'yyy')]);
  const opened = openColumnStore(store());
  const [a] = opened?.tables ?? [];
  writeFileSync(tableFile(store(), 'daily/A'), readFileSync(tableFile(store(), 'daily/B')));
  expect(await opened?.readBars(a)).toMatchObject({
    ok: false,
    error: { code: 'TABLE_UNREADABLE', text: expect.stringMatching(/^expected SHA-256 [0-9a-f]{64}, was [0-9a-f]{64}$/) as unknown },
  });
  rmSync(tableFile(store(), 'daily/A'));
  expect(await opened?.readBars(a)).toMatchObject({ ok: false, error: { code: 'TABLE_UNREADABLE', path: 'daily/A' } });
  expect(openColumnStore(folder)).toBeUndefined();
});
