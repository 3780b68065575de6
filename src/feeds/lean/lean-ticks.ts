import type { QuoteTicks, TradeTicks } from '../../domain/tick-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import type { Quarantine } from '../csv/quarantine.ts';
import { finishTicks, TickRows } from '../csv/tick-rows.ts';
import type { ZipEntry } from '../csv/zip.ts';
import { expectFields, expectTime, readLeanArchive, type LeanRead } from './lean-bars.ts';
import { leanInstrument, type LeanFile } from './lean-file.ts';
import { startReader } from './lean-times.ts';

// ms,price,qty,exchange,conditions,suspicious
const tradeFields = 6;
// ms,bid,bid qty,ask,ask qty,exchange,condition,suspicious
const quoteFields = 8;
// ms,bid,ask
const fxFields = 3;
const one = 49;

/** Trades of one day with the exchange that printed them. */
export function readLeanTrades(root: string, file: LeanFile): LeanRead<TradeTicks>[] {
  return readLeanArchive(root, file, (entry, quarantine) => parseTrades(entry, file, quarantine));
}

/** Quotes of one day: of stocks a side of one exchange at a time, of FX both sides without quantities (NaN). */
export function readLeanQuotes(root: string, file: LeanFile): LeanRead<QuoteTicks>[] {
  return readLeanArchive(root, file, (entry, quarantine) => parseQuotes(entry, file, quarantine));
}

function parseTrades({ name, bytes }: ZipEntry, file: LeanFile, quarantine: Quarantine): TradeTicks | undefined {
  const rows = new TickRows(quarantine);
  const exchanges: number[] = [];
  const cursor = new FieldCursor(bytes);
  const start = startReader(file);
  while (cursor.next()) {
    if (!expectFields(cursor, tradeFields, quarantine)) continue;
    const time = start(cursor);
    if (!expectTime(cursor, time, quarantine)) continue;
    const price = cursor.number(1) / file.rules.priceScale;
    const qty = cursor.number(2);
    const i = rows.add(cursor.row, time, price, qty);
    exchanges.push(cursor.byteAt(3, 0));
    dropUnpriced(rows, i, 'price', price);
    dropUnsized(rows, i, 'qty', qty, qty > 0);
    if (cursor.byteAt(5, 0) === one) rows.drop(i, 'SUSPICIOUS', '', 'the source marks it so');
  }
  const kept = finishTicks(rows, calendarOf(file.rules.calendar));
  if (kept.length === 0) return undefined;
  const pick = (from: readonly number[]) => Float64Array.from(kept, (i) => from[i]);
  const columns = {
    time: pick(rows.time),
    price: pick(rows.level),
    qty: pick(rows.qty),
    exchange: Uint8Array.from(kept, (i) => exchanges[i]),
  };
  return { instrumentID: leanInstrument(file, name), count: kept.length, ...columns };
}

function parseQuotes({ name, bytes }: ZipEntry, file: LeanFile, quarantine: Quarantine): QuoteTicks | undefined {
  const rows = new TickRows(quarantine);
  const columns = { bid: [] as number[], bidQty: [] as number[], ask: [] as number[], askQty: [] as number[], exchange: [] as number[] };
  const cursor = new FieldCursor(bytes);
  const start = startReader(file);
  const isFx = file.market.startsWith('forex-');
  while (cursor.next()) {
    if (!expectFields(cursor, isFx ? fxFields : quoteFields, quarantine)) continue;
    const time = start(cursor);
    if (!expectTime(cursor, time, quarantine)) continue;
    const bid = cursor.number(1) / file.rules.priceScale;
    const ask = cursor.number(isFx ? 2 : 3) / file.rules.priceScale;
    const [bidQty, askQty] = isFx ? [NaN, NaN] : [cursor.number(2), cursor.number(4)];
    const i = rows.add(cursor.row, time, bid > 0 ? (ask > 0 ? (bid + ask) / 2 : bid) : ask, NaN);
    columns.bid.push(bid);
    columns.ask.push(ask);
    columns.bidQty.push(bidQty);
    columns.askQty.push(askQty);
    columns.exchange.push(isFx ? 0 : cursor.byteAt(5, 0));
    // 0 = the tick says nothing about that side, which only the other one can
    if (bid !== 0 || ask === 0) dropUnpriced(rows, i, 'bid', bid);
    if (ask !== 0) dropUnpriced(rows, i, 'ask', ask);
    if (!isFx) dropUnsized(rows, i, 'qty', bidQty + askQty, bidQty >= 0 && askQty >= 0);
    if (bid > 0 && ask > 0 && bid > ask) rows.drop(i, 'CROSSED', 'bid', `expected at most the ask ${ask}, was ${bid}`);
    if (!isFx && cursor.byteAt(7, 0) === one) rows.drop(i, 'SUSPICIOUS', '', 'the source marks it so');
  }
  const kept = finishTicks(rows, calendarOf(file.rules.calendar));
  if (kept.length === 0) return undefined;
  const pick = (from: readonly number[]) => Float64Array.from(kept, (i) => from[i]);
  const prices = { bid: pick(columns.bid), bidQty: pick(columns.bidQty), ask: pick(columns.ask), askQty: pick(columns.askQty) };
  return {
    instrumentID: leanInstrument(file, name),
    count: kept.length,
    time: pick(rows.time),
    ...prices,
    exchange: Uint8Array.from(pick(columns.exchange)),
  };
}

function dropUnpriced(rows: TickRows, i: number, field: string, price: number): void {
  if (price > 0 && price < Infinity) return;
  if (price < 0) rows.drop(i, 'NEGATIVE', field, `expected a price above 0, was ${price}`);
  else if (price === 0) rows.drop(i, 'ZERO_PRICE', field, 'expected a price above 0, was 0');
  else rows.drop(i, 'NOT_A_NUMBER', field, 'expected a plain decimal');
}

function dropUnsized(rows: TickRows, i: number, field: string, qty: number, valid: boolean): void {
  if (valid && qty < Infinity) return;
  if (qty < 0) rows.drop(i, 'NEGATIVE', field, `expected at least 0, was ${qty}`);
  else if (qty === 0) rows.drop(i, 'ZERO_VOLUME', field, 'expected a quantity above 0, was 0');
  else rows.drop(i, 'NOT_A_NUMBER', field, 'expected a plain decimal');
}
