import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import { plantFiles } from './plant-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-planted-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { planted, clean, leftOut } = plantFiles(folder);
const { sources, unknown } = findRawSources(folder);

function read(path: string) {
  // daily bars of a stock are named after the security, not after the archive
  const source = sources.find((one) => one.source === path || `${one.source}.zip` === path);
  if (source === undefined) throw new Error(`${path}: no reader knows it`);
  const { tables, quarantines } = source.read();
  return { tables, faults: quarantines.flatMap((one) => one.faults) };
}

test('every file is known to a reader, and what cannot be planted is left out with its reason', () => {
  expect([unknown, planted.length + leftOut.length, clean.length]).toEqual([[], 11 * 17, 11]);
  expect(leftOut.every(({ why }) => why.length > 10)).toBe(true);
});

test.for(clean)('%s is clean: no fault is named', (path) => {
  const { tables, faults } = read(path);
  expect(faults.map(faultLine)).toEqual([]);
  expect(tables.length).toBeGreaterThan(0);
});

test.for(planted.map((one) => [`${one.fault.name} in ${one.format.name}`, one] as const))(
  '%s is named by file and row, and nothing of it gets through',
  ([, { format, fault, path }]) => {
    const { tables, faults } = read(path);
    const named = faults.filter(({ code }) => fault.codes.includes(code));
    expect(named.length, faults.map(faultLine).join('\n') || 'no fault').toBeGreaterThan(0);
    const row = fault.row(format);
    if (row > 0) expect(named.map((one) => one.row)).toContain(row);
    // of LEAN the path below the folder of its markets, of a future's archive with the entry
    expect(named.every(({ file }) => path.endsWith(file.replace(/\.zip\/.*$/, '.zip')))).toBe(true);
    if (fault.whole) return expect(tables).toEqual([]);
    const [table] = tables;
    const rows = table.kind === 'bars' || table.kind === 'quoteBars' ? table.bars.count : table.kind === 'levels' ? 0 : table.ticks.count;
    const expected =
      format.lines.length - format.headLines - (fault.name === 'duplicate' || (fault.codes[0] === 'ZERO_VOLUME' && !format.ticks) ? 0 : 1);
    expect(rows).toBe(expected);
  },
);
