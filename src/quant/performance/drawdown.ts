import { requireBetween, requireFinite, requireWhole } from '../preconditions.ts';

/** Most drawdowns listed at once. */
export const MAX_LISTED_DRAWDOWNS = 1000;

export interface Drawdown {
  /** Index of the peak, the last one when the same height was reached again without a loss between. */
  readonly peak: number;
  /** Index of the first lowest value below that peak. */
  readonly trough: number;
  /** Index of the first value back at the peak or above; `undefined` while it lasts. */
  readonly recovery: number | undefined;
  /** (peak - trough) / peak, a magnitude >= 0; above 1 when the equity fell below zero. */
  readonly depth: number;
}

/** (running peak - E) / running peak at each value, a magnitude >= 0. The first value must be above 0. */
export function drawdowns(equity: ArrayLike<number>): Float64Array {
  requireEquity(equity);
  const series = new Float64Array(equity.length);
  let peak = equity[0];
  for (let i = 0; i < equity.length; i++) {
    if (equity[i] > peak) peak = equity[i];
    series[i] = (peak - equity[i]) / peak;
  }
  return series;
}

/** The largest of `drawdowns`. */
export function maxDrawdown(equity: ArrayLike<number>): number {
  let deepest = 0;
  for (const depth of drawdowns(equity)) if (depth > deepest) deepest = depth;
  return deepest;
}

/** The `count` deepest peak-to-recovery spans, deepest first, the earlier first among equals. */
export function worstDrawdowns(equity: ArrayLike<number>, count: number): readonly Drawdown[] {
  requireWhole('number of drawdowns', count, 0, MAX_LISTED_DRAWDOWNS);
  return spans(equity)
    .sort((a, b) => b.depth - a.depth || a.peak - b.peak)
    .slice(0, count);
}

function spans(equity: ArrayLike<number>): Drawdown[] {
  requireEquity(equity);
  const found: Drawdown[] = [];
  let peak = 0;
  let trough = 0;
  const close = (recovery: number | undefined): void => {
    if (equity[trough] < equity[peak]) found.push({ peak, trough, recovery, depth: (equity[peak] - equity[trough]) / equity[peak] });
  };
  for (let i = 1; i < equity.length; i++) {
    if (equity[i] >= equity[peak]) {
      close(i);
      peak = i;
      trough = i;
    } else if (equity[i] < equity[trough]) {
      trough = i;
    }
  }
  close(undefined);
  return found;
}

function requireEquity(equity: ArrayLike<number>): void {
  requireWhole('number of equity values', equity.length, 1, Number.MAX_SAFE_INTEGER);
  requireBetween('first equity value', equity[0], 0, Infinity);
  for (let i = 1; i < equity.length; i++) requireFinite('equity value', equity[i]);
}
