import { requireSameLength, requireWhole } from '../preconditions.ts';
import { crossProducts } from './covariance.ts';
import { mean, squaredDistances } from './moments.ts';

/** response = intercept + slope * regressor + residual */
export interface Line {
  /** In the unit of the response. */
  readonly intercept: number;
  /** In units of the response per unit of the regressor. */
  readonly slope: number;
}

/**
 * Ordinary least squares of one series on another with a constant, closed form (Legendre 1805): slope = Sxy / Sxx. Both of one length,
 * at least two; `undefined` when the regressor does not vary.
 */
export function fitLine(response: ArrayLike<number>, regressor: ArrayLike<number>): Line | undefined {
  requireSameLength('response and regressor', response, regressor);
  requireWhole('number of pairs', response.length, 2, Number.MAX_SAFE_INTEGER);
  const center = mean(regressor);
  const spread = squaredDistances(regressor, center);
  if (!(spread > 0)) return undefined;
  const level = mean(response);
  const slope = crossProducts(regressor, response, center, level) / spread;
  return { intercept: level - slope * center, slope };
}
