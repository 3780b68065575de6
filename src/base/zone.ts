import { dayFromCivil, MICROS_PER_DAY, MICROS_PER_MINUTE, weekday, civilFromDay } from './time.ts';

/** Zones of the venues that we read; `UTC-05` is a fixed offset without daylight saving time. */
export const zoneNames = ['UTC', 'UTC-05', 'America/New_York', 'America/Chicago'] as const;
export type ZoneName = (typeof zoneNames)[number];

/** Years whose daylight-saving rules are built in: 15 U.S.C. 260a as amended in 1986 (in force from 1987) and 2005 (from 2007). */
export const firstZoneYear = 1987;
export const lastZoneYear = 2099;

const standardMinutes: Readonly<Record<ZoneName, number>> = { UTC: 0, 'UTC-05': -300, 'America/New_York': -300, 'America/Chicago': -360 };
const MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;

/** UTC instants between which daylight saving time holds, by zone and year. */
const changes = new Map<number, { readonly begin: number; readonly end: number }>();

export function isZoneName(text: string): text is ZoneName {
  return zoneNames.some((name) => name === text);
}

/** Microseconds to add to UTC to get the zone's standard time, in any year. */
export function standardOffset(zone: ZoneName): number {
  return standardMinutes[zone] * MICROS_PER_MINUTE;
}

/** Microseconds to add to UTC to get the local time at a UTC instant. @throws RangeError outside firstZoneYear…lastZoneYear where the zone has rules. */
export function zoneOffset(zone: ZoneName, utc: number): number {
  const standard = standardMinutes[zone] * MICROS_PER_MINUTE;
  if (zone === 'UTC' || zone === 'UTC-05') return standard;
  const { begin, end } = changesOf(standard, civilFromDay(Math.floor((utc + standard) / MICROS_PER_DAY)).year);
  return utc >= begin && utc < end ? standard + MICROS_PER_HOUR : standard;
}

/**
 * UTC instant of a local time, both in microseconds (local ones as if they were UTC). A local time that the change to daylight saving skips is read in
 * standard time; one that happens twice is the first of the two.
 */
export function utcFromLocal(zone: ZoneName, local: number): number {
  const standard = standardMinutes[zone] * MICROS_PER_MINUTE;
  if (zone === 'UTC' || zone === 'UTC-05') return local - standard;
  const { begin, end } = changesOf(standard, civilFromDay(Math.floor(local / MICROS_PER_DAY)).year);
  const daylight = local - standard - MICROS_PER_HOUR;
  return daylight >= begin && daylight < end ? daylight : local - standard;
}

/** Local midnight of a day number, in UTC microseconds. */
export function midnightOf(zone: ZoneName, day: number): number {
  return utcFromLocal(zone, day * MICROS_PER_DAY);
}

/** Day number of the local date at a UTC instant. */
export function localDay(zone: ZoneName, utc: number): number {
  return Math.floor((utc + zoneOffset(zone, utc)) / MICROS_PER_DAY);
}

/** Both changes happen at 02:00 local time: standard time in spring, daylight time in autumn. */
function changesOf(standard: number, year: number): { readonly begin: number; readonly end: number } {
  const key = year * 1e12 + standard / MICROS_PER_MINUTE;
  const known = changes.get(key);
  if (known !== undefined) return known;
  if (!(year >= firstZoneYear && year <= lastZoneYear)) {
    throw new RangeError(`zone: expected a year from ${firstZoneYear} to ${lastZoneYear}, was ${year}`);
  }
  const spring = year >= 2007 ? sunday(year, 3, 2) : sunday(year, 4, 1);
  const autumn = year >= 2007 ? sunday(year, 11, 1) : lastSunday(year, 10);
  const found = {
    begin: spring * MICROS_PER_DAY + 2 * MICROS_PER_HOUR - standard,
    end: autumn * MICROS_PER_DAY + MICROS_PER_HOUR - standard,
  };
  changes.set(key, found);
  return found;
}

/** Day number of the n-th Sunday of a month. */
function sunday(year: number, month: number, n: number): number {
  const first = dayFromCivil(year, month, 1);
  return first + ((7 - weekday(first)) % 7) + 7 * (n - 1);
}

/** Of a month with 31 days. */
function lastSunday(year: number, month: number): number {
  const last = dayFromCivil(year, month, 31);
  return last - weekday(last);
}
