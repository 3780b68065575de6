import { hex, sha256 } from '../base/sha256.ts';
import { utf8Encode } from '../base/utf8.ts';
import type { BarSet, EquityCurve, RunBacktest } from '../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../ports/strategy.ts';
import { maxDrawdown } from '../quant/performance/drawdown.ts';
import { periodSharpe, simpleReturns } from '../quant/performance/sharpe.ts';
import { kurtosis, mean, skewness } from '../quant/stats/moments.ts';
import type { Fold } from './fold-plan.ts';
import { isTrial, ranked, requestOf, type Trial, type TrialBase, type TrialOutcome, type TrialTask } from './trial.ts';
import type { TrialRunner } from './trial-pool.ts';

/** What one fold chose from what it learned, and how that went after. Sharpe ratios annualized, null = no variation. */
export interface FoldResult {
  readonly fold: Fold;
  readonly chosen: ParameterValues;
  /** Of the run that was judged. */
  readonly runId: string;
  readonly candidates: number;
  readonly inSampleSharpe: number | null;
  readonly outOfSampleSharpe: number | null;
  readonly outOfSampleReturn: number;
}

/** A configuration over all folds: one trial, however many folds it was tried in. */
export interface ConfigurationTrial {
  readonly parameters: ParameterValues;
  /** SHA-256 over the run ids of its folds, hex. */
  readonly runId: string;
  /** Mean over the folds. */
  readonly sharpe: number | null;
}

export interface WalkForwardResult {
  readonly folds: readonly FoldResult[];
  /** Only what was judged, fold after fold, from the capital on. */
  readonly equity: EquityCurve;
  /** The chained curve as one trial, to be deflated. */
  readonly outOfSample: Trial;
  /** Mean out-of-sample Sharpe ratio over mean in-sample; null where either is missing or nothing was gained in sample. */
  readonly efficiency: number | null;
  readonly trials: readonly ConfigurationTrial[];
}

export interface WalkForwardPlan {
  readonly base: TrialBase;
  readonly bars: BarSet;
  readonly points: readonly ParameterValues[];
  readonly folds: readonly Fold[];
  readonly definition?: StrategyDefinition;
}

export type WalkForwardEnd =
  | { readonly kind: 'done'; readonly result: WalkForwardResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly sentence: string };

/**
 * Every configuration learns on every fold; the best by Sharpe ratio (the first in the plan among equals) is judged on the dates after it. The judged run
 * begins where its fold began to learn, so that its indicators are warm and its positions are those of a strategy that has been running; only returns of
 * the judged dates count, and they are chained.
 */
export async function walkForward(
  plan: WalkForwardPlan,
  runner: TrialRunner,
  run: RunBacktest,
  hooks: { readonly progress: (done: number) => void; readonly stop: () => boolean },
): Promise<WalkForwardEnd> {
  const { points, folds } = plan;
  const tasks = folds.flatMap(({ learnFrom, learnTo }, f) =>
    points.map((parameters, p): TrialTask => ({ index: f * points.length + p, parameters, from: learnFrom, to: learnTo })),
  );
  const outcomes: TrialOutcome[] = [];
  const take = (some: readonly TrialOutcome[]): void => {
    outcomes.push(...some);
    hooks.progress(outcomes.length);
  };
  if (!(await runner.run(tasks, take, hooks.stop))) return { kind: 'stopped' };
  outcomes.sort((a, b) => a.index - b.index);
  const byFold = folds.map((_, f) => outcomes.slice(f * points.length, (f + 1) * points.length));
  const empty = byFold.findIndex((some) => !some.some(isTrial));
  if (empty >= 0) {
    const [first] = byFold[empty];
    return { kind: 'refused', sentence: `fold ${empty + 1}: no configuration could be run: ${'refused' in first ? first.refused : ''}` };
  }
  return { kind: 'done', result: judge(plan, byFold, run) };
}

function judge(plan: WalkForwardPlan, byFold: readonly (readonly TrialOutcome[])[], run: RunBacktest): WalkForwardResult {
  const { base, bars, folds, definition } = plan;
  const results: FoldResult[] = [];
  const time: number[] = [];
  const returns: number[] = [];
  const runIds: string[] = [];
  folds.forEach((fold, f) => {
    const [best] = ranked(byFold[f]);
    const task = { index: f, parameters: best.parameters, from: fold.learnFrom, to: fold.judgeTo };
    const { equity, runId, metrics } = run(requestOf(base, bars, task, definition));
    const judged = judgedReturns(equity, fold);
    if (judged === undefined)
      throw new RangeError(`fold ${f + 1}: the equity fell to ${metrics.finalEquity}, of which no return can be told`);
    time.push(...judged.time);
    returns.push(...judged.returns);
    runIds.push(runId);
    results.push({
      fold,
      chosen: best.parameters,
      runId,
      candidates: byFold[f].filter(isTrial).length,
      inSampleSharpe: best.sharpe,
      outOfSampleSharpe: annual(judged.returns, bars.periodsPerYear),
      outOfSampleReturn: judged.returns.reduce((product, value) => product * (1 + value), 1) - 1,
    });
  });
  const curve = chain(Number(base.capital), time, returns);
  return {
    folds: results,
    equity: curve,
    outOfSample: chainedTrial(curve, returns, digestOf(runIds), Number(base.capital), bars.periodsPerYear),
    efficiency: efficiencyOf(results),
    trials: configurationsOf(plan, byFold),
  };
}

function judgedReturns(
  { time, value }: EquityCurve,
  { judgeFrom, judgeTo }: Fold,
): { readonly time: readonly number[]; readonly returns: readonly number[] } | undefined {
  const all = simpleReturns(value);
  if (all === undefined) return undefined;
  const rows = [...time.keys()].filter((i) => i > 0 && time[i] >= judgeFrom && time[i] <= judgeTo);
  return { time: rows.map((i) => time[i]), returns: rows.map((i) => all[i - 1]) };
}

/** Whole 10^-6 of the currency, beginning with the capital at the first judged date's start. */
function chain(capital: number, time: readonly number[], returns: readonly number[]): EquityCurve {
  const value = new Float64Array(returns.length);
  let worth = capital * 1e6;
  returns.forEach((one, i) => {
    worth *= 1 + one;
    value[i] = Math.round(worth);
  });
  return { time: Float64Array.from(time), value };
}

function chainedTrial({ value }: EquityCurve, returns: readonly number[], runId: string, capital: number, periodsPerYear: number): Trial {
  const varies = periodSharpe(returns) !== undefined;
  const last = value[value.length - 1];
  return {
    index: 0,
    parameters: {},
    runId,
    sharpe: annual(returns, periodsPerYear),
    totalReturn: last / (capital * 1e6) - 1,
    maxDrawdown: maxDrawdown([capital * 1e6, ...value]),
    trades: 0,
    finalEquity: (last / 1e6).toFixed(6),
    observations: returns.length,
    skewness: varies ? (skewness(returns) ?? null) : null,
    kurtosis: varies ? (kurtosis(returns) ?? null) : null,
  };
}

function configurationsOf({ points }: WalkForwardPlan, byFold: readonly (readonly TrialOutcome[])[]): readonly ConfigurationTrial[] {
  return points.flatMap((parameters, p) => {
    const own = byFold.map((some) => some[p]).filter(isTrial);
    if (own.length === 0) return [];
    const sharpes = own.map(({ sharpe }) => sharpe).filter((sharpe) => sharpe !== null);
    return [{ parameters, runId: digestOf(own.map(({ runId }) => runId)), sharpe: sharpes.length === 0 ? null : mean(sharpes) }];
  });
}

function efficiencyOf(folds: readonly FoldResult[]): number | null {
  const learned = folds.map(({ inSampleSharpe }) => inSampleSharpe).filter((sharpe) => sharpe !== null);
  const judged = folds.map(({ outOfSampleSharpe }) => outOfSampleSharpe).filter((sharpe) => sharpe !== null);
  if (learned.length === 0 || judged.length === 0 || !(mean(learned) > 0)) return null;
  return mean(judged) / mean(learned);
}

function annual(returns: readonly number[], periodsPerYear: number): number | null {
  const sharpe = periodSharpe(returns);
  return sharpe === undefined ? null : sharpe * Math.sqrt(periodsPerYear);
}

function digestOf(runIds: readonly string[]): string {
  return hex(sha256(utf8Encode(runIds.join('\n'))));
}
