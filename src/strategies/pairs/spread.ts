import { pearson } from '../../quant/stats/covariance.ts';
import { engleGranger } from '../../quant/stats/engle-granger.ts';
import { deviation, mean } from '../../quant/stats/moments.ts';
import { fitLine } from '../../quant/stats/simple-regression.ts';
import type { PairsTerms } from './terms.ts';

/** What a refit found. */
export interface Fit {
  /** Index of its group bar. */
  readonly at: number;
  /** log A = a + beta log B */
  readonly beta: number;
  readonly eligible: boolean;
  /** Sample deviation of the spread's changes in the formation window. */
  readonly changeDeviation: number;
}

/** Least squares of log A on log B over the formation window, and whether the pair may be entered until the next refit. */
export function refit(first: readonly number[], second: readonly number[], at: number, terms: PairsTerms): Fit {
  const a = first.slice(-terms.formation);
  const b = second.slice(-terms.formation);
  const beta = fitLine(a, b)?.slope;
  // a leg that stands still fits nothing
  if (beta === undefined) return { at, beta: 0, eligible: false, changeDeviation: 0 };
  const changeDeviation = deviation(changesOf(spreadOf(a, b, beta, terms.formation)), 'sample');
  const correlation = pearson(changesOf(a), changesOf(b));
  const correlated = correlation !== undefined && correlation > terms.minCorrelation;
  return { at, beta, eligible: correlated && cointegrated(a, b, terms.maxPValue), changeDeviation };
}

function cointegrated(a: readonly number[], b: readonly number[], maxPValue: number): boolean {
  const test = engleGranger(a, [b]);
  return test.ok && test.value.pValue < maxPValue;
}

/** Distance of the spread from its mean in sample deviations, over the last `window` bars; undefined when it does not vary. */
export function zScore(first: readonly number[], second: readonly number[], beta: number, window: number): number | undefined {
  const spread = spreadOf(first, second, beta, window);
  const size = deviation(spread, 'sample');
  return size > 0 ? (spread[window - 1] - mean(spread)) / size : undefined;
}

/** Sample deviation of the last `count` changes of the spread. */
export function recentChangeDeviation(first: readonly number[], second: readonly number[], beta: number, count: number): number {
  return deviation(changesOf(spreadOf(first, second, beta, count + 1)), 'sample');
}

/** The last `count` values of log A - beta log B. */
function spreadOf(first: readonly number[], second: readonly number[], beta: number, count: number): Float64Array {
  const spread = new Float64Array(count);
  const from = first.length - count;
  for (let i = 0; i < count; i++) spread[i] = first[from + i] - beta * second[from + i];
  return spread;
}

function changesOf(values: ArrayLike<number>): Float64Array {
  const changes = new Float64Array(values.length - 1);
  for (let i = 1; i < values.length; i++) changes[i - 1] = values[i] - values[i - 1];
  return changes;
}
