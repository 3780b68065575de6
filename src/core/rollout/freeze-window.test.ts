import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MICROS_PER_DAY, MICROS_PER_MINUTE, microsFromCivil } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { FreezeWindows } from '../../domain/spec.ts';
import { frozenUntil, noLaterThanOpening, windowText } from './freeze-window.ts';

const zone = 'America/New_York';
const windows = (...weekly: FreezeWindows['weekly'][number][]): FreezeWindows => ({ zone, weekly, dated: [] });
const every = [0, 1, 2, 3, 4, 5, 6];

/** Weekday and minute that the clocks of New York show, by the system's own zone tables. */
function shown(t: number): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(new Date(t / 1_000)).map(({ type, value }) => [type, value]));
  return {
    day: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(part.weekday),
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

describe('a freeze window', () => {
  it('holds from its first instant, and not at its end', () => {
    const [from, to] = [microsFromCivil(2024, 7, 2, 13, 30), microsFromCivil(2024, 7, 2, 14)];
    const morning = windows({ days: [2], from: 570, to: 600 });
    expect([from - 1, from, to - 1, to].map((at) => frozenUntil(morning, at))).toEqual([0, to, to, 0]);
    expect(windowText(morning, from)).toBe('window opens 10:00 on 2024-07-02 (America/New_York)');
    expect(windowText(morning, to)).toBe('');
    expect(frozenUntil(undefined, from)).toBe(0);
  });

  it('touching and overlapping windows are one, over midnight and beside a date', () => {
    const night = windows({ days: [1], from: 1_320, to: 1_440 }, { days: [2], from: 0, to: 120 });
    const opens = microsFromCivil(2024, 7, 2, 6);
    expect(frozenUntil(night, microsFromCivil(2024, 7, 2, 3))).toBe(opens);
    const longer = { ...night, dated: [{ from: microsUnchecked(opens - 1), to: microsUnchecked(opens + 5) }] };
    expect(frozenUntil(longer, microsFromCivil(2024, 7, 2, 3))).toBe(opens + 5);
  });

  it('holds whenever the clocks on the wall say so, on both sides of both changes too', () => {
    // around 2024-03-10 and 2024-11-03, where clocks skip an hour and show one twice
    const day = fc.constantFrom(microsFromCivil(2024, 3, 8), microsFromCivil(2024, 11, 1));
    const minute = fc.integer({ min: 0, max: 5 * 1_440 });
    fc.assert(
      fc.property(
        day,
        minute,
        fc.subarray(every, { minLength: 1 }),
        fc.nat(1_438),
        fc.integer({ min: 1, max: 240 }),
        (start, n, days, from, long) => {
          const to = Math.min(1_440, from + long);
          const at = start + n * MICROS_PER_MINUTE;
          const wall = shown(at);
          // a window with an end in the hour that is skipped is read in standard time: one hour later on the wall
          fc.pre(!(start === microsFromCivil(2024, 3, 8) && ((from >= 120 && from < 180) || (to >= 120 && to < 180))));
          // a window begins with the first of two equal times and ends with the second: between the two it holds as well
          fc.pre(!(start === microsFromCivil(2024, 11, 1) && ((from > 60 && from < 120) || (to > 60 && to < 120))));
          expect(frozenUntil(windows({ days, from, to }), at) > 0).toBe(days.includes(wall.day) && wall.minute >= from && wall.minute < to);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('between two equal times it holds on', () => {
    const clocks = windows({ days: [0], from: 75, to: 90 });
    const first = microsFromCivil(2024, 11, 3, 5, 15);
    expect(frozenUntil(clocks, first)).toBe(first + 75 * MICROS_PER_MINUTE);
  });

  it('ends for whoever covered the whole week past the parser, and before the rules of the zone begin', () => {
    const all = windows({ days: every, from: 0, to: 1_440 });
    expect(frozenUntil(all, microsFromCivil(2024, 7, 2))).toBeGreaterThan(microsFromCivil(2024, 7, 2) + 1_000 * MICROS_PER_DAY);
    expect(frozenUntil(windows({ days: every, from: 570, to: 600 }), 14.5 * 3_600_000_000)).toBe(15 * 3_600_000_000);
  });

  it('no look is later than its opening', () => {
    const morning = windows({ days: every, from: 570, to: 600 });
    const opens = microsFromCivil(2024, 7, 2, 14);
    expect(noLaterThanOpening(morning, opens - 10, opens + 99)).toBe(opens);
    expect([noLaterThanOpening(morning, opens, opens + 99), noLaterThanOpening(morning, opens - 10, 0)]).toEqual([opens + 99, 0]);
    expect(noLaterThanOpening(morning, opens - 10, opens - 5)).toBe(opens - 5);
  });
});
