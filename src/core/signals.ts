import type { Micros } from '../base/units.ts';
import type { Signal } from '../domain/input.ts';
import type { Core } from './core.ts';
import { takeLevel } from './risk/size-cut.ts';

/** The signal whose value is the volatility index, in index points. */
export const volatilitySignal = 'VIX';

/** Largest value that an index of volatility can have: more is a fault of its source, and is as if nothing had been told. */
export const mostPoints = 10_000;

/**
 * A value with the time it was known. The volatility index is what size cuts are judged by; every other signal is kept in the journal only. A value that is no level, or known later than
 * now, is not taken: the one before it grows old.
 */
export function takeSignal(core: Core, { name, value, knownAt }: Signal, at: Micros): void {
  if (name !== volatilitySignal || !(value >= 0 && value <= mostPoints) || knownAt > at) return;
  takeLevel(core.risk.volatility, hundredthsOf(value), knownAt);
}

/** Hundredths of an index point, rounded up; a decimal like 30.01 may lie a bit above its hundredths. */
export function hundredthsOf(points: number): number {
  return Math.ceil(Number((points * 100).toFixed(6)));
}
