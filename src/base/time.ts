import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import { micros } from './units.ts';
import type { Micros } from './units.ts';

/** Civil calendar in UTC, proleptic Gregorian, without leap seconds; whole microseconds reach from 1684 to 2255. */
export interface Civil {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 999999 */
  readonly micro: number;
}

export type TimeError =
  | { readonly code: 'NOT_A_TIME'; readonly text: string }
  | { readonly code: 'TIME_TOO_FINE'; readonly text: string }
  | { readonly code: 'LEAP_SECOND'; readonly text: string };

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;
/** The whole years that fit into safe integers of microseconds. */
export const MIN_YEAR = 1685;
export const MAX_YEAR = 2254;

const ZEROS = '000000';
const DAYS_PER_ERA = 146_097;

export function microsFromCivil(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, micro = 0): Micros {
  expectWithin(year, MIN_YEAR, MAX_YEAR, 'year');
  expectWithin(month, 1, 12, 'month');
  expectWithin(day, 1, daysInMonth(year, month), 'day');
  expectWithin(hour, 0, 23, 'hour');
  expectWithin(minute, 0, 59, 'minute');
  expectWithin(second, 0, 59, 'second');
  expectWithin(micro, 0, 999_999, 'micro');
  const clock = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + micro;
  return micros(dayFromCivil(year, month, day) * MICROS_PER_DAY + clock);
}

export function civilFromMicros(t: Micros): Civil {
  const date = civilFromDay(dayNumber(t));
  const inDay = t - dayNumber(t) * MICROS_PER_DAY;
  const seconds = Math.floor(inDay / MICROS_PER_SECOND);
  return {
    ...date,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micro: inDay - seconds * MICROS_PER_SECOND,
  };
}

/** `2024-08-08T23:54:15.123456Z`, always with six decimals. */
export function isoFromMicros(t: Micros): string {
  const day = dayNumber(t);
  const inDay = t - day * MICROS_PER_DAY;
  const second = Math.floor(inDay / MICROS_PER_SECOND);
  const clock = `${pad(Math.floor(second / 3600), 2)}:${pad(Math.floor(second / 60) % 60, 2)}:${pad(second % 60, 2)}`;
  return `${isoFromDay(day)}T${clock}.${pad(inDay - second * MICROS_PER_SECOND, 6)}Z`;
}

/** `2024-08-08` of a day number. */
export function isoFromDay(day: number): string {
  const c = civilFromDay(day);
  return `${pad(c.year, 4)}-${pad(c.month, 2)}-${pad(c.day, 2)}`;
}

/** Days since 1970-01-01 in UTC. */
export function dayNumber(t: Micros): number {
  return Math.floor(t / MICROS_PER_DAY);
}

/** Day of the week of a day number: 0 Sunday to 6 Saturday. */
export function weekday(day: number): number {
  const w = (day + 4) % 7;
  return w < 0 ? w + 7 : w;
}

/** Day number of a civil date. Howard Hinnant (2013), "chrono-compatible low-level date algorithms", days_from_civil. */
export function dayFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - 719_468;
}

/** Civil date of a day number. Hinnant (2013), civil_from_days. */
export function civilFromDay(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = day + 719_468;
  const era = Math.floor(z / DAYS_PER_ERA);
  const doe = z - era * DAYS_PER_ERA;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?$/;

/** ISO 8601 in extended form with a zone ("Z" or "+09:00"), or a bare date meaning its midnight in UTC. */
export function parseIso(text: string): Result<Micros, TimeError> {
  const m = ISO.exec(text);
  if (m === null) return err({ code: 'NOT_A_TIME', text });
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  const fraction = (m[7] ?? '').padEnd(9, '0');
  const dateWrong = year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month);
  if (dateWrong || hour > 23 || minute > 59) return err({ code: 'NOT_A_TIME', text });
  if (second === 60) return err({ code: 'LEAP_SECOND', text });
  const offset = zoneMinutes(m[8] ?? 'Z');
  if (second > 59 || offset === undefined) return err({ code: 'NOT_A_TIME', text });
  if (!fraction.endsWith('000')) return err({ code: 'TIME_TOO_FINE', text });
  const local = microsFromCivil(year, month, day, hour, minute, second, Number(fraction.slice(0, 6)));
  return ok(micros(local - offset * MICROS_PER_MINUTE));
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function pad(n: number, width: number): string {
  const digits = String(n);
  return ZEROS.slice(digits.length, width) + digits;
}

function expectWithin(n: number, min: number, max: number, name: string): void {
  if (!(Number.isInteger(n) && n >= min && n <= max)) {
    throw new RangeError(`${name}: expected a whole number from ${min} to ${max}, was ${String(n)}`);
  }
}
