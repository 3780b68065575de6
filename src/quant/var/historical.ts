import { requireBetween, requireFinite, requireWhole } from '../preconditions.ts';
import { type QuantileDefinition, quantileOfSorted } from '../stats/quantile.ts';
import type { TailRisk } from './losses.ts';

/**
 * Historical simulation: the `level` quantile (0.99: one day in a hundred is worse) of the losses -PnL, and the mean of the worst
 * 1 - level of them, the observation at the edge counted with the part that belongs to the tail (Acerbi & Tasche 2002, definition 2.6).
 * `inverse` (default) takes an observed loss, `linear` interpolates between two; expected shortfall is the same for both.
 */
export function historicalTail(pnls: ArrayLike<number>, level: number, definition: QuantileDefinition = 'inverse'): TailRisk {
  requireWhole('number of outcomes', pnls.length, 1, Number.MAX_SAFE_INTEGER);
  requireBetween('level', level, 0, 1);
  const losses = new Float64Array(pnls.length);
  for (let i = 0; i < losses.length; i++) {
    requireFinite('PnL', pnls[i]);
    losses[i] = 0 - pnls[i];
  }
  losses.sort();
  return { valueAtRisk: quantileOfSorted(losses, level, definition), expectedShortfall: tailMean(losses, 1 - level) };
}

/** Mean of the largest `share` of ascending values, the last one taken in part. */
function tailMean(ascending: Float64Array, share: number): number {
  const weight = share * ascending.length;
  let left = weight;
  let sum = 0;
  for (let i = ascending.length - 1; i >= 0 && left > 0; i--) {
    const part = Math.min(1, left);
    sum += part * ascending[i];
    left -= part;
  }
  return sum / weight;
}
