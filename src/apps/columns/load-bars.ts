import { err, ok, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import type { Adjustment, BarColumns, RawBars } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { adjustBars } from '../../feeds/csv/adjust.ts';
import { digestBars, sliceBars } from '../../feeds/csv/bar-slice.ts';
import { arePartsApart, joinBars } from '../../feeds/csv/join-bars.ts';
import { faultLine } from '../../feeds/csv/quarantine.ts';
import { findRawSources } from '../../feeds/find-raw-sources.ts';
import type { ContinuousRolls } from '../../feeds/futures/continuous.ts';
import type { RollTerms } from '../../feeds/lean/lean-futures.ts';
import { middleBars } from '../../feeds/lean/lean-quote-bars.ts';
import type { RawContent, RawSource } from '../../feeds/raw-source.ts';
import { openColumnStore, type ColumnStore, type StoreRefusal } from '../../storage/columnar/column-store.ts';
import type { TableEntry } from '../../storage/columnar/store-manifest.ts';

export interface BarRequest {
  /** All instruments with daily bars when absent. */
  readonly instruments?: readonly string[];
  readonly adjust: Adjustment;
  /** Session dates, days since 1970-01-01, both included. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Length of a bar, microseconds; a day when absent. */
  readonly interval?: number;
  /** Continuous series of futures instead, made from raw archives. */
  readonly rolled?: RollTerms;
}

export interface LoadedBars {
  /** Ascending by instrument, by code unit; an instrument without a bar between the dates is there with no rows. */
  readonly bars: readonly BarColumns[];
  /** Where each of `bars` stands, or would stand, in a store: `equity-usa/daily/KO`. */
  readonly places: readonly string[];
  /** Of each of `bars`: the middle of quotes, without volume. */
  readonly quoted: readonly boolean[];
  /** Of each of `bars`: where contracts change. */
  readonly rolls: readonly (ContinuousRolls | undefined)[];
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
  | { readonly code: 'NO_CONTRACTS'; readonly text: string }
  | { readonly code: 'ADJUSTED_OTHERWISE'; readonly instrumentID: string; readonly text: string };

interface Found {
  readonly instrumentID: string;
  readonly raw: RawBars;
  readonly dropped: number;
  readonly untraded: number;
  readonly faults: readonly string[];
  readonly events: readonly CorporateEvent[];
  readonly place: string;
  readonly quoted: boolean;
  readonly rolls?: ContinuousRolls;
}

/** Bars of one length of a folder: from its columnar files when it is a store, else from the raw files in it. Where there are only quotes, their middle. */
export async function loadBars(folder: string, request: BarRequest): Promise<Result<LoadedBars, LoadRefusal>> {
  const store = openColumnStore(folder);
  if (store !== undefined && request.rolled !== undefined)
    return err({
      code: 'NO_CONTRACTS',
      text: 'roll: expected raw archives of futures, were imported files, whose series are made by data import --roll',
    });
  const found = store === undefined ? fromRawFiles(folder, request) : await fromStore(store, request);
  if (!found.ok) return found;
  const bars = found.value.map(({ raw }) => sliceBars(adjustBars(raw, request.adjust), request.fromDay, request.toDay));
  const sum = (of: (one: Found) => number) => found.value.reduce((total, one) => total + of(one), 0);
  return ok({
    bars,
    places: found.value.map(({ place }) => place),
    quoted: found.value.map(({ quoted }) => quoted),
    rolls: found.value.map(({ rolls }) => rolls),
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

/** Instruments asked for (or all), by code unit. */
function wantedOf(all: readonly string[], wanted: readonly string[] | undefined, interval: number): Result<readonly string[], LoadRefusal> {
  const ids = [...new Set(wanted ?? all)].sort();
  const missing = ids.find((id) => !all.includes(id));
  if (missing === undefined) return ok(ids);
  const text = `no ${nameOfInterval(interval)} bars of ${missing}${suggest(missing, all)}`;
  return err({ code: 'INSTRUMENT_ABSENT', instrumentID: missing, text });
}

function nameOfInterval(interval: number): string {
  if (interval === MICROS_PER_DAY) return 'daily';
  if (interval === MICROS_PER_HOUR) return 'hourly';
  return interval === MICROS_PER_MINUTE ? 'minute' : `${interval / 1_000_000} s`;
}

/** Trades go before quotes; of quotes it is the middle. Days are one table, shorter bars may be spread over many. */
function partsJoined(
  instrumentID: string,
  tables: readonly { readonly place: string; readonly bars: RawBars; readonly quoted: boolean }[],
): Result<{ readonly place: string; readonly raw: RawBars; readonly quoted: boolean }, LoadRefusal> {
  const trades = tables.filter(({ quoted }) => !quoted);
  const parts = (trades.length > 0 ? trades : tables).filter(({ bars }) => bars.count > 0);
  const [first] = parts.length > 0 ? parts : tables;
  if (parts.length <= 1) return ok({ place: first.place, raw: first.bars, quoted: first.quoted });
  const all = parts.map(({ bars }) => bars);
  if (first.bars.interval === MICROS_PER_DAY || !arePartsApart(all))
    return err({ code: 'INSTRUMENT_AMBIGUOUS', instrumentID, places: parts.map(({ place }) => place) });
  return ok({ place: first.place, raw: joinBars(all), quoted: first.quoted });
}

async function fromStore(store: ColumnStore, request: BarRequest): Promise<Result<readonly Found[], LoadRefusal>> {
  const { instruments: wanted, adjust, interval = MICROS_PER_DAY } = request;
  const fitting = store.tables.filter(({ kind, interval: has }) => (kind === 'bars' || kind === 'quoteBars') && has === interval);
  const ids = wantedOf([...new Set(fitting.map((table) => table.instrumentID))], wanted, interval);
  if (!ids.ok) return ids;
  const sources = new Map(store.sources.flatMap((source) => source.tables.map((table) => [table.path, source] as const)));
  const found: Found[] = [];
  for (const instrumentID of ids.value) {
    const own = fitting.filter((table) => table.instrumentID === instrumentID);
    const used = own.some(({ kind }) => kind === 'bars') ? own.filter(({ kind }) => kind === 'bars') : own;
    const tables: { place: string; bars: RawBars; quoted: boolean }[] = [];
    for (const table of used) {
      const bars = await barsOf(store, table);
      if (!bars.ok) return bars;
      tables.push({ place: table.path, bars: bars.value, quoted: table.kind === 'quoteBars' });
    }
    const joined = partsJoined(instrumentID, tables);
    if (!joined.ok) return joined;
    const [source] = used.map((table) => sources.get(table.path));
    if (source !== undefined && source.adjust !== 'none' && source.adjust !== adjust) {
      const text = `${instrumentID} was imported with --adjust ${source.adjust}: expected adjust ${source.adjust}, was ${adjust}`;
      return err({ code: 'ADJUSTED_OTHERWISE', instrumentID, text });
    }
    const own1 = used.flatMap((table) => sources.get(table.path) ?? []);
    found.push({
      instrumentID,
      ...joined.value,
      dropped: own1.reduce((sum, one) => sum + one.dropped, 0),
      untraded: own1.reduce((sum, one) => sum + one.untraded, 0),
      faults: own1.flatMap((one) => one.faults),
      events: own1[0]?.events ?? [],
    });
  }
  return ok(found);
}

async function barsOf(store: ColumnStore, table: TableEntry): Promise<Result<RawBars, StoreRefusal>> {
  if (table.kind === 'bars') return store.readBars(table);
  const quotes = await store.readQuoteBars(table);
  return quotes.ok ? ok(middleBars(quotes.value)) : quotes;
}

function fromRawFiles(folder: string, request: BarRequest): Result<readonly Found[], LoadRefusal> {
  const { instruments: wanted, interval = MICROS_PER_DAY, rolled } = request;
  const grain = interval === MICROS_PER_DAY ? 'daily' : 'intraday';
  const fitting = findRawSources(folder, rolled).sources.filter((source) =>
    rolled === undefined ? source.grain === grain : source.continuous === true,
  );
  if (rolled !== undefined && fitting.length === 0)
    return err({ code: 'NO_CONTRACTS', text: 'roll: expected raw archives of futures (LEAN future/…), were none' });
  // of a future's archive only the root is known before it is read
  const asked = (source: RawSource): boolean =>
    wanted === undefined || wanted.some((id) => id === source.instrumentID || id.startsWith(`${source.instrumentID}-`));
  const isDaily = grain === 'daily' && rolled === undefined;
  if (isDaily) {
    const known = wantedOf([...new Set(fitting.map((source) => source.instrumentID))], wanted, interval);
    if (!known.ok) return known;
  }
  const contents = fitting.filter(asked).map((source) => ({ source, content: source.read() }));
  const read = contents.flatMap(({ source, content }) =>
    content.tables.flatMap((table) => {
      if ((table.kind !== 'bars' && table.kind !== 'quoteBars') || table.bars.interval !== interval) return [];
      const bars = table.kind === 'bars' ? table.bars : middleBars(table.bars);
      return [{ id: bars.instrumentID, place: table.path, from: source.source, bars, quoted: table.kind === 'quoteBars', content }];
    }),
  );
  const ids = isDaily ? [...new Set(wanted ?? fitting.map((source) => source.instrumentID))] : [...new Set(read.map(({ id }) => id))];
  const chosen = isDaily ? ok(ids.sort()) : wantedOf(ids, wanted, interval);
  if (!chosen.ok) return chosen;
  const found: Found[] = [];
  for (const instrumentID of chosen.value) {
    const tables = read.filter(({ id }) => id === instrumentID);
    const used = tables.length > 0 ? tables.map(({ content }) => content) : ofSource(contents, instrumentID);
    const quarantines = [...new Set(used)].flatMap((content) => content.quarantines);
    const faults = quarantines.flatMap((one) => one.faults).map(faultLine);
    if (tables.length === 0) return err({ code: 'INSTRUMENT_SET_ASIDE', instrumentID, faults });
    const joined = partsJoined(instrumentID, isDaily ? tables.map((table) => ({ ...table, place: table.from })) : tables);
    if (!joined.ok) return joined;
    const [{ content, place }] = tables;
    found.push({
      instrumentID,
      ...joined.value,
      place,
      dropped: quarantines.reduce((sum, one) => sum + one.rows, 0),
      untraded: quarantines.reduce((sum, one) => sum + one.untradedRows, 0),
      faults,
      events: content.events,
      ...(content.rolls === undefined ? {} : { rolls: content.rolls }),
    });
  }
  return ok(found);
}

function ofSource(contents: readonly { readonly source: RawSource; readonly content: RawContent }[], instrumentID: string): RawContent[] {
  return contents.filter(({ source }) => source.instrumentID === instrumentID).map(({ content }) => content);
}
