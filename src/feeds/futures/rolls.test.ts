import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isoFromMicros, MICROS_PER_MINUTE } from '../../base/time.ts';
import { micros, microsUnchecked } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { calendarOf } from '../calendars/calendar.ts';
import { parseLeanPath } from '../lean/lean-file.ts';
import { continuousSource, readContracts, sessionBars, type PlacedFile } from '../lean/lean-futures.ts';
import { continuousBars } from './continuous.ts';
import { calendarRolls, frontAt, openInterestRolls } from './roll-schedule.ts';

const lean = recordedPath('lean');
const absent = 'the recorded files are absent';
const xcme = calendarOf('XCME');
const names = ['ES-201403', 'ES-201312', 'ES-201406'];
const said = (rolls: readonly { at: number; from: string; to: string }[]) =>
  rolls.map(({ at, from, to }) => `${isoFromMicros(microsUnchecked(at)).slice(0, 16)} ${from} ${to}`);

/** Minutes of one contract with closes that the test writes. */
function minutes(instrumentID: string, first: number, closes: readonly number[]): RawBars {
  const close = Float64Array.from(closes);
  const time = Float64Array.from(closes, (_, i) => (first + i + 1) * MICROS_PER_MINUTE);
  const shape = { instrumentID, interval: micros(MICROS_PER_MINUTE), count: close.length, day: new Int32Array(close.length) };
  return { ...shape, time, open: close, high: close, low: close, close, volume: new Float64Array(close.length).fill(5) };
}

function filesOf(days: RegExp): PlacedFile[] {
  const root = `${lean ?? ''}/`;
  return readdirSync(`${root}future/cme/minute/es`)
    .filter((name) => days.test(name))
    .flatMap((name) => parseLeanPath(`future/cme/minute/es/${name}`) ?? [])
    .map((file) => ({ root, file }));
}

test('a calendar roll of an index future happens on the second Thursday of its month, with the session that opens the evening before', () => {
  expect(said(calendarRolls(names, xcme))).toEqual(['2013-12-11T23:00 ES-201312 ES-201403', '2014-03-12T22:00 ES-201403 ES-201406']);
  expect(said(calendarRolls(names, xcme, 1))[0]).toBe('2013-12-18T23:00 ES-201312 ES-201403');
});

test('open interest rolls with the session after it passed the front, and never later than the day before the end', () => {
  const interest = (instrumentID: string, day: number, qty: number) => ({ instrumentID, time: Date.UTC(2013, 11, day, 14) * 1_000, qty });
  const crossing = [
    interest('ES-201312', 9, 900),
    interest('ES-201403', 9, 100),
    interest('ES-201312', 10, 400),
    interest('ES-201403', 10, 600),
  ];
  expect(said(openInterestRolls(names, crossing, xcme))[0]).toBe('2013-12-10T23:00 ES-201312 ES-201403');
  expect(said(openInterestRolls(names, crossing.slice(0, 2), xcme))[0]).toBe('2013-12-18T23:00 ES-201312 ES-201403');
  const rolls = openInterestRolls(names, crossing, xcme);
  expect([frontAt(rolls, rolls[0].at - 1), frontAt(rolls, rolls[0].at), frontAt([], 5)]).toEqual(['ES-201312', 'ES-201403', undefined]);
});

test('back-adjusted prices move as the contracts do, raw ones jump by the gap', () => {
  const contracts = [minutes('ES-201312', 0, [100, 101, 102, 103]), minutes('ES-201403', 0, [95, 96, 98, 99, 97])];
  const roll = { at: micros(3 * MICROS_PER_MINUTE), from: 'ES-201312', to: 'ES-201403' };
  const back = continuousBars(contracts, [roll], 'ES', 'back');
  expect([...(back?.bars.close ?? [])]).toEqual([96, 97, 98, 99, 97]);
  expect(back?.splices).toEqual([{ ...roll, gap: -4, price: 98, measuredAt: 3 * MICROS_PER_MINUTE }]);
  expect([...(continuousBars(contracts, [roll], 'ES', 'none')?.bars.close ?? [])]).toEqual([100, 101, 102, 99, 97]);
});

test('a roll whose gap nobody measured cuts a back-adjusted series, by count, and leaves a raw one whole', () => {
  const contracts = [minutes('ES-201312', 0, [100, 101]), minutes('ES-201403', 10, [95, 96])];
  const roll = { at: micros(5 * MICROS_PER_MINUTE), from: 'ES-201312', to: 'ES-201403' };
  const back = continuousBars(contracts, [roll], 'ES', 'back');
  expect([[...(back?.bars.close ?? [])], back?.cut]).toEqual([[95, 96], [roll]]);
  expect(continuousBars(contracts, [roll], 'ES', 'none')?.bars.count).toBe(4);
  expect(continuousBars([], [], 'ES', 'none')).toBeUndefined();
});

test.for([
  // no day between the 3rd and the 18th of December is recorded: the gap is that of the last minute that both traded in, not of the front's last one
  ['calendar', 1],
  // measured in the minute before the roll: the move over it is that of the new contract
  ['open-interest', 0],
] as const)('the recorded contracts of the ES roll by %s, and the series moves as the contract in front does', ([roll, odd], context) => {
  if (lean === undefined) return context.skip(absent);
  const files = filesOf(/^2013\d{4}_(trade|openinterest)\.zip$/);
  const { contracts } = readContracts(files);
  const source = continuousSource(files, { roll, adjust: 'back' }).read();
  const series = source.tables[0].kind === 'bars' ? source.tables[0].bars : undefined;
  if (series === undefined) throw new Error('no series');
  expect(source.counts).toEqual({ roll: 1 });
  const closeAt = new Map(contracts.map((bars) => [bars.instrumentID, new Map(Array.from(bars.time, (time, i) => [time, bars.close[i]]))]));
  let same = 0;
  for (let i = 1; i < series.count; i++) {
    const [before, now] = [series.time[i - 1], series.time[i]];
    const moves = ['ES-201312', 'ES-201403'].map((name) => (closeAt.get(name)?.get(now) ?? NaN) - (closeAt.get(name)?.get(before) ?? NaN));
    if (moves.includes(series.close[i] - series.close[i - 1])) same++;
  }
  expect([series.count > 16_000, series.count - 1 - same]).toEqual([true, odd]);
  const sessions = sessionBars(series);
  expect([sessions.count, sessions.close[sessions.count - 1]]).toEqual([18, series.close[series.count - 1]]);
});
