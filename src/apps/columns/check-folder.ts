import type { RawBars } from '../../domain/bar-columns.ts';
import { barCheckText, checkBars, type BarCheck } from '../../feeds/bar-check.ts';
import { faultCodes, faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import { middleBars } from '../../feeds/lean/lean-quote-bars.ts';
import type { RawTable } from '../../feeds/raw-source.ts';
import { openColumnStore, type ColumnStore } from '../../storage/columnar/column-store.ts';
import { checkTable, strangers } from './check-table.ts';
import { countsText } from './series-list.ts';
import { calendarOfTable } from './table-calendar.ts';

/** What is wrong or strange about the recorded data of a folder. */
export interface FolderCheck {
  readonly folder: string;
  readonly sources: number;
  /** Rows dropped, bars kept without volume, and a sentence for each as far as they are kept. */
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
  /** Sources of which nothing was left. */
  readonly setAside: readonly string[];
  /** Of every series of bars, by table. */
  readonly checks: readonly (BarCheck & { readonly table: string })[];
  /** Tables of a store that are not what was written: cut, changed, absent, out of order; each in a sentence. */
  readonly damaged: readonly string[];
  /** How often each kind of fault was met. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Sentences kept of one folder. */
const maxFolderFaults = 10_000;
/** Of them, those shown as text. */
const shownFaults = 200;

/** Looks through a store, or through the raw files of a folder. `onProgress` hears how many of all sources or tables are done. */
export async function checkFolder(folder: string, onProgress: (done: number, total: number, what: string) => void): Promise<FolderCheck> {
  const store = openColumnStore(folder);
  return store === undefined ? checkRawFiles(folder, onProgress) : checkStore(store, onProgress);
}

function checkRawFiles(folder: string, onProgress: (done: number, total: number, what: string) => void): FolderCheck {
  const { sources } = findRawSources(folder);
  const found = { dropped: 0, untraded: 0 };
  const counts: Record<string, number> = {};
  const [faults, setAside]: [string[], string[]] = [[], []];
  const checks: (BarCheck & { readonly table: string })[] = [];
  for (const [i, source] of sources.entries()) {
    const { tables, quarantines } = source.read();
    for (const [name, count] of quarantines.flatMap((one) => [...one.counts])) counts[name] = (counts[name] ?? 0) + count;
    for (const quarantine of quarantines) {
      found.dropped += quarantine.rows;
      found.untraded += quarantine.untradedRows;
      for (const fault of quarantine.faults) if (faults.length < maxFolderFaults) faults.push(faultLine(fault));
    }
    if (tables.length === 0) setAside.push(source.source);
    for (const table of tables) addCheck(checks, table.path, barsOfRaw(table));
    onProgress(i + 1, sources.length, source.source);
  }
  return { folder, sources: sources.length, ...found, faults, setAside, checks, damaged: [], counts };
}

async function checkStore(store: ColumnStore, onProgress: (done: number, total: number, what: string) => void): Promise<FolderCheck> {
  const checks: (BarCheck & { readonly table: string })[] = [];
  const damaged: string[] = [];
  for (const [i, table] of store.tables.entries()) {
    const read = await checkTable(store, table);
    if (read.ok) addCheck(checks, table.path, read.value);
    else damaged.push(`${table.path}: ${read.error}`);
    onProgress(i + 1, store.tables.length, table.path);
  }
  damaged.push(...strangers(store));
  const { folder, sources } = store;
  const sum = (of: (source: (typeof sources)[number]) => number) => sources.reduce((total, source) => total + of(source), 0);
  const counts: Record<string, number> = {};
  for (const [name, count] of sources.flatMap((source) => Object.entries(source.counts))) {
    if (isFaultCode(name)) counts[name] = (counts[name] ?? 0) + count;
  }
  return {
    folder,
    sources: sources.length,
    dropped: sum((source) => source.dropped),
    untraded: sum((source) => source.untraded),
    faults: sources.flatMap((source) => source.faults).slice(0, maxFolderFaults),
    setAside: sources.filter((source) => source.tables.length === 0).map((source) => source.source),
    checks,
    damaged,
    counts,
  };
}

const isFaultCode = (name: string): boolean => faultCodes.some((code) => code === name);

function addCheck(checks: (BarCheck & { readonly table: string })[], table: string, bars: RawBars | undefined): void {
  if (bars !== undefined) checks.push({ ...checkBars(bars, calendarOfTable(table)), table });
}

/** Bars, or the middle of quote bars; ticks have no bars. */
function barsOfRaw(table: RawTable): RawBars | undefined {
  if (table.kind === 'bars') return table.bars;
  return table.kind === 'quoteBars' ? middleBars(table.bars) : undefined;
}

/** Everything that was found, the figures first. `perSeries` findings are shown of each series. */
export function folderCheckText(check: FolderCheck, perSeries = 20): string {
  const { sources, dropped, untraded, faults, setAside, checks, damaged, counts } = check;
  const findings = checks.reduce((sum, one) => sum + one.findings.length + one.unlisted, 0);
  const missing = checks.reduce((sum, one) => sum + one.missing, 0);
  const lines = [
    `${sources} sources: ${dropped} rows dropped, ${untraded} bars without volume, ${setAside.length} set aside whole`,
    `${checks.length} series of bars: ${missing} bars missing, ${findings} findings`,
    ...(Object.keys(counts).length > 0 ? [`met: ${countsText(counts)}`] : []),
    ...setAside.map((source) => `set aside: ${source}`),
    ...damaged.map((text) => `damaged: ${text}`),
    ...faults.slice(0, shownFaults),
    ...(faults.length > shownFaults
      ? [`and ${faults.length - shownFaults} more rows (--json has up to ${maxFolderFaults} sentences)`]
      : []),
  ];
  for (const one of checks) {
    if (one.findings.length === 0) continue;
    const shown = {
      ...one,
      findings: one.findings.slice(0, perSeries),
      unlisted: one.unlisted + Math.max(0, one.findings.length - perSeries),
    };
    lines.push(`${one.table}: ${barCheckText(shown)}`);
  }
  return lines.join('\n');
}
