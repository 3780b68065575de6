import { calendarZones } from '../../domain/calendar-zones.ts';
import type { SessionPhase } from '../../domain/input.ts';
import { fxcmDays, fxDays, xcmeDays, xnysDays, type MarketDays } from './market-days.ts';
import type { ZoneName } from '../../base/zone.ts';

export const calendarCodes = ['XNYS', 'XCME', 'FX', 'FXCM', 'ALWAYS'] as const;
export type CalendarCode = (typeof calendarCodes)[number];

/** A piece of a local day, minutes from its midnight; the end may be 1440. */
export interface Segment {
  readonly phase: SessionPhase;
  readonly from: number;
  readonly to: number;
}

/** The week's plan from a day on: segments by weekday, Sunday first. */
export interface Era {
  readonly from: string;
  readonly week: readonly (readonly Segment[])[];
}

export interface CalendarRule {
  readonly code: CalendarCode;
  readonly zone: ZoneName;
  /** Rising by `from`; the first holds from the table's first day. */
  readonly eras: readonly Era[];
  /** Segments that start at this minute or later belong to the next session day; 1440 = none. */
  readonly rollover: number;
  /** Late trading after an early close ends at this minute; 0 = there is none. */
  readonly earlyPostEnd: number;
  /** undefined: no day differs and every day is known. */
  readonly days: MarketDays | undefined;
}

const midnight = 1440;

function at(hhmm: number): number {
  return Math.floor(hhmm / 100) * 60 + (hhmm % 100);
}

function open(from: number, to: number): Segment {
  return { phase: 'open', from: at(from), to: to === 2400 ? midnight : at(to) };
}

/** Before the regular session, the session, and after it. */
const stockDay: readonly Segment[] = [
  { phase: 'preOpen', from: at(400), to: at(930) },
  { phase: 'open', from: at(930), to: at(1600) },
  { phase: 'postClose', from: at(1600), to: at(2000) },
];

/** Trades from Sunday evening to Friday afternoon; a session ends at `close`, the next begins at `reopen`, with at most one break inside. */
function aroundTheClock(close: number, reopen: number, pause: readonly [number, number] | undefined): readonly (readonly Segment[])[] {
  const day = pause === undefined ? [open(0, close)] : [open(0, pause[0]), breakOf(pause), open(pause[1], close)];
  const evening = open(reopen, 2400);
  return [[evening], [...day, evening], [...day, evening], [...day, evening], [...day, evening], day, []];
}

/** A break inside a session is a wait for its next opening, no end of it. */
function breakOf([from, to]: readonly [number, number]): Segment {
  return { phase: 'preOpen', from: at(from), to: at(to) };
}

/**
 * E-mini futures closed at 17:15 New York time until September 2015 and at 17:00 since; until June 2021 they paused from 16:15 to 16:30. The market-hours
 * file knows today's hours only; the minute bars of 2013 and 2020 show the earlier ones.
 */
const xcme: CalendarRule = {
  code: 'XCME',
  zone: calendarZones.XCME,
  eras: [
    { from: '2009-01-01', week: aroundTheClock(1715, 1800, [1615, 1630]) },
    { from: '2015-09-20', week: aroundTheClock(1700, 1800, [1615, 1630]) },
    { from: '2021-06-27', week: aroundTheClock(1700, 1800, undefined) },
  ],
  rollover: at(1700),
  earlyPostEnd: 0,
  days: xcmeDays,
};

const xnys: CalendarRule = {
  code: 'XNYS',
  zone: calendarZones.XNYS,
  eras: [{ from: '1998-01-01', week: [[], stockDay, stockDay, stockDay, stockDay, stockDay, []] }],
  rollover: midnight,
  earlyPostEnd: at(1700),
  days: xnysDays,
};

const fx: CalendarRule = {
  code: 'FX',
  zone: calendarZones.FX,
  eras: [{ from: '2005-01-01', week: aroundTheClock(1658, 1703, undefined) }],
  rollover: at(1700),
  earlyPostEnd: 0,
  days: fxDays,
};

const fxcm: CalendarRule = {
  code: 'FXCM',
  zone: calendarZones.FXCM,
  eras: [{ from: '2007-01-01', week: aroundTheClock(1700, 1700, undefined) }],
  rollover: at(1700),
  earlyPostEnd: 0,
  days: fxcmDays,
};

const everyDay = [open(0, 2400)];
const always: CalendarRule = {
  code: 'ALWAYS',
  zone: calendarZones.ALWAYS,
  eras: [{ from: '1970-01-01', week: [everyDay, everyDay, everyDay, everyDay, everyDay, everyDay, everyDay] }],
  rollover: midnight,
  earlyPostEnd: 0,
  days: undefined,
};

/** XNYS: US equities. XCME: CME equity index futures. FX: spot at OANDA. FXCM: spot at FXCM. ALWAYS: day and night, days of UTC. */
export const calendarRules: Readonly<Record<CalendarCode, CalendarRule>> = { XNYS: xnys, XCME: xcme, FX: fx, FXCM: fxcm, ALWAYS: always };
