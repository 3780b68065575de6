import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { marketDaysSource, type MarketHours } from './market-days-source.ts';

const hoursFile = recordedPath('lean/market-hours/market-hours-database.json');
const table = new URL('../../src/feeds/calendars/market-days.ts', import.meta.url);

test('the committed table is what the generator writes', (context) => {
  if (hoursFile === undefined) return context.skip('the market-hours file is absent');
  expect(readFileSync(table, 'utf8')).toBe(marketDaysSource(JSON.parse(readFileSync(hoursFile, 'utf8')) as MarketHours));
});

test('a date that cannot be read stops the generator', () => {
  const entry = { holidays: ['2020-01-01'] };
  const entries = {
    'Equity-usa-[*]': entry,
    'Future-cme-ES': entry,
    'Future-cme-[*]': entry,
    'Forex-oanda-[*]': entry,
    'Forex-fxcm-[*]': entry,
  };
  expect(() => marketDaysSource({ entries })).toThrow('expected a date m/d/yyyy, was 2020-01-01');
});
