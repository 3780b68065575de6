import { existsSync, openSync, closeSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { createCaptureFeed } from '../../feeds/capture/capture-feed.ts';
import { captureMagic } from '../../feeds/capture/format.ts';
import { EventColumns } from '../../feeds/event-columns.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import { inspectCapture, type CaptureSummary } from '../../feeds/inspect.ts';
import type { RawSource, RawTable } from '../../feeds/raw-source.ts';
import { openColumnStore, tableFile, type ColumnStore } from '../../storage/columnar/column-store.ts';
import { parquetAbsentText, readParquet } from '../../storage/columnar/parquet-file.ts';
import { manifestFile, type TableEntry } from '../../storage/columnar/store-manifest.ts';
import { SeriesList, type PathSummary } from './series-list.ts';

export type Inspected =
  { readonly what: 'binance'; readonly summary: CaptureSummary } | { readonly what: 'data'; readonly summary: PathSummary };

/** What a raw or imported file or folder holds and what is wrong with it. The error is one sentence. */
export async function inspectPath(
  path: string,
  onProgress: (done: number, total: number, what: string) => void,
): Promise<Result<Inspected, string>> {
  if (!existsSync(path)) return err(`${path}: no such file or directory`);
  if (statSync(path).isDirectory()) {
    const store = openColumnStore(path);
    return data(store === undefined ? inspectRaw(path, onProgress) : await inspectStore(path, store, store.tables, onProgress));
  }
  const start = firstBytes(path);
  if (start.startsWith('PAR1')) return data(await inspectParquet(path, onProgress));
  if (start.startsWith(captureMagic)) return data(inspectOwnCapture(path));
  const { sources } = findRawSources(path);
  if (sources.length > 0 && sources[0].kind !== 'binance') return data(inspectRaw(path, onProgress));
  const capture = inspectCapture(path);
  return capture.ok ? ok({ what: 'binance', summary: capture.value }) : capture;
}

function data(summary: Result<PathSummary, string>): Result<Inspected, string> {
  return summary.ok ? ok({ what: 'data', summary: summary.value }) : summary;
}

function firstBytes(file: string): string {
  const bytes = Buffer.alloc(8);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, 8, 0));
  } finally {
    closeSync(descriptor);
  }
}

function inspectRaw(path: string, onProgress: (done: number, total: number, what: string) => void): Result<PathSummary, string> {
  const { sources, unknown } = findRawSources(path);
  if (sources.length === 0) return err(`${path}: holds nothing that a reader knows (${unknown.length} files)`);
  const list = new SeriesList(path, 'raw files');
  for (const [i, source] of sources.entries()) {
    addSource(list, source);
    onProgress(i + 1, sources.length, source.source);
  }
  return ok(list.summary(sources.length, unknown));
}

function addSource(list: SeriesList, source: RawSource): void {
  const { tables, quarantines, counts } = source.read();
  for (const quarantine of quarantines) list.addQuarantine(quarantine);
  if (tables.length === 0) list.addSetAside(source.source);
  if (counts !== undefined) list.addCounts(counts);
  for (const table of tables) addRaw(list, table);
}

function addRaw(list: SeriesList, table: RawTable): void {
  switch (table.kind) {
    case 'bars': {
      const { instrumentID, interval, time, high, low } = table.bars;
      return list.add({ kind: 'bars', instrumentID, interval, time, prices: [high, low] });
    }
    case 'quoteBars': {
      const { instrumentID, interval, time, bid, ask } = table.bars;
      return list.add({ kind: 'quoteBars', instrumentID, interval, time, prices: [bid.close, ask.close] });
    }
    case 'trades':
      return list.add({
        kind: 'trades',
        instrumentID: table.ticks.instrumentID,
        interval: 0,
        time: table.ticks.time,
        prices: [table.ticks.price],
      });
    case 'quotes': {
      const { instrumentID, time, bid, ask } = table.ticks;
      return list.add({ kind: 'quotes', instrumentID, interval: 0, time, prices: [bid, ask] });
    }
    case 'levels': {
      const { instrumentID, time, price } = table.levels;
      return list.add({ kind: 'levels', instrumentID, interval: 0, time, prices: [price] });
    }
  }
}

const priceColumns: Readonly<Record<TableEntry['kind'], readonly string[]>> = {
  bars: ['high', 'low'],
  quoteBars: ['bid_close', 'ask_close'],
  trades: ['price'],
  quotes: ['bid', 'ask'],
  levels: ['price'],
};

async function inspectStore(
  path: string,
  store: ColumnStore,
  tables: readonly TableEntry[],
  onProgress: (done: number, total: number, what: string) => void,
): Promise<Result<PathSummary, string>> {
  const list = new SeriesList(path, 'imported files');
  for (const [i, table] of tables.entries()) {
    const { kind, instrumentID, interval } = table;
    const columns = await readColumns(tableFile(store.folder, table.path), ['time', ...priceColumns[kind]]);
    if (columns.ok) list.add({ kind, instrumentID, interval, time: columns.value[0], prices: columns.value.slice(1) });
    else if (columns.error === parquetAbsentText) return columns;
    else list.addUnreadable(`${table.path}: ${columns.error}`);
    onProgress(i + 1, tables.length, table.path);
  }
  const sources = store.sources.filter((source) => tables === store.tables || source.tables.some((table) => tables.includes(table)));
  for (const source of sources) list.addEntry(source);
  return ok(list.summary(sources.length, []));
}

async function readColumns(file: string, names: readonly string[] | undefined): Promise<Result<Float64Array[], string>> {
  if (!existsSync(file)) return err('the file is absent');
  const read = await readParquet(readFileSync(file), names);
  if (!read.ok) return err(read.error.text);
  return ok([...read.value.values()].map((column) => Float64Array.from<number>(column.values)));
}

/** An imported file by its entry in the manifest above it. */
async function inspectParquet(
  path: string,
  onProgress: (done: number, total: number, what: string) => void,
): Promise<Result<PathSummary, string>> {
  for (let folder = dirname(resolve(path)); folder !== dirname(folder); folder = dirname(folder)) {
    const store = existsSync(`${folder}/${manifestFile}`) ? openColumnStore(folder) : undefined;
    const table = store?.tables.find((one) => resolve(tableFile(folder, one.path)) === resolve(path));
    if (store !== undefined && table !== undefined) return inspectStore(path, store, [table], onProgress);
  }
  return err(`${path}: is a Parquet file, but no ${manifestFile} above it lists it`);
}

function inspectOwnCapture(path: string): Result<PathSummary, string> {
  const list = new SeriesList(path, 'a capture of this product');
  const columns: EventColumns[] = [];
  let feed;
  try {
    feed = createCaptureFeed({
      file: path,
      indicesOf: ({ listingID, priceUnit, lot }) => ({
        feed: 0,
        listing: columns.push(new EventColumns({ instrumentID: listingID, priceUnit, lot })) - 1,
      }),
    });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  for (let event = feed.next(); event !== undefined; event = feed.next()) if (event.kind !== 'bar') columns[event.listing].take(event);
  for (const one of columns) {
    for (const table of one.tables(path)) addRaw(list, table);
    list.addCounts(one.counts);
  }
  if (feed.problem !== undefined) list.addUnreadable(feed.problem);
  return ok(list.summary(1, []));
}
