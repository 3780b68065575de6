import { decimalStep } from '../base/decimal.ts';
import type { Listing } from '../domain/instrument.ts';

/** Prices of a listing as doubles in its currency: ticks x units / 10^scale, one rounding for a decimal unit such as 0.000001. */
export interface PriceScale {
  readonly units: number;
  readonly divisor: number;
}

/** @throws RangeError when the listing's price unit is no positive decimal: the registry lets no such listing in. */
export function priceScaleOf(listing: Listing): PriceScale {
  const step = decimalStep(listing.priceUnit);
  if (!step.ok) throw new RangeError(`listing ${listing.listingID}: expected a positive decimal as price unit, was ${listing.priceUnit}`);
  return { units: step.value.units, divisor: Number(`1e${step.value.scale}`) };
}

export function priceIn(scale: PriceScale, ticks: number): number {
  return (ticks * scale.units) / scale.divisor;
}
