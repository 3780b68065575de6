import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Duration } from './duration.ts';
import { durationMicros, formatDuration, parseDuration } from './duration.ts';

test.each([
  ['PT1H30M', 0, 5_400_000_000, 'PT1H30M'],
  ['P7D', 7, 0, 'P7D'],
  ['P2W', 14, 0, 'P14D'],
  ['P1DT0.5S', 1, 500_000, 'P1DT0.5S'],
  ['PT90S', 0, 90_000_000, 'PT1M30S'],
  ['PT36H', 0, 129_600_000_000, 'PT36H'],
  ['PT0.000001S', 0, 1, 'PT0.000001S'],
  ['PT0,25S', 0, 250_000, 'PT0.25S'],
  ['PT0S', 0, 0, 'PT0S'],
  ['P0D', 0, 0, 'PT0S'],
])('%s is %i days and %i microseconds, written %s', (text, days, micros, canonical) => {
  expect(parseDuration(text)).toEqual({ ok: true, value: { days, micros } });
  expect(formatDuration({ days, micros })).toBe(canonical);
});

test.each([
  ['P1Y', 'CALENDAR_DURATION'],
  ['P1M', 'CALENDAR_DURATION'],
  ['P1Y2M3DT4H', 'CALENDAR_DURATION'],
  ['P', 'NOT_A_DURATION'],
  ['PT', 'NOT_A_DURATION'],
  ['P1DT', 'NOT_A_DURATION'],
  ['P1W2D', 'NOT_A_DURATION'],
  ['-P1D', 'NOT_A_DURATION'],
  ['PT1.5H', 'NOT_A_DURATION'],
  ['1 day', 'NOT_A_DURATION'],
  ['pt1h', 'NOT_A_DURATION'],
  ['', 'NOT_A_DURATION'],
  ['PT0.0000001S', 'DURATION_TOO_FINE'],
])('%s is refused with %s', (text, code) => {
  expect(parseDuration(text)).toEqual({ ok: false, error: { code, text } });
});

test('more than a hundred years is refused with the limit', () => {
  expect(parseDuration('P36525D').ok).toBe(true);
  expect(parseDuration('P36526D')).toEqual({ ok: false, error: { code: 'DURATION_TOO_LARGE', text: 'P36526D', maxDays: 36_525 } });
  expect(parseDuration('PT999999999H')).toMatchObject({ error: { code: 'DURATION_TOO_LARGE' } });
});

test('a day has the length that its calendar gives it', () => {
  expect(durationMicros({ days: 2, micros: 5 })).toBe(172_800_000_005);
  expect(durationMicros({ days: 2, micros: 5 }, 23_400_000_000)).toBe(46_800_000_005);
});

test('formatting and parsing undo each other', () => {
  const duration = fc.record({ days: fc.integer({ min: 0, max: 10_000 }), micros: fc.integer({ min: 0, max: 1_000_000_000_000 }) });
  const run = (d: Duration): void => {
    expect(parseDuration(formatDuration(d))).toEqual({ ok: true, value: d });
  };
  fc.assert(fc.property(duration, run), { numRuns: 2000, seed: 1844 });
});
