import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { dayFromCivil, isoFromDay, MICROS_PER_MINUTE, weekday } from '../../base/time.ts';
import { micros, type Micros } from '../../base/units.ts';
import type { SessionPhase } from '../../domain/input.ts';
import { calendarRules, type CalendarCode, type CalendarRule, type Segment } from './calendar-rules.ts';
import { localDay, midnightOf, utcFromLocal, type ZoneName } from '../../base/zone.ts';

/** A stretch of one phase; `sessionDay` is the day number of the session's date: the evening before belongs to it where trading goes overnight. */
export interface SessionInterval {
  readonly phase: SessionPhase;
  readonly sessionDay: number;
  readonly from: Micros;
  readonly to: Micros;
}

export interface UnknownDay {
  readonly code: 'CALENDAR_UNKNOWN_DAY';
  readonly calendar: CalendarCode;
  readonly day: string;
  readonly first: string;
  readonly last: string;
}

/** Days of a market as far as its table knows them. Made by `calendarOf`. */
export interface Calendar {
  readonly code: CalendarCode;
  readonly zone: ZoneName;
  /** Day numbers. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** What is planned on a local date, in UTC, rising; nothing outside firstDay…lastDay. */
  intervalsOf(day: number): readonly SessionInterval[];
  /** Closes before its usual time. */
  isEarlyClose(day: number): boolean;
}

/** Most days of which the plan is kept; then it is forgotten and made anew. */
const maxKeptDays = 16_384;
/** Longest stretch of days without a session. */
const maxClosedDays = 12;

interface Exception {
  closed: boolean;
  /** Minutes from midnight; -1 = none. */
  early: number;
  late: number;
}

const calendars = new Map<CalendarCode, Calendar>();

export function calendarOf(code: CalendarCode): Calendar {
  const known = calendars.get(code);
  if (known !== undefined) return known;
  const made = createCalendar(calendarRules[code]);
  calendars.set(code, made);
  return made;
}

function createCalendar(rule: CalendarRule): Calendar {
  const exceptions = exceptionsOf(rule);
  const firstDay = rule.days === undefined ? dayOf('1970-01-01') : dayOf(rule.days.first);
  const lastDay = rule.days === undefined ? dayOf('2099-12-31') : dayOf(rule.days.last);
  const eras = rule.eras.map((era) => ({ from: dayOf(era.from), week: era.week }));
  const kept = new Map<number, readonly SessionInterval[]>();

  function segmentsOf(day: number): readonly Segment[] {
    if (day < firstDay || day > lastDay) return [];
    const era = eras.findLast((one) => one.from <= day);
    const plan = era?.week[weekday(day)] ?? [];
    const exception = exceptions.get(day);
    return exception === undefined ? plan : cut(plan, exception, rule.earlyPostEnd);
  }

  function sessionDayOf(day: number, from: number): number {
    if (from < rule.rollover) return day;
    for (let next = day + 1; next <= day + maxClosedDays; next++) if (segmentsOf(next).some((one) => one.from < rule.rollover)) return next;
    return day + 1;
  }

  function intervalsOf(day: number): readonly SessionInterval[] {
    const known = kept.get(day);
    if (known !== undefined) return known;
    const made = segmentsOf(day).map((segment) => ({
      phase: segment.phase,
      sessionDay: sessionDayOf(day, segment.from),
      from: micros(instant(rule.zone, day, segment.from)),
      to: micros(instant(rule.zone, day, segment.to)),
    }));
    if (kept.size >= maxKeptDays) kept.clear();
    kept.set(day, made);
    return made;
  }

  return {
    code: rule.code,
    zone: rule.zone,
    firstDay,
    lastDay,
    intervalsOf,
    isEarlyClose: (day) => (exceptions.get(day)?.early ?? -1) >= 0,
  };
}

function instant(zone: ZoneName, day: number, minute: number): number {
  return minute === 1440 ? midnightOf(zone, day + 1) : utcFromLocal(zone, midnightLocal(day) + minute * MICROS_PER_MINUTE);
}

function midnightLocal(day: number): number {
  return day * 1440 * MICROS_PER_MINUTE;
}

/** Nothing between an early close and a late opening; without a late opening nothing after the early close, without an early close nothing before the late opening. */
function cut(plan: readonly Segment[], { closed, early, late }: Exception, earlyPostEnd: number): readonly Segment[] {
  if (closed) return [];
  const kept: Segment[] = [];
  const keep = (segment: Segment, from: number, to: number) => {
    if (from < to) kept.push({ phase: segment.phase, from, to });
  };
  for (const segment of plan) {
    const { from, to } = segment;
    if (early >= 0 && late >= early) {
      keep(segment, from, Math.min(to, early));
      keep(segment, Math.max(from, late), to);
    } else keep(segment, Math.max(from, late), early >= 0 ? Math.min(to, early) : to);
  }
  if (early >= 0 && earlyPostEnd > 0 && kept.length > 0) kept.push({ phase: 'postClose', from: early, to: earlyPostEnd });
  return kept;
}

function exceptionsOf({ code, days }: CalendarRule): ReadonlyMap<number, Exception> {
  const found = new Map<number, Exception>();
  if (days === undefined) return found;
  const take = (text: string, set: (exception: Exception, minute: number) => void) => {
    for (const line of text.split('\n')) {
      const [year, ...rest] = line.trim().split(' ');
      for (const one of rest) {
        const match = /^(\d\d)(\d\d)(?:@(\d\d)(\d\d))?$/.exec(one);
        assert(match !== null, `calendar ${code}: expected mmdd or mmdd@hhmm, was ${one}`);
        const day = dayFromCivil(Number(year), Number(match[1]), Number(match[2]));
        const exception = found.get(day) ?? { closed: false, early: -1, late: -1 };
        set(exception, Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0));
        found.set(day, exception);
      }
    }
  };
  take(days.closed, (one) => (one.closed = true));
  take(days.early, (one, minute) => (one.early = minute));
  take(days.late, (one, minute) => (one.late = minute));
  return found;
}

function dayOf(iso: string): number {
  return dayFromCivil(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)), Number(iso.slice(8, 10)));
}

/** Refuses days that the table does not know. */
export function checkDays(calendar: Calendar, fromDay: number, toDay: number): Result<undefined, UnknownDay> {
  const unknown = fromDay < calendar.firstDay ? fromDay : toDay > calendar.lastDay ? toDay : undefined;
  if (unknown === undefined) return ok(undefined);
  const [first, last] = [isoFromDay(calendar.firstDay), isoFromDay(calendar.lastDay)];
  return err({ code: 'CALENDAR_UNKNOWN_DAY', calendar: calendar.code, day: isoFromDay(unknown), first, last });
}

/** All intervals that touch [from, to), rising, whole (not cut at the ends); one that goes on over midnight is one. */
export function sessionsBetween(calendar: Calendar, from: Micros, to: Micros): Result<readonly SessionInterval[], UnknownDay> {
  const [fromDay, toDay] = [localDay(calendar.zone, from), localDay(calendar.zone, to)];
  const known = checkDays(calendar, fromDay, toDay);
  if (!known.ok) return known;
  const found: SessionInterval[] = [];
  for (let day = fromDay - 1; day <= toDay + 1; day++) {
    for (const interval of calendar.intervalsOf(day)) {
      const last = found.at(-1);
      const goesOn =
        last !== undefined && last.to === interval.from && last.phase === interval.phase && last.sessionDay === interval.sessionDay;
      if (goesOn) found[found.length - 1] = { ...last, to: interval.to };
      else found.push(interval);
    }
  }
  return ok(found.filter((one) => one.to > from && one.from < to));
}
