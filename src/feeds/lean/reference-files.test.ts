import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isoFromDay, isoFromMicros } from '../../base/time.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { faultLine } from '../csv/quarantine.ts';
import { readConstituents } from '../sp500/constituents.ts';
import { readFactorFile } from './factor-file.ts';
import { contractMonth, indexFutureExpiry } from '../futures/index-future.ts';
import { readMapFile, tickerAt } from './map-file.ts';
import { readSymbolProperties } from './symbol-properties.ts';

const properties = recordedPath('lean/symbol-properties/symbol-properties-database.csv');
const constituents = recordedPath('sp500/constituents.csv');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-reference-'));
afterAll(() => rmSync(folder, { recursive: true }));

function made(text: string): string {
  const path = join(folder, 'x.csv');
  writeFileSync(path, text);
  return path;
}

test('ticks, lots and multipliers are plain decimals, the symbol’s own before the market’s', (context) => {
  if (properties === undefined) return context.skip('the symbol properties are absent');
  const book = readSymbolProperties(properties, 'symbols.csv');
  expect([book.count > 10_000, book.quarantine.faults.map(faultLine)]).toEqual([true, []]);
  expect(book.find('cme', 'future', 'ES')).toMatchObject({ multiplier: '50', tick: '0.25', lot: '1', quoteCurrency: 'USD' });
  expect(book.find('cme', 'future', '6E')).toMatchObject({ tick: '0.00005' });
  expect(book.find('usa', 'equity', 'SPY')).toMatchObject({ symbol: '[*]', tick: '0.01' });
  expect(book.find('oanda', 'forex', 'EURUSD')?.tick).toBe('0.00001');
  expect(book.find('moon', 'equity', 'SPY')).toBeUndefined();
});

test('a row of symbols without a size is named', () => {
  const head = 'market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size';
  const book = readSymbolProperties(made(`${head}\n# a comment\nusa,A,equity,,USD,1,0,1\nusa,B,equity,,USD,1,0.01,1\n`), 'x.csv');
  expect([book.count, book.quarantine.faults.map(faultLine)]).toEqual([
    1,
    ['x.csv row 3: NOT_A_NUMBER A: expected a decimal above 0, was 0'],
  ]);
});

test('sectors and issuers are read by symbol, commas in quotes too', (context) => {
  if (constituents === undefined) return context.skip('the constituents are absent');
  const { bySymbol, quarantine } = readConstituents(constituents, 'constituents.csv');
  expect([bySymbol.size, quarantine.isEmpty, bySymbol.get('KO')?.sector]).toEqual([503, true, 'Consumer Staples']);
});

test('a factor file with a bad row is set aside whole', () => {
  expect(readFactorFile(made('20000101,0.5,1,10\n20000301,1,1,0\n'), 'f.csv').rows).toHaveLength(2);
  for (const [text, words] of [
    ['20000101,0.5,1,10\n19990101,1,1,0\n', 'f.csv row 2: OUT_OF_ORDER: expected a date after 2000-01-01, was 1999-01-01'],
    ['20000101,0.5,x,10\n', 'f.csv row 1: NOT_A_NUMBER: expected factors above 0 and a reference price'],
    ['2000,1,1,1\n', 'f.csv row 1: ROW_TIME: expected yyyymmdd, was 2000'],
  ]) {
    const { rows, quarantine } = readFactorFile(made(text), 'f.csv');
    expect([rows, quarantine.faults.map(faultLine)]).toEqual([[], [words]]);
  }
});

test('a map file tells the ticker of a date', () => {
  const { spans } = readMapFile(made('20051117,spwr,Q\n20080929,spwr,Q\n20111116,spwra,Q\n20501231,spwr,Q\n'), 'm.csv');
  expect(spans.map((span) => `${span.ticker} ${isoFromDay(span.from)} ${isoFromDay(span.to)}`)).toEqual([
    'spwr 2005-11-17 2008-09-29',
    'spwra 2008-09-30 2011-11-16',
    'spwr 2011-11-17 2050-12-31',
  ]);
  expect([tickerAt(spans, spans[0].from - 1), tickerAt(spans, spans[1].to), tickerAt(spans, spans[2].from)]).toEqual([
    undefined,
    'spwra',
    'spwr',
  ]);
  expect(readMapFile(made('20051117,spwr,Q\nx,spwr\n'), 'm.csv').spans).toEqual([]);
});

test('an index future ends on the third Friday of its month in the morning, a session before on a holiday', () => {
  expect(isoFromMicros(indexFutureExpiry(2013, 12))).toBe('2013-12-20T14:30:00.000000Z');
  expect(isoFromMicros(indexFutureExpiry(2020, 3))).toBe('2020-03-20T13:30:00.000000Z');
  expect(isoFromMicros(indexFutureExpiry(2008, 3))).toBe('2008-03-20T13:30:00.000000Z');
  expect(contractMonth('ES-201312')).toEqual({ root: 'ES', year: 2013, month: 12 });
  expect(contractMonth('ES-201313')).toBeUndefined();
});
