import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { InvalidArgumentError } from 'commander';
import { latencyOf } from './backtest-capture.ts';
import { chargedOf } from './market-options.ts';
import { feesOf, perShareOf, readLimits, slippageOf } from './backtest-terms.ts';

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

test('fees that hang on who waited, and on what was traded before', () => {
  expect(feesOf('makerTaker=-0.5:2')).toEqual({ kind: 'makerTaker', makerRate: -5_000, takerRate: 20_000 });
  expect(feesOf('tiered=0:10,1000000:7.5')).toEqual({
    kind: 'tiered',
    tiers: [
      { fromNotional: 0, rate: 100_000 },
      { fromNotional: 1_000_000, rate: 75_000 },
    ],
  });
  for (const text of [
    '',
    'makerTaker=1',
    'makerTaker=1:2:3',
    'makerTaker=1:x',
    'tiered=',
    'tiered=5:1',
    'tiered=0:1,0:2',
    'tiered=0',
    'tiered=0:0.00001',
  ])
    expect(() => feesOf(text), text).toThrow(InvalidArgumentError);
});

test('latencies are fixed, or drawn from a least, a tail and a most', () => {
  expect(latencyOf('300')).toEqual({ kind: 'fixed', micros: 300 });
  expect(latencyOf('drawn=100:50:1000')).toEqual({ kind: 'drawn', min: 100, tail: 50, max: 1_000 });
  for (const text of ['', '-1', '1.5', '1:2:3', 'drawn=5', 'drawn=5:0:9', 'drawn=9:1:5', 'drawn=1:2:3:4', 'drawn=:1:2'])
    expect(() => latencyOf(text), text).toThrow(InvalidArgumentError);
});

test('one model of fees at a time', () => {
  const fees = feesOf('makerTaker=1:2');
  expect(chargedOf({ feeBps: 0, fees })).toBe(fees);
  expect(chargedOf({ feeBps: 10_000 })).toEqual({ kind: 'bps', rate: 10_000 });
  expect(() => chargedOf({ feeBps: 10_000, fees })).toThrow('expected one of --fee-bps, --fees and --per-share, were --fee-bps, --fees');
});
