import { ok, type Result } from '../../base/result.ts';
import { micros, type Micros } from '../../base/units.ts';
import type { Session, SessionPhase } from '../../domain/input.ts';
import { sessionsBetween, type Calendar, type SessionInterval, type UnknownDay } from './calendar.ts';
import { localDay } from '../../base/zone.ts';

/** Longest look ahead for the next opening or close, days. */
const maxLookDays = 15;

/** One session by its date: its first opening and last close, both of phase `open`. */
export interface SessionTimes {
  readonly sessionDay: number;
  readonly open: Micros;
  readonly close: Micros;
  readonly early: boolean;
}

/** The interval that an instant falls into; undefined while closed and on unknown days. */
export function intervalAt(calendar: Calendar, t: Micros): SessionInterval | undefined {
  return calendar.intervalsOf(localDay(calendar.zone, t)).find((one) => t >= one.from && t < one.to);
}

/** Phase of an instant; `closed` on days that the table does not know. */
export function phaseAt(calendar: Calendar, t: Micros): SessionPhase {
  return intervalAt(calendar, t)?.phase ?? 'closed';
}

/** In the session itself, or with `extended` before and after it too. */
export function isOpenAt(calendar: Calendar, t: Micros, extended = false): boolean {
  const phase = phaseAt(calendar, t);
  return phase === 'open' || (extended && phase !== 'closed');
}

/** First instant after `t` at which the phase becomes `open`; undefined when the table ends before. */
export function nextOpen(calendar: Calendar, t: Micros): Micros | undefined {
  return openIntervals(calendar, t).find((one) => one.from > t)?.from;
}

/** First instant after `t` at which the phase `open` ends; undefined when the table ends before. */
export function nextClose(calendar: Calendar, t: Micros): Micros | undefined {
  return openIntervals(calendar, t).find((one) => one.to > t)?.to;
}

/** Open intervals from around `t` on; neighbours are one even where the session day changes between them. */
function openIntervals(calendar: Calendar, t: Micros): { readonly from: Micros; readonly to: Micros }[] {
  const day = localDay(calendar.zone, t);
  const found: { from: Micros; to: Micros }[] = [];
  for (let one = day - maxLookDays; one <= day + maxLookDays; one++) {
    for (const { phase, from, to } of calendar.intervalsOf(one)) {
      const last = found.at(-1);
      if (phase !== 'open') continue;
      if (last !== undefined && last.to === from) last.to = to;
      else found.push({ from, to });
    }
  }
  return found;
}

/** The session of a date (day number); undefined when there is none or the table does not know the day. */
export function sessionOf(calendar: Calendar, day: number): SessionTimes | undefined {
  let open: Micros | undefined;
  let close: Micros | undefined;
  for (let one = day - maxLookDays; one <= day; one++) {
    for (const interval of calendar.intervalsOf(one)) {
      if (interval.sessionDay !== day || interval.phase !== 'open') continue;
      open ??= interval.from;
      close = interval.to;
    }
  }
  return open === undefined || close === undefined ? undefined : { sessionDay: day, open, close, early: calendar.isEarlyClose(day) };
}

const closes = new Map<string, Float64Array>();

/** When the session of a date closes, UTC microseconds; NaN when there is none or the table does not know the day. Each day is worked out once. */
export function closeOf(calendar: Calendar, day: number): number {
  if (day < calendar.firstDay || day > calendar.lastDay) return NaN;
  let known = closes.get(calendar.code);
  if (known === undefined) {
    known = new Float64Array(calendar.lastDay - calendar.firstDay + 1);
    closes.set(calendar.code, known);
  }
  const place = day - calendar.firstDay;
  if (known[place] === 0) known[place] = sessionOf(calendar, day)?.close ?? NaN;
  return known[place];
}

/** A date has a session of its own. */
export function isSessionDay(calendar: Calendar, day: number): boolean {
  return calendar.intervalsOf(day).some((one) => one.sessionDay === day && one.phase === 'open');
}

/** Day numbers of the sessions from `fromDay` to `toDay`, both included. */
export function sessionDays(calendar: Calendar, fromDay: number, toDay: number): number[] {
  const days: number[] = [];
  for (let day = fromDay; day <= toDay; day++) if (isSessionDay(calendar, day)) days.push(day);
  return days;
}

/** A Session input and when it is due. */
export interface TimedSession {
  readonly at: Micros;
  readonly input: Session;
}

/** The phase at `from`, then every change before `to`. While closed, `sessionDay` stays that of the session before, so that a new day begins with its session. */
export function sessionInputs(calendar: Calendar, from: Micros, to: Micros): Result<readonly TimedSession[], UnknownDay> {
  const found = sessionsBetween(calendar, from, to);
  if (!found.ok) return found;
  const inputs: TimedSession[] = [];
  const say = (at: number, phase: SessionPhase, sessionDay: number, until: number) =>
    inputs.push({
      at: micros(Math.max(at, from)),
      input: { kind: 'session', calendar: calendar.code, phase, sessionDay, until: micros(until) },
    });
  let day = dayBefore(calendar, from);
  let end: number = from;
  for (const interval of found.value) {
    if (interval.from > end) say(end, 'closed', day, interval.from);
    say(interval.from, interval.phase, interval.sessionDay, interval.to);
    day = interval.sessionDay;
    end = interval.to;
  }
  if (end < to) say(end, 'closed', day, nextChange(calendar, end));
  return ok(inputs);
}

/** Session day of the last interval that began before `t`; the day itself when none is near. */
function dayBefore(calendar: Calendar, t: Micros): number {
  const today = localDay(calendar.zone, t);
  for (let day = today; day >= today - maxLookDays; day--) {
    const before = calendar.intervalsOf(day).findLast((one) => one.from <= t);
    if (before !== undefined) return before.sessionDay;
  }
  return today;
}

/** Start of the first interval from `t` on; 0 = unknown. */
function nextChange(calendar: Calendar, t: number): number {
  const today = localDay(calendar.zone, t);
  for (let day = today; day <= today + maxLookDays; day++) {
    const next = calendar.intervalsOf(day).find((one) => one.from >= t);
    if (next !== undefined) return next.from;
  }
  return 0;
}
