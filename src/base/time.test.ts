import { expect, test } from 'vitest';
import { prng } from './prng.ts';
import { civilFromMicros, dayFromCivil, dayNumber, isoFromDay, isoFromMicros, microsFromCivil, parseIso, weekday } from './time.ts';
import { micros } from './units.ts';

const CASES = 50_000;

test('a moment has one text and the text has one moment', () => {
  const t = microsFromCivil(2024, 8, 8, 23, 54, 15, 123456);
  expect(t).toBe(1723161255123456);
  expect(isoFromMicros(t)).toBe('2024-08-08T23:54:15.123456Z');
  expect(parseIso('2024-08-08T23:54:15.123456Z')).toEqual({ ok: true, value: t });
  expect(civilFromMicros(t)).toEqual({ year: 2024, month: 8, day: 8, hour: 23, minute: 54, second: 15, micro: 123456 });
});

test('the calendar agrees with the platform from 1685 to 2254', () => {
  const random = prng('calendar');
  const [from, to] = [dayFromCivil(1685, 1, 1), dayFromCivil(2254, 12, 31)];
  for (let i = 0; i < CASES; i++) {
    const t = micros((from + random.int(to - from + 1)) * 86_400_000_000 + random.int(86_400_000_000));
    const date = new Date(Math.floor(t / 1000));
    const iso = `${date.toISOString().slice(0, -1)}${String(t - Math.floor(t / 1000) * 1000).padStart(3, '0')}Z`;
    if (isoFromMicros(t) !== iso) expect.fail(`${t}: expected ${iso}, was ${isoFromMicros(t)}`);
    const back = parseIso(iso);
    if (!back.ok || back.value !== t) expect.fail(`${iso}: expected ${t}`);
    if (weekday(dayNumber(t)) !== date.getUTCDay()) expect.fail(`${iso}: weekday ${weekday(dayNumber(t))}`);
  }
});

test('days before 1970 count downwards', () => {
  expect(dayNumber(micros(-1))).toBe(-1);
  expect(isoFromMicros(micros(-1))).toBe('1969-12-31T23:59:59.999999Z');
  expect(isoFromDay(-1)).toBe('1969-12-31');
  expect([weekday(0), weekday(-1), weekday(-5)]).toEqual([4, 3, 6]);
  expect(dayFromCivil(2000, 2, 29)).toBe(11016);
});

test.each([
  ['2024-08-08', '2024-08-08T00:00:00.000000Z'],
  ['2024-08-08T09:30Z', '2024-08-08T09:30:00.000000Z'],
  ['2024-08-08T09:30:00.5Z', '2024-08-08T09:30:00.500000Z'],
  ['2024-08-08T09:30:00.123456000Z', '2024-08-08T09:30:00.123456Z'],
  ['2024-08-08T09:30:00-04:00', '2024-08-08T13:30:00.000000Z'],
  ['2024-01-01T00:30:00+05:30', '2023-12-31T19:00:00.000000Z'],
])('%s means %s', (text, iso) => {
  const parsed = parseIso(text);
  expect(parsed.ok && isoFromMicros(parsed.value)).toBe(iso);
});

test.each([
  ['2023-02-29', 'NOT_A_TIME'],
  ['2024-13-01', 'NOT_A_TIME'],
  ['2024-00-01', 'NOT_A_TIME'],
  ['2024-04-31', 'NOT_A_TIME'],
  ['1684-12-31', 'NOT_A_TIME'],
  ['2024-08-08T24:00:00Z', 'NOT_A_TIME'],
  ['2024-08-08T23:60:00Z', 'NOT_A_TIME'],
  ['2024-08-08T23:00:61Z', 'NOT_A_TIME'],
  ['2024-08-08T23:00:00', 'NOT_A_TIME'],
  ['2024-08-08T23:00:00+24:00', 'NOT_A_TIME'],
  ['2024-08-08 23:00:00Z', 'NOT_A_TIME'],
  ['yesterday', 'NOT_A_TIME'],
  ['2016-12-31T23:59:60Z', 'LEAP_SECOND'],
  ['2024-08-08T23:00:00.1234567Z', 'TIME_TOO_FINE'],
])('%s is refused with %s', (text, code) => {
  expect(parseIso(text)).toEqual({ ok: false, error: { code, text } });
});

test('a civil time outside the calendar is our own bug', () => {
  expect(() => microsFromCivil(2023, 2, 29)).toThrow('day: expected a whole number from 1 to 28, was 29');
  expect(() => microsFromCivil(1900, 2, 29)).toThrow(RangeError);
  expect(() => microsFromCivil(1684, 1, 1)).toThrow('year: expected a whole number from 1685 to 2254, was 1684');
  expect(() => microsFromCivil(2024, 1, 1, 0, 0, 0, 0.5)).toThrow('micro');
});
