import { describe, expect, it } from 'vitest';
import { fromBigInt, splitZero, toBigInt, type Split } from '../base/split.ts';
import { lots, ticks, type Lots, type Ticks } from '../base/units.ts';
import { createRegistry, register, type ListingRow } from '../core/registry.ts';
import type { Registration } from '../domain/input.ts';
import { OwnMoney, type FillMoney } from './own-money.ts';

function listings(exponent: number): ListingRow[] {
  const registry = createRegistry();
  const venue = { venueID: 'V', simulated: true, capabilities: {} };
  const rows = [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent, feeDecimals: 2 } },
    { kind: 'register', what: 'currency', currency: { code: 'EUR', exponent, feeDecimals: 2 } },
    { kind: 'register', what: 'venue', venue },
    ...['USD', 'USD', 'EUR'].flatMap((currency, n) => [
      { kind: 'register', what: 'instrument', instrument: { instrumentID: `I${n}`, assetClass: 'equity', currency, baseUnit: '1' } },
      {
        kind: 'register',
        what: 'listing',
        listing: {
          listingID: `L${n}`,
          instrumentID: `I${n}`,
          venueID: 'V',
          symbol: `L${n}`,
          priceUnit: '0.000001',
          tickTable: [],
          lot: '1',
          multiplier: '1',
          calendar: 'XNYS',
        },
      },
    ]),
  ] as Registration[];
  for (const row of rows) expect(register(registry, row).ok).toBe(true);
  return registry.listings;
}

function money(units: bigint): Split {
  const split = splitZero();
  fromBigInt(split, units);
  return split;
}

function fill(cash: bigint, fee: bigint, feeCurrency = 0): FillMoney {
  return { cash: money(cash), fee: money(fee), feeCurrency, returnedFee: money(0n), returnedCurrency: -1 };
}

function equityOf(
  own: OwnMoney,
  capital: number,
  held: readonly [number, number][],
  prices: readonly (number | undefined)[],
): bigint | undefined {
  const positions = new Map<number, Lots>(held.map(([listing, position]) => [listing, lots(position)]));
  const lastPx = (ix: number): Ticks | undefined => (prices[ix] === undefined ? undefined : ticks(prices[ix]));
  const equity = own.equity(capital, positions, { lastPx, midTwice: (ix) => 2 * (prices[ix] ?? 0) });
  return equity === undefined ? undefined : toBigInt(equity);
}

describe('own money', () => {
  it('is the capital before the first fill, also past 2^53 units', () => {
    expect(equityOf(new OwnMoney(listings(6), [0, 1]), 1_000_000, [], [])).toBe(1_000_000_000_000n);
    expect(equityOf(new OwnMoney(listings(12), [0, 1]), 1_000_000, [], [])).toBe(1_000_000_000_000_000_000n);
  });

  it('adds cash and positions at their last price and takes fees off, to the unit', () => {
    const own = new OwnMoney(listings(6), [0, 1]);
    own.book(0, fill(-500n * 41_230_001n, 20_620_000n));
    own.book(1, fill(300n * 9_007_199_254n, -10_000n));
    const expected =
      1_000_000_000_000n - 500n * 41_230_001n - 20_620_000n + 300n * 9_007_199_254n + 10_000n + 500n * 42_000_003n - 300n * 9_000_000_001n;
    expect(
      equityOf(
        own,
        1_000_000,
        [
          [0, 500],
          [1, -300],
        ],
        [42_000_003, 9_000_000_001],
      ),
    ).toBe(expected);
  });

  it('gives a fee back that a bust returns', () => {
    const own = new OwnMoney(listings(6), [0]);
    own.book(0, fill(-100n, 30n));
    own.book(0, { ...fill(100n, 0n), returnedFee: money(30n), returnedCurrency: 0 });
    expect(equityOf(own, 1, [[0, 0]], [])).toBe(1_000_000n);
  });

  it('is unknown without a price for what is held, in two currencies, or with a fee in another', () => {
    expect(equityOf(new OwnMoney(listings(6), [0]), 1, [[0, 1]], [])).toBeUndefined();
    expect(equityOf(new OwnMoney(listings(6), [0, 2]), 1, [], [])).toBeUndefined();
    const own = new OwnMoney(listings(6), [0]);
    own.book(0, fill(-100n, 30n, 1));
    expect(equityOf(own, 1, [], [])).toBeUndefined();
  });
});
