import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import { plantRecordings } from './feed-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-planted-feeds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const planted = plantRecordings(folder);
const { sources, unknown } = findRawSources(folder);

test('every recording is known to a reader', () => {
  expect([unknown, sources.length]).toEqual([[], planted.length]);
});

test.for(planted.map((one) => [one.name, one] as const))('%s is named or counted', ([, { path, met, row, whole }]) => {
  const source = sources.find((one) => one.source === path);
  if (source === undefined) throw new Error(path);
  const { tables, quarantines, counts = {} } = source.read();
  const faults = quarantines.flatMap((one) => one.faults);
  const found = [...faults.map((one) => one.code as string), ...Object.keys(counts)];
  expect(found, faults.map(faultLine).join('\n')).toContain(met);
  if (row > 0) expect(faults.filter(({ code }) => code === met).map((one) => one.row)).toEqual([row]);
  expect(tables.length === 0).toBe(whole);
});
