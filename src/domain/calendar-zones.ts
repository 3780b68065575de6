import type { ZoneName } from '../base/zone.ts';

/** Zone of each calendar that a desk knows. */
export const calendarZones = {
  XNYS: 'America/New_York',
  XCME: 'America/New_York',
  FX: 'America/New_York',
  FXCM: 'America/New_York',
  ALWAYS: 'UTC',
} as const satisfies Readonly<Record<string, ZoneName>>;

/** Zone of a calendar by its code; undefined = nobody knows the calendar. */
export function zoneOfCalendar(code: string): ZoneName | undefined {
  return Object.entries(calendarZones).find(([known]) => known === code)?.[1];
}
