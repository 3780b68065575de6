import type { Micros } from '../base/units.ts';
import type { BacktestCosts, BacktestRequest, BacktestResult, BarSet, RunBacktest } from '../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../ports/strategy.ts';
import { kurtosis, skewness } from '../quant/stats/moments.ts';
import { periodSharpe, simpleReturns } from '../quant/performance/sharpe.ts';

/** What all trials of one search have in common; plain values, so that it can be sent to a worker. */
export interface TrialBase {
  readonly strategy: string;
  readonly capital: string;
  readonly costs: BacktestCosts;
  readonly seed: number;
}

/** One configuration over one span of the data. */
export interface TrialTask {
  readonly index: number;
  readonly parameters: ParameterValues;
  readonly from?: Micros;
  readonly to?: Micros;
}

/** A trial reduced to what a choice among many needs. Ratios null = the equity did not vary or was not positive throughout. */
export interface Trial {
  readonly index: number;
  readonly parameters: ParameterValues;
  readonly runId: string;
  /** Annualized. */
  readonly sharpe: number | null;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
  readonly trades: number;
  readonly finalEquity: string;
  /** Returns, and their moments; kurtosis 3 for normal ones. */
  readonly observations: number;
  readonly skewness: number | null;
  readonly kurtosis: number | null;
}

/** A configuration that the strategy does not take (fast above slow) is no trial; the sentence says why. */
export interface RefusedTrial {
  readonly index: number;
  readonly parameters: ParameterValues;
  readonly refused: string;
}

export type TrialOutcome = Trial | RefusedTrial;

export function isTrial(outcome: TrialOutcome): outcome is Trial {
  return 'runId' in outcome;
}

export function requestOf(base: TrialBase, bars: BarSet, task: TrialTask, definition?: StrategyDefinition): BacktestRequest {
  const { strategy, capital, costs, seed } = base;
  return {
    strategy,
    ...(definition === undefined ? {} : { definition }),
    parameters: task.parameters,
    bars,
    ...(task.from === undefined ? {} : { from: task.from }),
    ...(task.to === undefined ? {} : { to: task.to }),
    capital,
    costs,
    seed,
    keep: 'equity',
  };
}

/** Runs one task. What the backtest refuses (RangeError) is an outcome, anything else is a fault of the code and goes on. */
export function runTrial(run: RunBacktest, request: BacktestRequest, index: number): TrialOutcome {
  const { parameters } = request;
  try {
    return trialOf(run(request), index);
  } catch (error) {
    if (error instanceof RangeError) return { index, parameters, refused: error.message };
    throw error;
  }
}

export function trialOf(result: BacktestResult, index: number): Trial {
  const { sharpe, totalReturn, maxDrawdown, trades, finalEquity } = result.metrics;
  const returns = simpleReturns(result.equity.value);
  const varies = returns !== undefined && periodSharpe(returns) !== undefined;
  return {
    index,
    parameters: result.params,
    runId: result.runId,
    sharpe,
    totalReturn,
    maxDrawdown,
    trades,
    finalEquity,
    observations: result.equity.value.length - 1,
    skewness: varies ? (skewness(returns) ?? null) : null,
    kurtosis: varies ? (kurtosis(returns) ?? null) : null,
  };
}

/** Best first: Sharpe ratio falling, those without one last, in order of the plan among equals. */
export function ranked(outcomes: readonly TrialOutcome[]): readonly Trial[] {
  return outcomes.filter(isTrial).sort((a, b) => (b.sharpe ?? -Infinity) - (a.sharpe ?? -Infinity) || a.index - b.index);
}
