import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBigInt, splitZero } from '../base/split.ts';
import { micros, ticks } from '../base/units.ts';
import { adjustedListing } from '../testing/backtest/bar-desk.ts';
import { lotsFor, onTick, priceBelow } from './sizing.ts';

describe('sizing', () => {
  it('is the floor that whole numbers give', () => {
    let cases = 0;
    const price = fc.integer({ min: 1, max: 9_000_000_000_000 });
    const bps = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 22n),
        bps,
        bps,
        price,
        fc.constantFrom(1, 10, 50_000_000),
        (units, numerator, denominator, px, money) => {
          const equity = splitZero();
          fromBigInt(equity, units);
          const exact = (units * BigInt(numerator)) / (BigInt(px) * BigInt(money) * BigInt(denominator));
          fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
          expect(BigInt(lotsFor(equity, numerator, denominator, px, money))).toBe(exact);
          cases++;
        },
      ),
      { numRuns: 2_000 },
    );
    console.log(`${cases} sizes`);
    expect(cases).toBeGreaterThan(1_000);
  });

  it('is nothing for what is not positive', () => {
    const owed = splitZero();
    fromBigInt(owed, -5n);
    expect(lotsFor(owed, 500, 10_000, 1, 1)).toBe(0);
    expect(lotsFor(splitZero(), 500, 10_000, 1, 1)).toBe(0);
    fromBigInt(owed, 5_000_000n);
    expect(lotsFor(owed, 500, 10_000, 0, 1)).toBe(0);
  });

  it('puts a price below another half-even to the tick', () => {
    let cases = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000_000 }), fc.integer({ min: 1, max: 9_999 }), (px, bps) => {
        const product = BigInt(px) * BigInt(10_000 - bps);
        const twice = 2n * (product % 10_000n);
        const below = product / 10_000n;
        const exact = twice === 10_000n ? below + (below % 2n) : twice > 10_000n ? below + 1n : below;
        expect(BigInt(priceBelow(ticks(px), bps))).toBe(exact);
        cases++;
      }),
      { numRuns: 2_000 },
    );
    console.log(`${cases} prices`);
    expect(cases).toBe(2_000);
    // 98 % of 25, 75 and 50
    expect([25, 75, 50].map((px) => priceBelow(ticks(px), 200))).toEqual([24, 74, 49]);
  });

  it('rounds down to the band of the tick table that holds at that time', () => {
    const tickTable = [
      { fromPrice: ticks(0), step: 1 },
      { fromPrice: ticks(1_000), step: 50 },
      { fromPrice: ticks(1_000), fromDate: micros(500), step: 100 },
    ];
    const listing = { ...adjustedListing('A'), tickTable };
    expect([999, 1_000, 1_099].map((px) => onTick(ticks(px), listing, micros(499)))).toEqual([999, 1_000, 1_050]);
    expect(onTick(ticks(1_099), listing, micros(500))).toBe(1_000);
  });
});
