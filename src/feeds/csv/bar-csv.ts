import { MICROS_PER_DAY, parseIso } from '../../base/time.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../calendars/calendar.ts';
import type { CalendarCode } from '../calendars/calendar-rules.ts';
import { utcFromLocal, type ZoneName } from '../../base/zone.ts';
import { BarRows, finishBars } from './bar-rows.ts';
import { compactDay, isoDay } from './dates.ts';
import { FieldCursor } from './field-cursor.ts';
import { Quarantine, type ZeroVolume } from './quarantine.ts';
import { closeDailyRows } from './session-days.ts';
import { placeInSessions } from './session-times.ts';
import { readUnpacked } from './unpack.ts';

/** How a field of time is written; the compact ones are local times of the zone, `iso` says its zone itself or is a date. */
export const timeFormats = ['iso', 'yyyy-mm-dd', 'yyyymmdd', 'yyyymmdd hhmmss'] as const;
export type TimeFormat = (typeof timeFormats)[number];

/** Names of the columns in the header, or numbers from 0 where there is none. */
export interface BarCsvColumns {
  readonly time: string | number;
  readonly open: string | number;
  readonly high: string | number;
  readonly low: string | number;
  readonly close: string | number;
  /** Absent: the source has no volume. */
  readonly volume?: string | number;
}

export interface BarCsvLayout {
  readonly instrumentID: string;
  readonly columns: BarCsvColumns;
  readonly separator: ',' | ';' | '\t';
  readonly hasHeader: boolean;
  readonly timeFormat: TimeFormat;
  readonly zone: ZoneName;
  readonly calendar: CalendarCode;
  /** Length of a bar, microseconds. */
  readonly interval: number;
  /** What the time of a row says: when its bar began or when it ended. Daily bars name their date. */
  readonly stamp: 'begin' | 'end';
  readonly zeroVolume?: ZeroVolume;
}

export interface BarCsvRead {
  readonly bars: RawBars | undefined;
  readonly quarantine: Quarantine;
}

const names = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Reads bars of one instrument from a separated text with the columns that the layout names; `.gz` is unpacked. */
export function readBarCsv(path: string, name: string, layout: BarCsvLayout): BarCsvRead {
  const quarantine = new Quarantine(name);
  const bytes = readUnpacked(path, quarantine);
  if (bytes === undefined) return { bars: undefined, quarantine };
  const cursor = new FieldCursor(bytes, layout.separator);
  const fields = fieldsOf(cursor, layout, quarantine);
  const rows = new BarRows(quarantine, layout.interval, layout.columns.volume === undefined ? 'none' : layout.zeroVolume);
  if (fields !== undefined) while (cursor.next()) readRow(cursor, fields, layout, rows);
  if (quarantine.wholeFile) return { bars: undefined, quarantine };
  const calendar = calendarOf(layout.calendar);
  if (layout.interval >= MICROS_PER_DAY && layout.calendar !== 'ALWAYS') closeDailyRows(rows, calendar);
  else placeInSessions(rows, calendar);
  return { bars: finishBars(rows, { instrumentID: layout.instrumentID, hasTotal: false, hasSplits: false }), quarantine };
}

/** Places of the columns, in the order of `names`; -1 = no volume. */
function fieldsOf(cursor: FieldCursor, { columns, hasHeader }: BarCsvLayout, quarantine: Quarantine): readonly number[] | undefined {
  const header = hasHeader && cursor.next() ? Array.from({ length: cursor.count }, (_, i) => cursor.text(i)) : [];
  const fields = names.map((name) => {
    const column = columns[name];
    return column === undefined ? -1 : typeof column === 'number' ? column : header.indexOf(column);
  });
  const missing = names.find((name, i) => fields[i] < 0 && columns[name] !== undefined);
  if (missing === undefined) return fields;
  quarantine.addFile('FILE_HEADER', `expected a column ${columns[missing] ?? missing}, was ${header.join(' ').slice(0, 200)}`, 1);
  return undefined;
}

function readRow(cursor: FieldCursor, fields: readonly number[], layout: BarCsvLayout, rows: BarRows): void {
  const last = Math.max(...fields);
  if (cursor.count <= last) {
    rows.quarantine.addRow(cursor.row, 'ROW_FIELDS', '', `expected at least ${last + 1} fields, was ${cursor.count}`);
    return;
  }
  const [time, open, high, low, close, volume] = fields;
  const stamp = timeOf(cursor, time, layout);
  if (Number.isNaN(stamp)) {
    rows.quarantine.addRow(cursor.row, 'ROW_TIME', 'time', `expected ${layout.timeFormat}, was ${cursor.text(time)}`);
    return;
  }
  const isDaily = layout.interval >= MICROS_PER_DAY;
  const end = layout.stamp === 'begin' || isDaily ? stamp + layout.interval : stamp;
  const qty = volume < 0 ? 0 : cursor.number(volume);
  const day = Math.floor((isDaily ? localOf(cursor, time, layout, stamp) : stamp) / MICROS_PER_DAY);
  rows.add(cursor.row, day, end, cursor.number(open), cursor.number(high), cursor.number(low), cursor.number(close), qty);
}

/** Date that a daily row names, as a local time. */
function localOf(cursor: FieldCursor, field: number, { timeFormat }: BarCsvLayout, stamp: number): number {
  if (timeFormat === 'iso') return stamp;
  return (timeFormat === 'yyyy-mm-dd' ? isoDay(cursor, field) : compactDay(cursor, field)) * MICROS_PER_DAY;
}

/** UTC microseconds; NaN when the field is not written so. */
function timeOf(cursor: FieldCursor, field: number, { timeFormat, zone }: BarCsvLayout): number {
  switch (timeFormat) {
    case 'iso': {
      const parsed = parseIso(cursor.text(field));
      return parsed.ok ? parsed.value : NaN;
    }
    case 'yyyy-mm-dd':
      return localMidnight(zone, isoDay(cursor, field));
    case 'yyyymmdd':
      return cursor.length(field) === 8 ? localMidnight(zone, compactDay(cursor, field)) : NaN;
    case 'yyyymmdd hhmmss': {
      const [hour, minute, second] = [9, 11, 13].map((place) => cursor.digits(field, place, 2));
      const valid = cursor.length(field) === 15 && hour < 24 && minute < 60 && second < 60;
      const day = compactDay(cursor, field);
      return valid && !Number.isNaN(day)
        ? utcFromLocal(zone, day * MICROS_PER_DAY + (hour * 3600 + minute * 60 + second) * 1_000_000)
        : NaN;
    }
  }
}

function localMidnight(zone: ZoneName, day: number): number {
  return Number.isNaN(day) ? NaN : utcFromLocal(zone, day * MICROS_PER_DAY);
}
