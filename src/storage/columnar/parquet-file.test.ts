import fc from 'fast-check';
import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import type { Column, ColumnTable } from './column-table.ts';
import { readParquet, writeParquet } from './parquet-file.ts';
import {
  barsOfTable,
  quoteBarsOfTable,
  quotesOfTable,
  tableOfBars,
  tableOfQuoteBars,
  tableOfQuotes,
  tableOfTrades,
  tradesOfTable,
} from './tables.ts';

async function roundTrip(table: ColumnTable, names?: readonly string[]): Promise<ReadonlyMap<string, Column>> {
  const written = await writeParquet(table);
  if (!written.ok) throw new Error(written.error.code);
  const read = await readParquet(written.value, names);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

test('every double, day, time and code comes back with its bits', async () => {
  const double = fc.double({ noDefaultInfinity: true });
  const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const row = fc.tuple(double, fc.integer({ min: -100_000, max: 100_000 }), time, fc.nat(255));
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 300 }), async (rows) => {
      const columns: Column[] = [
        { name: 'x', kind: 'double', values: Float64Array.from(rows, (one) => one[0]) },
        { name: 'day', kind: 'day', values: Int32Array.from(rows, (one) => one[1]) },
        { name: 'time', kind: 'time', values: Float64Array.from(rows, (one) => one[2]) },
        { name: 'code', kind: 'code', values: Uint8Array.from(rows, (one) => one[3]) },
      ];
      const read = await roundTrip({ path: 'x', kind: 'trades', instrumentID: 'X', interval: 0, count: rows.length, columns });
      for (const column of columns) expect(read.get(column.name)).toEqual(column);
      seen++;
    }),
    { numRuns: 100 },
  );
  expect(seen).toBe(100);
});

test('columns may be read by name, and one that is not there is refused', async () => {
  const table = tableOfBars('x', bars(3));
  expect([...(await roundTrip(table, ['close', 'day'])).keys()]).toEqual(['close', 'day']);
  const written = await writeParquet(table);
  if (!written.ok) throw new Error('refused');
  expect(await readParquet(written.value, ['middle'])).toEqual({
    ok: false,
    error: { code: 'PARQUET_COLUMN', column: 'middle', text: 'the file has no such column' },
  });
});

test('a file that is cut or no Parquet at all is refused, never thrown', async () => {
  const written = await writeParquet(tableOfBars('x', bars(500)));
  if (!written.ok) throw new Error('refused');
  const whole = written.value;
  for (const bytes of [new Uint8Array(0), new Uint8Array(100), whole.slice(0, whole.length - 5), whole.slice(100)]) {
    const read = await readParquet(bytes);
    expect(read.ok).toBe(false);
  }
});

test('more rows than one group hold come back in order', async () => {
  const count = 1_000_005;
  const read = await roundTrip({
    path: 'x',
    kind: 'trades',
    instrumentID: 'X',
    interval: 0,
    count,
    columns: [{ name: 'x', kind: 'double', values: Float64Array.from({ length: count }, (_, i) => i / 7) }],
  });
  const values = read.get('x')?.values ?? [];
  expect([values.length, values[999_999], values[1_000_004]]).toEqual([count, 999_999 / 7, 1_000_004 / 7]);
});

function bars(count: number): RawBars {
  const column = (from: number) => Float64Array.from({ length: count }, (_, i) => from + i / 3);
  const shape = {
    instrumentID: 'ABC',
    interval: micros(86_400_000_000),
    count,
    day: Int32Array.from({ length: count }, (_, i) => 14_000 + i),
  };
  return {
    ...shape,
    time: column(0).map((_, i) => 1e15 + i),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

test('bars, quote bars, trades and quotes go through a table and back', async () => {
  const plain = bars(5);
  expect(barsOfTable('ABC', plain.interval, await roundTrip(tableOfBars('x', plain)))).toEqual({ ok: true, value: plain });
  const adjusted: RawBars = { ...plain, totalFactor: plain.open, splitFactor: plain.close };
  expect(barsOfTable('ABC', plain.interval, await roundTrip(tableOfBars('x', adjusted)))).toEqual({ ok: true, value: adjusted });
  const { open, high, low, close, volume, ...shape } = plain;
  const ohlc = { open, high, low, close: close.map((price, i) => (i === 2 ? NaN : price)) };
  const quoteBars = { ...shape, bid: ohlc, bidQty: volume, ask: ohlc, askQty: volume };
  expect(quoteBarsOfTable('ABC', plain.interval, await roundTrip(tableOfQuoteBars('x', quoteBars)))).toEqual({
    ok: true,
    value: quoteBars,
  });
  const ticks = {
    instrumentID: 'ABC',
    count: 5,
    time: plain.time,
    price: open,
    qty: volume,
    exchange: Uint8Array.from([80, 81, 0, 255, 1]),
  };
  expect(tradesOfTable('ABC', await roundTrip(tableOfTrades('x', ticks)))).toEqual({ ok: true, value: ticks });
  const quotes = {
    instrumentID: 'ABC',
    count: 5,
    time: plain.time,
    bid: open,
    bidQty: volume,
    ask: high,
    askQty: volume,
    exchange: ticks.exchange,
  };
  expect(quotesOfTable('ABC', await roundTrip(tableOfQuotes('x', quotes)))).toEqual({ ok: true, value: quotes });
});

test('a table without a column that its kind has is refused with its name', async () => {
  const columns = await roundTrip(tableOfBars('x', bars(2)));
  expect(quotesOfTable('ABC', columns)).toEqual({ ok: false, error: { code: 'TABLE_COLUMN', column: 'bid' } });
  expect(barsOfTable('ABC', 1, new Map([...columns].filter(([name]) => name !== 'volume')))).toEqual({
    ok: false,
    error: { code: 'TABLE_COLUMN', column: 'volume' },
  });
});
