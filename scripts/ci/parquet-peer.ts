import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { micros } from '../../src/base/units.ts';
import type { RawBars } from '../../src/domain/bar-columns.ts';
import type { Column, ColumnTable } from '../../src/storage/columnar/column-table.ts';
import { readParquet, writeParquet } from '../../src/storage/columnar/parquet-file.ts';
import { tableOfBars, tableOfTrades } from '../../src/storage/columnar/tables.ts';

/**
 * Usage: parquet-peer.ts write FOLDER | read FOLDER. `write` writes Parquet files and what stands in them as JSON, for parquet-peer.py to read with pyarrow;
 * `read` reads the files that pyarrow wrote from the same columns and compares.
 */
const [verb, folder] = process.argv.slice(2);

/** Numbers that are hard on a codec: a linear congruential sequence (Numerical Recipes, Press et al. 1992) over many sizes. */
function doubles(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 4_294_967_296) * (state % 7 === 0 ? 1e-300 : state % 5 === 0 ? 1e15 : 100) * (state % 2 === 0 ? 1 : -1);
  });
}

function bars(count: number): RawBars {
  const day = Int32Array.from({ length: count }, (_, i) => 10_000 + i);
  const time = Float64Array.from(day, (one) => one * 86_400_000_000 + 72_000_000_000);
  const prices = {
    open: doubles(count, 1),
    high: doubles(count, 2),
    low: doubles(count, 3),
    close: doubles(count, 4),
    volume: doubles(count, 5),
  };
  const factors = { totalFactor: doubles(count, 6), splitFactor: new Float64Array(count).fill(2) };
  return { instrumentID: 'ABC', interval: micros(86_400_000_000), count, day, time, ...prices, ...factors };
}

function tables(): ColumnTable[] {
  const count = 4_000;
  const time = Float64Array.from({ length: count }, (_, i) => 1_700_000_000_000_000 + i * 1_001);
  const exchange = Uint8Array.from({ length: count }, (_, i) => i % 256);
  const trades = { instrumentID: 'T', count, time, price: doubles(count, 7), qty: doubles(count, 8), exchange };
  return [tableOfBars('bars', bars(5_000)), tableOfTrades('trades', trades), tableOfBars('one', bars(1))];
}

function jsonOf(column: Column): unknown {
  return { name: column.name, kind: column.kind, values: Array.from<number, number>(column.values, Number) };
}

async function write(): Promise<void> {
  for (const table of tables()) {
    const file = await writeParquet(table);
    if (!file.ok) throw new Error(file.error.text);
    writeFileSync(join(folder, `${table.path}.parquet`), file.value);
    writeFileSync(join(folder, `${table.path}.json`), JSON.stringify(table.columns.map(jsonOf)));
  }
}

async function read(): Promise<void> {
  const { readFileSync } = await import('node:fs');
  let [same, different] = [0, 0];
  for (const table of tables()) {
    const file = await readParquet(readFileSync(join(folder, `${table.path}.theirs.parquet`)));
    if (!file.ok) throw new Error(`${table.path}: ${file.error.text}`);
    for (const column of table.columns) {
      const theirs = file.value.get(column.name);
      const equal = theirs?.kind === column.kind && column.values.every((value, i) => Object.is(theirs.values[i], value));
      if (equal) same++;
      else {
        different++;
        console.log(`${table.path} ${column.name}: what pyarrow wrote is read otherwise`);
      }
    }
  }
  console.log(`parquet-peer-read: ${same} passed, ${different} failed`);
  process.exitCode = different === 0 && same > 0 ? 0 : 1;
}

await (verb === 'write' ? write() : read());
