import { isoFromMicros, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { faultLine, type Quarantine } from '../../feeds/csv/quarantine.ts';
import { TickGrid } from '../../feeds/tick-grid.ts';
import type { TableKind } from '../../storage/columnar/column-table.ts';
import type { SourceEntry } from '../../storage/columnar/store-manifest.ts';

/** Rows of one instrument, kind and length of bar. */
export interface SeriesView {
  readonly instrumentID: string;
  readonly kind: TableKind;
  /** Length of a bar, `1d`; `tick` for ticks. */
  readonly interval: string;
  readonly tables: number;
  readonly rows: number;
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** Largest step that all prices are whole numbers of; null = none down to 1e-8. */
  readonly tick: string | null;
}

/** What a file or folder holds and what is wrong with it. */
export interface PathSummary {
  readonly path: string;
  readonly what: string;
  readonly sources: number;
  readonly rows: number;
  readonly dropped: number;
  readonly untraded: number;
  readonly setAside: readonly string[];
  readonly unreadable: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly unknown: readonly string[];
  readonly series: readonly SeriesView[];
  /** At most maxSentences. */
  readonly faults: readonly string[];
}

/** Sentences about rows that a summary keeps. */
export const maxSentences = 1_000;

export interface SeriesPart {
  readonly kind: TableKind;
  readonly instrumentID: string;
  readonly interval: number;
  readonly time: Float64Array;
  readonly prices: readonly Float64Array[];
}

/** Adds up tables into series. */
export class SeriesList {
  readonly #path: string;
  readonly #what: string;
  readonly #series = new Map<string, { part: SeriesPart; tables: number; rows: number; from: number; to: number; grid: TickGrid }>();
  readonly #setAside: string[] = [];
  readonly #unreadable: string[] = [];
  readonly #faults: string[] = [];
  readonly #counts: Record<string, number> = {};
  #dropped = 0;
  #untraded = 0;

  constructor(path: string, what: string) {
    this.#path = path;
    this.#what = what;
  }

  add(part: SeriesPart): void {
    const { kind, interval, instrumentID, time, prices } = part;
    const key = `${kind} ${String(interval).padStart(14)} ${instrumentID}`;
    const known = this.#series.get(key) ?? { part, tables: 0, rows: 0, from: Infinity, to: -Infinity, grid: new TickGrid() };
    this.#series.set(key, known);
    known.tables++;
    known.rows += time.length;
    known.from = Math.min(known.from, time[0]);
    known.to = Math.max(known.to, time[time.length - 1]);
    for (const column of prices) known.grid.add(column);
  }

  addQuarantine({ rows, untradedRows, counts, faults }: Quarantine): void {
    this.#dropped += rows;
    this.#untraded += untradedRows;
    this.addCounts(Object.fromEntries(counts));
    this.#addFaults(faults.slice(0, maxSentences).map(faultLine));
  }

  addEntry({ source, tables, dropped, untraded, counts, faults }: SourceEntry): void {
    this.#dropped += dropped;
    this.#untraded += untraded;
    this.addCounts(counts);
    this.#addFaults(faults);
    if (tables.length === 0) this.#setAside.push(source);
  }

  addSetAside(source: string): void {
    this.#setAside.push(source);
  }

  addUnreadable(text: string): void {
    this.#unreadable.push(text);
  }

  addCounts(counts: Readonly<Record<string, number>>): void {
    for (const [name, count] of Object.entries(counts)) this.#counts[name] = (this.#counts[name] ?? 0) + count;
  }

  #addFaults(faults: readonly string[]): void {
    for (const fault of faults) if (this.#faults.length < maxSentences) this.#faults.push(fault);
  }

  summary(sources: number, unknown: readonly string[]): PathSummary {
    const keys = [...this.#series.keys()].sort();
    const series = keys.flatMap((key) => {
      const found = this.#series.get(key);
      if (found === undefined) return [];
      const { part, tables, rows, from, to, grid } = found;
      const [first, last] = [isoFromMicros(microsUnchecked(from)), isoFromMicros(microsUnchecked(to))];
      const { instrumentID, kind } = part;
      return [{ instrumentID, kind, interval: intervalText(part.interval), tables, rows, from: first, to: last, tick: grid.text ?? null }];
    });
    return {
      path: this.#path,
      what: this.#what,
      sources,
      rows: series.reduce((sum, one) => sum + one.rows, 0),
      dropped: this.#dropped,
      untraded: this.#untraded,
      setAside: this.#setAside,
      unreadable: this.#unreadable,
      counts: this.#counts,
      unknown,
      series,
      faults: this.#faults,
    };
  }
}

/** Figures first, then a line for each series, then what is wrong, at most `faultLines` of it. */
export function pathSummaryText(summary: PathSummary, faultLines = 20): string {
  const { path, what, sources, rows, dropped, untraded, setAside, unreadable, unknown, series, faults } = summary;
  const head = [
    `${path}: ${what}, ${sources === 1 ? '1 source' : `${sources} sources`}, ${series.length} series, ${rows} rows`,
    `${dropped} rows dropped, ${untraded} bars without volume, ${setAside.length} sources set aside`,
  ];
  const met = countsText(summary.counts);
  if (met !== '') head.push(`met: ${met}`);
  const lines = series.map((one) => {
    const size = `${String(one.rows).padStart(9)} rows`;
    const span = `${one.from.slice(0, 10)} to ${one.to.slice(0, 10)}`;
    return `${one.instrumentID.padEnd(14)} ${one.kind.padEnd(9)} ${one.interval.padEnd(5)} ${size}  ${span}  tick ${one.tick ?? '-'}`;
  });
  const wrong = [
    ...setAside.map((source) => `set aside: ${source}`),
    ...unreadable.map((text) => `cannot be read: ${text}`),
    ...faults.slice(0, faultLines),
    ...(faults.length > faultLines ? [`and ${faults.length - faultLines} more`] : []),
    ...(unknown.length > 0 ? [unknownText(unknown)] : []),
  ];
  return [...head, ...lines, ...wrong].join('\n');
}

export function countsText(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, count]) => `${count} ${name}`).join(', ');
}

export function unknownText(unknown: readonly string[]): string {
  return `no reader knows ${unknown.length === 1 ? '1 file' : `${unknown.length} files`}: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ', …' : ''}`;
}

function intervalText(interval: number): string {
  if (interval === 0) return 'tick';
  if (interval % MICROS_PER_DAY === 0) return `${interval / MICROS_PER_DAY}d`;
  if (interval % MICROS_PER_HOUR === 0) return `${interval / MICROS_PER_HOUR}h`;
  return interval % MICROS_PER_MINUTE === 0 ? `${interval / MICROS_PER_MINUTE}m` : `${interval / 1_000_000}s`;
}
