import { requireBetween, requireWhole } from '../preconditions.ts';

/**
 * Level of the k-th version of one algorithm: 6 alpha / (pi^2 k^2), k = 1, 2, ...; over all versions they add up to alpha, because
 * sum 1 / k^2 = pi^2 / 6 (Euler 1735), so a new version is no new chance at the whole of it.
 */
export function alphaOfVersion(alpha: number, version: number): number {
  requireBetween('alpha', alpha, 0, 1);
  requireWhole('version number', version, 1, Number.MAX_SAFE_INTEGER);
  return (6 * alpha) / (Math.PI * Math.PI * version * version);
}

/**
 * e-value at which the k-th version acts where one version alone, with all of alpha, would act at `minE` = 1 / alpha: minE pi^2 k^2 / 6, k = 1, 2, ... By Ville's
 * inequality all of them together are wrong with 1 / minE at most, however many come.
 */
export function minEOfVersion(minE: number, version: number): number {
  requireBetween('minE', minE, 0, Infinity);
  requireWhole('version number', version, 1, Number.MAX_SAFE_INTEGER);
  return (minE * Math.PI * Math.PI * version * version) / 6;
}
