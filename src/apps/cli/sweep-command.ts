import type { Command } from 'commander';
import type { ParameterValues } from '../../ports/strategy.ts';
import { RunFolder } from '../../research/run-folder.ts';
import { countOf as countOfTrials, deflationOf, runSweep, type SweepResult } from '../../research/sweep.ts';
import { TrialTally } from '../../research/trial-tally.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from '../research/registry-folder.ts';
import { Interrupt } from './interrupt.ts';
import { print } from './output.ts';
import { SearchProgress } from './search-progress.ts';
import { countOf, openMarket, pointsOf, runnerOf, withSearchOptions, type Market, type SearchOptions } from './search-options.ts';
import { deflationText, parameterText, percent, table } from './search-text.ts';

interface SweepOptions extends SearchOptions {
  readonly dir?: string;
  readonly top: number;
}

export function addSweep(plimsoll: Command): void {
  withSearchOptions(plimsoll.command('sweep'))
    .description('many configurations of a strategy over the same bars, on all cores; what was tried is counted')
    .option('--dir <directory>', 'keep every outcome there: the same command goes on after it was stopped or killed')
    .option('--top <n>', 'how many to show', countOf, 10)
    .action((options: SweepOptions) => sweep(options));
}

async function sweep(options: SweepOptions): Promise<void> {
  const market = await openMarket(options, options.slippage);
  const points = pointsOf(options, market.definition);
  const registry = openRegistry(options.registry);
  const folder = folderOf(options, market, points);
  const { name: algorithm, version } = market.definition;
  const tally = new TrialTally(registry, { algorithm, version, kind: 'sweep', scope: market.scope });
  if (folder !== undefined) tally.add([...folder.done.values()]);
  const runner = runnerOf(market, options.workers, points.length - (folder?.done.size ?? 0));
  const interrupt = new Interrupt();
  const progress = new SearchProgress('sweep', points.length, options.json === true);
  const began = performance.now();
  try {
    const counted = { ...runner, run: countingRun(runner, tally) };
    const end = await runSweep(points, counted, folder, { progress: progress.update, stop: () => interrupt.asked });
    progress.end();
    tally.flush();
    if (end.kind === 'stopped') {
      const goOn = options.dir === undefined ? 'nothing was kept: name a --dir to go on from' : 'the same command goes on';
      throw new Refusal(exitCodes.aborted, `sweep: stopped after ${end.done} of ${points.length} configurations; ${goOn}`);
    }
    folder?.finish(resultsText(market, options, end.result));
    say(options, market, end.result, tally, (performance.now() - began) / 1_000);
  } finally {
    progress.end();
    folder?.close();
    await runner.close();
  }
}

function countingRun(runner: ReturnType<typeof runnerOf>, tally: TrialTally): ReturnType<typeof runnerOf>['run'] {
  return (tasks, take, stop) =>
    runner.run(
      tasks,
      (outcomes) => {
        tally.add(outcomes);
        take(outcomes);
      },
      stop,
    );
}

function planOf(options: SweepOptions, { base, bars, codeDigest, definition }: Market): Readonly<Record<string, unknown>> {
  const { param, random = null } = options;
  return {
    search: 'sweep',
    strategy: base.strategy,
    version: definition.version,
    parameters: param,
    random,
    seed: base.seed,
    capital: base.capital,
    costs: base.costs,
    dataHash: bars.dataHash,
    instruments: bars.series.map(({ instrumentID }) => instrumentID),
    codeHash: codeDigest,
  };
}

function folderOf(options: SweepOptions, market: Market, points: readonly ParameterValues[]): RunFolder | undefined {
  if (options.dir === undefined) return undefined;
  const folder = RunFolder.open(options.dir, { ...planOf(options, market), configurations: points.length });
  if (!folder.ok) throw new Refusal(exitCodes.refused, folder.error);
  return folder.value;
}

/** The same bytes for the same search, however it was run: nothing of the machine, the time or what else was ever tried. */
function resultsText(market: Market, options: SweepOptions, result: SweepResult): string {
  const { trials, refused } = result;
  const own = trials.length === 0 ? undefined : deflationOf(trials[0], market.bars.periodsPerYear, countOfTrials(trials));
  return `${JSON.stringify({ ...planOf(options, market), deflation: own ?? null, trials, refused }, undefined, 1)}\n`;
}

function say(options: SweepOptions, market: Market, { trials, refused }: SweepResult, tally: TrialTally, seconds: number): void {
  if (trials.length === 0)
    throw new Refusal(exitCodes.refused, `sweep: no configuration could be run: ${refused[0]?.refused ?? 'none was named'}`);
  const { name, version } = market.definition;
  const count = tally.total();
  const deflation = deflationOf(trials[0], market.bars.periodsPerYear, count);
  const body = {
    ...planOf(options, market),
    configurations: trials.length + refused.length,
    trialsOnThisData: count.trials,
    deflation: deflation ?? null,
    trials: options.json === true ? trials : [],
    refused,
  };
  const why = refused.length === 0 ? '' : `, ${refused.length} refused (${refused[0].refused})`;
  const lines = [
    `${name} ${version}: ${trials.length} configurations${why}, ${market.bars.series.length} names, ${market.times.length} dates, ${seconds.toFixed(1)} s`,
    ...table(
      ['sharpe', 'return', 'drawdown', 'trades', 'parameters'],
      trials
        .slice(0, options.top)
        .map(({ sharpe, totalReturn, maxDrawdown, trades, parameters }) => [
          sharpe === null ? 'none' : sharpe.toFixed(3),
          percent(totalReturn),
          percent(maxDrawdown),
          String(trades),
          parameterText(parameters),
        ]),
    ),
    deflationText(deflation, count),
  ];
  print(options.json === true, body, lines.join('\n'));
}
