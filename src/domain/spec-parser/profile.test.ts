import { expect, it } from 'vitest';
import type { PlainObject } from './field-reader.ts';
import { paperDays, profileNames } from './profile.ts';
import { parseSpec, type SpecDefaults } from './spec-parser.ts';

const defaults: SpecDefaults = {
  accountGroup: 'main',
  currency: 'USD',
  universe: ['X.V'],
  venues: [{ venueID: 'V', accountID: 'A1' }],
  calendar: 'ALWAYS',
};

function paper(configuration: PlainObject): ReturnType<typeof parseSpec> {
  return parseSpec(
    { strategy: 'PaperTrading', algorithmId: 'algo', version: '1.0.0', configuration: { simulatedCapital: '1000', ...configuration } },
    defaults,
  );
}

function daysOf(configuration: PlainObject): number | string {
  const parsed = paper(configuration);
  return parsed.ok ? (parsed.value.spec.promotionCriteria?.minDuration.days ?? 0) : parsed.error.map(({ text }) => text).join('; ');
}

it('a profile gives a paper run its length: 7, 14 and 30 days, and 30 where none is named', () => {
  expect(profileNames.map((profile) => daysOf({ profile }))).toEqual([7, 14, 30]);
  expect(daysOf({})).toBe(30);
});

it('a named profile takes its own length and longer ones, and refuses shorter ones by name', () => {
  for (const profile of profileNames) {
    expect(daysOf({ profile, minTradingDuration: `P${paperDays[profile]}D` })).toBe(paperDays[profile]);
    expect(daysOf({ profile, minTradingDuration: `P${paperDays[profile] - 1}D` })).toMatch(
      new RegExp(`expected at least P${paperDays[profile]}D, as the profile ${profile} asks`),
    );
  }
  expect(daysOf({ profile: 'quick', minTradingDuration: 'PT1H' })).toMatch(/expected at least P7D/);
  expect(daysOf({ minTradingDuration: 'P7D' })).toBe(7);
});

it('says what it sets, and refuses a profile that is not there', () => {
  const parsed = paper({ profile: 'standard' });
  expect(parsed.ok && parsed.value.warnings).toEqual([expect.stringContaining('profile standard: a paper run lasts at least P14D')]);
  expect(daysOf({ profile: 'regular' })).toMatch(/expected one of quick, standard, regulated/);
});
