import type { Result } from '../../base/result.ts';
import { faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import type { RawSource, RawTable } from '../../feeds/raw-source.ts';
import type { ColumnTable } from '../../storage/columnar/column-table.ts';
import {
  importColumns,
  type ImportProgress,
  type ImportRefusal,
  type ImportReport,
  type ImportSource,
} from '../../storage/columnar/import-columns.ts';
import { maxFaultLines } from '../../storage/columnar/store-manifest.ts';
import { tableOfBars, tableOfQuoteBars, tableOfQuotes, tableOfTrades } from '../../storage/columnar/tables.ts';

/** Turns everything below a folder that a reader knows into columnar files, once. */
export async function importFolder(
  from: string,
  to: string,
  onProgress: (progress: ImportProgress) => void,
): Promise<Result<ImportReport & { readonly unknown: readonly string[] }, ImportRefusal>> {
  const { sources, unknown } = findRawSources(from);
  const report = await importColumns(to, sources.map(importSource), onProgress);
  return report.ok ? { ok: true, value: { ...report.value, unknown } } : report;
}

function importSource(source: RawSource): ImportSource {
  return {
    source: source.source,
    files: source.files,
    reader: source.reader,
    read: () => {
      const { tables, quarantines } = source.read();
      return {
        tables: tables.map(columnTable),
        dropped: quarantines.reduce((sum, one) => sum + one.rows, 0),
        untraded: quarantines.reduce((sum, one) => sum + one.untradedRows, 0),
        faults: quarantines.flatMap((one) => one.faults.slice(0, maxFaultLines)).map(faultLine),
      };
    },
  };
}

function columnTable(table: RawTable): ColumnTable {
  switch (table.kind) {
    case 'bars':
      return tableOfBars(table.path, table.bars);
    case 'quoteBars':
      return tableOfQuoteBars(table.path, table.bars);
    case 'trades':
      return tableOfTrades(table.path, table.ticks);
    case 'quotes':
      return tableOfQuotes(table.path, table.ticks);
  }
}
