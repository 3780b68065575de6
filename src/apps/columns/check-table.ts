import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { middleBars } from '../../feeds/lean/lean-quote-bars.ts';
import type { ColumnStore, StoreRefusal } from '../../storage/columnar/column-store.ts';
import type { TableEntry } from '../../storage/columnar/store-manifest.ts';

/** A table's file has the digest that was written, its rows rise by time and lie where the manifest says. @returns its bars, of quotes the middle; undefined for ticks. */
export async function checkTable(store: ColumnStore, table: TableEntry): Promise<Result<RawBars | undefined, string>> {
  const rows = await readRows(store, table);
  if (!rows.ok) return err('text' in rows.error ? rows.error.text : `column ${rows.error.column} is missing`);
  const { time, bars } = rows.value;
  for (let i = 1; i < time.length; i++) {
    if (!(time[i] >= time[i - 1]))
      return err(`row ${i + 1}: expected ${isoFromMicros(microsUnchecked(time[i - 1]))} or later, was ${time[i]}`);
  }
  const isWhere = time.length === table.rows && (time.length === 0 || (time[0] === table.from && time[time.length - 1] === table.to));
  return isWhere ? ok(bars) : err(`expected the ${table.rows} rows and the period of the manifest, was ${time.length} rows`);
}

interface Rows {
  readonly time: Float64Array;
  readonly bars: RawBars | undefined;
}

async function readRows(store: ColumnStore, table: TableEntry): Promise<Result<Rows, StoreRefusal>> {
  switch (table.kind) {
    case 'bars': {
      const bars = await store.readBars(table);
      return bars.ok ? ok({ time: bars.value.time, bars: bars.value }) : bars;
    }
    case 'quoteBars': {
      const bars = await store.readQuoteBars(table);
      return bars.ok ? ok({ time: bars.value.time, bars: middleBars(bars.value) }) : bars;
    }
    case 'trades':
      return timesOf(await store.readTrades(table));
    case 'quotes':
      return timesOf(await store.readQuotes(table));
    case 'levels':
      return timesOf(await store.readLevels(table));
  }
}

function timesOf(ticks: Result<{ readonly time: Float64Array }, StoreRefusal>): Result<Rows, StoreRefusal> {
  return ticks.ok ? ok({ time: ticks.value.time, bars: undefined }) : ticks;
}

/** Files in a store that its manifest does not list: what an import left that was ended, or what somebody put there. */
export function strangers(store: ColumnStore): string[] {
  const known = new Set(store.tables.map((table) => `${table.path}.parquet`));
  return readdirSync(store.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.parquet(\.part)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(store.folder.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .filter((path) => !known.has(path))
    .sort()
    .map((path) => `${path}: is not in the manifest; an import that was ended leaves it, the next one writes it again`);
}
