import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import { chargeInto, feeInto, feeRateOf } from './fees.ts';

/** The same in whole numbers of any size: numerator / (10^8 x feeUnit), half-even, times feeUnit. */
function oracle(price: number, qty: number, money: number, rate: number, feeUnit: number): bigint {
  const wide = BigInt(Math.abs(price)) * BigInt(qty) * BigInt(money) * BigInt(Math.abs(rate));
  const unit = 100_000_000n * BigInt(feeUnit);
  const twice = 2n * (wide % unit);
  const floor = wide / unit;
  const up = twice > unit || (twice === unit && floor % 2n === 1n);
  return (up ? floor + 1n : floor) * BigInt(feeUnit) * (rate < 0 ? -1n : 1n);
}

test('commissions equal a bigint oracle to the unit, ties included', () => {
  const luck = prng('fees');
  const fee = splitZero();
  let ties = 0;
  const cases = 20_000;
  for (let i = 0; i < cases; i++) {
    const price = luck.int(1 + luck.int(10_000_000)) - 1000;
    const qty = 1 + luck.int(1 + luck.int(100_000));
    const money = [1, 5, 10_000, 1_000_000, 10_000_000_000][luck.int(5)];
    const rate = [1, -1, 5_000, -2_500, 10_000, 25_000, 40_000, 100_000_000][luck.int(8)];
    const feeUnit = [1, 100, 10_000, 10_000_000_000][luck.int(4)];
    const numerator = BigInt(Math.abs(price)) * BigInt(qty) * BigInt(money) * BigInt(Math.abs(rate));
    if (2n * (numerator % (100_000_000n * BigInt(feeUnit))) === 100_000_000n * BigInt(feeUnit)) ties += 1;
    feeInto(fee, price, qty, money, rate, feeUnit);
    expect(toBigInt(fee)).toBe(oracle(price, qty, money, rate, feeUnit));
    chargeInto(fee, price, qty, feeRateOf(money, rate, feeUnit));
    expect(toBigInt(fee)).toBe(oracle(price, qty, money, rate, feeUnit));
  }
  console.log(`fees: ${cases} cases, ${ties} of them ties`);
  expect(ties).toBeGreaterThan(0);
});
