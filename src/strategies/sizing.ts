import { divHalfEvenInto, mulDivFloorInto, mulInto, mulSmallInto, splitZero, toNumber, type Split } from '../base/split.ts';
import { ticks, type Micros, type Ticks } from '../base/units.ts';
import type { Listing } from '../domain/instrument.ts';

/** Parameters that are shares or distances are whole basis points, so that sizes are exact integers. */
export const bpsOne = 10_000;

const left = splitZero();

/**
 * floor(equity x numerator / (price x moneyPerTickLot x denominator)): whole lots that a share of the equity pays for, exact. `equity` in units of money,
 * `price` in ticks; numerator and denominator positive whole numbers. 0 where equity or price are not positive.
 */
export function lotsFor(equity: Readonly<Split>, numerator: number, denominator: number, price: number, moneyPerTickLot: number): number {
  if (equity.hi < 0 || price <= 0) return 0;
  mulSmallInto(left, equity, numerator);
  // floor(floor(x / a) / b) = floor(x / (a b)) for whole numbers, and each divisor stays a safe integer
  mulDivFloorInto(left, left, 1, price);
  mulDivFloorInto(left, left, 1, moneyPerTickLot);
  mulDivFloorInto(left, left, 1, denominator);
  return Math.min(toNumber(left), Number.MAX_SAFE_INTEGER);
}

/** price x (1 - bps / 10^4), half-even to a tick. */
export function priceBelow(price: Ticks, bps: number): Ticks {
  mulInto(left, price, bpsOne - bps);
  divHalfEvenInto(left, left, bpsOne);
  return ticks(toNumber(left));
}

/** The nearest price at or below that the listing's tick table allows at that time. */
export function onTick(price: Ticks, listing: Listing, at: Micros): Ticks {
  let step = 1;
  for (const band of listing.tickTable) {
    if (Math.abs(price) >= band.fromPrice && (band.fromDate === undefined || band.fromDate <= at)) step = band.step;
  }
  return ticks(Math.floor(price / step) * step);
}
