import type { CalendarCode } from '../../feeds/calendars/calendar-rules.ts';

const calendars: readonly (readonly [prefix: string, calendar: CalendarCode])[] = [
  ['crypto-', 'ALWAYS'],
  ['binance-', 'ALWAYS'],
  ['session-', 'ALWAYS'],
  ['future-cme/', 'XCME'],
  ['forex-fxcm/', 'FXCM'],
  ['forex-', 'FX'],
];

/** Calendar of a table by its place; US stocks where it says nothing else. */
export function calendarOfTable(path: string): CalendarCode {
  return calendars.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'XNYS';
}
