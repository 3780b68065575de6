import { err, ok, type Result } from '../../base/result.ts';
import { micros } from '../../base/units.ts';
import type { Ohlc, QuoteBars, RawBars } from '../../domain/bar-columns.ts';
import type { LevelTicks, QuoteTicks, TradeTicks } from '../../domain/tick-columns.ts';
import type { Column, ColumnTable } from './column-table.ts';

/** A column is missing or of another kind than the table's kind says. */
export interface TableRefusal {
  readonly code: 'TABLE_COLUMN';
  readonly column: string;
}

type Columns = ReadonlyMap<string, Column>;

const prices = ['open', 'high', 'low', 'close'] as const;

function doubles(name: string, values: Float64Array): Column {
  return { name, kind: 'double', values };
}

function priceColumn(name: string, values: Float64Array): Column {
  return { name, kind: 'double', values, packed: true };
}

export function tableOfBars(path: string, bars: RawBars): ColumnTable {
  const columns: Column[] = [
    { name: 'day', kind: 'day', values: bars.day },
    { name: 'time', kind: 'time', values: bars.time },
    ...prices.map((name) => doubles(name, bars[name])),
    doubles('volume', bars.volume),
  ];
  if (bars.totalFactor !== undefined) columns.push(doubles('totalFactor', bars.totalFactor));
  if (bars.splitFactor !== undefined) columns.push(doubles('splitFactor', bars.splitFactor));
  return { path, kind: 'bars', instrumentID: bars.instrumentID, interval: bars.interval, count: bars.count, columns };
}

export function tableOfQuoteBars(path: string, bars: QuoteBars): ColumnTable {
  const side = (name: 'bid' | 'ask', ohlc: Ohlc, qty: Float64Array) => [
    ...prices.map((price) => priceColumn(`${name}_${price}`, ohlc[price])),
    doubles(`${name}_qty`, qty),
  ];
  const columns: Column[] = [
    { name: 'day', kind: 'day', values: bars.day },
    { name: 'time', kind: 'time', values: bars.time },
    ...side('bid', bars.bid, bars.bidQty),
    ...side('ask', bars.ask, bars.askQty),
  ];
  return { path, kind: 'quoteBars', instrumentID: bars.instrumentID, interval: bars.interval, count: bars.count, columns };
}

export function tableOfTrades(path: string, ticks: TradeTicks): ColumnTable {
  const columns: Column[] = [
    { name: 'time', kind: 'time', values: ticks.time },
    priceColumn('price', ticks.price),
    doubles('qty', ticks.qty),
    { name: 'exchange', kind: 'code', values: ticks.exchange },
  ];
  if (ticks.aggressor !== undefined) columns.push({ name: 'aggressor', kind: 'code', values: ticks.aggressor });
  if (ticks.eventTime !== undefined) columns.push({ name: 'eventTime', kind: 'time', values: ticks.eventTime });
  return { path, kind: 'trades', instrumentID: ticks.instrumentID, interval: 0, count: ticks.count, columns };
}

export function tableOfQuotes(path: string, ticks: QuoteTicks): ColumnTable {
  const columns: Column[] = [
    { name: 'time', kind: 'time', values: ticks.time },
    priceColumn('bid', ticks.bid),
    doubles('bidQty', ticks.bidQty),
    priceColumn('ask', ticks.ask),
    doubles('askQty', ticks.askQty),
    { name: 'exchange', kind: 'code', values: ticks.exchange },
  ];
  if (ticks.eventTime !== undefined) columns.push({ name: 'eventTime', kind: 'time', values: ticks.eventTime });
  return { path, kind: 'quotes', instrumentID: ticks.instrumentID, interval: 0, count: ticks.count, columns };
}

export function tableOfLevels(path: string, levels: LevelTicks): ColumnTable {
  const columns: Column[] = [
    { name: 'time', kind: 'time', values: levels.time },
    { name: 'eventTime', kind: 'time', values: levels.eventTime },
    doubles('feedSeq', levels.feedSeq),
    { name: 'side', kind: 'code', values: levels.side },
    priceColumn('price', levels.price),
    doubles('qty', levels.qty),
    { name: 'mark', kind: 'code', values: levels.mark },
  ];
  return { path, kind: 'levels', instrumentID: levels.instrumentID, interval: 0, count: levels.count, columns };
}

export function barsOfTable(instrumentID: string, interval: number, columns: Columns): Result<RawBars, TableRefusal> {
  const take = taker(columns);
  const day = take.days('day');
  const bars: RawBars = {
    instrumentID,
    interval: micros(interval),
    count: day.length,
    day,
    time: take.doubles('time'),
    open: take.doubles('open'),
    high: take.doubles('high'),
    low: take.doubles('low'),
    close: take.doubles('close'),
    volume: take.doubles('volume'),
    ...(columns.has('totalFactor') ? { totalFactor: take.doubles('totalFactor') } : {}),
    ...(columns.has('splitFactor') ? { splitFactor: take.doubles('splitFactor') } : {}),
  };
  return take.missing === '' ? ok(bars) : err({ code: 'TABLE_COLUMN', column: take.missing });
}

export function quoteBarsOfTable(instrumentID: string, interval: number, columns: Columns): Result<QuoteBars, TableRefusal> {
  const take = taker(columns);
  const side = (name: string): Ohlc => ({
    open: take.doubles(`${name}_open`),
    high: take.doubles(`${name}_high`),
    low: take.doubles(`${name}_low`),
    close: take.doubles(`${name}_close`),
  });
  const day = take.days('day');
  const sides = { bid: side('bid'), bidQty: take.doubles('bid_qty'), ask: side('ask'), askQty: take.doubles('ask_qty') };
  const bars: QuoteBars = { instrumentID, interval: micros(interval), count: day.length, day, time: take.doubles('time'), ...sides };
  return take.missing === '' ? ok(bars) : err({ code: 'TABLE_COLUMN', column: take.missing });
}

export function tradesOfTable(instrumentID: string, columns: Columns): Result<TradeTicks, TableRefusal> {
  const take = taker(columns);
  const time = take.doubles('time');
  const rest = {
    price: take.doubles('price'),
    qty: take.doubles('qty'),
    exchange: take.codes('exchange'),
    ...(columns.has('aggressor') ? { aggressor: take.codes('aggressor') } : {}),
    ...eventTimeOf(columns, take),
  };
  return take.missing === ''
    ? ok({ instrumentID, count: time.length, time, ...rest })
    : err({ code: 'TABLE_COLUMN', column: take.missing });
}

export function quotesOfTable(instrumentID: string, columns: Columns): Result<QuoteTicks, TableRefusal> {
  const take = taker(columns);
  const time = take.doubles('time');
  const sides = { bid: take.doubles('bid'), bidQty: take.doubles('bidQty'), ask: take.doubles('ask'), askQty: take.doubles('askQty') };
  const rest = { exchange: take.codes('exchange'), ...eventTimeOf(columns, take) };
  const ticks: QuoteTicks = { instrumentID, count: time.length, time, ...sides, ...rest };
  return take.missing === '' ? ok(ticks) : err({ code: 'TABLE_COLUMN', column: take.missing });
}

function eventTimeOf(columns: Columns, take: ReturnType<typeof taker>): { readonly eventTime?: Float64Array } {
  return columns.has('eventTime') ? { eventTime: take.doubles('eventTime') } : {};
}

export function levelsOfTable(instrumentID: string, columns: Columns): Result<LevelTicks, TableRefusal> {
  const take = taker(columns);
  const time = take.doubles('time');
  const levels: LevelTicks = {
    instrumentID,
    count: time.length,
    time,
    eventTime: take.doubles('eventTime'),
    feedSeq: take.doubles('feedSeq'),
    side: take.codes('side'),
    price: take.doubles('price'),
    qty: take.doubles('qty'),
    mark: take.codes('mark'),
  };
  return take.missing === '' ? ok(levels) : err({ code: 'TABLE_COLUMN', column: take.missing });
}

/** Takes columns by name and kind and remembers the first that is not there. */
function taker(columns: Columns) {
  const found = {
    missing: '',
    doubles(name: string): Float64Array {
      const column = columns.get(name);
      if (column?.kind === 'double' || column?.kind === 'time') return column.values;
      return found.lacks(name, new Float64Array(0));
    },
    days(name: string): Int32Array {
      const column = columns.get(name);
      return column?.kind === 'day' ? column.values : found.lacks(name, new Int32Array(0));
    },
    codes(name: string): Uint8Array {
      const column = columns.get(name);
      return column?.kind === 'code' ? column.values : found.lacks(name, new Uint8Array(0));
    },
    lacks<T>(name: string, empty: T): T {
      if (found.missing === '') found.missing = name;
      return empty;
    },
  };
  return found;
}
