import { isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Calendar, SessionInterval } from '../calendars/calendar.ts';
import { localDay } from '../../base/zone.ts';
import type { BarRows } from './bar-rows.ts';
import { zoneFault } from './zone-check.ts';

/**
 * Gives rows the date of the session that they belong to and names those outside of every session. `time` of a row is its end: a row belongs where its
 * beginning lies, or, where the market opens later inside it, where the opening lies. Files of another zone are set aside whole.
 */
export function placeInSessions(rows: BarRows, calendar: Calendar): void {
  const { interval } = rows;
  const hasVolume = rows.zeroVolume !== 'none';
  const start = (i: number) => rows.time[i] - interval;
  const volume = (i: number) => (hasVolume && rows.kept[i] === 1 ? rows.volume[i] : NaN);
  const fault = interval >= MICROS_PER_DAY ? undefined : zoneFault({ count: rows.count, start, volume }, calendar);
  if (fault !== undefined) {
    rows.quarantine.addFile('OTHER_TIME_ZONE', fault, rows.count > 0 ? rows.row[0] : 0);
    return;
  }
  const find = sessionFinder(calendar);
  for (let i = 0; i < rows.count; i++) {
    const found = find(start(i), rows.time[i]);
    if (found !== undefined) {
      if (interval < MICROS_PER_DAY) rows.day[i] = found.sessionDay;
    } else rows.drop(i, 'NOT_A_SESSION', 'time', closedText(start(i), calendar));
  }
}

export function closedText(start: number, calendar: Calendar): string {
  return `${calendar.code} is closed at ${isoFromMicros(microsUnchecked(start))}`;
}

/** Finds the interval that [from, to) touches first; remembers the last, since rows follow each other. */
export function sessionFinder(calendar: Calendar): (from: number, to: number) => SessionInterval | undefined {
  let last: SessionInterval | undefined;
  return (from, to) => {
    if (last !== undefined && from >= last.from && from < last.to) return last;
    const [first, end] = [localDay(calendar.zone, from), localDay(calendar.zone, to - 1)];
    for (let day = first; day <= end; day++) {
      const found = calendar.intervalsOf(day).find((one) => one.from < to && one.to > from);
      if (found !== undefined) return (last = found);
    }
    return undefined;
  };
}
