import { MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import { midnightOf, utcFromLocal } from '../../base/zone.ts';
import { compactDay } from '../csv/dates.ts';
import type { FieldCursor } from '../csv/field-cursor.ts';
import type { LeanFile } from './lean-file.ts';

const millisPerDay = 86_400_000;

/** Reads the time at which a row begins, UTC microseconds; NaN when the field is none. */
export type StartReader = (cursor: FieldCursor) => number;

/** Files of one day count milliseconds from the local midnight; daily and hour files write `yyyymmdd hh:mm`. */
export function startReader({ day, rules: { zone } }: LeanFile): StartReader {
  if (day === undefined) {
    return (cursor) => {
      const date = compactDay(cursor, 0);
      const minute = cursor.digits(0, 9, 2) * 60 + cursor.digits(0, 12, 2);
      const valid = cursor.length(0) === 14 && minute >= 0 && minute < 1440;
      return valid && !Number.isNaN(date) ? utcFromLocal(zone, date * MICROS_PER_DAY + minute * MICROS_PER_MINUTE) : NaN;
    };
  }
  const midnight = midnightOf(zone, day);
  const plain = midnightOf(zone, day + 1) - midnight === 24 * MICROS_PER_HOUR;
  return (cursor) => {
    const millis = cursor.whole(0);
    if (!(millis < millisPerDay)) return NaN;
    // on the day of a change the clock does not run evenly from midnight
    return plain ? midnight + millis * 1_000 : utcFromLocal(zone, day * MICROS_PER_DAY + millis * 1_000);
  };
}
