import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Calendar } from '../calendars/calendar.ts';
import { maxRows } from './bar-rows.ts';
import type { FaultCode, Quarantine } from './quarantine.ts';
import { scaleFaults } from './scale-break.ts';
import { closedText, sessionFinder } from './session-times.ts';
import { zoneFault } from './zone-check.ts';

/** Ticks of one file, good and bad. `level` is the price by which scale and order are judged. */
export class TickRows {
  readonly quarantine: Quarantine;
  readonly row: number[] = [];
  readonly time: number[] = [];
  readonly level: number[] = [];
  readonly qty: number[] = [];
  readonly kept: boolean[] = [];

  constructor(quarantine: Quarantine) {
    this.quarantine = quarantine;
  }

  get count(): number {
    return this.row.length;
  }

  /** @returns the index of the row. */
  add(row: number, time: number, level: number, qty: number): number {
    if (this.row.length === maxRows) this.quarantine.addFile('FILE_TOO_LARGE', `expected at most ${maxRows} rows`, row);
    this.row.push(row);
    this.time.push(time);
    this.level.push(level);
    this.qty.push(qty);
    this.kept.push(true);
    return this.row.length - 1;
  }

  drop(i: number, code: FaultCode, field: string, text: string): void {
    if (!this.kept[i]) return;
    this.kept[i] = false;
    this.quarantine.addRow(this.row[i], code, field, text);
  }
}

/** Checks the ticks against each other and the calendar. @returns the indices that are left; none when the file is set aside whole. */
export function finishTicks(rows: TickRows, calendar: Calendar): number[] {
  const fault = zoneFault({ count: rows.count, start: (i) => rows.time[i], volume: (i) => rows.qty[i] }, calendar);
  if (fault !== undefined) rows.quarantine.addFile('OTHER_TIME_ZONE', fault, rows.row[0]);
  if (rows.count === 0) rows.quarantine.addFile('FILE_EMPTY', 'expected ticks, was none');
  if (rows.quarantine.wholeFile) return [];
  dropClosed(rows, calendar);
  dropLate(rows);
  dropBreaks(rows);
  return indices(rows);
}

function indices(rows: TickRows): number[] {
  const found: number[] = [];
  for (let i = 0; i < rows.count; i++) if (rows.kept[i]) found.push(i);
  return found;
}

function dropClosed(rows: TickRows, calendar: Calendar): void {
  const find = sessionFinder(calendar);
  for (let i = 0; i < rows.count; i++) {
    const at = rows.time[i];
    if (find(at, at + 1) === undefined) rows.drop(i, 'NOT_A_SESSION', 'time', closedText(at, calendar));
  }
}

/** Ticks may share a time; one before its predecessor is out of order. */
function dropLate(rows: TickRows): void {
  const text = (time: number) => isoFromMicros(microsUnchecked(time));
  const kept = indices(rows);
  for (const [place, i] of kept.entries()) {
    const before = kept[place - 1];
    const after = kept[place + 1];
    if (before === undefined || rows.time[i] >= rows.time[before]) continue;
    // one tick that ran ahead makes its successor look late
    const ahead = rows.kept[before] && after !== undefined && rows.time[after] < rows.time[before];
    const stray = ahead && (kept[place - 2] === undefined || rows.time[i] >= rows.time[kept[place - 2]]) ? before : i;
    const near = stray === before ? i : before;
    rows.drop(stray, 'OUT_OF_ORDER', 'time', `expected a time in order with ${text(rows.time[near])}, was ${text(rows.time[stray])}`);
  }
  let last = -Infinity;
  for (const i of indices(rows)) {
    if (rows.time[i] < last) rows.drop(i, 'OUT_OF_ORDER', 'time', `expected ${text(last)} or later, was ${text(rows.time[i])}`);
    else last = rows.time[i];
  }
}

function dropBreaks(rows: TickRows): void {
  const kept = indices(rows);
  const faults = scaleFaults({ count: kept.length, close: (i) => rows.level[kept[i]], split: () => 1, isFarFromBefore: () => false });
  for (const { index, expected } of faults) {
    const i = kept[index];
    rows.drop(i, 'WRONG_SCALE', 'price', `expected about ${expected} as its neighbors, was ${rows.level[i]}`);
  }
}
