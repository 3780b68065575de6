import { describe, expect, it } from 'vitest';
import { lotsUnchecked } from '../../base/units.ts';
import { initialMarginBps } from './margin.ts';
import { identitySizing, volatilitySizing } from './sizing.ts';
import { isOnTick, stepAt } from './tick-table.ts';
import { microsUnchecked, ticksUnchecked } from '../../base/units.ts';

describe('sizing', () => {
  const basis = (annualVolatility: number, reducing = false): Parameters<typeof identitySizing>[0] => ({
    orderQty: lotsUnchecked(100),
    annualVolatility,
    reducing,
  });
  it('leaves orders as they are unless something else is chosen', () => {
    expect(identitySizing(basis(9))).toBe(100);
  });
  it('by volatility: target over volatility, rounded down, never larger than asked, never below the floor', () => {
    const size = volatilitySizing({ targetVolatility: 0.2, floor: 0.1 });
    expect([0.1, 0.2, 0.3, 0.4, 8, 0].map((volatility) => size(basis(volatility)))).toEqual([100, 100, 66, 50, 10, 10]);
    expect(size(basis(8, true))).toBe(100);
    expect(volatilitySizing({ targetVolatility: 0.2, floor: 0 })(basis(0))).toBe(0);
  });
  it('refuses targets and floors that mean nothing', () => {
    expect(() => volatilitySizing({ targetVolatility: 0, floor: 0 })).toThrow('targetVolatility: expected a number above 0, was 0');
    expect(() => volatilitySizing({ targetVolatility: 1, floor: 2 })).toThrow('floor: expected 0…1, was 2');
  });
});

describe('margin models', () => {
  it('ask for all of it, a share of it, or what the table says', () => {
    expect(initialMarginBps({ kind: 'cash' }, 'X')).toBe(10_000);
    expect(initialMarginBps({ kind: 'regT', initialBps: 5_000, maintenanceBps: 2_500 }, 'X')).toBe(5_000);
    const table = { kind: 'table', initialBps: { X: 800 }, defaultBps: 2_000 } as const;
    expect([initialMarginBps(table, 'X'), initialMarginBps(table, 'Y'), initialMarginBps(table, 'toString')]).toEqual([800, 2_000, 2_000]);
  });
});

describe('tick tables', () => {
  const table = [
    { fromPrice: ticksUnchecked(0), step: 1 },
    { fromPrice: ticksUnchecked(1_000), step: 5 },
    { fromPrice: ticksUnchecked(0), fromDate: microsUnchecked(100), step: 10 },
    { fromPrice: ticksUnchecked(500), fromDate: microsUnchecked(100), step: 50 },
  ];
  it('the highest band at or below the price decides, in the newest table in force', () => {
    expect([999, 1_000, 1_001].map((price) => stepAt(table, price, 99))).toEqual([1, 5, 5]);
    expect([499, 500, 1_000].map((price) => stepAt(table, price, 100))).toEqual([10, 50, 50]);
    expect([isOnTick(table, 1_003, 99), isOnTick(table, 1_005, 99), isOnTick(table, 510, 100), isOnTick(table, 550, 100)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
