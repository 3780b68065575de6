import { err, ok } from './result.ts';
import type { Result } from './result.ts';

/** Days are kept apart from time, because a day of a calendar need not have 24 hours. Both parts are >= 0. */
export interface Duration {
  readonly days: number;
  readonly micros: number;
}

export type DurationError =
  | { readonly code: 'NOT_A_DURATION'; readonly text: string }
  | { readonly code: 'CALENDAR_DURATION'; readonly text: string }
  | { readonly code: 'DURATION_TOO_FINE'; readonly text: string }
  | { readonly code: 'DURATION_TOO_LARGE'; readonly text: string; readonly maxDays: number };

/** A hundred years; more is a mistake. */
export const MAX_DURATION_DAYS = 36_525;

const MICROS_PER_DAY = 86_400_000_000;
const SHAPE = /^P(?:(\d{1,9})W|(?:(\d{1,9})D)?(T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?)$/;
const WITH_YEARS_OR_MONTHS = /^P(?:\d+Y(?:\d+M)?|\d+M)(?:\d+[WD])?(?:T[\dHMS.,]+)?$/;

/** ISO 8601 durations of weeks, or days and time: P2W, P7D, PT1H30M, P1DT0.5S. Years and months have no fixed length and are refused. */
export function parseDuration(text: string): Result<Duration, DurationError> {
  const m = SHAPE.exec(text);
  if (m === null) return err({ code: WITH_YEARS_OR_MONTHS.test(text) ? 'CALENDAR_DURATION' : 'NOT_A_DURATION', text });
  if (text === 'P' || m[3] === 'T') return err({ code: 'NOT_A_DURATION', text });
  const fraction = (m[7] ?? '').padEnd(9, '0');
  if (!fraction.endsWith('000')) return err({ code: 'DURATION_TOO_FINE', text });
  const days = Number(m[1] ?? 0) * 7 + Number(m[2] ?? 0);
  const seconds = Number(m[4] ?? 0) * 3600 + Number(m[5] ?? 0) * 60 + Number(m[6] ?? 0);
  if (days + seconds / 86_400 > MAX_DURATION_DAYS) return err({ code: 'DURATION_TOO_LARGE', text, maxDays: MAX_DURATION_DAYS });
  return ok({ days, micros: seconds * 1_000_000 + Number(fraction.slice(0, 6)) });
}

/** The one canonical text of a duration; hours may pass 24, because time never becomes days by itself. */
export function formatDuration(d: Duration): string {
  const days = d.days > 0 ? `${d.days}D` : '';
  const seconds = Math.floor(d.micros / 1_000_000);
  const h = Math.floor(seconds / 3600);
  const min = Math.floor(seconds / 60) % 60;
  const s = seconds % 60;
  const fraction = String(d.micros - seconds * 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const clock = [
    h > 0 ? `${h}H` : '',
    min > 0 ? `${min}M` : '',
    s > 0 || fraction !== '' ? `${s}${fraction === '' ? '' : `.${fraction}`}S` : '',
  ].join('');
  if (days === '' && clock === '') return 'PT0S';
  return clock === '' ? `P${days}` : `P${days}T${clock}`;
}

/** Length in microseconds, for calendars whose day has a fixed length. */
export function durationMicros(d: Duration, microsPerDay: number = MICROS_PER_DAY): number {
  return d.days * microsPerDay + d.micros;
}
