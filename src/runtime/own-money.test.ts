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

describe('own money of several currencies', () => {
  /** Capital in dollars; a euro is 1.25 of them, at a listing behind the others. */
  const terms = {
    currency: 0,
    unitsPerCurrency: 1_000_000,
    currencies: 2,
    pairs: [{ listing: 3, base: 1, quote: 0, up: 1, down: 2_000_000 }],
  };
  const prices = { lastPx: (): Ticks => ticks(2_000_000), midTwice: (ix: number): number => (ix === 3 ? 2_500_000 : 0) };
  const unknown = { ...prices, midTwice: (): number => 0 };

  it('is summed up in each and converted at the rates of now, also after it went to another host', () => {
    const own = new OwnMoney(listings(6), [0, 2], terms);
    // 100 euros for 50 pieces, which are worth two euros each, a fee of one in each currency
    own.book(2, fill(-100_000_000n, 1_000_000n, 1));
    own.book(0, fill(0n, 1_000_000n, 0));
    own.receive(money(4_000_000n), 1);
    const held = new Map([[2, lots(50)]]);
    const expected = 1_000_000_000_000n - 1_000_000n + (3_000_000n * 5n) / 4n;
    expect(toBigInt(own.equity(1_000_000, held, prices) ?? splitZero())).toBe(expected);
    const other = new OwnMoney(listings(6), [0, 2], terms);
    other.restore(JSON.parse(JSON.stringify(own.state())) as ReturnType<OwnMoney['state']>);
    const equity = other.equity(1_000_000, held, prices) ?? splitZero();
    expect(toBigInt(equity)).toBe(expected);
    expect(toBigInt(other.inCurrencyOf(2, equity, prices) ?? splitZero())).toBe((expected * 4n) / 5n);
    expect(toBigInt(other.inCurrencyOf(0, equity, prices) ?? splitZero())).toBe(expected);
    expect([other.rateOf(0, prices), other.rateOf(2, prices)]).toEqual([1, 1.25]);
  });

  it('is not told without a rate, and nothing can be paid for', () => {
    const own = new OwnMoney(listings(6), [0, 2], terms);
    own.book(2, fill(-100_000_000n, 0n));
    expect(own.equity(1_000_000, new Map([[2, lots(50)]]), unknown)).toBeDefined();
    expect(own.equity(1_000_000, new Map([[2, lots(49)]]), unknown)).toBeUndefined();
    expect([own.inCurrencyOf(2, money(1n), unknown), own.rateOf(2, unknown)]).toEqual([undefined, Infinity]);
  });
});
