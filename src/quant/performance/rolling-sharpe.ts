import { requireBetween, requireWhole } from '../preconditions.ts';
import { estimateSharpe, sharpeDeviation } from './probabilistic-sharpe.ts';

export interface RollingSharpe {
  /** Index of the last return of the window. */
  readonly at: number;
  /** Annualized. */
  readonly sharpe: number;
  /** Standard deviation of that estimate, annualized; `undefined` when the moments of the window leave none. */
  readonly deviation: number | undefined;
}

/**
 * Sharpe ratio of every `window` consecutive per-period returns, with the standard deviation of the estimate (Mertens 2002, as in Bailey &
 * Lopez de Prado 2012) from the moments of the same window. A window whose returns do not vary has no entry. Neighboring windows share all
 * but one return, so their estimates are anything but independent.
 */
export function rollingSharpe(returns: ArrayLike<number>, window: number, periodsPerYear: number): readonly RollingSharpe[] {
  requireWhole('window', window, 2);
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  const scale = Math.sqrt(periodsPerYear);
  const span = new Float64Array(window);
  const found: RollingSharpe[] = [];
  for (let at = window - 1; at < returns.length; at++) {
    for (let i = 0; i < window; i++) span[i] = returns[at - window + 1 + i];
    const estimate = estimateSharpe(span);
    if (estimate === undefined) continue;
    const deviation = sharpeDeviation(estimate, 0, '2012');
    found.push({ at, sharpe: scale * estimate.sharpe, deviation: deviation === undefined ? undefined : scale * deviation });
  }
  return found;
}
