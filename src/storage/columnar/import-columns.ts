import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import type { Adjustment } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { tableFile } from './column-store.ts';
import type { ColumnTable } from './column-table.ts';
import { writeParquet, type ParquetRefusal } from './parquet-file.ts';
import { appendManifest, maxFaultLines, readManifest, type Manifest, type SourceEntry, type TableEntry } from './store-manifest.ts';

/** What a reader made of one raw file. */
export interface SourceContent {
  readonly tables: readonly ColumnTable[];
  readonly events: readonly CorporateEvent[];
  readonly counts: Readonly<Record<string, number>>;
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
}

/** Raw files that can be turned into tables together. */
export interface ImportSource {
  /** Its name in the store: a path below the folder that is imported. */
  readonly source: string;
  /** All files that the content depends on. */
  readonly files: readonly string[];
  /** Name and version of the reader. */
  readonly reader: string;
  /** What `read` adjusts prices for; another adjustment reads again. */
  readonly adjust: Adjustment;
  read(): SourceContent;
}

export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly entry: SourceEntry;
  /** Already there and unchanged. */
  readonly skipped: boolean;
}

export interface ImportReport {
  readonly imported: number;
  readonly skipped: number;
  readonly tables: number;
  readonly rows: number;
  readonly dropped: number;
  readonly untraded: number;
  /** Sources of which nothing was left. */
  readonly setAside: readonly string[];
  /** How often each kind of fault or finding was met. */
  readonly counts: Readonly<Record<string, number>>;
}

export type ImportRefusal =
  | ParquetRefusal
  | { readonly code: 'TABLE_TAKEN'; readonly path: string; readonly by: string; readonly source: string }
  | { readonly code: 'SOURCE_UNREADABLE'; readonly source: string; readonly text: string };

/** Most sources of one import. */
export const maxSources = 100_000;

/**
 * Turns raw files into columnar files, each once: a source whose bytes and reader are those of the manifest is passed over, so an import that was ended goes
 * on where it stopped. A file is written beside its place and renamed, the manifest's line comes last.
 */
export async function importColumns(
  folder: string,
  sources: readonly ImportSource[],
  onProgress: (progress: ImportProgress) => void,
): Promise<Result<ImportReport, ImportRefusal>> {
  if (sources.length > maxSources) throw new RangeError(`import: expected at most ${maxSources} sources, was ${sources.length}`);
  mkdirSync(folder, { recursive: true });
  const manifest = readManifest(folder);
  const taken = takenPaths(manifest);
  const report = { imported: 0, skipped: 0, tables: 0, rows: 0, dropped: 0, untraded: 0 };
  const setAside: string[] = [];
  const counts: Record<string, number> = {};
  for (const [i, source] of sources.entries()) {
    const print = fingerprint(source);
    if (!print.ok) return print;
    const known = manifest?.sources.get(source.source);
    const unchanged = known !== undefined && isUnchanged(folder, known, print.value, source);
    const entry = unchanged ? ok(known) : await importOne(folder, source, print.value, taken);
    if (!entry.ok) return entry;
    report[unchanged ? 'skipped' : 'imported']++;
    report.tables += entry.value.tables.length;
    report.rows += entry.value.tables.reduce((sum, table) => sum + table.rows, 0);
    report.dropped += entry.value.dropped;
    report.untraded += entry.value.untraded;
    if (entry.value.tables.length === 0) setAside.push(source.source);
    for (const [name, count] of Object.entries(entry.value.counts)) counts[name] = (counts[name] ?? 0) + count;
    onProgress({ done: i + 1, total: sources.length, entry: entry.value, skipped: unchanged });
  }
  return ok({ ...report, setAside, counts });
}

interface Fingerprint {
  readonly bytes: number;
  readonly sha256: string;
}

/** Size and digest over all files, each with its length before it. */
function fingerprint({ source, files }: ImportSource): Result<Fingerprint, ImportRefusal> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for (const file of files) {
      const bytes = readFileSync(file);
      size += bytes.length;
      hash.update(`${bytes.length}\n`).update(bytes);
    }
    return ok({ bytes: size, sha256: hash.digest('hex') });
  } catch (error) {
    return err({ code: 'SOURCE_UNREADABLE', source, text: error instanceof Error ? error.message : String(error) });
  }
}

function isUnchanged(folder: string, known: SourceEntry, { bytes, sha256 }: Fingerprint, { reader, adjust }: ImportSource): boolean {
  const same = known.bytes === bytes && known.sha256 === sha256 && known.reader === reader && known.adjust === adjust;
  return same && known.tables.every((table) => isWritten(folder, table));
}

/** The file has the bytes that were written; one that was cut or changed is written again. */
function isWritten(folder: string, { path, bytes, sha256 }: TableEntry): boolean {
  const file = tableFile(folder, path);
  return existsSync(file) && statSync(file).size === bytes && digestOf(readFileSync(file)) === sha256;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Which source wrote a path. */
function takenPaths(manifest: Manifest | undefined): Map<string, string> {
  const taken = new Map<string, string>();
  for (const { source, tables } of manifest?.sources.values() ?? []) for (const { path } of tables) taken.set(path, source);
  return taken;
}

async function importOne(
  folder: string,
  source: ImportSource,
  print: Fingerprint,
  taken: Map<string, string>,
): Promise<Result<SourceEntry, ImportRefusal>> {
  const content = source.read();
  const tables: TableEntry[] = [];
  for (const table of content.tables) {
    const by = taken.get(table.path);
    if (by !== undefined && by !== source.source) return err({ code: 'TABLE_TAKEN', path: table.path, by, source: source.source });
    taken.set(table.path, source.source);
    const bytes = await writeParquet(table);
    if (!bytes.ok) return bytes;
    writeWhole(tableFile(folder, table.path), bytes.value);
    tables.push(entryOf(table, bytes.value));
  }
  const { dropped, untraded, events, counts } = content;
  const { reader, adjust } = source;
  const faults = content.faults.slice(0, maxFaultLines);
  const entry: SourceEntry = { source: source.source, ...print, reader, adjust, tables, events, counts, dropped, untraded, faults };
  appendManifest(folder, entry);
  return ok(entry);
}

/** On the disk before it has its name, so that a name never stands for half a file. */
function writeWhole(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = openSync(`${file}.part`, 'w');
  try {
    writeFileSync(part, bytes);
    fsyncSync(part);
  } finally {
    closeSync(part);
  }
  renameSync(`${file}.part`, file);
}

function entryOf({ path, kind, instrumentID, interval, count, columns }: ColumnTable, bytes: Uint8Array): TableEntry {
  const time = columns.find((column) => column.kind === 'time')?.values;
  const sha256 = digestOf(bytes);
  return { path, kind, instrumentID, interval, rows: count, from: time?.[0] ?? 0, to: time?.[count - 1] ?? 0, bytes: bytes.length, sha256 };
}
