import type { ParameterValues } from '../ports/strategy.ts';
import { deflatedSharpe } from '../quant/performance/deflated-sharpe.ts';
import { probabilisticSharpe, type SharpeEstimate } from '../quant/performance/probabilistic-sharpe.ts';
import { variance } from '../quant/stats/moments.ts';
import type { RunFolder } from './run-folder.ts';
import { isTrial, ranked, type RefusedTrial, type Trial, type TrialOutcome, type TrialTask } from './trial.ts';
import type { TrialRunner } from './trial-pool.ts';
import type { TrialCount } from './trial-registry.ts';

export interface SweepResult {
  /** Best first. */
  readonly trials: readonly Trial[];
  /** In the order of the plan. */
  readonly refused: readonly RefusedTrial[];
}

export type SweepEnd = { readonly kind: 'done'; readonly result: SweepResult } | { readonly kind: 'stopped'; readonly done: number };

/** Runs every point that the folder does not have yet. `progress` gets how many are done of all. */
export async function runSweep(
  points: readonly ParameterValues[],
  runner: TrialRunner,
  folder: RunFolder | undefined,
  hooks: { readonly progress: (done: number) => void; readonly stop: () => boolean },
): Promise<SweepEnd> {
  const outcomes = new Map<number, TrialOutcome>(folder?.done);
  const tasks = points.map((parameters, index): TrialTask => ({ index, parameters })).filter(({ index }) => !outcomes.has(index));
  hooks.progress(outcomes.size);
  const take = (some: readonly TrialOutcome[]): void => {
    folder?.add(some);
    for (const outcome of some) outcomes.set(outcome.index, outcome);
    hooks.progress(outcomes.size);
  };
  const all = await runner.run(tasks, take, hooks.stop);
  if (!all) return { kind: 'stopped', done: outcomes.size };
  return { kind: 'done', result: sweepResult([...outcomes.values()]) };
}

export function sweepResult(outcomes: readonly TrialOutcome[]): SweepResult {
  const refused = outcomes.filter((outcome): outcome is RefusedTrial => !isTrial(outcome)).sort((a, b) => a.index - b.index);
  return { trials: ranked(outcomes), refused };
}

/** Whether the best of so many is more than luck. Sharpe ratios annualized. */
export interface Deflation {
  readonly sharpe: number;
  /** PSR against 0: the chance that there is any edge, if this were the only trial. */
  readonly probabilistic: number;
  readonly trials: number;
  /** Of the trials' annualized Sharpe ratios. */
  readonly variance: number;
  /** What the best of so many trials without skill is expected to show. */
  readonly benchmark: number;
  /** PSR against that. */
  readonly deflated: number;
}

/** `undefined` when the trial's equity did not vary or its moments leave the estimate no variance. */
export function deflationOf(trial: Trial, periodsPerYear: number, count: Pick<TrialCount, 'trials' | 'variance'>): Deflation | undefined {
  const { sharpe, observations, skewness, kurtosis } = trial;
  if (sharpe === null || skewness === null || kurtosis === null) return undefined;
  const root = Math.sqrt(periodsPerYear);
  const estimate: SharpeEstimate = { sharpe: sharpe / root, observations, skewness, kurtosis };
  const trials = Math.max(1, count.trials);
  const probabilistic = probabilisticSharpe(estimate);
  const deflated = deflatedSharpe(estimate, trials, count.variance / periodsPerYear);
  if (probabilistic === undefined || deflated === undefined) return undefined;
  return {
    sharpe,
    probabilistic,
    trials,
    variance: count.variance,
    benchmark: deflated.benchmark * root,
    deflated: deflated.probability,
  };
}

/** The count of these trials alone, as if nothing had been tried before. */
export function countOf(trials: readonly Trial[]): { readonly trials: number; readonly variance: number } {
  const sharpes = trials.map(({ sharpe }) => sharpe).filter((sharpe) => sharpe !== null);
  return { trials: new Set(trials.map(({ runId }) => runId)).size, variance: sharpes.length < 2 ? 0 : variance(sharpes, 'sample') };
}
