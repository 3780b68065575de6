import { expect, test } from 'vitest';
import { microsFromCivil, MICROS_PER_DAY, MICROS_PER_HOUR } from './time.ts';
import { isZoneName, midnightOf, utcFromLocal, zoneNames, zoneOffset, type ZoneName } from './zone.ts';

const named: readonly ZoneName[] = ['America/New_York', 'America/Chicago'];

/** Offset by the system's own zone tables, microseconds. */
function tableOffset(zone: string, utc: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const text = format.formatToParts(new Date(utc / 1000)).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(text);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000_000;
}

test('the offset at every noon, and around every change, is that of the zone tables, 1987 to 2037', () => {
  let seen = 0;
  for (const zone of named) {
    for (let year = 1987; year <= 2037; year++) {
      let before = zoneOffset(zone, microsFromCivil(year, 1, 1, 12));
      for (let day = 0; day < 365; day++) {
        const noon = microsFromCivil(year, 1, 1, 12) + day * MICROS_PER_DAY;
        const offset = zoneOffset(zone, noon);
        if (day % 30 === 0 || offset !== before) {
          seen++;
          expect(offset, `${zone} ${year} day ${day}`).toBe(tableOffset(zone, noon));
        }
        if (offset !== before) {
          for (let hour = -24; hour <= 0; hour++) {
            const at = noon + hour * MICROS_PER_HOUR;
            expect(zoneOffset(zone, at), `${zone} ${year} hour ${hour}`).toBe(tableOffset(zone, at));
          }
        }
        before = offset;
      }
    }
  }
  expect(seen).toBeGreaterThan(1_500);
});

test('a local time goes to UTC and back, on the days of both changes too', () => {
  for (const zone of zoneNames) {
    for (const [month, day] of [
      [3, 8],
      [11, 1],
      [7, 4],
    ] as const) {
      for (let hour = 3; hour < 24; hour++) {
        const local = microsFromCivil(2020, month, day, hour);
        const utc = utcFromLocal(zone, local);
        expect(utc + zoneOffset(zone, utc)).toBe(local);
      }
    }
  }
});

test('a skipped local time is read in standard time, one that happens twice is the first', () => {
  expect(utcFromLocal('America/New_York', microsFromCivil(2020, 3, 8, 2, 30))).toBe(microsFromCivil(2020, 3, 8, 7, 30));
  expect(utcFromLocal('America/New_York', microsFromCivil(2020, 11, 1, 1, 30))).toBe(microsFromCivil(2020, 11, 1, 5, 30));
});

test('a fixed offset knows no daylight saving time', () => {
  expect(midnightOf('UTC-05', 18_444)).toBe(18_444 * MICROS_PER_DAY + 5 * MICROS_PER_HOUR);
  expect(isZoneName('UTC-05')).toBe(true);
  expect(isZoneName('Europe/Berlin')).toBe(false);
});

test('a year without rules is refused', () => {
  expect(() => zoneOffset('America/New_York', microsFromCivil(1986, 7, 1))).toThrow('expected a year from 1987 to 2099, was 1986');
});
