import { dayFromCivil, MICROS_PER_DAY, weekday } from '../../base/time.ts';
import { micros, type Micros } from '../../base/units.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { isSessionDay } from '../calendars/market-clock.ts';
import { utcFromLocal } from '../../base/zone.ts';

const nineThirty = 9.5 * 3_600_000_000;
const maxClosedDays = 10;

/** Last trading instant of a CME equity index future: 09:30 New York time on the third Friday of its month, or on the session before when that day is none. */
export function indexFutureExpiry(year: number, month: number): Micros {
  const first = dayFromCivil(year, month, 1);
  const thirdFriday = first + ((5 - weekday(first) + 7) % 7) + 14;
  const calendar = calendarOf('XNYS');
  let day = thirdFriday;
  while (day > thirdFriday - maxClosedDays && day >= calendar.firstDay && day <= calendar.lastDay && !isSessionDay(calendar, day)) day--;
  return micros(utcFromLocal('America/New_York', day * MICROS_PER_DAY + nineThirty));
}

/** US dollars that one point of one contract is worth (CME Group, contract specifications of the equity index futures). */
const dollarsPerPoint: Readonly<Record<string, number>> = { ES: 50, NQ: 20, RTY: 50, MES: 5, MNQ: 2, M2K: 5 };

/** Of a root (`ES`) or one of its contracts (`ES-201312`); undefined = not known here. */
export function indexFutureMultiplier(instrumentID: string): number | undefined {
  return dollarsPerPoint[instrumentID.split('-')[0] ?? ''];
}

/** Contract month of `ES-201312`; undefined when the name has none. */
export function contractMonth(instrumentID: string): { readonly root: string; readonly year: number; readonly month: number } | undefined {
  const match = /^([A-Z0-9]+)-(\d{4})(0[1-9]|1[0-2])$/.exec(instrumentID);
  return match === null ? undefined : { root: match[1], year: Number(match[2]), month: Number(match[3]) };
}
