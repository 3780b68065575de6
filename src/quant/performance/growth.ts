import { pow } from '../../base/math.ts';
import { requireBetween, requireFinite, requireWhole } from '../preconditions.ts';
import { maxDrawdown } from './drawdown.ts';

/**
 * Compound annual growth rate, a fraction: (last / first)^(periods per year / periods) - 1, periods = values - 1 >= 1. The first value
 * must be above 0; a last value at or below zero is a loss of everything, -1.
 */
export function annualGrowth(equity: ArrayLike<number>, periodsPerYear: number): number {
  requireWhole('number of equity values', equity.length, 2, Number.MAX_SAFE_INTEGER);
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  requireBetween('first equity value', equity[0], 0, Infinity);
  const ratio = equity[equity.length - 1] / equity[0];
  requireFinite('last equity value', ratio);
  return ratio > 0 ? pow(ratio, periodsPerYear / (equity.length - 1)) - 1 : -1;
}

/** Annual growth over maximum drawdown (Young 1991, over the whole record). `undefined` when there was no drawdown. */
export function calmarRatio(equity: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const growth = annualGrowth(equity, periodsPerYear);
  const depth = maxDrawdown(equity);
  return depth > 0 ? growth / depth : undefined;
}

/**
 * One-sided annual turnover, a multiple of the mean equity: half of all traded notional (buys and sells as magnitudes, one currency)
 * over mean equity and years. 1 means everything was exchanged once in a year. `undefined` unless mean equity is above 0.
 */
export function annualTurnover(tradedNotional: number, meanEquity: number, years: number): number | undefined {
  requireBetween('traded notional', tradedNotional, -Number.MIN_VALUE, Infinity);
  requireBetween('years', years, 0, Infinity);
  return meanEquity > 0 ? tradedNotional / 2 / meanEquity / years : undefined;
}
