import { requireFinite, requireSameLength, requireWhole } from '../preconditions.ts';

/** Exposure over time, as fractions of the equity of the same moment. */
export interface Exposure {
  /** Sum of |position value| / equity at each moment. */
  readonly gross: Float64Array;
  /** Sum of signed position value / equity at each moment. */
  readonly net: Float64Array;
  readonly meanGross: number;
  readonly maxGross: number;
  /** Share of the moments at which anything was held, 0 ... 1. */
  readonly timeInMarket: number;
}

/** From long and short market value (both magnitudes >= 0) and equity (> 0), one currency, one entry per moment; needs at least one. */
export function exposureOf(long: ArrayLike<number>, short: ArrayLike<number>, equity: ArrayLike<number>): Exposure {
  requireWhole('number of moments', equity.length, 1, Number.MAX_SAFE_INTEGER);
  requireSameLength('long value and equity', long, equity);
  requireSameLength('short value and equity', short, equity);
  const gross = new Float64Array(equity.length);
  const net = new Float64Array(equity.length);
  let sum = 0;
  let maxGross = 0;
  let held = 0;
  for (let i = 0; i < equity.length; i++) {
    gross[i] = (long[i] + short[i]) / equity[i];
    net[i] = (long[i] - short[i]) / equity[i];
    requireFinite('exposure', gross[i]);
    sum += gross[i];
    if (gross[i] > maxGross) maxGross = gross[i];
    if (long[i] > 0 || short[i] > 0) held++;
  }
  return { gross, net, meanGross: sum / equity.length, maxGross, timeInMarket: held / equity.length };
}
