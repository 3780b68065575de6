import { existsSync } from 'node:fs';
import { MICROS_PER_DAY } from '../../base/time.ts';
import { micros } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { isSessionDay } from '../calendars/market-clock.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import type { Quarantine } from '../csv/quarantine.ts';
import { factorAt, factorEvents, readFactorFile, type FactorRow } from './factor-file.ts';
import { parseLeanBars, readLeanArchive, type SplitOf } from './lean-bars.ts';
import { parseLeanPath } from './lean-file.ts';
import { readMapFile, tickerEvents, type TickerSpan } from './map-file.ts';

/** The daily history of one security under all its tickers. */
export interface LeanHistory {
  readonly bars: RawBars | undefined;
  /** Splits, dividends and ticker changes, rising by day. */
  readonly events: readonly CorporateEvent[];
  readonly quarantines: readonly Quarantine[];
  /** Tickers of the map file without a file of bars: their days are absent, not filled from another security of that name. */
  readonly missing: readonly TickerSpan[];
}

const market = 'equity/usa';
/** Ticker of a security without a map file: its own, for ever. */
const forever = { from: -1_000_000, to: 1_000_000 };
const maxClosedDays = 12;

/** Reads the security whose map file is `symbol`: from each ticker's daily bars the days on which it was its own, with the factors of its factor file. */
export function readLeanHistory(root: string, symbol: string): LeanHistory {
  const map = optional(`${root}/${market}/map_files/${symbol}.csv`, `${market}/map_files/${symbol}.csv`, readMapFile);
  const factor = optional(`${root}/${market}/factor_files/${symbol}.csv`, `${market}/factor_files/${symbol}.csv`, readFactorFile);
  const spans = map?.spans ?? [{ ticker: symbol, ...forever }];
  const factors = factor?.rows ?? [];
  const splits = factorEvents(factors, nextSession);
  const splitOf = splitsByDay(splits);
  const parts: RawBars[] = [];
  const quarantines = [map?.quarantine, factor?.quarantine].filter((one) => one !== undefined);
  const missing: TickerSpan[] = [];
  for (const span of spans) {
    const file = parseLeanPath(`${market}/daily/${span.ticker}.zip`);
    if (file === undefined || !existsSync(`${root}/${file.path}`)) {
      missing.push(span);
      continue;
    }
    for (const { content, quarantine } of readLeanArchive(root, file, (entry, found) => parseLeanBars(entry, file, found, splitOf))) {
      quarantines.push(quarantine);
      if (content !== undefined) parts.push(daysOf(content, span));
    }
  }
  const events = [...splits, ...tickerEvents(spans, nextSession)].sort((a, b) => a.day - b.day);
  return { bars: joined(parts, symbol.toUpperCase(), factors, splits), events, quarantines, missing };
}

function optional<T>(path: string, name: string, read: (path: string, name: string) => T): T | undefined {
  return existsSync(path) ? read(path, name) : undefined;
}

/** First session after a day; the next day where the calendar ends. */
export function nextSession(day: number): number {
  const calendar = calendarOf('XNYS');
  for (let next = day + 1; next <= day + maxClosedDays; next++) if (isSessionDay(calendar, next)) return next;
  return day + 1;
}

function splitsByDay(events: readonly CorporateEvent[]): SplitOf {
  const byDay = new Map(
    events.flatMap((event) => (event.kind === 'split' ? [[event.day, event.numerator / event.denominator] as const] : [])),
  );
  return (day) => byDay.get(day) ?? 1;
}

/** The rows of a ticker's file on the days on which it was this security. */
function daysOf(bars: RawBars, { from, to }: TickerSpan): RawBars {
  let first = 0;
  while (first < bars.count && bars.day[first] < from) first++;
  let end = first;
  while (end < bars.count && bars.day[end] <= to) end++;
  const { day, time, open, high, low, close, volume } = bars;
  const columns = { day: day.slice(first, end), time: time.slice(first, end), volume: volume.slice(first, end) };
  const prices = { open: open.slice(first, end), high: high.slice(first, end), low: low.slice(first, end), close: close.slice(first, end) };
  return { instrumentID: bars.instrumentID, interval: bars.interval, count: end - first, ...columns, ...prices };
}

function joined(
  parts: readonly RawBars[],
  instrumentID: string,
  factors: readonly FactorRow[],
  events: readonly CorporateEvent[],
): RawBars | undefined {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (count === 0) return undefined;
  const column = (pick: (part: RawBars) => Float64Array) => {
    const all = new Float64Array(count);
    let at = 0;
    for (const part of parts) {
      all.set(pick(part), at);
      at += part.count;
    }
    return all;
  };
  const day = Int32Array.from(parts.flatMap((part) => [...part.day]));
  const bars: RawBars = {
    instrumentID,
    interval: micros(MICROS_PER_DAY),
    count,
    day,
    time: column((part) => part.time),
    open: column((part) => part.open),
    high: column((part) => part.high),
    low: column((part) => part.low),
    close: column((part) => part.close),
    volume: column((part) => part.volume),
  };
  if (factors.length === 0) return bars;
  return { ...bars, totalFactor: totalFactors(day, factors), splitFactor: splitFactors(day, events) };
}

function totalFactors(day: Int32Array, factors: readonly FactorRow[]): Float64Array {
  return Float64Array.from(day, (one) => {
    const row = factorAt(factors, one);
    return row === undefined ? 1 : row.priceFactor * row.splitFactor;
  });
}

/** Product of the coefficients dated after each day, from the last day back. */
function splitFactors(day: Int32Array, events: readonly CorporateEvent[]): Float64Array {
  const splits = events.filter((event) => event.kind === 'split').sort((a, b) => b.day - a.day);
  const factors = new Float64Array(day.length);
  let later = 1;
  let next = 0;
  for (let i = day.length - 1; i >= 0; i--) {
    for (; next < splits.length && splits[next].day > day[i]; next++) later *= splits[next].numerator / splits[next].denominator;
    factors[i] = later;
  }
  return factors;
}
