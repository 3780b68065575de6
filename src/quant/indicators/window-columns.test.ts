import { expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { createRsi, createRsiColumns, exportRsi, growRsi, pushRsi, restoreRsi, rsiAt } from './rsi.ts';
import { createWindows, growWindows, isWindowFull, pushWindow, refillWindowAt, valuesOfWindow } from './window-columns.ts';
import { createWindow, isFull, pushInto, windowValues } from './window.ts';

const size = 5;

it('keeps of many series what a window of each would, also when room is made for more', () => {
  const luck = prng('window columns');
  const columns = createWindows(size, 3);
  const alone = Array.from({ length: 12 }, () => createWindow(size));
  for (let n = 0; n < 2_000; n++) {
    if (n === 500) growWindows(columns, 6);
    if (n === 1_000) growWindows(columns, 12);
    const at = luck.int(n < 500 ? 3 : n < 1_000 ? 6 : 12);
    const value = luck.int(4) === 0 ? -0 : luck.normal();
    pushWindow(columns, at, value);
    pushInto(alone[at], value);
    expect(valuesOfWindow(columns, at)).toStrictEqual(windowValues(alone[at]));
    expect(isWindowFull(columns, at)).toBe(isFull(alone[at]));
    // contiguous, so that moments are taken without a copy
    const { slots, oldest, count } = columns;
    expect([...slots.subarray(oldest[at], oldest[at] + count[at])]).toStrictEqual(windowValues(alone[at]));
  }
  const values = valuesOfWindow(columns, 7);
  refillWindowAt(columns, 2, values);
  expect(valuesOfWindow(columns, 2)).toStrictEqual(values);
  expect(() => pushWindow(columns, 1, NaN)).toThrow('observation');
  expect(() => refillWindowAt(columns, 1, [1, 2, 3, 4, 5, 6])).toThrow('number of window values');
});

it.each(['talib', 'first'] as const)('gives the RSI of many series bit for bit as one alone does (%s)', (seed) => {
  const luck = prng('rsi columns');
  const columns = createRsiColumns(3, 2, seed);
  const alone = Array.from({ length: 6 }, () => createRsi(3, seed));
  for (let n = 0; n < 1_000; n++) {
    if (n === 300) growRsi(columns, 6);
    const at = luck.int(n < 300 ? 2 : 6);
    const close = 100 + luck.int(5);
    pushRsi(columns, at, close);
    expect(rsiAt(columns, at)).toBe(alone[at].push(close) ?? NaN);
    expect(exportRsi(columns, at)).toStrictEqual(alone[at].exportState());
  }
  restoreRsi(columns, 0, exportRsi(columns, 5));
  expect(rsiAt(columns, 0)).toBe(rsiAt(columns, 5));
});
