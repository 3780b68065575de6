import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultCodes, faultLine, maxListedFaults, Quarantine } from './quarantine.ts';

test('every code stands in docs/reference/bad-rows.md, and no other', () => {
  const page = readFileSync(new URL('../../../docs/reference/bad-rows.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(listed).toEqual([...faultCodes]);
});

test('faults past the limit are counted without words', () => {
  const quarantine = new Quarantine('x.csv');
  for (let row = 1; row <= maxListedFaults + 5; row++) quarantine.addRow(row, 'NEGATIVE', 'low', 'expected at least 0, was -1');
  expect([quarantine.faults.length, quarantine.rows, quarantine.counts.get('NEGATIVE')]).toEqual([
    maxListedFaults,
    maxListedFaults + 5,
    maxListedFaults + 5,
  ]);
});

test('a sentence names file, row, code and field', () => {
  const quarantine = new Quarantine('x.csv');
  expect(quarantine.isEmpty).toBe(true);
  quarantine.addRow(7, 'NEGATIVE', 'low', 'expected at least 0, was -1');
  quarantine.addFile('FILE_EMPTY', 'expected rows, was empty');
  expect(quarantine.faults.map(faultLine)).toEqual([
    'x.csv row 7: NEGATIVE low: expected at least 0, was -1',
    'x.csv: FILE_EMPTY: expected rows, was empty',
  ]);
  expect([quarantine.isEmpty, quarantine.wholeFile]).toEqual([false, true]);
});
