import { openSync, closeSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { readMinuteCsv } from './csv/minute-csv.ts';
import { findLeanSources } from './lean/lean-sources.ts';
import type { RawSource } from './raw-source.ts';
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

/** Finds everything below a folder that can be read as bars or ticks: by its path (LEAN), or by its first line. */
export function findRawSources(folder: string): RawSources {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, ''))
    .sort();
  if (paths.length > maxRawFiles) throw new RangeError(`${folder}: expected at most ${maxRawFiles} files, was ${paths.length}`);
  const lean = findLeanSources(folder, paths);
  const sources = [...lean.sources];
  const unknown: string[] = [];
  for (const path of paths) {
    if (lean.isUsed(path)) continue;
    const source = /\.csv(\.gz)?$/.test(path) ? csvSource(folder, path) : undefined;
    if (source === undefined) unknown.push(path);
    else sources.push(source);
  }
  return { sources: sources.sort((a, b) => (a.source < b.source ? -1 : 1)), unknown };
}

function csvSource(folder: string, path: string): RawSource | undefined {
  const file = join(folder, path);
  const [first] = headOf(file).split(/\r?\n/, 1);
  const name = (path.split('/').at(-1) ?? path).replace(/\.csv(\.gz)?$/, '');
  if (first === sp500Header) {
    return {
      source: path,
      files: [file],
      reader: 'daily-csv-1',
      instrumentID: name,
      grain: 'daily',
      read: () => {
        const { bars, events, quarantine } = readSp500Bars(file, path);
        return { tables: bars === undefined ? [] : [{ kind: 'bars', path: `daily/${name}`, bars }], quarantines: [quarantine], events };
      },
    };
  }
  if (!/^\d{8} \d{6};/.test(first)) return undefined;
  return {
    source: path,
    files: [file],
    reader: 'minute-csv-1',
    instrumentID: name.split('-')[0].toUpperCase(),
    grain: 'intraday',
    read: () => {
      const { bars, quarantine } = readMinuteCsv(file, path);
      const tables = bars === undefined ? [] : [{ kind: 'bars' as const, path: `minute/${bars.instrumentID}/${name}`, bars }];
      return { tables, quarantines: [quarantine], events: [] };
    },
  };
}

/** The first lines of a file, as far as they can be read; '' for what is none. */
function headOf(file: string): string {
  try {
    const bytes = Buffer.alloc(headBytes);
    const open = openSync(file, 'r');
    const head = bytes.subarray(0, readSync(open, bytes));
    closeSync(open);
    if (!file.endsWith('.gz')) return head.toString('latin1');
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return '';
  }
}
