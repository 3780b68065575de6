import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { fromBigInt, fromSafe, splitZero, toBigInt } from '../base/split.ts';
import { computeFee, type FeeSpec } from './fee.ts';
import type { Liquidity } from './report.ts';

const usd = { code: 'USD', exponent: 4, feeDecimals: 2 };
const yen = { code: 'JPY', exponent: 0, feeDecimals: 0 };
const fine = { code: 'USD', exponent: 12, feeDecimals: 2 };
const out = splitZero();
const notional = splitZero();
const volume = splitZero();

const bps: FeeSpec = { kind: 'bps', maker: -5_000, taker: 100_000 };
const perShare: FeeSpec = { kind: 'perShare', makerPerLot: -20, takerPerLot: 50, min: 3_500, maxRate: 1_000_000 };
const tier = (from: number, taker: number): { fromVolume: { hi: number; lo: number }; maker: number; taker: number } => ({
  fromVolume: { hi: 0, lo: from },
  maker: 0,
  taker,
});
const tiered: FeeSpec = { kind: 'tiered', tiers: [tier(0, 100_000), tier(1_000_000, 50_000)] };

/** Money in units of 10^-4 USD: a fee unit (cent) is 100 of them. */
const table: [string, FeeSpec, number, number, Liquidity, number, number][] = [
  ['10 bps of 1,234.56 are 1.23', bps, 12_345_600, 0, 'taker', 0, 12_300],
  ['a maker is paid back half a bp', bps, 12_345_600, 0, 'maker', 0, -600],
  ['unsaid liquidity pays the taker rate', bps, 12_345_600, 0, 'none', 0, 12_300],
  ['half a cent goes to the even cent below', bps, 50_000, 0, 'taker', 0, 0],
  ['one and a half cents go to the even cent above', bps, 150_000, 0, 'taker', 0, 200],
  ['a little more than half a cent goes up', bps, 50_001, 0, 'taker', 0, 100],
  ['per share: 1,000 at half a cent', perShare, 1_000_000_000, 1_000, 'taker', 0, 50_000],
  ['per share: at least 0.35', perShare, 1_000_000_000, 10, 'taker', 0, 3_500],
  ['per share: at most 1 % of the notional', perShare, 100_000, 10, 'taker', 0, 1_000],
  ['per share: a rebate knows no minimum', perShare, 1_000_000_000, 1_000, 'maker', 0, -20_000],
  ['tiered: below the second volume the first rate', tiered, 10_000_000, 0, 'taker', 999_999, 10_000],
  ['tiered: at the second volume the second rate', tiered, 10_000_000, 0, 'taker', 1_000_000, 5_000],
  ['nothing traded costs nothing', bps, 0, 0, 'taker', 0, 0],
];

test.each(table)('%s', (_, spec, money, lots, liquidity, traded, fee) => {
  fromSafe(notional, money);
  fromSafe(volume, traded);
  computeFee(out, spec, notional, lots, liquidity, volume, usd);
  expect(toBigInt(out)).toBe(BigInt(fee));
});

test('a currency without decimals rounds to whole units', () => {
  fromSafe(volume, 0);
  for (const [money, fee] of [
    [500, 0],
    [1_500, 2],
    [1_501, 2],
    [2_500, 2],
  ]) {
    fromSafe(notional, money);
    computeFee(out, bps, notional, 0, 'taker', volume, yen);
    expect(toBigInt(out)).toBe(BigInt(fee));
  }
});

test('a rate above the whole notional is refused', () => {
  fromSafe(notional, 1);
  expect(() => computeFee(out, { kind: 'bps', maker: 0, taker: 100_000_001 }, notional, 0, 'taker', volume, usd)).toThrow(
    'at most 100000000',
  );
});

test('fees of 50,000 random notionals equal bigint, up to the largest fill', () => {
  const random = prng('fees');
  for (let n = 0; n < 50_000; n++) {
    const x = (1n << BigInt(random.int(88))) + BigInt(random.int(1_000_000));
    const rate = random.int(3) === 0 ? random.int(100_000_001) : random.int(100) * 1_000;
    const currency = [usd, yen, fine][random.int(3)];
    const scale = 10n ** BigInt(currency.exponent - currency.feeDecimals);
    const divisor = 100_000_000n * scale;
    const floor = (x * BigInt(rate)) / divisor;
    const twice = 2n * (x * BigInt(rate) - floor * divisor);
    const up = twice > divisor || (twice === divisor && floor % 2n === 1n);
    fromBigInt(notional, x);
    computeFee(out, { kind: 'bps', maker: 0 - rate, taker: rate }, notional, 0, random.int(2) === 0 ? 'taker' : 'none', volume, currency);
    if (toBigInt(out) !== (floor + (up ? 1n : 0n)) * scale) expect.fail(`${x} at ${rate}: was ${toBigInt(out)}`);
    computeFee(out, { kind: 'bps', maker: 0 - rate, taker: rate }, notional, 0, 'maker', volume, currency);
    if (toBigInt(out) !== -(floor + (up ? 1n : 0n)) * scale) expect.fail(`${x} at -${rate}: was ${toBigInt(out)}`);
  }
});
