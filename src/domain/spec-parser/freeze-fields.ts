import { MICROS_PER_MINUTE, microsFromCivil, daysInMonth } from '../../base/time.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { firstZoneYear, lastZoneYear, utcFromLocal, zoneOffset, type ZoneName } from '../../base/zone.ts';
import { zoneOfCalendar } from '../calendar-zones.ts';
import type { DeploymentSpec, FreezeWindows } from '../spec.ts';
import type { FieldReader } from './field-reader.ts';

/** Most windows of one spec. */
export const maxFreezeWindows = 64;
/** As they are written, Sunday first. */
export const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const minutesOfDay = 1_440;
const clockForm = /^(\d\d):(\d\d)$/;
const dateForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/;

/** Only where they are named: a spec without them keeps its hash. Times are local ones of the calendar. */
export function readFreezeWindows(body: FieldReader, calendar: string): Pick<DeploymentSpec, 'freeze'> {
  const readers = body.objects('freezeWindows');
  if (readers === undefined || readers.length === 0) return {};
  const zone = zoneOfCalendar(calendar);
  if (zone === undefined) {
    body.fault('freezeWindows', `expected a calendar whose zone is known, was ${calendar}`);
    return {};
  }
  if (readers.length > maxFreezeWindows) {
    body.fault('freezeWindows', `expected at most ${maxFreezeWindows} windows, was ${readers.length}`);
    return {};
  }
  const weekly: FreezeWindows['weekly'][number][] = [];
  const dated: FreezeWindows['dated'][number][] = [];
  for (const reader of readers) readWindow(reader, zone, weekly, dated);
  if (coversTheWeek(weekly))
    body.fault('freezeWindows', 'expected an instant of the week outside of every window, was none: nothing would ever be granted');
  return { freeze: { zone, weekly, dated } };
}

function readWindow(
  reader: FieldReader,
  zone: ZoneName,
  weekly: FreezeWindows['weekly'][number][],
  dated: FreezeWindows['dated'][number][],
): void {
  const [from, to] = [reader.text('from') ?? '', reader.text('to') ?? ''];
  const days = readDays(reader);
  reader.refuseUnknown();
  if (clockForm.test(from)) {
    const [begin, end] = [minuteOf(reader, 'from', from), minuteOf(reader, 'to', to)];
    if (begin === undefined || end === undefined) return;
    if (begin >= end) reader.fault('to', `expected a time after ${from} of the same day (a window past midnight is two), was ${to}`);
    weekly.push({ days: days ?? [0, 1, 2, 3, 4, 5, 6], from: begin, to: end });
    return;
  }
  if (days !== undefined) reader.fault('days', `expected none beside dates, was ${days.map((day) => weekdayNames[day]).join(', ')}`);
  const [begin, end] = [instantOf(reader, 'from', from, zone), instantOf(reader, 'to', to, zone)];
  if (begin === undefined || end === undefined) return;
  if (begin >= end) reader.fault('to', `expected a time after ${from}, was ${to}`);
  dated.push({ from: begin, to: end });
}

function readDays(reader: FieldReader): readonly number[] | undefined {
  const names = reader.texts('days');
  if (names === undefined) return undefined;
  const days = names.map((name) => weekdayNames.findIndex((one) => one === name));
  const unknown = names.find((_, n) => days[n] < 0);
  if (unknown !== undefined) reader.fault('days', `expected ${weekdayNames.join(', ')}, was ${unknown}`);
  if (names.length === 0) reader.fault('days', 'expected at least one day, was nothing');
  return [...new Set(days.filter((day) => day >= 0))].sort((a, b) => a - b);
}

/** Minutes of the day; `24:00` is its end. */
function minuteOf(reader: FieldReader, field: string, text: string): number | undefined {
  const found = clockForm.exec(text);
  const minutes = found === null ? NaN : Number(found[1]) * 60 + Number(found[2]);
  if (found !== null && Number(found[2]) < 60 && minutes <= minutesOfDay) return minutes;
  reader.fault(field, `expected a time of the day such as 09:30, was ${text === '' ? 'nothing' : text}`);
  return undefined;
}

/** UTC of a local time; one that the change to daylight saving skips is none. */
function instantOf(reader: FieldReader, field: string, text: string, zone: ZoneName): Micros | undefined {
  const found = dateForm.exec(text)?.slice(1).map(Number);
  const [year, month, day, hour, minute] = found ?? [0, 0, 0, 0, 0];
  const isTime = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60;
  if (found === undefined || !isTime || year <= firstZoneYear || year >= lastZoneYear) {
    const expected = `expected a time such as 09:30, or 2026-12-24T09:30 of ${firstZoneYear + 1}…${lastZoneYear - 1}`;
    reader.fault(field, `${expected}, was ${text === '' ? 'nothing' : text}`);
    return undefined;
  }
  const local = microsFromCivil(year, month, day, hour, minute);
  const utc = utcFromLocal(zone, local);
  if (utc + zoneOffset(zone, utc) !== local) {
    reader.fault(field, `${text} does not exist in ${zone}: its clocks skip it`);
    return undefined;
  }
  const again = utc + 60 * MICROS_PER_MINUTE;
  // a time that happens twice: a window begins with the first and ends with the second
  const last = field === 'to' && again + zoneOffset(zone, again) === local ? again : utc;
  return microsUnchecked(last);
}

function coversTheWeek(weekly: FreezeWindows['weekly']): boolean {
  const covered = new Uint8Array(7 * minutesOfDay);
  for (const { days, from, to } of weekly)
    for (const day of days) covered.fill(1, day * minutesOfDay + from, day * minutesOfDay + Math.max(from, to));
  return covered.every((one) => one === 1);
}
