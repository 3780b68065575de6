import { requireBetween, requireWhole } from '../preconditions.ts';

/**
 * Lower end of the interval for the chance of an event after `events` in `trials`, 0 ... 1, `z` standard deviations below (Wilson 1927, Probable inference; one-sided
 * 95 % at z = 1.645). `undefined` without trials.
 */
export function wilsonLower(events: number, trials: number, z: number): number | undefined {
  requireWhole('number of trials', trials, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('number of events', events, 0, trials);
  requireBetween('z', z, 0, Infinity);
  if (trials === 0) return undefined;
  const rate = events / trials;
  const square = z * z;
  const spread = z * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials * trials));
  return Math.max(0, (rate + square / (2 * trials) - spread) / (1 + square / trials));
}
