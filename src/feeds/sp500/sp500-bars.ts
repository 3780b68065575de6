import { basename } from 'node:path';
import { MICROS_PER_DAY } from '../../base/time.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { dividendEvent, splitEvent } from '../corporate/corporate-event.ts';
import { BarRows, finishBars } from '../csv/bar-rows.ts';
import { isoDay } from '../csv/dates.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine, type ZeroVolume } from '../csv/quarantine.ts';
import { closeDailyRows } from '../csv/session-days.ts';
import { readUnpacked } from '../csv/unpack.ts';
import { refuseDoubtfulSplits, repeatedRows, type HolderRows } from './doubtful-splits.ts';

/** Header of these files; the order is fixed. */
export const sp500Header = 'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient';

const fields = sp500Header.split(',');
const fieldOf = (name: string) => fields.indexOf(name);
const [open, high, low, close] = ['open', 'high', 'low', 'close'].map(fieldOf);
const [adjusted, volume, dividend, split] = ['adjusted_close', 'volume', 'dividend_amount', 'split_coefficient'].map(fieldOf);

export interface DailyBarsRead {
  /** undefined: set aside whole. */
  readonly bars: RawBars | undefined;
  readonly events: readonly CorporateEvent[];
  readonly quarantine: Quarantine;
}

/** Reads raw daily bars of a US stock with adjusted close, dividends and splits; the instrument is the file's name without endings. */
export function readSp500Bars(path: string, name = path, zeroVolume: ZeroVolume = 'untraded'): DailyBarsRead {
  const quarantine = new Quarantine(name);
  const bytes = readUnpacked(path, quarantine);
  if (bytes === undefined) return { bars: undefined, events: [], quarantine };
  return parseSp500Bars(bytes, basename(path).replace(/\.csv(\.gz)?$/, ''), quarantine, zeroVolume);
}

function parseSp500Bars(bytes: Buffer, instrumentID: string, quarantine: Quarantine, zeroVolume: ZeroVolume): DailyBarsRead {
  const cursor = new FieldCursor(bytes);
  const rows = new BarRows(quarantine, MICROS_PER_DAY, zeroVolume);
  const said: HolderRows = { cash: [], unread: new Set() };
  const header = cursor.next() ? Array.from({ length: cursor.count }, (_, i) => cursor.text(i)).join(',') : '';
  if (header !== sp500Header) quarantine.addFile('FILE_HEADER', `expected ${sp500Header}, was ${header.slice(0, 200)}`, 1);
  else while (cursor.next()) readRow(cursor, rows, said);
  if (quarantine.wholeFile) return { bars: undefined, events: [], quarantine };
  closeDailyRows(rows, calendarOf('XNYS'));
  const repeated = repeatedRows(rows, said);
  if (quarantine.wholeFile) return { bars: undefined, events: [], quarantine };
  const isOrdered = (): void => {
    for (const i of repeated) [rows.split[i], said.cash[i]] = [1, 0];
    refuseDoubtfulSplits(rows, said.unread);
  };
  const bars = finishBars(rows, { instrumentID, hasTotal: true, hasSplits: true, isOrdered });
  return { bars, events: quarantine.wholeFile ? [] : eventsOf(rows, said), quarantine };
}

/** Of rows that are left out as well: what is wrong with their prices changes nothing for who holds. */
function eventsOf({ count, day, split }: BarRows, { cash }: HolderRows): CorporateEvent[] {
  const events: CorporateEvent[] = [];
  for (let i = 0; i < count; i++) {
    if (cash[i] > 0) events.push(dividendEvent(day[i], cash[i]));
    if (split[i] !== 1) events.push(splitEvent(day[i], split[i]));
  }
  return events;
}

function readRow(cursor: FieldCursor, rows: BarRows, { cash, unread }: HolderRows): void {
  const { quarantine } = rows;
  if (cursor.count !== fields.length) {
    quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected ${fields.length} fields, was ${cursor.count}`);
    return;
  }
  const day = isoDay(cursor, 0);
  if (Number.isNaN(day)) {
    quarantine.addRow(cursor.row, 'ROW_TIME', 'timestamp', `expected yyyy-mm-dd, was ${cursor.text(0)}`);
    return;
  }
  const px = cursor.number(close);
  const i = rows.add(cursor.row, day, 0, cursor.number(open), cursor.number(high), cursor.number(low), px, cursor.number(volume));
  const total = cursor.number(adjusted);
  if (total > 0 && total < Infinity) rows.total[i] = total / px;
  else rows.drop(i, total <= 0 ? 'NEGATIVE' : 'NOT_A_NUMBER', 'adjusted_close', `expected a price above 0, was ${cursor.text(adjusted)}`);
  const coefficient = cursor.number(split);
  if (coefficient > 0 && coefficient < Infinity) rows.split[i] = coefficient;
  else {
    rows.drop(i, 'NOT_A_NUMBER', 'split_coefficient', `expected a number above 0, was ${cursor.text(split)}`);
    unread.add(i);
  }
  const paid = cursor.number(dividend);
  const isPaid = paid >= 0 && paid < Infinity;
  if (!isPaid) rows.drop(i, 'NOT_A_NUMBER', 'dividend_amount', `expected at least 0, was ${cursor.text(dividend)}`);
  cash[i] = isPaid ? paid : 0;
}
