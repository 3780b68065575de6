import { err, ok, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { MICROS_PER_DAY } from '../../base/time.ts';
import type { Adjustment, BarColumns, RawBars } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { adjustBars } from '../../feeds/csv/adjust.ts';
import { digestBars, sliceBars } from '../../feeds/csv/bar-slice.ts';
import { faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import type { RawSource } from '../../feeds/raw-source.ts';
import { openColumnStore, type ColumnStore, type StoreRefusal } from '../../storage/columnar/column-store.ts';
import type { TableEntry } from '../../storage/columnar/store-manifest.ts';

export interface BarRequest {
  /** All instruments with daily bars when absent. */
  readonly instruments?: readonly string[];
  readonly adjust: Adjustment;
  /** Session dates, days since 1970-01-01, both included. */
  readonly fromDay: number;
  readonly toDay: number;
}

export interface LoadedBars {
  /** Ascending by instrument, by code unit; an instrument without a bar between the dates is there with no rows. */
  readonly bars: readonly BarColumns[];
  /** Digest of the numbers in `bars`. */
  readonly dataHash: string;
  /** Rows of these instruments that were dropped, bars without volume, and the sentences about them. */
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
  /** Splits, dividends and ticker changes, a list for each of `bars`, rising by day, from the whole file: with `adjust: 'none'` they are what moves cash and shares. */
  readonly events: readonly (readonly CorporateEvent[])[];
  /** F(t) by the row of a day in the file, a function for each of `bars`; undefined = it has no such row. */
  readonly splitFactorOn: readonly ((day: number) => number | undefined)[];
  readonly from: 'columns' | 'raw files';
}

export type LoadRefusal =
  | StoreRefusal
  | { readonly code: 'INSTRUMENT_ABSENT'; readonly instrumentID: string; readonly text: string }
  | { readonly code: 'INSTRUMENT_AMBIGUOUS'; readonly instrumentID: string; readonly places: readonly string[] }
  | { readonly code: 'INSTRUMENT_SET_ASIDE'; readonly instrumentID: string; readonly faults: readonly string[] }
  | { readonly code: 'ADJUSTED_OTHERWISE'; readonly instrumentID: string; readonly text: string };

interface Found {
  readonly instrumentID: string;
  readonly raw: RawBars;
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
  readonly events: readonly CorporateEvent[];
}

/** Daily bars of a folder: from its columnar files when it is a store, else from the raw files in it. */
export async function loadDailyBars(folder: string, request: BarRequest): Promise<Result<LoadedBars, LoadRefusal>> {
  const store = openColumnStore(folder);
  const found = store === undefined ? fromRawFiles(folder, request.instruments) : await fromStore(store, request);
  if (!found.ok) return found;
  const bars = found.value.map(({ raw }) => sliceBars(adjustBars(raw, request.adjust), request.fromDay, request.toDay));
  const sum = (of: (one: Found) => number) => found.value.reduce((total, one) => total + of(one), 0);
  return ok({
    bars,
    dataHash: digestBars(bars),
    dropped: sum((one) => one.dropped),
    untraded: sum((one) => one.untraded),
    faults: found.value.flatMap((one) => one.faults),
    events: found.value.map((one) => one.events),
    splitFactorOn: found.value.map(({ raw: { day, splitFactor } }) => (wanted: number) => {
      const row = splitFactor === undefined ? -1 : day.indexOf(wanted);
      return row < 0 ? undefined : splitFactor?.[row];
    }),
    from: store === undefined ? 'raw files' : 'columns',
  });
}

/** Instruments asked for (or all), each with the one place that has it. */
function placesOf<T>(
  all: readonly T[],
  idOf: (one: T) => string,
  nameOf: (one: T) => string,
  wanted: readonly string[] | undefined,
): Result<readonly T[], LoadRefusal> {
  const byID = new Map<string, T[]>();
  for (const one of all) byID.set(idOf(one), [...(byID.get(idOf(one)) ?? []), one]);
  const ids = [...new Set(wanted ?? byID.keys())].sort();
  const places: T[] = [];
  for (const instrumentID of ids) {
    const found = byID.get(instrumentID) ?? [];
    if (found.length === 0) {
      return err({
        code: 'INSTRUMENT_ABSENT',
        instrumentID,
        text: `no daily bars of ${instrumentID}${suggest(instrumentID, [...byID.keys()])}`,
      });
    }
    if (found.length > 1) return err({ code: 'INSTRUMENT_AMBIGUOUS', instrumentID, places: found.map(nameOf) });
    places.push(found[0]);
  }
  return ok(places);
}

async function fromStore(store: ColumnStore, { instruments: wanted, adjust }: BarRequest): Promise<Result<readonly Found[], LoadRefusal>> {
  const daily = store.tables.filter((table) => table.kind === 'bars' && table.interval === MICROS_PER_DAY);
  const tables = placesOf<TableEntry>(
    daily,
    (table) => table.instrumentID,
    (table) => table.path,
    wanted,
  );
  if (!tables.ok) return tables;
  const sources = new Map(store.sources.flatMap((source) => source.tables.map((table) => [table.path, source] as const)));
  const found: Found[] = [];
  for (const table of tables.value) {
    const raw = await store.readBars(table);
    if (!raw.ok) return raw;
    const source = sources.get(table.path);
    if (source !== undefined && source.adjust !== 'none' && source.adjust !== adjust) {
      const text = `${table.instrumentID} was imported with --adjust ${source.adjust}: expected adjust ${source.adjust}, was ${adjust}`;
      return err({ code: 'ADJUSTED_OTHERWISE', instrumentID: table.instrumentID, text });
    }
    found.push({
      instrumentID: table.instrumentID,
      raw: raw.value,
      dropped: source?.dropped ?? 0,
      untraded: source?.untraded ?? 0,
      faults: source?.faults ?? [],
      events: source?.events ?? [],
    });
  }
  return ok(found);
}

function fromRawFiles(folder: string, wanted: readonly string[] | undefined): Result<readonly Found[], LoadRefusal> {
  const daily = findRawSources(folder).sources.filter((source) => source.grain === 'daily');
  const sources = placesOf<RawSource>(
    daily,
    (source) => source.instrumentID,
    (source) => source.source,
    wanted,
  );
  if (!sources.ok) return sources;
  const found: Found[] = [];
  for (const source of sources.value) {
    const { tables, quarantines, events } = source.read();
    const faults = quarantines.flatMap((one) => one.faults).map(faultLine);
    const raw = tables.find((table) => table.kind === 'bars')?.bars;
    if (raw === undefined) return err({ code: 'INSTRUMENT_SET_ASIDE', instrumentID: source.instrumentID, faults });
    const dropped = quarantines.reduce((sum, one) => sum + one.rows, 0);
    const untraded = quarantines.reduce((sum, one) => sum + one.untradedRows, 0);
    found.push({ instrumentID: source.instrumentID, raw, dropped, untraded, faults, events });
  }
  return ok(found);
}
