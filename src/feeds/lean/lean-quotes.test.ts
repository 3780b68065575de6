import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { zipOf } from '../../testing/zip-writer.ts';
import { faultLine } from '../csv/quarantine.ts';
import { parseLeanPath, type LeanFile } from './lean-file.ts';
import { middleBars, readLeanQuoteBars } from './lean-quote-bars.ts';
import { readLeanQuotes, readLeanTrades } from './lean-ticks.ts';

const lean = recordedPath('lean');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lean-quotes-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(path: string): LeanFile {
  const file = parseLeanPath(path);
  if (file === undefined) throw new Error(`${path}: not known`);
  return file;
}

function made(path: string, rows: readonly string[]): LeanFile {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), zipOf({ 'a.csv': rows.join('\n') }));
  return fileOf(path);
}

test('FX bars have both sides; their middle makes bars', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const [{ content, quarantine }] = readLeanQuoteBars(lean, fileOf('forex/oanda/hour/eurusd.zip'));
  expect([content?.count, quarantine.isEmpty]).toEqual([74_439, true]);
  if (content === undefined) return;
  expect([content.bid.open[0], content.ask.close[0], isoFromMicros(microsUnchecked(content.time[0]))]).toEqual([
    1.31927,
    1.32035,
    '2007-01-01T22:00:00.000000Z',
  ]);
  const bars = middleBars(content);
  expect([bars.count, bars.open[0]]).toEqual([74_439, (1.31927 + 1.32027) / 2]);
});

test('an empty side stays empty, a crossed close and a stub quote are dropped', () => {
  const rows = [
    '0,10,10,10,10,5,10.25,10.25,10.25,10.25,5',
    '60000,,,,,0,10.25,10.25,10.25,10.25,7',
    '120000,10.5,10.5,10.5,10.5,5,10.25,10.25,10.25,10.25,5',
    '180000,10,10,10,10,5,499999,499999,10.25,10.25,5',
  ];
  const [{ content, quarantine }] = readLeanQuoteBars(folder, made('future/cme/minute/es/20131007_quote.zip', rows));
  expect(content?.count).toBe(2);
  expect([content?.bid.close[1], content?.ask.close[1], content?.bidQty[1]]).toEqual([NaN, 10.25, 0]);
  expect(quarantine.faults.map(faultLine)).toEqual([
    expect.stringContaining('row 3: CROSSED bid close: expected at most the ask 10.25, was 10.5'),
    expect.stringContaining('row 4: IMPOSSIBLE_BAR ask high: expected at most 6.9 times the low 10.25, was 499999'),
  ]);
});

test('stock ticks carry exchange and side; FX ticks that cross or come before the market opens are named', (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const [trades] = readLeanTrades(lean, fileOf('equity/usa/tick/ibm/20131007_trade.zip'));
  expect([trades.content?.count, trades.content?.price[0], trades.content?.exchange[0], trades.quarantine.isEmpty]).toEqual([
    24_293,
    181.52,
    80,
    true,
  ]);
  const [quotes] = readLeanQuotes(lean, fileOf('equity/usa/tick/ibm/20131007_quote.zip'));
  expect([quotes.content?.count, quotes.content?.bid[0], quotes.content?.ask[0]]).toEqual([109_063, 0, 183.63]);
  expect([...quotes.quarantine.counts]).toEqual([
    ['SUSPICIOUS', 1],
    ['NOT_A_SESSION', 3],
  ]);
  const [fx] = readLeanQuotes(lean, fileOf('forex/fxcm/tick/eurusd/20140504_quote.zip'));
  expect([fx.content?.count, fx.content?.bidQty[0]]).toEqual([7_148, NaN]);
  expect([...fx.quarantine.counts]).toEqual([
    ['CROSSED', 174],
    ['NOT_A_SESSION', 703],
  ]);
});

test('ticks out of order, of another scale, without price or number are named by row', () => {
  const at = (second: number, price: string, qty = '100') => `${(36_000 + second) * 1_000},${price},${qty},P,2000,0`;
  const rows = [
    at(0, '1815200'),
    at(1, '1815300'),
    at(9, '1815300'),
    at(2, '1815400'),
    at(3, '18154000'),
    at(4, 'x'),
    at(5, '0'),
    at(6, '1815500', '-1'),
    at(7, '1815500'),
    at(7, '1815500'),
  ];
  const [{ content, quarantine }] = readLeanTrades(folder, made('equity/usa/tick/ibm/20131008_trade.zip', rows));
  expect(content?.count).toBe(5);
  expect(quarantine.faults.map(faultLine).sort()).toEqual([
    expect.stringContaining('row 3: OUT_OF_ORDER time: expected a time in order with'),
    expect.stringContaining('row 5: WRONG_SCALE price: expected about 181.54 as its neighbors, was 1815.4'),
    expect.stringContaining('row 6: NOT_A_NUMBER price'),
    expect.stringContaining('row 7: ZERO_PRICE price'),
    expect.stringContaining('row 8: NEGATIVE qty'),
  ]);
});
