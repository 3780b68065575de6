import { MICROS_PER_HOUR } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Calendar } from '../calendars/calendar.ts';
import { intervalAt } from '../calendars/market-clock.ts';

/** Rows of a file looked at for each shift; more are sampled evenly. */
const sampleRows = 2_000;
/** Shifts tried, whole hours both ways. */
const maxShift = 12;
/** More rows than this at times when the market is closed: the times are of another zone. */
const closedShare = 0.25;
/** A shift that puts this much more of the volume into the session tells the zone. */
const volumeGain = 0.15;
/** A file must be this complete before its volume tells anything. */
const fullVolume = 0.85;
const minRows = 100;
const minHours = 5.5;
/** So many closed rows before a shift that explains them all is believed. */
const minClosed = 3;

export interface ZoneRows {
  readonly count: number;
  /** When a row begins, UTC microseconds by the zone that the file is said to have. */
  start(index: number): number;
  /** NaN = the source has none. */
  volume(index: number): number;
}

interface Fit {
  readonly shift: number;
  readonly closed: number;
  /** Share of the volume in the session itself. */
  readonly inSession: number;
}

/**
 * Whether the times of a file are those of its market, in words when they are not: too much stands where the market is closed, or exactly one shift by whole
 * hours explains everything, or the volume, which is highest in the session, lies beside it. What is open day and night tells nothing.
 */
export function zoneFault(rows: ZoneRows, calendar: Calendar): string | undefined {
  if (rows.count === 0 || calendar.code === 'ALWAYS') return undefined;
  const step = Math.max(1, Math.floor(rows.count / sampleRows));
  const asWritten = fitOf(rows, calendar, step, 0);
  const seen = Math.ceil(rows.count / step);
  const plain = asWritten.closed === 0 && !(asWritten.inSession < fullVolume);
  if (plain) return undefined;
  if (asWritten.closed > closedShare * seen)
    return `${percent(asWritten.closed / seen)} of the rows stand where ${calendar.code} is closed`;
  const fits = shifts().map((shift) => fitOf(rows, calendar, step, shift));
  const clean = fits.filter((fit) => fit.closed === 0);
  if (asWritten.closed >= minClosed && clean.length === 1) {
    return `${asWritten.closed} of ${seen} rows stand where ${calendar.code} is closed, none when moved by ${clean[0].shift} h`;
  }
  if (!tellsByVolume(rows)) return undefined;
  const best = fits.reduce((a, b) => (b.inSession > a.inSession ? b : a));
  if (!(best.inSession - asWritten.inSession >= volumeGain)) return undefined;
  return `${percent(asWritten.inSession)} of the volume lies in the session of ${calendar.code}, ${percent(best.inSession)} when moved by ${best.shift} h`;
}

function shifts(): number[] {
  return Array.from({ length: 2 * maxShift + 1 }, (_, i) => i - maxShift).filter((shift) => shift !== 0);
}

function fitOf(rows: ZoneRows, calendar: Calendar, step: number, shift: number): Fit {
  let closed = 0;
  let all = 0;
  let inSession = 0;
  for (let i = 0; i < rows.count; i += step) {
    const phase = intervalAt(calendar, microsUnchecked(rows.start(i) + shift * MICROS_PER_HOUR))?.phase;
    if (phase === undefined) closed++;
    const volume = rows.volume(i);
    if (Number.isNaN(volume)) continue;
    all += volume;
    if (phase === 'open') inSession += volume;
  }
  return { shift, closed, inSession: all > 0 ? inSession / all : NaN };
}

function tellsByVolume(rows: ZoneRows): boolean {
  const hours = (rows.start(rows.count - 1) - rows.start(0)) / MICROS_PER_HOUR;
  return rows.count >= minRows && hours >= minHours;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
