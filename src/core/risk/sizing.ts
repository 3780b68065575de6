import { lotsUnchecked, type Lots } from '../../base/units.ts';

/** What a sizing hook may look at, between intent and order. */
export interface SizingBasis {
  /** Lots that the strategy asked for, at least 1. */
  readonly orderQty: Lots;
  /** Annual volatility of the instrument as last known, a fraction (0.2 = 20 %); 0 = unknown. */
  readonly annualVolatility: number;
  /** Proven or asked to reduce: never made smaller. */
  readonly reducing: boolean;
}

/** Turns the quantity that was asked for into the one that is checked and sent; 0 = nothing is sent (ORDER_QTY_NOT_POSITIVE). Never makes it larger. */
export type Sizing = (basis: SizingBasis) => Lots;

/** As asked. */
export function identitySizing(basis: SizingBasis): Lots {
  return basis.orderQty;
}

export interface VolatilityTarget {
  /** Annual volatility at which orders keep their size, a fraction above 0. */
  readonly targetVolatility: number;
  /** Smallest share that is left of an order, 0…1: below it the order is not sent at all when `floor` is 0. */
  readonly floor: number;
}

/**
 * floor(orderQty x clamp(target / volatility, floor, 1)): constant-risk sizing (Moskowitz, Ooi & Pedersen 2012, "Time series momentum", eq. 5: position
 * inverse to ex-ante volatility), cut at 1 so that calm markets never enlarge an order. Unknown volatility leaves the floor.
 * @throws RangeError when the target is not above 0 or the floor lies outside 0…1.
 */
export function volatilitySizing(target: VolatilityTarget): Sizing {
  const { targetVolatility, floor } = target;
  if (!(targetVolatility > 0 && targetVolatility < Infinity))
    throw new RangeError(`targetVolatility: expected a number above 0, was ${targetVolatility}`);
  if (!(floor >= 0 && floor <= 1)) throw new RangeError(`floor: expected 0…1, was ${floor}`);
  return (basis) => {
    if (basis.reducing) return basis.orderQty;
    const share = basis.annualVolatility > 0 ? targetVolatility / basis.annualVolatility : floor;
    return lotsUnchecked(Math.floor(basis.orderQty * Math.min(1, Math.max(floor, share))));
  };
}
