import { expect, test } from 'vitest';
import { dayFromCivil, isoFromDay, isoFromMicros } from '../../base/time.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import { corporateActionOf } from '../corporate/corporate-event.ts';
import { adjustBars } from '../csv/adjust.ts';
import { faultLine } from '../csv/quarantine.ts';
import { readSp500Bars } from '../sp500/sp500-bars.ts';
import { readLeanHistory } from './lean-history.ts';

const lean = recordedPath('lean');
const sp500 = recordedPath('sp500/daily');
const absent = 'the recorded files are absent';

function at(bars: RawBars, date: string): number {
  return bars.day.findIndex((day) => isoFromDay(day) === date);
}

/** Shares and cash of someone who bought one share on the first day and did nothing: what corporate actions make of it. */
function holdings(bars: RawBars, events: readonly CorporateEvent[]): { equity: number[]; shares: number } {
  let [shares, cash] = [1, 0];
  let next = events.findIndex((event) => event.day > bars.day[0]);
  const equity: number[] = [];
  for (let i = 0; i < bars.count; i++) {
    for (; next >= 0 && next < events.length && events[next].day <= bars.day[i]; next++) {
      const event = events[next];
      if (event.kind === 'split') shares *= event.numerator / event.denominator;
      if (event.kind === 'dividend') cash += shares * event.cash;
    }
    equity.push(shares * bars.close[i] + cash);
  }
  return { equity, shares };
}

test('shares and cash through every split and dividend of AAPL move as the adjusted close does, day by day', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars, events } = readLeanHistory(lean, 'aapl');
  if (bars === undefined) throw new Error('set aside');
  const { equity, shares } = holdings(bars, events);
  expect(shares).toBe(112);
  let days = 0;
  for (let i = 1; i < bars.count; i++) {
    const factor = bars.totalFactor ?? new Float64Array(0);
    const adjusted = (bars.close[i] * factor[i]) / (bars.close[i - 1] * factor[i - 1]);
    const held = equity[i] / equity[i - 1];
    // cash that was paid out before does not grow with the price: at most a fifth of the equity
    expect(Math.abs(held - adjusted), isoFromDay(bars.day[i])).toBeLessThan(0.002 + 0.2 * Math.abs(adjusted - 1));
    days++;
  }
  expect(days).toBeGreaterThan(5_800);
});

test('the split of June 2014 and the dividend of August 2012 leave no jump in equity', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars, events } = readLeanHistory(lean, 'aapl');
  if (bars === undefined) throw new Error('set aside');
  const { equity } = holdings(bars, events);
  const move = (date: string) => equity[at(bars, date)] / equity[at(bars, date) - 1] - 1;
  const raw = (date: string) => bars.close[at(bars, date)] / bars.close[at(bars, date) - 1] - 1;
  expect(raw('2014-06-09')).toBeCloseTo(93.7 / 645.57 - 1, 3);
  // the cash of earlier dividends does not move with the price
  expect(move('2014-06-09')).toBeCloseTo((93.7 * 7) / 645.57 - 1, 2);
  expect(move('2012-08-09') - raw('2012-08-09')).toBeCloseTo(2.65 / 619.86, 6);
  const around = events.filter((event) => event.day >= dayFromCivil(2012, 8, 1) && event.day <= dayFromCivil(2014, 6, 30));
  expect(around.map((event) => [isoFromDay(event.day), event.kind, event.kind === 'dividend' ? event.cash : 0])).toEqual([
    ['2012-08-09', 'dividend', 2.65],
    ['2012-11-07', 'dividend', 2.65],
    ['2013-02-07', 'dividend', 2.65],
    ['2013-05-09', 'dividend', 3.05],
    ['2013-08-08', 'dividend', 3.05],
    ['2013-11-06', 'dividend', 3.05],
    ['2014-02-06', 'dividend', 3.05],
    ['2014-05-08', 'dividend', 3.29],
    ['2014-06-09', 'split', 0],
  ]);
});

test('two vendors name the same splits and dividends of AAPL', (context) => {
  if (lean === undefined || sp500 === undefined) return context.skip(absent);
  const ours = (events: readonly CorporateEvent[]) =>
    events
      .filter((event) => event.day >= dayFromCivil(1999, 11, 2) && event.day <= dayFromCivil(2021, 3, 1))
      .map(
        (event) =>
          `${isoFromDay(event.day)} ${event.kind} ${event.kind === 'dividend' ? event.cash.toFixed(2) : event.kind === 'split' ? event.numerator : ''}`,
      );
  const csv = readSp500Bars(`${sp500}/AAPL.csv.gz`).events;
  expect(ours(readLeanHistory(lean, 'aapl').events)).toEqual(ours(csv));
});

test('split-adjusted prices are continuous over a split, total-adjusted ones over a dividend too', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars } = readLeanHistory(lean, 'aapl');
  if (bars === undefined) throw new Error('set aside');
  const i = at(bars, '2014-06-09');
  const split = adjustBars(bars, 'split');
  expect(split.close[i] / split.close[i - 1]).toBeCloseTo((93.7 * 7) / 645.57, 6);
  expect(split.volume[i - 1]).toBe(Math.round(bars.volume[i - 1] * 28));
});

test('a security keeps its history over changes of its ticker', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars, events, missing } = readLeanHistory(lean, 'googl');
  if (bars === undefined) throw new Error('set aside');
  expect(missing).toEqual([]);
  const changes = events.filter((event) => event.kind === 'tickerChange');
  expect(changes.map((event) => [isoFromDay(event.day), event.from, event.to])).toEqual([['2014-04-03', 'GOOG', 'GOOGL']]);
  const i = at(bars, '2014-04-03');
  expect(isoFromDay(bars.day[i - 1])).toBe('2014-04-02');
  const { equity } = holdings(bars, events);
  expect(Math.abs(equity[i] / equity[i - 1] - 1)).toBeLessThan(0.05);
  const other = readLeanHistory(lean, 'goog').bars;
  expect(isoFromDay(other?.day[0] ?? 0)).toBe('2014-03-27');
});

test('three tickers of one security join without a gap or a jump', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars, events } = readLeanHistory(lean, 'wm');
  if (bars === undefined) throw new Error('set aside');
  expect(events.filter((event) => event.kind === 'tickerChange').map((event) => [isoFromDay(event.day), event.from, event.to])).toEqual([
    ['1998-07-17', 'UW', 'WMI'],
    ['2009-08-05', 'WMI', 'WM'],
  ]);
  for (const date of ['1998-07-17', '2009-08-05']) {
    const i = at(bars, date);
    expect(bars.day[i] - bars.day[i - 1]).toBe(1);
    expect(Math.abs(bars.close[i] / bars.close[i - 1] - 1)).toBeLessThan(0.1);
  }
});

test('days under a ticker without a file are absent, not taken from its later owner', (context) => {
  if (lean === undefined) return context.skip(absent);
  const { bars, missing } = readLeanHistory(lean, 'bac');
  expect(missing.map((span) => span.ticker)).toEqual(['nb']);
  expect(isoFromDay(bars?.day[0] ?? 0)).toBe('1998-10-01');
});

test('reverse splits of the files are no wrong scale, and what is wrong is named', (context) => {
  if (lean === undefined) return context.skip(absent);
  expect(
    readLeanHistory(lean, 'uso')
      .quarantines.flatMap((one) => one.faults)
      .map(faultLine),
  ).toEqual([]);
  expect(
    readLeanHistory(lean, 'aapl')
      .quarantines.flatMap((one) => one.faults)
      .map(faultLine),
  ).toEqual([
    'equity/usa/daily/aapl.zip row 2948: IMPOSSIBLE_BAR high: expected at most 6.9 times the low 10.59, was 185.16',
    "equity/usa/daily/aapl.zip row 3186: WRONG_SCALE low: expected about 242.625 as the bar's other prices, was 25.3",
    "equity/usa/daily/aapl.zip row 3272: WRONG_SCALE low: expected about 327.815 as the bar's other prices, was 32.65",
  ]);
});

test('inputs of the ledger carry exact fractions and the local midnight of the ex-date', () => {
  const split = corporateActionOf({ kind: 'split', day: dayFromCivil(2014, 6, 9), numerator: 7, denominator: 1 }, 3, 'America/New_York');
  expect(split).toMatchObject({
    kind: 'corporateAction',
    action: 'split',
    instrument: 3,
    numerator: 7,
    denominator: 1,
    text: '7 for 1 on 2014-06-09',
  });
  expect(isoFromMicros(split.exDate)).toBe('2014-06-09T04:00:00.000000Z');
  const dividend = corporateActionOf({ kind: 'dividend', day: dayFromCivil(2012, 8, 9), cash: 2.65 }, 3, 'America/New_York');
  expect(dividend).toMatchObject({
    action: 'dividend',
    numerator: 2_650_000,
    denominator: 1_000_000,
    text: '2.650000 a share on 2012-08-09',
  });
  const change = corporateActionOf(
    { kind: 'tickerChange', day: dayFromCivil(2014, 4, 3), from: 'GOOG', to: 'GOOGL' },
    3,
    'America/New_York',
  );
  expect(change).toMatchObject({ action: 'tickerChange', text: 'GOOG is GOOGL from 2014-04-03' });
});
