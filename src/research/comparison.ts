import { prng } from '../base/prng.ts';
import { err, ok, type Result } from '../base/result.ts';
import { maxDrawdown } from '../quant/performance/drawdown.ts';
import { periodSharpe, simpleReturns } from '../quant/performance/sharpe.ts';
import { automaticBlock } from '../quant/stats/block-length.ts';
import { pearson } from '../quant/stats/covariance.ts';
import { mean } from '../quant/stats/moments.ts';
import { quantileOfSorted, sorted } from '../quant/stats/quantile.ts';
import { resampleStationary } from '../quant/stats/stationary-bootstrap.ts';

/** Equity of a run, at rising times. */
export interface ComparedRun {
  readonly name: string;
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** Over the times that all runs have in common. */
export interface ComparedFigures {
  readonly name: string;
  readonly totalReturn: number;
  /** Annualized, null = no variation. */
  readonly sharpe: number | null;
  readonly maxDrawdown: number;
}

/** An estimate with the percentile interval of its bootstrap. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** A run less the first one, pair by pair: both meet the same days in every sample, so that what moves both does not blur the difference. */
export interface PairedDifference {
  readonly name: string;
  /** Of the returns; null where one of them does not vary. */
  readonly correlation: number | null;
  /** Mean return, annualized. */
  readonly meanReturn: Interval;
  readonly sharpe: Interval | null;
  /** Mean block of the bootstrap, periods. */
  readonly meanBlock: number;
}

export interface Comparison {
  /** Returns between the times in common. */
  readonly observations: number;
  readonly from: number;
  readonly to: number;
  readonly figures: readonly ComparedFigures[];
  readonly differences: readonly PairedDifference[];
}

export interface ComparisonOptions {
  readonly periodsPerYear: number;
  readonly samples: number;
  readonly confidence: number;
  readonly seed: number;
}

/** Fewer common returns than this are not compared. */
const leastReturns = 20;

export function compareRuns(runs: readonly ComparedRun[], options: ComparisonOptions): Result<Comparison, string> {
  if (runs.length < 2) return err(`expected at least two runs to compare, was ${runs.length}`);
  const times = commonTimes(runs);
  if (times.length < leastReturns + 1)
    return err(`expected at least ${leastReturns + 1} times that all runs have in common, was ${times.length}`);
  const equities = runs.map((run) => valuesAt(run, times));
  const returns: Float64Array[] = [];
  for (const [i, equity] of equities.entries()) {
    const own = simpleReturns(equity);
    if (own === undefined) return err(`${runs[i].name}: expected an equity above 0 throughout, was ${Math.min(...equity)}`);
    returns.push(own);
  }
  const root = Math.sqrt(options.periodsPerYear);
  const figures = equities.map((equity, i): ComparedFigures => {
    const sharpe = periodSharpe(returns[i]);
    return {
      name: runs[i].name,
      totalReturn: equity[equity.length - 1] / equity[0] - 1,
      sharpe: sharpe === undefined ? null : sharpe * root,
      maxDrawdown: maxDrawdown(equity),
    };
  });
  const differences = returns.slice(1).map((own, i) => difference(runs[i + 1].name, own, returns[0], options));
  return ok({ observations: times.length - 1, from: times[0], to: times[times.length - 1], figures, differences });
}

function difference(name: string, own: Float64Array, first: Float64Array, options: ComparisonOptions): PairedDifference {
  const { periodsPerYear, samples, seed } = options;
  const gaps = own.map((value, i) => value - first[i]);
  const meanBlock = automaticBlock(gaps);
  const random = prng(`compare/${seed}`);
  const indices = new Int32Array(own.length);
  const [one, other] = [new Float64Array(own.length), new Float64Array(own.length)];
  const means = new Float64Array(samples);
  const sharpes: number[] = [];
  for (let s = 0; s < samples; s++) {
    resampleStationary(own.length, meanBlock, random, indices);
    for (let i = 0; i < indices.length; i++) {
      one[i] = own[indices[i]];
      other[i] = first[indices[i]];
    }
    means[s] = (mean(one) - mean(other)) * periodsPerYear;
    const gap = sharpeGap(one, other, periodsPerYear);
    if (gap !== undefined) sharpes.push(gap);
  }
  const sharpe = sharpeGap(own, first, periodsPerYear);
  return {
    name,
    correlation: pearson(own, first) ?? null,
    meanReturn: interval(mean(gaps) * periodsPerYear, means, options.confidence),
    sharpe: sharpe === undefined || sharpes.length === 0 ? null : interval(sharpe, sharpes, options.confidence),
    meanBlock,
  };
}

function sharpeGap(own: Float64Array, first: Float64Array, periodsPerYear: number): number | undefined {
  const [a, b] = [periodSharpe(own), periodSharpe(first)];
  return a === undefined || b === undefined ? undefined : (a - b) * Math.sqrt(periodsPerYear);
}

function interval(estimate: number, sampled: ArrayLike<number>, confidence: number): Interval {
  const ascending = sorted(sampled);
  const [lower, upper] = [(1 - confidence) / 2, (1 + confidence) / 2].map((probability) => quantileOfSorted(ascending, probability));
  return { estimate, lower, upper };
}

function commonTimes(runs: readonly ComparedRun[]): readonly number[] {
  const others = runs.slice(1).map(({ time }) => new Set(Array.from(time)));
  return Array.from(runs[0].time).filter((at) => others.every((known) => known.has(at)));
}

function valuesAt({ time, value }: ComparedRun, times: readonly number[]): Float64Array {
  const valueOf = new Map(Array.from(time, (at, i) => [at, value[i]]));
  return Float64Array.from(times, (at) => valueOf.get(at) ?? NaN);
}
