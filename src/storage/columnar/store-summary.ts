import { isoFromMicros, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { ColumnStore } from './column-store.ts';
import type { TableKind } from './column-table.ts';

/** All tables of one kind, length of bar and instrument. */
export interface SeriesSummary {
  readonly kind: TableKind;
  readonly interval: number;
  readonly instrumentID: string;
  readonly tables: number;
  readonly rows: number;
  /** Times of the first and last row, UTC microseconds. */
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

export interface StoreSummary {
  readonly folder: string;
  readonly sources: number;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly untraded: number;
  /** Sources of which nothing was left. */
  readonly setAside: readonly string[];
  /** By kind, interval, instrument. */
  readonly series: readonly SeriesSummary[];
}

/** What a store holds, from its manifest alone. */
export function summarizeStore(store: ColumnStore): StoreSummary {
  const series = new Map<string, SeriesSummary>();
  for (const { kind, interval, instrumentID, rows, from, to, bytes } of store.tables) {
    const key = `${kind} ${interval} ${instrumentID}`;
    const known = series.get(key) ?? { kind, interval, instrumentID, tables: 0, rows: 0, from: Infinity, to: -Infinity, bytes: 0 };
    const sums = { tables: known.tables + 1, rows: known.rows + rows, bytes: known.bytes + bytes };
    series.set(key, { ...known, ...sums, from: Math.min(known.from, from), to: Math.max(known.to, to) });
  }
  const total = (of: (one: SeriesSummary) => number) => [...series.values()].reduce((sum, one) => sum + of(one), 0);
  return {
    folder: store.folder,
    sources: store.sources.length,
    tables: store.tables.length,
    rows: total((one) => one.rows),
    bytes: total((one) => one.bytes),
    dropped: store.sources.reduce((sum, one) => sum + one.dropped, 0),
    untraded: store.sources.reduce((sum, one) => sum + one.untraded, 0),
    setAside: store.sources.filter((one) => one.tables.length === 0).map((one) => one.source),
    series: [...series.values()].sort(
      (a, b) => a.kind.localeCompare(b.kind, 'en') || a.interval - b.interval || (a.instrumentID < b.instrumentID ? -1 : 1),
    ),
  };
}

/** A head and one line for each series. */
export function storeSummaryText(summary: StoreSummary): string {
  const { sources, tables, rows, bytes, dropped, untraded, setAside, series } = summary;
  const head = [
    `${sources} sources, ${tables} tables, ${rows} rows, ${(bytes / 1_000_000).toFixed(1)} MB`,
    `${dropped} rows dropped, ${untraded} bars without volume, ${setAside.length} sources set aside${setAside.length > 0 ? `: ${setAside.slice(0, 5).join(', ')}` : ''}`,
  ];
  const lines = series.map((one) => {
    const span = `${isoFromMicros(microsUnchecked(one.from)).slice(0, 10)} to ${isoFromMicros(microsUnchecked(one.to)).slice(0, 10)}`;
    return `${one.instrumentID.padEnd(12)} ${one.kind.padEnd(9)} ${intervalText(one.interval).padEnd(5)} ${String(one.rows).padStart(9)} rows  ${span}`;
  });
  return [...head, ...lines].join('\n');
}

function intervalText(interval: number): string {
  if (interval === 0) return 'tick';
  if (interval % MICROS_PER_DAY === 0) return `${interval / MICROS_PER_DAY}d`;
  if (interval % MICROS_PER_HOUR === 0) return `${interval / MICROS_PER_HOUR}h`;
  return interval % MICROS_PER_MINUTE === 0 ? `${interval / MICROS_PER_MINUTE}m` : `${interval / 1_000_000}s`;
}
