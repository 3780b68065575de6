import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { adjustments, type Adjustment } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { tableKinds, type TableKind } from './column-table.ts';

/** A table as the manifest lists it. */
export interface TableEntry {
  readonly path: string;
  readonly kind: TableKind;
  readonly instrumentID: string;
  readonly interval: number;
  readonly rows: number;
  /** Times of the first and last row, UTC microseconds. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  /** Of the table's file. */
  readonly sha256: string;
}

/** A raw file that was turned into tables, and what was wrong with it. */
export interface SourceEntry {
  /** Path below the folder that was imported. */
  readonly source: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Name and version of the reader; another version reads again. */
  readonly reader: string;
  /** What the prices of its bars were adjusted for when they were imported; `none` = raw, with their factors. */
  readonly adjust: Adjustment;
  readonly tables: readonly TableEntry[];
  /** Splits, dividends and ticker changes of its instrument, rising by day. */
  readonly events: readonly CorporateEvent[];
  /** How often each kind of fault or finding was met: `DUPLICATE`, `gap`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Rows that were dropped, bars kept without volume, and the sentences about them (at most maxFaultLines). */
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
}

export const manifestFile = 'manifest.jsonl';
export const manifestFormat = 'plimsoll-columns-1';
/** Sentences kept for each source; more are only counted. */
export const maxFaultLines = 200;
/** Largest manifest, bytes. */
const maxManifestBytes = 256_000_000;

export interface Manifest {
  /** By source; the newest line of a source counts. */
  readonly sources: ReadonlyMap<string, SourceEntry>;
  /** Lines that could not be read: a crash leaves at most one, at the end. */
  readonly torn: number;
}

/** undefined when the folder holds no store; an empty manifest where none of its lines can be read. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, manifestFile);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  if (text.length > maxManifestBytes) throw new RangeError(`${path}: expected at most ${maxManifestBytes} bytes, was ${text.length}`);
  const sources = new Map<string, SourceEntry>();
  let torn = 0;
  for (const line of text.split('\n')) {
    if (line === '' || line === headLine) continue;
    const entry = parseEntry(line);
    if (entry === undefined) torn++;
    else sources.set(entry.source, entry);
  }
  return { sources, torn };
}

const headLine = JSON.stringify({ format: manifestFormat });

/** Adds what is known of a source. One line, written at once: after a crash the source is either there or read again. */
export function appendManifest(folder: string, entry: SourceEntry): void {
  const path = join(folder, manifestFile);
  const start = existsSync(path) ? (endsWithNewline(path) ? '' : '\n') : `${headLine}\n`;
  appendFileSync(path, `${start}${JSON.stringify(entry)}\n`);
}

/** A torn last line gets an end of its own before the next is written. */
function endsWithNewline(path: string): boolean {
  const { size } = statSync(path);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  const file = openSync(path, 'r');
  readSync(file, last, 0, 1, size - 1);
  closeSync(file);
  return last[0] === 10;
}

function parseEntry(line: string): SourceEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isSource(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';

function isSource(value: unknown): value is SourceEntry {
  if (!isObject(value)) return false;
  const { source, bytes, sha256, reader, adjust, tables, events, counts, dropped, untraded, faults } = value;
  if (![source, sha256, reader].every(isText) || ![bytes, dropped, untraded].every(isNumber)) return false;
  if (!adjustments.some((one) => one === adjust) || !isObject(counts) || !Object.values(counts).every(isNumber)) return false;
  return isList(tables, isTable) && isList(events, isEvent) && isList(faults, isText);
}

function isList(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isTable(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, kind, instrumentID, interval, rows, from, to, bytes, sha256 } = value;
  const numbers = [interval, rows, from, to, bytes].every(isNumber);
  return [path, instrumentID, sha256].every(isText) && tableKinds.some((one) => one === kind) && numbers;
}

function isEvent(value: unknown): boolean {
  if (!isObject(value) || !isNumber(value['day'])) return false;
  const { kind, numerator, denominator, cash, from, to } = value;
  if (kind === 'split') return isNumber(numerator) && isNumber(denominator);
  return kind === 'dividend' ? isNumber(cash) : kind === 'tickerChange' && isText(from) && isText(to);
}
