import type { Micros } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import { sessionPhases, type Session } from '../../domain/input.ts';

/** Calendars, halts and the restricted list, by number. */
export interface Sessions {
  readonly calendarIx: Map<string, number>;
  readonly names: string[];
  /** Index into `sessionPhases`; `ALWAYS` is open from the start, any other calendar closed until a Session says more. */
  readonly phase: number[];
  /** Next known change, microseconds; 0 = unknown. */
  readonly until: number[];
  readonly sessionDay: number[];
  /** Since when it is open. */
  readonly openedAt: number[];
  /** By listing: its calendar. */
  readonly calendarOf: number[];
  /** By listing: 1 = halted. */
  readonly halted: number[];
  /** By instrument: 1 = on the restricted list. */
  readonly restricted: number[];
  /** By instrument: how often it was put there, ever. */
  readonly restrictions: number[];
}

/** Calendar of venues that never close; its days are UTC days and begin by themselves. */
export const alwaysOpen = 'ALWAYS';

const open = sessionPhases.indexOf('open');
const closed = sessionPhases.indexOf('closed');

export function createSessions(): Sessions {
  const sessions: Sessions = {
    calendarIx: new Map(),
    names: [],
    phase: [],
    until: [],
    sessionDay: [],
    openedAt: [],
    calendarOf: [],
    halted: [],
    restricted: [],
    restrictions: [],
  };
  calendarOf(sessions, alwaysOpen);
  sessions.phase[0] = open;
  return sessions;
}

/** Number of a calendar, given when it is first named. */
export function calendarOf(sessions: Sessions, calendar: string): number {
  const known = sessions.calendarIx.get(calendar);
  if (known !== undefined) return known;
  const ix = sessions.names.length;
  sessions.calendarIx.set(calendar, ix);
  sessions.names.push(calendar);
  sessions.phase.push(closed);
  sessions.until.push(0);
  sessions.sessionDay.push(0);
  sessions.openedAt.push(0);
  return ix;
}

/** Takes a Session input. @returns whether a new session day has begun on that calendar. */
export function applySession(sessions: Sessions, session: Session, at: Micros): boolean {
  const ix = calendarOf(sessions, session.calendar);
  const phase = sessionPhases.indexOf(session.phase);
  if (phase === open && sessions.phase[ix] !== open) sessions.openedAt[ix] = at;
  sessions.phase[ix] = phase;
  sessions.until[ix] = session.until;
  const newDay = session.sessionDay !== sessions.sessionDay[ix];
  sessions.sessionDay[ix] = session.sessionDay;
  return newDay;
}

/** Open at this microsecond: the phase is open and its known end has not come, whether or not the Session that says so has arrived. */
export function isOpen(sessions: Sessions, listing: ListingIx, at: number): boolean {
  return isCalendarOpen(sessions, sessions.calendarOf[listing], at);
}

export function isCalendarOpen(sessions: Sessions, calendar: number, at: number): boolean {
  if (sessions.phase[calendar] !== open) return false;
  const until = sessions.until[calendar];
  return until === 0 || at < until;
}
