import { expect, it } from 'vitest';
import { microsFromCivil } from '../../base/time.ts';
import type { PlainObject, PlainValue } from './field-reader.ts';
import { parseSpec } from './spec-parser.ts';

const stages = [{ name: 'S', allocation: 0.01, minDuration: 'PT1H' }];

function parsed(configuration: PlainObject): ReturnType<typeof parseSpec> {
  return parseSpec(
    { strategy: 'Canary', algorithmId: 'algo', version: '1.0.0', configuration: { totalCapital: '1000', stages, ...configuration } },
    { accountGroup: 'main', currency: 'USD', universe: ['X.V'], venues: [{ venueID: 'V', accountID: 'A1' }], calendar: 'XNYS' },
  );
}

const freezeOf = (...freezeWindows: PlainValue[]): unknown => {
  const spec = parsed({ freezeWindows });
  return spec.ok ? spec.value.spec.freeze : spec.error;
};

it('windows of the week and windows of one date are times of the calendar', () => {
  expect(
    freezeOf(
      { days: ['Fri', 'Mon'], from: '09:30', to: '10:00' },
      { from: '22:00', to: '24:00' },
      { from: '2026-12-24T13:00', to: '2026-12-28T09:30' },
    ),
  ).toEqual({
    zone: 'America/New_York',
    weekly: [
      { days: [1, 5], from: 570, to: 600 },
      { days: [0, 1, 2, 3, 4, 5, 6], from: 1_320, to: 1_440 },
    ],
    dated: [{ from: microsFromCivil(2026, 12, 24, 18), to: microsFromCivil(2026, 12, 28, 14, 30) }],
  });
});

it('an impossible one is refused by name', () => {
  const paths: [PlainObject, string][] = [
    [{ from: '10:00', to: '09:30' }, 'to'],
    [{ from: '10:00', to: '10:00' }, 'to'],
    [{ from: '24:01', to: '25:00' }, 'from'],
    [{ from: '09:61', to: '10:00' }, 'from'],
    [{ from: '09:30' }, 'to'],
    [{ to: '09:30' }, 'from'],
    [{ days: ['Monday'], from: '09:30', to: '10:00' }, 'days'],
    [{ days: [], from: '09:30', to: '10:00' }, 'days'],
    [{ days: ['Mon'], from: '2026-12-24T13:00', to: '2026-12-28T09:30' }, 'days'],
    [{ from: '2026-02-29T13:00', to: '2026-12-28T09:30' }, 'from'],
    [{ from: '2026-12-28T13:00', to: '2026-12-24T09:30' }, 'to'],
    [{ from: '1899-12-28T13:00', to: '2026-12-24T09:30' }, 'from'],
    [{ from: '2026-03-08T02:30', to: '2026-03-09T02:30' }, 'from'],
    [{ from: '09:30', to: '10:00', zone: 'UTC' }, 'zone'],
  ];
  for (const [window, field] of paths) {
    const faults = freezeOf(window);
    expect(faults, JSON.stringify(window)).toContainEqual(
      expect.objectContaining({ path: expect.stringMatching(new RegExp(`freezeWindows.*${field}$`)) as string }),
    );
  }
});

it('windows that never open, and times of a calendar that nobody knows, are refused', () => {
  const whole = freezeOf({ from: '00:00', to: '12:00' }, { from: '12:00', to: '24:00' });
  expect(whole).toMatchObject([{ path: 'configuration.freezeWindows' }]);
  expect(freezeOf({ from: '00:00', to: '12:00' }, { from: '12:01', to: '24:00' })).toMatchObject({ dated: [] });
  const unknown = parsed({ clock: { kind: 'market', calendar: 'XMAR' }, freezeWindows: [{ from: '09:30', to: '10:00' }] });
  expect(unknown.ok ? [] : unknown.error).toMatchObject([{ path: 'configuration.freezeWindows' }]);
});

it('the end of a window at a time that happens twice is the second', () => {
  expect(freezeOf({ from: '2026-11-01T01:15', to: '2026-11-01T01:30' })).toMatchObject({
    dated: [{ from: microsFromCivil(2026, 11, 1, 5, 15), to: microsFromCivil(2026, 11, 1, 6, 30) }],
  });
});

it('a spec without windows keeps the hash that it had', () => {
  const [plain, none, some] = [parsed({}), parsed({ freezeWindows: [] }), parsed({ freezeWindows: [{ from: '09:30', to: '10:00' }] })];
  if (!plain.ok || !none.ok || !some.ok) throw new Error('expected specs');
  expect(plain.value.spec).not.toHaveProperty('freeze');
  expect(none.value.spec.specHash).toBe(plain.value.spec.specHash);
  expect(some.value.spec.specHash).not.toBe(plain.value.spec.specHash);
});
