import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BacktestSlippage, BarSet, RunBacktest } from '../../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { gridOf, parseSpace, randomPoints } from '../../research/parameter-space.ts';
import { closeTimesOf, sharedBars } from '../../research/shared-bars.ts';
import type { TrialBase } from '../../research/trial.ts';
import { ownThreadRunner, pooledRunner, type TrialRunner } from '../../research/trial-pool.ts';
import type { TrialScope } from '../../research/trial-registry.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { createRunBacktest } from '../backtest/run-backtest.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { barStrategies, strategyNamed } from '../desk/strategies.ts';
import { maxWorkers, trialThreads } from '../research/trial-threads.ts';
import { loadMarket } from './load-market.ts';
import { costsOf, slippageOption, withMarketOptions, type MarketOptions, type SlippageOption } from './market-options.ts';

export interface SearchOptions extends MarketOptions, SlippageOption {
  readonly param: readonly string[];
  readonly random?: number;
  readonly workers: number;
  readonly registry?: string;
}

/** Options of bars alone, for what runs many backtests on them. */
export function withBarOptions(command: Command): Command {
  return withMarketOptions(command, barStrategies.map((one) => one.name).join(', '), 'raw daily files (S&P 500, LEAN) or imported columns');
}

export function withSearchOptions(command: Command): Command {
  return withBarOptions(command)
    .addOption(slippageOption())
    .addOption(
      new Option('--param <range>', 'name=from:to:step, name=a,b,c or name=value; may be repeated')
        .argParser((one: string, all: readonly string[]) => [...all, one])
        .default([], "the strategy's own"),
    )
    .option('--random <n>', 'draw that many configurations by seed instead of trying all', countOf)
    .option('--workers <n>', 'threads', workersOf, availableParallelism())
    .option('--registry <directory>', 'where trials are counted, for good; default below the data directory of the user');
}

export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError(`expected a whole number of at least 1, was ${text}`);
  return count;
}

export function workersOf(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > maxWorkers)
    throw new InvalidArgumentError(`expected 1…${maxWorkers} threads, was ${text}`);
  return workers;
}

/** Bars in memory with everything that a run over them needs. */
export interface Market {
  readonly definition: StrategyDefinition;
  readonly bars: BarSet;
  readonly base: TrialBase;
  readonly run: RunBacktest;
  readonly codeDigest: string;
  readonly times: Float64Array;
  readonly scope: TrialScope;
}

/** @throws Refusal naming what is wrong */
export async function openMarket(options: MarketOptions, slippage?: BacktestSlippage): Promise<Market> {
  const { data, strategy, capital, seed } = options;
  const definition = strategyNamed(strategy, barStrategies);
  if (typeof definition === 'string') throw new Refusal(exitCodes.usage, definition);
  const bars = sharedBars((await loadMarket(options)).set);
  const times = closeTimesOf(bars);
  if (times.length === 0) throw new Refusal(exitCodes.refused, `${data}: expected bars between the dates, were none`);
  const codeDigest = coreDigest();
  return {
    definition,
    bars,
    base: {
      strategy,
      capital,
      seed,
      costs: costsOf(options, slippage),
    },
    run: createRunBacktest(codeDigest),
    codeDigest,
    times,
    scope: {
      dataHash: bars.dataHash,
      instruments: bars.series.map(({ instrumentID }) => instrumentID),
      from: times[0],
      to: times[times.length - 1],
    },
  };
}

/** The configurations that the options name. @throws Refusal naming the parameter */
export function pointsOf(options: SearchOptions, definition: StrategyDefinition): readonly ParameterValues[] {
  const space = parseSpace(options.param, definition);
  if (!space.ok) throw new Refusal(exitCodes.usage, space.error.join('; '));
  const points = options.random === undefined ? gridOf(space.value, {}) : randomPoints(space.value, {}, options.random, options.seed);
  if (!points.ok) throw new Refusal(exitCodes.usage, points.error);
  return points.value;
}

/** One thread is this one. More than there is work for are not begun. */
export function runnerOf(market: Market, workers: number, tasks: number): TrialRunner {
  const { run, base, bars, codeDigest } = market;
  const threads = Math.min(workers, tasks);
  return threads <= 1 ? ownThreadRunner(run, base, bars) : pooledRunner(trialThreads(nodeWorld, threads, codeDigest), base, bars);
}
