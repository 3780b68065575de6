import { MICROS_PER_DAY } from '../../base/time.ts';
import { micros } from '../../base/units.ts';
import type { Ohlc, QuoteBars, RawBars } from '../../domain/bar-columns.ts';
import { zoneOffset } from '../../base/zone.ts';
import { barFault } from '../csv/bar-rules.ts';
import { BarRows, finishBars } from '../csv/bar-rows.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import type { Quarantine } from '../csv/quarantine.ts';
import type { ZipEntry } from '../csv/zip.ts';
import { expectFields, expectTime, placeRows, readLeanArchive, type LeanRead } from './lean-bars.ts';
import { leanInstrument, leanIntervals, type LeanFile } from './lean-file.ts';
import { startReader } from './lean-times.ts';

const quoteFields = 11;
const names = ['open', 'high', 'low', 'close'] as const;

/** Bid and ask bars of an archive. */
export function readLeanQuoteBars(root: string, file: LeanFile): LeanRead<QuoteBars>[] {
  return readLeanArchive(root, file, (entry, quarantine) => parseLeanQuoteBars(entry, file, quarantine));
}

/** One side of the rows as they are read; NaN where it was empty. */
interface Side {
  readonly prices: readonly number[][];
  readonly qty: number[];
}

/**
 * Rows `time,bid open,high,low,close,qty,ask open,high,low,close,qty`; a side without prices was empty. Order, scale and session are checked on the middle of
 * both closes, or on the side that is there.
 */
function parseLeanQuoteBars({ name, bytes }: ZipEntry, file: LeanFile, quarantine: Quarantine): QuoteBars | undefined {
  const interval = leanIntervals[file.resolution];
  const rows = new BarRows(quarantine, interval, 'none');
  const bid: Side = { prices: [[], [], [], []], qty: [] };
  const ask: Side = { prices: [[], [], [], []], qty: [] };
  const cursor = new FieldCursor(bytes);
  const start = startReader(file);
  const { priceScale, zone } = file.rules;
  while (cursor.next()) {
    if (!expectFields(cursor, quoteFields, quarantine)) continue;
    const from = start(cursor);
    if (!expectTime(cursor, from, quarantine)) continue;
    readSide(cursor, 1, priceScale, bid);
    readSide(cursor, 6, priceScale, ask);
    const middle = middleOf(bid, ask, rows.count);
    const i = rows.add(
      cursor.row,
      Math.floor((from + zoneOffset(zone, from)) / MICROS_PER_DAY),
      from + interval,
      middle,
      middle,
      middle,
      middle,
      rows.count,
    );
    dropSides(rows, i, bid, ask);
  }
  placeRows(rows, file);
  const columns = [...bid.prices, bid.qty, ...ask.prices, ask.qty];
  const isSame = (a: number, b: number) => columns.every((column) => Object.is(column[a], column[b]));
  const shape = finishBars(rows, { instrumentID: leanInstrument(file, name), hasTotal: false, hasSplits: false, isSame });
  return shape === undefined ? undefined : withSides(shape, bid, ask);
}

function readSide(cursor: FieldCursor, first: number, priceScale: number, side: Side): void {
  const empty = names.every((_, k) => cursor.isEmpty(first + k));
  for (const [k, column] of side.prices.entries()) column.push(empty ? NaN : cursor.number(first + k) / priceScale);
  side.qty.push(cursor.number(first + 4));
}

function middleOf(bid: Side, ask: Side, i: number): number {
  const [b, a] = [bid.prices[3][i], ask.prices[3][i]];
  return Number.isNaN(b) ? a : Number.isNaN(a) ? b : (a + b) / 2;
}

function dropSides(rows: BarRows, i: number, bid: Side, ask: Side): void {
  for (const [name, side] of [
    ['bid', bid],
    ['ask', ask],
  ] as const) {
    const [open, high, low, close] = side.prices.map((column) => column[i]);
    const isEmpty = [open, high, low, close].every(Number.isNaN);
    const fault = isEmpty ? undefined : barFault(open, high, low, close, undefined);
    if (fault !== undefined) rows.drop(i, fault.code, `${name} ${fault.field}`, fault.text);
    if (!(side.qty[i] >= 0)) rows.drop(i, 'NOT_A_NUMBER', `${name} qty`, `expected at least 0, was ${side.qty[i]}`);
  }
  const [b, a] = [bid.prices[3][i], ask.prices[3][i]];
  if (b > a) rows.drop(i, 'CROSSED', 'bid close', `expected at most the ask ${a}, was ${b}`);
}

/** `shape` was made of the rows that were kept: its volume column carries their indices. */
function withSides(shape: RawBars, bid: Side, ask: Side): QuoteBars {
  const { instrumentID, interval, count, day, time, volume: index } = shape;
  const picked = (from: readonly number[]) => Float64Array.from(index, (i) => from[i]);
  const ohlc = ({ prices: [open, high, low, close] }: Side): Ohlc => ({
    open: picked(open),
    high: picked(high),
    low: picked(low),
    close: picked(close),
  });
  return { instrumentID, interval, count, day, time, bid: ohlc(bid), bidQty: picked(bid.qty), ask: ohlc(ask), askQty: picked(ask.qty) };
}

/** Bars of the middle between bid and ask, price by price, where both sides were there; volume 0, since quotes have none. Rows with an empty side are left out. */
export function middleBars(quotes: QuoteBars): RawBars {
  const both = Array.from({ length: quotes.count }, (_, i) => i).filter((i) => !Number.isNaN(quotes.bid.close[i] + quotes.ask.close[i]));
  const middle = (name: keyof Ohlc) => Float64Array.from(both, (i) => (quotes.bid[name][i] + quotes.ask[name][i]) / 2);
  return {
    instrumentID: quotes.instrumentID,
    interval: micros(quotes.interval),
    count: both.length,
    day: Int32Array.from(both, (i) => quotes.day[i]),
    time: Float64Array.from(both, (i) => quotes.time[i]),
    open: middle('open'),
    high: middle('high'),
    low: middle('low'),
    close: middle('close'),
    volume: new Float64Array(both.length),
  };
}
