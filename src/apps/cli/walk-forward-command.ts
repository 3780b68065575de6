import type { Command } from 'commander';
import { isoFromDay, dayNumber } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { foldPlan, type Fold } from '../../research/fold-plan.ts';
import { deflationOf } from '../../research/sweep.ts';
import { survivorsOnly } from '../../research/honesty.ts';
import { foldTable } from '../../research/tear-sheet/report-tables.ts';
import { runOfWalkForward } from '../../research/tear-sheet/run-of-walk-forward.ts';
import { TrialTally } from '../../research/trial-tally.ts';
import { walkForward, type WalkForwardResult } from '../../research/walk-forward.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from '../research/registry-folder.ts';
import { Interrupt } from './interrupt.ts';
import { print } from './output.ts';
import { SearchProgress } from './search-progress.ts';
import { countOf, openMarket, pointsOf, runnerOf, withSearchOptions, type Market, type SearchOptions } from './search-options.ts';
import { deflationText, parameterText, percent, ratio, table } from './search-text.ts';
import { trialsOf, withReport, writeTearSheet, type ReportOptions } from './tear-sheet-file.ts';

interface WalkForwardOptions extends SearchOptions, ReportOptions {
  readonly inSample: number;
  readonly outOfSample: number;
  readonly anchored?: true;
  readonly purge: number;
  readonly embargo: number;
}

export function addWalkForward(plimsoll: Command): void {
  withReport(withSearchOptions(plimsoll.command('walk-forward')))
    .description('choose on what came before, judge on what came after, again and again; the judged stretches are chained')
    .option('--in-sample <dates>', 'dates that a fold learns from (at least, when anchored)', countOf, 756)
    .option('--out-of-sample <dates>', 'dates that it is judged on', countOf, 126)
    .option('--anchored', 'learn from the first date on; left out: the last --in-sample dates')
    .option('--purge <dates>', 'dates cut off the end of what is learned from', Number, 5)
    .option('--embargo <dates>', 'dates left out after that', Number, 0)
    .action((options: WalkForwardOptions) => runWalkForward(options));
}

async function runWalkForward(options: WalkForwardOptions): Promise<void> {
  const market = await openMarket(options, options.slippage);
  const points = pointsOf(options, market.definition);
  const { inSample, outOfSample, purge, embargo } = options;
  const mode = options.anchored === true ? 'anchored' : 'rolling';
  const folds = foldPlan(market.times, { inSample, outOfSample, mode, purge, embargo });
  if (!folds.ok) throw new Refusal(exitCodes.refused, folds.error);
  const registry = openRegistry(options.registry);
  const { name: algorithm, version } = market.definition;
  const tasks = folds.value.length * points.length;
  const runner = runnerOf(market, options.workers, tasks);
  const interrupt = new Interrupt();
  const progress = new SearchProgress('walk-forward', tasks, options.json === true);
  try {
    const plan = { base: market.base, bars: market.bars, points, folds: folds.value };
    const hooks = { progress: progress.update, stop: () => interrupt.asked };
    const end = await walkForward(plan, runner, market.run, hooks).catch(asRefusal);
    progress.end();
    if (end.kind === 'stopped')
      throw new Refusal(exitCodes.aborted, 'walk-forward: stopped before every fold was learned; nothing was kept');
    if (end.kind === 'refused') throw new Refusal(exitCodes.refused, end.sentence);
    const tally = new TrialTally(registry, { algorithm, version, kind: 'walk-forward', scope: market.scope });
    tally.addRuns(end.result.trials);
    if (options.report !== undefined) report(options.report, options, market, mode, end.result, tally);
    say(options, market, mode, end.result, tally);
  } finally {
    progress.end();
    await runner.close();
  }
}

/** The judged dates alone, deflated by every configuration that was ever tried on this data. */
function report(
  path: string,
  options: WalkForwardOptions,
  market: Market,
  mode: string,
  result: WalkForwardResult,
  tally: TrialTally,
): void {
  const { definition, bars, base } = market;
  const { inSample, outOfSample, purge, embargo, adjust } = options;
  const dates = `${inSample} dates learned, ${outOfSample} judged, ${purge} purged, ${embargo} embargoed`;
  const terms = [
    ['folds', `${mode}, ${dates}`],
    ['adjust', adjust],
  ] as const;
  const run = runOfWalkForward(result, { strategy: `${definition.name} ${definition.version}`, base, bars, terms });
  const notes = [survivorsOnly(bars)].filter((note) => note !== undefined);
  const tables = [foldTable(result.folds, result.efficiency)];
  writeTearSheet(path, run, { notes, tables, trials: trialsOf(tally.total(), bars.periodsPerYear), seed: base.seed });
}

function asRefusal(error: unknown): never {
  if (error instanceof RangeError) throw new Refusal(exitCodes.refused, error.message);
  throw error;
}

function say(options: WalkForwardOptions, market: Market, mode: string, result: WalkForwardResult, tally: TrialTally): void {
  const { definition, bars, base, codeDigest } = market;
  const { folds, equity, outOfSample, efficiency, trials } = result;
  const count = tally.total();
  const deflation = deflationOf(outOfSample, bars.periodsPerYear, count);
  const { purge, embargo } = options;
  const terms = { mode, inSample: options.inSample, outOfSample: options.outOfSample, purge, embargo };
  const body = {
    search: 'walk-forward',
    strategy: definition.name,
    version: definition.version,
    ...terms,
    seed: base.seed,
    capital: base.capital,
    costs: base.costs,
    dataHash: bars.dataHash,
    codeHash: codeDigest,
    runId: outOfSample.runId,
    metrics: {
      sharpe: outOfSample.sharpe,
      totalReturn: outOfSample.totalReturn,
      maxDrawdown: outOfSample.maxDrawdown,
      finalEquity: outOfSample.finalEquity,
      observations: outOfSample.observations,
      efficiency,
    },
    trialsOnThisData: count.trials,
    deflation: deflation ?? null,
    folds: folds.map(({ fold, ...rest }) => ({ ...datesOf(fold), ...rest })),
    trials,
    equity: Array.from(equity.time, (at, i) => [dateOf(at), equity.value[i] / 1e6]),
  };
  const rows = folds.map(({ fold, chosen, inSampleSharpe, outOfSampleSharpe, outOfSampleReturn }) => {
    const { learnFrom, learnTo, judgeFrom, judgeTo } = datesOf(fold);
    const learned = `${learnFrom}…${learnTo}`;
    return [
      learned,
      ratio(inSampleSharpe),
      `${judgeFrom}…${judgeTo}`,
      ratio(outOfSampleSharpe),
      percent(outOfSampleReturn),
      parameterText(chosen),
    ];
  });
  const lines = [
    `${definition.name} ${definition.version}: ${folds.length} folds, ${mode}, ${trials.length} configurations each`,
    ...table(['learned', 'sharpe', 'judged', 'sharpe', 'return', 'chosen'], rows),
    `out of sample: sharpe ${ratio(outOfSample.sharpe)}, return ${percent(outOfSample.totalReturn)}, drawdown ${percent(outOfSample.maxDrawdown)}, ${outOfSample.observations} dates`,
    `efficiency (out of sample over in sample): ${efficiency === null ? 'none' : efficiency.toFixed(2)}`,
    deflationText(deflation, count),
  ];
  if (options.report !== undefined) lines.push(`tear sheet in ${options.report}`);
  print(options.json === true, body, lines.join('\n'));
}

function dateOf(at: number): string {
  return isoFromDay(dayNumber(microsUnchecked(at)));
}

function datesOf({ learnFrom, learnTo, judgeFrom, judgeTo }: Fold): Readonly<Record<keyof Fold, string>> {
  return { learnFrom: dateOf(learnFrom), learnTo: dateOf(learnTo), judgeFrom: dateOf(judgeFrom), judgeTo: dateOf(judgeTo) };
}
