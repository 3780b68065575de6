import { dayFromCivil, daysInMonth, MAX_YEAR, MIN_YEAR } from '../../base/time.ts';
import type { FieldCursor } from './field-cursor.ts';

const dash = 45;

/** Day number of a civil date; NaN when there is no such day. */
export function civilDay(year: number, month: number, day: number): number {
  const exists = year >= MIN_YEAR && year <= MAX_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? dayFromCivil(year, month, day) : NaN;
}

/** Day number of a field `yyyy-mm-dd`; NaN for everything else. */
export function isoDay(cursor: FieldCursor, field: number): number {
  if (cursor.length(field) !== 10 || cursor.byteAt(field, 4) !== dash || cursor.byteAt(field, 7) !== dash) return NaN;
  return civilDay(cursor.digits(field, 0, 4), cursor.digits(field, 5, 2), cursor.digits(field, 8, 2));
}

/** Day number of the eight digits `yyyymmdd` that a field begins with; NaN when they are none. */
export function compactDay(cursor: FieldCursor, field: number): number {
  return civilDay(cursor.digits(field, 0, 4), cursor.digits(field, 4, 2), cursor.digits(field, 6, 2));
}

/** Day number of a text `yyyymmdd`; NaN for everything else. */
export function compactDayOf(text: string): number {
  return /^\d{8}$/.test(text) ? civilDay(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))) : NaN;
}
