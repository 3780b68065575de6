import { normInv } from '../../base/math.ts';
import { requireBetween, requireFinite, requireWithin } from '../preconditions.ts';
import type { TailRisk } from './losses.ts';

/** 1 / sqrt(2 pi) */
const NORMAL_PEAK = 0.3989422804014327;

/**
 * Normal model of one period's PnL or return with this mean and deviation: value at risk -m + s z, expected shortfall
 * -m + s phi(z) / (1 - level) (McNeil, Frey & Embrechts 2015, section 2.3). Over a horizon of independent periods the mean
 * grows with it and the deviation with its root.
 */
export function normalTail(mean: number, deviation: number, level: number, horizon = 1): TailRisk {
  requireFinite('mean', mean);
  requireWithin('deviation', deviation, 0, Number.MAX_VALUE);
  requireBetween('level', level, 0, 1);
  requireBetween('horizon', horizon, 0, Infinity);
  const z = normInv(level);
  const density = NORMAL_PEAK * Math.exp((-z * z) / 2);
  const drift = mean * horizon;
  const spread = deviation * Math.sqrt(horizon);
  return { valueAtRisk: spread * z - drift, expectedShortfall: (spread * density) / (1 - level) - drift };
}

/**
 * Value at risk with the normal quantile corrected for skewness and kurtosis (not excess) by Cornish & Fisher (1938), as used by Favre &
 * Galeano (2002). `undefined` where the corrected quantile no longer grows with the level, so it would mean nothing.
 */
export function cornishFisherValueAtRisk(
  moments: { readonly mean: number; readonly deviation: number; readonly skewness: number; readonly kurtosis: number },
  level: number,
): number | undefined {
  requireWithin('deviation', moments.deviation, 0, Number.MAX_VALUE);
  requireBetween('level', level, 0, 1);
  const z = normInv(1 - level);
  const skew = moments.skewness;
  const excess = moments.kurtosis - 3;
  const slope = 1 + (z * skew) / 3 + ((3 * z * z - 3) * excess) / 24 - ((6 * z * z - 5) * skew * skew) / 36;
  if (!(slope > 0)) return undefined;
  const corrected = z + ((z * z - 1) * skew) / 6 + ((z * z * z - 3 * z) * excess) / 24 - ((2 * z * z * z - 5 * z) * skew * skew) / 36;
  return -moments.mean - corrected * moments.deviation;
}
