import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { perShareOf, readLimits, slippageOf } from './backtest-terms.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-terms-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const file = join(folder, 'limits.json');
  writeFileSync(file, text);
  return file;
}

test('costs are read in whole millionths', () => {
  expect(slippageOf('halfSpread=0.005')).toEqual({ kind: 'halfSpread', ticks: 5_000 });
  expect(perShareOf('0.0035')).toEqual({ kind: 'perShare', moneyPerLot: 3_500 });
  expect(() => slippageOf('halfspread=1')).toThrow('expected none, squareRoot or halfSpread=0.01');
  expect(() => perShareOf('-1')).toThrow('was -1');
});

test('limits are read from a list, and a wrong one is named by its entry', () => {
  expect(readLimits(undefined)).toEqual([]);
  expect(readLimits(fileOf('[{"scope":"firm","limit":"maxNotional","value":5}]'))).toEqual([
    { scope: 'firm', scopeID: '', limit: 'maxNotional', value: 5 },
  ]);
  expect(() => readLimits(fileOf('[{"scope":"firm","limit":"maxNotional","value":1.5}]'))).toThrow(
    'limits, entry 1: expected a whole number',
  );
  expect(() => readLimits(fileOf('[{"scope":"form"}]'))).toThrow('expected a scope of firm, account');
  expect(() => readLimits(fileOf('[{"scope":"firm","limit":"most"}]'))).toThrow('expected a limit of maxOrderQty');
  expect(() => readLimits(fileOf('{'))).toThrow('is no JSON');
});
