import { isoFromDay } from '../../base/time.ts';
import { scaleOf } from './bar-rules.ts';
import { isoDay } from './dates.ts';
import { FieldCursor, maxFields } from './field-cursor.ts';
import { Quarantine } from './quarantine.ts';
import { readUnpacked } from './unpack.ts';

/** Adjusted closes of several instruments on common dates; NaN = not yet listed or set aside. For statistics: without open and volume nothing can be traded on it. */
export interface ClosePanel {
  readonly instrumentIDs: readonly string[];
  /** Rising, days since 1970-01-01. */
  readonly days: Int32Array;
  /** By instrument, as long as `days`. */
  readonly closes: readonly Float64Array[];
}

export interface ClosePanelRead {
  readonly panel: ClosePanel | undefined;
  readonly quarantine: Quarantine;
}

/** Reads a table `date,NAME,NAME,…`; an empty field is no price. A price that is bad is left out by itself, a date that is bad with its row. */
export function readClosePanel(path: string, name: string): ClosePanelRead {
  const quarantine = new Quarantine(name);
  const bytes = readUnpacked(path, quarantine);
  if (bytes === undefined) return { panel: undefined, quarantine };
  const cursor = new FieldCursor(bytes);
  const header = cursor.next() ? Array.from({ length: cursor.count }, (_, i) => cursor.text(i)) : [];
  if (header[0] !== 'date' || header.length < 2 || header.length > maxFields) {
    quarantine.addFile('FILE_HEADER', `expected date and 1 to ${maxFields - 1} names, was ${header.slice(0, 5).join(',')}`, 1);
    return { panel: undefined, quarantine };
  }
  const days: number[] = [];
  const rows: number[] = [];
  const closes = header.slice(1).map((): number[] => []);
  while (cursor.next()) {
    const day = isoDay(cursor, 0);
    const before = days.at(-1) ?? -Infinity;
    if (cursor.count !== header.length)
      quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected ${header.length} fields, was ${cursor.count}`);
    else if (Number.isNaN(day)) quarantine.addRow(cursor.row, 'ROW_TIME', 'date', `expected yyyy-mm-dd, was ${cursor.text(0)}`);
    else if (day === before)
      quarantine.addRow(cursor.row, 'DUPLICATE', 'date', `${isoFromDay(day)} stands in row ${rows.at(-1) ?? 0} already`);
    else if (day < before)
      quarantine.addRow(cursor.row, 'OUT_OF_ORDER', 'date', `expected a date after ${isoFromDay(before)}, was ${isoFromDay(day)}`);
    else {
      days.push(day);
      rows.push(cursor.row);
      for (const [i, column] of closes.entries())
        column.push(cursor.isEmpty(i + 1) ? NaN : closeOf(cursor, i + 1, header[i + 1], quarantine));
    }
  }
  for (const [i, column] of closes.entries()) dropBreaks(column, rows, header[i + 1], quarantine);
  return {
    panel: { instrumentIDs: header.slice(1), days: Int32Array.from(days), closes: closes.map((column) => Float64Array.from(column)) },
    quarantine,
  };
}

function closeOf(cursor: FieldCursor, field: number, name: string, quarantine: Quarantine): number {
  const price = cursor.number(field);
  if (price > 0 && price < Infinity) return price;
  if (price < 0) quarantine.addRow(cursor.row, 'NEGATIVE', name, `expected a price above 0, was ${price}`);
  else if (price === 0) quarantine.addRow(cursor.row, 'ZERO_PRICE', name, 'expected a price above 0, was 0');
  else quarantine.addRow(cursor.row, 'NOT_A_NUMBER', name, `expected a plain decimal, was ${cursor.text(field)}`);
  return NaN;
}

/** A single price a power of ten from both its neighbors. */
function dropBreaks(column: number[], rows: readonly number[], name: string, quarantine: Quarantine): void {
  for (let i = 1; i + 1 < column.length; i++) {
    const [before, here, after] = [column[i - 1], column[i], column[i + 1]];
    if (scaleOf(here / before) === 0 || scaleOf(here / after) === 0) continue;
    quarantine.addRow(rows[i], 'WRONG_SCALE', name, `expected about ${before} as its neighbors, was ${here}`);
    column[i] = NaN;
  }
}
