import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { MICROS_PER_DAY } from '../base/time.ts';
import type { RawBars } from '../domain/bar-columns.ts';
import { readBarCsv, type BarCsvColumns } from './csv/bar-csv.ts';
import { readMinuteCsv } from './csv/minute-csv.ts';
import { continuousSource, type RollTerms } from './lean/lean-futures.ts';
import { findLeanSources } from './lean/lean-sources.ts';
import type { RawContent, RawSource, RawTable } from './raw-source.ts';
import { recordedSource } from './recorded-sources.ts';
import { sessionVenueOf } from './sessions/venue-session.ts';
import { readSp500Bars, sp500Header } from './sp500/sp500-bars.ts';

/** Most files looked at in one folder and below. */
export const maxRawFiles = 200_000;
/** Bytes of a file from which its layout is told. */
const headBytes = 4_096;

export interface RawSources {
  /** Sorted by source. */
  readonly sources: readonly RawSource[];
  /** Files that no reader knows. */
  readonly unknown: readonly string[];
}

/**
 * Finds everything below a folder that can be read as bars, ticks or books: by its path (LEAN), or by its first lines. `rolled` adds a continuous series of each
 * root of futures.
 */
export function findRawSources(from: string, rolled?: RollTerms): RawSources {
  const isFile = statSync(from).isFile();
  const folder = isFile ? dirname(from) : from;
  const paths = (isFile ? [basename(from)] : pathsBelow(folder)).sort();
  if (paths.length > maxRawFiles) throw new RangeError(`${folder}: expected at most ${maxRawFiles} files, was ${paths.length}`);
  const lean = findLeanSources(folder, paths);
  const sources = [...lean.sources];
  if (rolled !== undefined) for (const files of lean.futures.values()) sources.push(continuousSource(files, rolled));
  const unknown: string[] = [];
  for (const path of paths) {
    if (lean.isUsed(path)) continue;
    const source = fileSource(folder, path);
    if (source === undefined) unknown.push(path);
    else sources.push(source);
  }
  return { sources: sources.sort((a, b) => (a.source < b.source ? -1 : 1)), unknown };
}

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''));
}

function fileSource(folder: string, path: string): RawSource | undefined {
  if (!/\.(csv|gz)$/.test(path) && sessionVenueOf(path) === undefined) return undefined;
  const head = headOf(join(folder, path));
  const recorded = head === undefined ? undefined : recordedSource(folder, path, head);
  return recorded ?? (/\.csv(\.gz)?$/.test(path) ? csvSource(folder, path, head) : undefined);
}

function csvSource(folder: string, path: string, head: string | undefined): RawSource | undefined {
  const file = join(folder, path);
  const first = head?.split(/\r?\n/, 1)[0] ?? '';
  const name = (path.split('/').at(-1) ?? path).replace(/\.csv(\.gz)?$/, '');
  const common = { source: path, files: [file] };
  const daily = { ...common, instrumentID: name, grain: 'daily' } as const;
  const dailyTable = (bars: RawBars | undefined): RawTable[] => (bars === undefined ? [] : [{ kind: 'bars', path: `daily/${name}`, bars }]);
  if (/^\d{8} \d{6};/.test(first)) {
    const read = (): RawContent => {
      const { bars, quarantine } = readMinuteCsv(file, path);
      const tables = bars === undefined ? [] : [{ kind: 'bars' as const, path: `minute/${bars.instrumentID}/${name}`, bars }];
      return { tables, quarantines: [quarantine], events: [] };
    };
    return { ...common, kind: 'csv', reader: 'minute-csv-1', instrumentID: name.split('-')[0].toUpperCase(), grain: 'intraday', read };
  }
  const plain = plainColumns(first);
  if (plain !== undefined && first !== sp500Header) {
    const read = (): RawContent => {
      const { bars, quarantine } = readBarCsv(file, path, { ...plainDaily, instrumentID: name, columns: plain });
      return { tables: dailyTable(bars), quarantines: [quarantine], events: [] };
    };
    return { ...daily, kind: 'csv', reader: 'plain-csv-1', read };
  }
  // a file that says nothing (empty, damaged) or something close to it is read as what it should be, so that what is wrong with it is named
  if (first !== '' && !/\b(open|close|adjusted_close)\b/i.test(first)) return undefined;
  const read = (): RawContent => {
    const { bars, events, quarantine } = readSp500Bars(file, path);
    return { tables: dailyTable(bars), quarantines: [quarantine], events };
  };
  return { ...daily, kind: 'sp500', reader: 'daily-csv-1', read };
}

const plainDaily = {
  separator: ',',
  hasHeader: true,
  timeFormat: 'yyyy-mm-dd',
  zone: 'America/New_York',
  calendar: 'XNYS',
  interval: MICROS_PER_DAY,
  stamp: 'begin',
} as const;

/** Columns of `date,open,high,low,close[,volume]` in any order and case; undefined when one is missing. */
function plainColumns(header: string): BarCsvColumns | undefined {
  const names = header.split(',');
  const find = (...wanted: readonly string[]) => names.find((name) => wanted.includes(name.toLowerCase()));
  const [time, open, high, low, close] = [find('date', 'timestamp'), find('open'), find('high'), find('low'), find('close')];
  if (time === undefined || open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  if (find('adjusted_close', 'split_coefficient', 'dividend_amount') !== undefined) return undefined;
  const volume = find('volume');
  return { time, open, high, low, close, ...(volume === undefined ? {} : { volume }) };
}

/** The first lines of a file, as far as they can be read; '' when it is empty, undefined for what cannot be read. */
function headOf(file: string): string | undefined {
  try {
    const bytes = Buffer.alloc(headBytes);
    const open = openSync(file, 'r');
    const head = bytes.subarray(0, readSync(open, bytes));
    closeSync(open);
    if (!file.endsWith('.gz')) return head.toString('latin1');
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return undefined;
  }
}
