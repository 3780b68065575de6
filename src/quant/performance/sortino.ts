import { requireBetween, requireFinite } from '../preconditions.ts';
import { mean } from '../stats/moments.ts';

/**
 * Root of the mean square of what falls short of the target, over *all* n returns (Sortino & van der Meer 1991; Sortino & Price 1994),
 * in the unit of the returns, per period. `undefined` without returns.
 */
export function downsideDeviation(returns: ArrayLike<number>, target = 0): number | undefined {
  requireFinite('target', target);
  if (returns.length === 0) return undefined;
  let squares = 0;
  for (let i = 0; i < returns.length; i++) {
    const shortfall = Math.min(0, returns[i] - target);
    squares += shortfall * shortfall;
  }
  return Math.sqrt(squares / returns.length);
}

/** (mean - target) / downside deviation x sqrt(periods per year). `undefined` when nothing fell short of the target. */
export function sortinoRatio(returns: ArrayLike<number>, periodsPerYear: number, target = 0): number | undefined {
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  const downside = downsideDeviation(returns, target);
  if (downside === undefined || !(downside > 0)) return undefined;
  return ((mean(returns) - target) / downside) * Math.sqrt(periodsPerYear);
}
