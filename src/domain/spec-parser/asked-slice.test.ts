import { expect, test } from 'vitest';
import type { PlainValue } from './field-reader.ts';
import { parseSpec, type SpecDefaults } from './spec-parser.ts';

const desk: SpecDefaults = {
  accountGroup: 'main',
  currency: 'USD',
  universe: ['A.X'],
  venues: [{ venueID: 'X', accountID: 'A1' }],
  calendar: 'ALWAYS',
};
const fragment = {
  strategy: 'Canary',
  stages: [{ name: 'Micro', allocation: 0.01, minDuration: 'PT1H', minPnL: 0, minTrades: 1 }],
  autoProgress: true,
  rollbackThresholds: { maxDailyLoss: 0.02 },
};

function parsed(value: PlainValue, given: Partial<SpecDefaults>): string {
  const result = parseSpec(value, { ...desk, version: '1.0.0', totalCapital: '1000', ...given });
  return result.ok ? result.value.spec.sliceID : result.error.map(({ path, text }) => `${path}: ${text}`).join('; ');
}

test('the slice that is asked for gives algorithm, account group and currency to a spec that names none of them', () => {
  expect(parsed(fragment, { slice: 'momentum@swing.EUR' })).toBe('momentum@swing.EUR');
  expect(parsed(fragment, { slice: 'swing.EUR', algorithmID: 'momentum' })).toBe('momentum@swing.EUR');
  expect(parsed({ ...fragment, algorithmId: 'momentum-v2.1.0' }, { slice: 'eu.west.EUR' })).toBe('momentum@eu.west.EUR');
  expect(parsed({ ...fragment, algorithmId: 'momentum' }, {})).toBe('momentum@main.USD');
});

test('a spec that is of another slice than the one asked for is refused by name', () => {
  expect(parsed({ ...fragment, algorithmId: 'pairs' }, { slice: 'momentum@swing.EUR' })).toBe(
    'slice: expected a spec of the slice momentum@swing.EUR that was asked for, was of pairs@swing.EUR',
  );
  expect(parsed({ ...fragment, algorithmId: 'momentum', accountGroup: 'main' }, { slice: 'swing.USD' })).toContain(
    'was of momentum@main.USD',
  );
  expect(parsed({ ...fragment, currency: 'USD' }, { slice: 'momentum@swing.EUR' })).toContain('was of momentum@swing.USD');
});

test('what is no slice is refused by name', () => {
  for (const slice of ['', 'momentum', '@main.USD', 'momentum@', 'momentum@main', 'momentum@.USD', 'momentum@main.', 'a@b@c.USD'])
    expect(parsed({ ...fragment, algorithmId: 'momentum' }, { slice })).toBe(
      `slice: expected ALGORITHM@GROUP.CURRENCY or GROUP.CURRENCY, was ${slice === '' ? "''" : slice}`,
    );
});
