import { MICROS_PER_DAY } from '../../base/time.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { zoneOffset } from '../../base/zone.ts';
import { BarRows, finishBars } from '../csv/bar-rows.ts';
import { FieldCursor } from '../csv/field-cursor.ts';
import { Quarantine } from '../csv/quarantine.ts';
import { closeDailyRows } from '../csv/session-days.ts';
import { placeInSessions } from '../csv/session-times.ts';
import { readZip, type ZipEntry } from '../csv/zip.ts';
import { leanInstrument, leanIntervals, type LeanFile } from './lean-file.ts';
import { startReader } from './lean-times.ts';

/** What one entry of an archive holds; `undefined`: set aside whole. */
export interface LeanRead<T> {
  readonly content: T | undefined;
  readonly quarantine: Quarantine;
}

/** Split coefficient of a date: 1 = none. */
export type SplitOf = (day: number) => number;

const barFields = 6;
const noSplits: SplitOf = () => 1;

/** Reads all entries of a LEAN archive (a future's has one for each expiry); an archive that cannot be read gives one empty result with the reason. */
export function readLeanArchive<T>(
  root: string,
  file: LeanFile,
  parse: (entry: ZipEntry, quarantine: Quarantine) => T | undefined,
): LeanRead<T>[] {
  const whole = new Quarantine(file.path);
  const entries = readZip(`${root}/${file.path}`, whole);
  if (entries === undefined) return [{ content: undefined, quarantine: whole }];
  return entries.map((entry) => {
    const quarantine = new Quarantine(entries.length === 1 ? file.path : `${file.path}/${entry.name}`);
    return { content: parse(entry, quarantine), quarantine };
  });
}

/** Trade bars of an archive: daily, hour or minute. */
export function readLeanBars(root: string, file: LeanFile): LeanRead<RawBars>[] {
  return readLeanArchive(root, file, (entry, quarantine) => parseLeanBars(entry, file, quarantine));
}

/** Rows `time,open,high,low,close,volume`. */
export function parseLeanBars({ name, bytes }: ZipEntry, file: LeanFile, quarantine: Quarantine, splitOf = noSplits): RawBars | undefined {
  const interval = leanIntervals[file.resolution];
  const rows = new BarRows(quarantine, interval);
  const cursor = new FieldCursor(bytes);
  const start = startReader(file);
  const { priceScale, zone } = file.rules;
  while (cursor.next()) {
    if (!expectFields(cursor, barFields, quarantine)) continue;
    const from = start(cursor);
    if (!expectTime(cursor, from, quarantine)) continue;
    const day = Math.floor((from + zoneOffset(zone, from)) / MICROS_PER_DAY);
    const price = (field: number) => cursor.number(field) / priceScale;
    const i = rows.add(cursor.row, day, from + interval, price(1), price(2), price(3), price(4), cursor.number(5));
    rows.split[i] = splitOf(day);
    if (priceScale !== 1) expectWhole(cursor, rows, i, [1, 2, 3, 4]);
  }
  placeRows(rows, file);
  return finishBars(rows, { instrumentID: leanInstrument(file, name), hasTotal: false, hasSplits: false });
}

/** Daily bars of a stock exchange close with its session; others after 24 hours of their zone. */
export function placeRows(rows: BarRows, file: LeanFile): void {
  const calendar = calendarOf(file.rules.calendar);
  if (file.resolution === 'daily' && calendar.code === 'XNYS') closeDailyRows(rows, calendar);
  else placeInSessions(rows, calendar);
}

export function expectFields(cursor: FieldCursor, count: number, quarantine: Quarantine): boolean {
  if (cursor.count === count) return true;
  quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected ${count} fields, was ${cursor.count}`);
  return false;
}

export function expectTime(cursor: FieldCursor, time: number, quarantine: Quarantine): boolean {
  if (!Number.isNaN(time)) return true;
  quarantine.addRow(cursor.row, 'ROW_TIME', 'time', `expected milliseconds of a day or yyyymmdd hh:mm, was ${cursor.text(0)}`);
  return false;
}

/** Prices of this market are written times 10,000, as whole numbers. */
function expectWhole(cursor: FieldCursor, rows: BarRows, i: number, fields: readonly number[]): void {
  const broken = fields.find((field) => !Number.isInteger(cursor.number(field)) && Number.isFinite(cursor.number(field)));
  if (broken === undefined) return;
  rows.drop(
    i,
    'WRONG_SCALE',
    ['time', 'open', 'high', 'low', 'close'][broken],
    `expected a whole number (price times 10,000), was ${cursor.text(broken)}`,
  );
}
