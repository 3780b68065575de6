import { isoFromDay } from '../../base/time.ts';
import type { Calendar } from '../calendars/calendar.ts';
import { closeOf } from '../calendars/market-clock.ts';
import type { BarRows } from './bar-rows.ts';

/** A file of daily bars with this share of dates without a session, and at least so many, has its dates from another zone. */
const foreignShare = 0.05;
const foreignRows = 3;

/** Gives daily rows the time at which their session closes, and names the dates on which there is none. */
export function closeDailyRows(rows: BarRows, calendar: Calendar): void {
  const strangers: number[] = [];
  for (let i = 0; i < rows.count; i++) {
    const close = closeOf(calendar, rows.day[i]);
    rows.time[i] = close;
    if (Number.isNaN(close)) strangers.push(i);
  }
  if (strangers.length >= foreignRows && strangers.length >= foreignShare * rows.count) {
    const example = isoFromDay(rows.day[strangers[0]]);
    const text = `${strangers.length} of ${rows.count} dates have no session of ${calendar.code} (the first: ${example}): they were written in another zone`;
    rows.quarantine.addFile('OTHER_TIME_ZONE', text, rows.row[strangers[0]]);
    return;
  }
  for (const i of strangers) {
    const known = rows.day[i] >= calendar.firstDay && rows.day[i] <= calendar.lastDay;
    const range = `${isoFromDay(calendar.firstDay)} to ${isoFromDay(calendar.lastDay)}`;
    const text = known
      ? `${isoFromDay(rows.day[i])} has no session of ${calendar.code}`
      : `expected a day that ${calendar.code} knows, ${range}, was ${isoFromDay(rows.day[i])}`;
    rows.drop(i, 'NOT_A_SESSION', 'date', text);
  }
}
