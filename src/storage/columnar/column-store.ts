import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { QuoteBars, RawBars } from '../../domain/bar-columns.ts';
import type { LevelTicks, QuoteTicks, TradeTicks } from '../../domain/tick-columns.ts';
import type { Column } from './column-table.ts';
import { readParquet, type ParquetRefusal } from './parquet-file.ts';
import { readManifest, type SourceEntry, type TableEntry } from './store-manifest.ts';
import { barsOfTable, levelsOfTable, quoteBarsOfTable, quotesOfTable, tradesOfTable, type TableRefusal } from './tables.ts';

export type StoreRefusal =
  ParquetRefusal | TableRefusal | { readonly code: 'TABLE_UNREADABLE'; readonly path: string; readonly text: string };

/** Columnar files that were imported once; read-only. */
export interface ColumnStore {
  readonly folder: string;
  readonly sources: readonly SourceEntry[];
  /** Sorted by path. */
  readonly tables: readonly TableEntry[];
  readBars(table: TableEntry): Promise<Result<RawBars, StoreRefusal>>;
  readQuoteBars(table: TableEntry): Promise<Result<QuoteBars, StoreRefusal>>;
  readTrades(table: TableEntry): Promise<Result<TradeTicks, StoreRefusal>>;
  readQuotes(table: TableEntry): Promise<Result<QuoteTicks, StoreRefusal>>;
  readLevels(table: TableEntry): Promise<Result<LevelTicks, StoreRefusal>>;
}

/** undefined when the folder holds no store. */
export function openColumnStore(folder: string): ColumnStore | undefined {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  const sources = [...manifest.sources.values()];
  const tables = sources.flatMap((source) => source.tables).sort((a, b) => (a.path < b.path ? -1 : 1));
  const load = async (table: TableEntry) => readTable(folder, table);
  return {
    folder,
    sources,
    tables,
    readBars: async (table) => {
      const columns = await load(table);
      return columns.ok ? barsOfTable(table.instrumentID, table.interval, columns.value) : columns;
    },
    readQuoteBars: async (table) => {
      const columns = await load(table);
      return columns.ok ? quoteBarsOfTable(table.instrumentID, table.interval, columns.value) : columns;
    },
    readTrades: async (table) => {
      const columns = await load(table);
      return columns.ok ? tradesOfTable(table.instrumentID, columns.value) : columns;
    },
    readQuotes: async (table) => {
      const columns = await load(table);
      return columns.ok ? quotesOfTable(table.instrumentID, columns.value) : columns;
    },
    readLevels: async (table) => {
      const columns = await load(table);
      return columns.ok ? levelsOfTable(table.instrumentID, columns.value) : columns;
    },
  };
}

/** Path of a table's file. */
export function tableFile(folder: string, path: string): string {
  return join(folder, `${path}.parquet`);
}

/** Nothing of a file is used whose bytes are not those that were written. */
async function readTable(folder: string, table: TableEntry): Promise<Result<ReadonlyMap<string, Column>, StoreRefusal>> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(tableFile(folder, table.path));
  } catch (error) {
    return err({ code: 'TABLE_UNREADABLE', path: table.path, text: error instanceof Error ? error.message : String(error) });
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== table.sha256)
    return err({ code: 'TABLE_UNREADABLE', path: table.path, text: `expected SHA-256 ${table.sha256}, was ${digest}` });
  const columns = await readParquet(bytes);
  if (!columns.ok) return columns;
  const rows = [...columns.value.values()].map((column) => column.values.length);
  if (rows.some((count) => count !== table.rows)) {
    return err({ code: 'TABLE_UNREADABLE', path: table.path, text: `expected ${table.rows} rows as in the manifest, was ${rows[0] ?? 0}` });
  }
  return ok(columns.value);
}
