import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MiniCapture, withFolder, writeCapture } from '../testing/feeds/mini-capture.ts';
import { recordedPath } from '../testing/recorded-files.ts';
import { captureFile, CaptureWriter } from './capture/capture-writer.ts';
import { inspectCapture, type CaptureSummary } from './inspect.ts';

function summaryOf(capture: MiniCapture, name = 'mini.gz'): CaptureSummary {
  return withFolder((folder) => {
    const inspected = inspectCapture(writeCapture(folder, name, capture));
    if (!inspected.ok) throw new Error(inspected.error);
    return inspected.value;
  });
}

test('a summary counts what a capture holds and tells what is wrong with it, line by line', () => {
  const capture = new MiniCapture('usdm')
    .snapshot(15, [['100.0', '1']], [['100.2', '2']])
    .depth(10, 20, 9, [['99.9', '3']], [])
    .ticker(21, '100.0', '1', '100.2', '2')
    .ticker(22, '100.2', '1', '100.2', '2')
    .trade(5, '100.2', '0.5', false)
    .trade(9, '100.2', '0.5', false)
    .frame('{')
    .frame({ stream: 'ethusdt@trade', data: { s: 'ETHUSDT' } })
    .wait(3_000_000)
    .depth(31, 40, 30, [['99.8', '1']], []);
  const summary = summaryOf(capture);
  expect(summary).toMatchObject({
    format: 'binance',
    market: 'usdm',
    symbol: 'BTCUSDT',
    priceUnit: '0.1',
    lot: '0.001',
    symbols: [
      { symbol: 'BTCUSDT', frames: 6 },
      { symbol: 'ETHUSDT', frames: 1 },
    ],
    lines: 9,
    frames: { depth: 2, snapshot: 1, quote: 1, trade: 2, other: 0 },
    levelUpdates: 3,
    firstAt: '2024-08-08T23:54:15.001000Z',
    lastAt: '2024-08-08T23:54:18.009000Z',
    longestSilenceMicros: 3_001_000,
    gaps: 4,
    crossed: 1,
    stale: 1,
    missingTrades: 3,
    malformed: 2,
    unusedDepthFrames: 1,
  });
  expect(summary.malformedLines.map((line) => line.replace(/^.*\//, ''))).toEqual([
    'mini.gz:7 frame: expected JSON, was {',
    'mini.gz:8 s: expected BTCUSDT, was ETHUSDT',
  ]);
  expect(summary.notices.map(({ condition, text }) => `${condition}: ${text}`)).toEqual([
    'live: BTCUSDT from mini.gz',
    'crossed: quote: bid 1002 at or above ask 1002 (ticks)',
    'gap: expected trade 6, was 9',
    'gap: mini.gz:7 frame: expected JSON, was {',
    'gap: mini.gz:8 s: expected BTCUSDT, was ETHUSDT',
    'stale: no message for 3001000 us, expected one within 1000000 us',
    'gap: expected pu 20, was 30',
    'end: 9 lines, 1 depth frames without a snapshot',
  ]);
  expect(summary.lastBook).toBeUndefined();
});

test('the book at the end is told in units of the venue', () => {
  const capture = new MiniCapture('spot')
    .snapshot(15, [['61800.25', '1']], [['61800.5', '2']])
    .depth(16, 20, 0, [['61800.30000000', '0.5']], []);
  expect(summaryOf(capture)).toMatchObject({
    market: 'spot',
    priceUnit: '0.01',
    lot: '0.000001',
    lastBook: { bid: '61800.30', ask: '61800.50', bidLevels: 2, askLevels: 1 },
  });
});

test('units of a symbol that the table does not know are the finest digits of its prices and quantities', () => {
  const capture = new MiniCapture('usdm').snapshot(15, [['7.6110', '2']], [['7.6120', '297']]).ticker(16, '7.6111', '3', '7.6120', '297');
  capture.lines.forEach((line, i) => (capture.lines[i] = line.replaceAll('BTCUSDT', 'SUSHIUSDT').replaceAll('btcusdt', 'sushiusdt')));
  expect(summaryOf(capture)).toMatchObject({
    symbol: 'SUSHIUSDT',
    priceUnit: '0.0001',
    lot: '1',
    malformed: 0,
    lastBook: { bid: '7.6110' },
  });
});

test('another format is refused by its name in one sentence', () => {
  withFolder((folder) => {
    const refusal = (name: string, bytes: string | Buffer): string => {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      return refusalOf(file);
    };
    const refusalOf = (file: string): string => {
      const inspected = inspectCapture(file);
      return inspected.ok ? 'was read' : inspected.error.replaceAll(`${folder}/`, '');
    };
    const own = join(folder, 'own.capture');
    new CaptureWriter(captureFile(own), [{ feedID: 'f', listingID: 'L', priceUnit: '1', lot: '1', feed: 0, listing: 0 }]).close();
    const only =
      'expected LEAN archives under their path (equity/usa/daily/aapl.zip), CSV bars, a Binance capture, a venue session or an imported file';
    expect(refusalOf(own)).toBe(`own.capture: is a capture of this product; ${only}`);
    expect(refusal('a.zip', 'PK\u0003\u0004….')).toBe(`a.zip: is a zip archive (LEAN data); ${only}`);
    expect(refusal('a.parquet', 'PAR1….')).toBe(`a.parquet: is a Parquet file; ${only}`);
    expect(refusal('a.arrow', 'ARROW1….')).toBe(`a.arrow: is an Arrow file; ${only}`);
    expect(refusal('a.csv', 'date,open,high\n1,2,3\n')).toBe(`a.csv: is comma-separated text; ${only}`);
    expect(refusal('a.csv.gz', gzipSync('date,open,high\n1,2,3\n'))).toBe(`a.csv.gz: is comma-separated text; ${only}`);
    expect(refusal('okx.gz', gzipSync('wss://ws.okx.com <-> 1\n'))).toBe(
      `okx.gz: is a recorded venue session (cryptofeed's format); ${only}`,
    );
    expect(refusal('plain.txt', 'hello\n')).toBe(`plain.txt: is no gzip; ${only}`);
    expect(refusal('hello.gz', gzipSync('hello\n'))).toBe('hello.gz: expected Binance frames that name a symbol, found none');
    expect(refusal('cut.gz', new MiniCapture('usdm').trade(1, '1.0', '1', true).packed().subarray(0, 60))).toBe(
      'capture cut.gz: the gzip ends early, its last lines are missing',
    );
    expect(refusal('empty.gz', gzipSync(''))).toBe('empty.gz: expected Binance frames that name a symbol, found none');
    expect(refusalOf(join(folder, 'none.gz'))).toMatch(/^capture none\.gz: cannot be read: ENOENT/);
  });
});

test('a real capture is what its name says', () => {
  const file = recordedPath('binance/spot/ethusdt_20240808.gz');
  if (file === undefined) return;
  const inspected = inspectCapture(file);
  expect(inspected.ok && inspected.value).toMatchObject({
    market: 'spot',
    symbol: 'ETHUSDT',
    lines: 33_618,
    frames: { depth: 3_434, snapshot: 1, quote: 24_077, trade: 6_106, other: 0 },
    firstAt: '2024-08-08T23:54:14.024619Z',
    gaps: 0,
    malformed: 0,
    skewMicros: 1_272_872,
  });
});
