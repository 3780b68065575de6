import type { Result } from '../../base/result.ts';
import type { Adjustment } from '../../domain/bar-columns.ts';
import { checkBars } from '../../feeds/bar-check.ts';
import { bakeAdjustment } from '../../feeds/csv/adjust.ts';
import { faultLine, type Quarantine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import type { RollTerms } from '../../feeds/lean/lean-futures.ts';
import type { RawContent, RawSource, RawTable, SourceKind } from '../../feeds/raw-source.ts';
import type { ColumnTable } from '../../storage/columnar/column-table.ts';
import {
  importColumns,
  type ImportProgress,
  type ImportRefusal,
  type ImportReport,
  type ImportSource,
} from '../../storage/columnar/import-columns.ts';
import { maxFaultLines } from '../../storage/columnar/store-manifest.ts';
import { tableOfBars, tableOfLevels, tableOfQuoteBars, tableOfQuotes, tableOfTrades } from '../../storage/columnar/tables.ts';
import { calendarOfTable } from './table-calendar.ts';

export interface ImportOptions {
  /** Other sources are passed over; absent = all. */
  readonly kind?: SourceKind;
  /** What prices are adjusted for as they are written; `none` keeps them raw with their factors, so that they can be loaded in every way. */
  readonly adjust: Adjustment;
  /** Adds a continuous series of each root of futures. */
  readonly rolled?: RollTerms;
}

export interface FolderImport extends ImportReport {
  /** Files that no reader knows. */
  readonly unknown: readonly string[];
  /** Sources of another kind than the one asked for. */
  readonly passedOver: number;
}

const raw: ImportOptions = { adjust: 'none' };

/** Turns everything below a folder (or one file) that a reader knows into columnar files, once. */
export async function importFolder(
  from: string,
  to: string,
  onProgress: (progress: ImportProgress) => void,
  { kind, adjust, rolled }: ImportOptions = raw,
): Promise<Result<FolderImport, ImportRefusal>> {
  const { sources, unknown } = findRawSources(from, rolled);
  const wanted = kind === undefined ? sources : sources.filter((source) => source.kind === kind);
  const report = await importColumns(
    to,
    wanted.map((source) => importSource(source, adjust)),
    onProgress,
  );
  return report.ok ? { ok: true, value: { ...report.value, unknown, passedOver: sources.length - wanted.length } } : report;
}

function importSource(from: RawSource, adjust: Adjustment): ImportSource {
  const { source, files, reader } = from;
  return {
    source,
    files,
    reader,
    adjust,
    read: () => {
      const content = from.read();
      const { tables, quarantines, events } = content;
      return {
        tables: tables.map((table) => columnTable(table, adjust)),
        events,
        counts: countsOf(content),
        dropped: quarantines.reduce((sum, one) => sum + one.rows, 0),
        untraded: quarantines.reduce((sum, one) => sum + one.untradedRows, 0),
        faults: quarantines.flatMap((one) => one.faults.slice(0, maxFaultLines)).map(faultLine),
      };
    },
  };
}

/** Faults by their code, findings by their kind, and what a feed said. */
function countsOf({ tables, quarantines, counts }: RawContent): Record<string, number> {
  const found: Record<string, number> = { ...counts };
  const add = (name: string, count: number) => {
    if (count > 0) found[name] = (found[name] ?? 0) + count;
  };
  for (const one of quarantines) addFaults(one, add);
  for (const table of tables) {
    if (table.kind !== 'bars') continue;
    const check = checkBars(table.bars, calendarOfTable(table.path));
    add('missing', check.missing);
    for (const finding of check.findings) add(finding.kind, 1);
    add('unlisted', check.unlisted);
  }
  return found;
}

function addFaults(quarantine: Quarantine, add: (name: string, count: number) => void): void {
  for (const [code, count] of quarantine.counts) add(code, count);
}

function columnTable(table: RawTable, adjust: Adjustment): ColumnTable {
  switch (table.kind) {
    case 'bars':
      return tableOfBars(table.path, bakeAdjustment(table.bars, adjust));
    case 'quoteBars':
      return tableOfQuoteBars(table.path, table.bars);
    case 'trades':
      return tableOfTrades(table.path, table.ticks);
    case 'quotes':
      return tableOfQuotes(table.path, table.ticks);
    case 'levels':
      return tableOfLevels(table.path, table.levels);
  }
}
