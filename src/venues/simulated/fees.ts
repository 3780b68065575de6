import { cmp, divHalfEvenInto, fromSafe, addInto, mulDivFloorInto, mulInto, mulSmallInto, splitZero } from '../../base/split.ts';
import type { Split } from '../../base/split.ts';

/** What a venue charges. Rates in 10^-8 of the notional (1 bps = 10,000), whole numbers; negative pays a rebate. */
export interface FeeSchedule {
  readonly makerRate: number;
  readonly takerRate: number;
  /** Units of the currency's money in one fee unit: 10^(exponent - feeDecimals). */
  readonly feeUnit: number;
}

/** Largest rate either way: the whole notional. */
export const maxFeeRate = 100_000_000;
const rateBase = 100_000_000;

const wide = splitZero();
const back = splitZero();
const bit = splitZero();

/**
 * Commission of one fill: |price| x qty x moneyPerTickLot x rate, rounded half-even to the fee unit, in units of the currency's money.
 * Two divisions in a row, the first of the doubled product so that a tie shows in it; its remainder is kept as a sticky bit, so that there is one rounding.
 */
export function feeInto(out: Split, price: number, qty: number, moneyPerTickLot: number, rate: number, feeUnit: number): void {
  mulInto(wide, Math.abs(price), qty);
  mulSmallInto(wide, wide, moneyPerTickLot);
  mulSmallInto(wide, wide, Math.abs(rate));
  mulSmallInto(wide, wide, 2);
  mulDivFloorInto(out, wide, 1, rateBase);
  mulSmallInto(back, out, rateBase);
  fromSafe(bit, cmp(back, wide) === 0 ? 0 : 1);
  mulSmallInto(out, out, 2);
  addInto(out, out, bit);
  divHalfEvenInto(out, out, feeUnit * 4);
  mulSmallInto(out, out, rate < 0 ? -feeUnit : feeUnit);
}

/** A rate made ready for one listing: what a fill of (price x qty) costs is price x qty x numerator / denominator fee units, in lowest terms. */
export interface FeeRate {
  readonly numerator: number;
  readonly denominator: number;
  readonly moneyPerTickLot: number;
  readonly rate: number;
  readonly feeUnit: number;
}

export function feeRateOf(moneyPerTickLot: number, rate: number, feeUnit: number): FeeRate {
  const size = Math.abs(rate);
  const byUnit = gcd(moneyPerTickLot, feeUnit);
  const byBase = gcd(size, rateBase);
  const crossed = gcd(moneyPerTickLot / byUnit, rateBase / byBase);
  const other = gcd(size / byBase, feeUnit / byUnit);
  const numerator = (moneyPerTickLot / byUnit / crossed) * (size / byBase / other);
  const denominator = (rateBase / byBase / crossed) * (feeUnit / byUnit / other);
  return { numerator, denominator, moneyPerTickLot, rate, feeUnit };
}

/** As `feeInto`, by plain numbers where they are exact. */
export function chargeInto(out: Split, price: number, qty: number, fee: FeeRate): void {
  const { numerator, denominator, rate, feeUnit } = fee;
  const product = Math.abs(price) * qty * numerator;
  if (product > largestExact || denominator > largestExact) {
    feeInto(out, price, qty, fee.moneyPerTickLot, rate, feeUnit);
    return;
  }
  // exact below 2^53, and no call, which % is for doubles
  let units = Math.floor(product / denominator);
  const rest = product - units * denominator;
  if (rest * 2 > denominator || (rest * 2 === denominator && units % 2 === 1)) units += 1;
  mulInto(out, units, rate < 0 ? -feeUnit : feeUnit);
}

/** Half of 2^53: twice a remainder is exact too. */
const largestExact = 4_503_599_627_370_496;

function gcd(a: number, b: number): number {
  return b === 0 ? Math.max(1, a) : gcd(b, a % b);
}
