import { requireBetween, requireWhole } from '../preconditions.ts';
import { deviation, mean } from '../stats/moments.ts';

/**
 * Mean over sample deviation (n - 1) of per-period returns above a risk-free rate of 0, dimensionless, not annualized (Sharpe 1994, eq. 3 to 6).
 * `undefined` with fewer than two returns or when they do not vary.
 */
export function periodSharpe(returns: ArrayLike<number>): number | undefined {
  if (returns.length < 2) return undefined;
  const spread = deviation(returns, 'sample');
  return spread > 0 ? mean(returns) / spread : undefined;
}

/** `periodSharpe` x sqrt(periods per year), 252 for daily sessions; exact for uncorrelated returns only (Lo 2002). */
export function sharpeRatio(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  const perPeriod = periodSharpe(returns);
  return perPeriod === undefined ? undefined : perPeriod * Math.sqrt(periodsPerYear);
}

/** E(i) / E(i-1) - 1, one fewer than values. `undefined` when a value that divides is not positive. */
export function simpleReturns(equity: ArrayLike<number>): Float64Array | undefined {
  requireWhole('number of equity values', equity.length, 1, Number.MAX_SAFE_INTEGER);
  const returns = new Float64Array(equity.length - 1);
  for (let i = 1; i < equity.length; i++) {
    if (!(equity[i - 1] > 0)) return undefined;
    returns[i - 1] = equity[i] / equity[i - 1] - 1;
  }
  return returns;
}
