import { InvalidArgumentError, type Command } from 'commander';
import { isoFromDay, dayNumber } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import { compareRuns, type Comparison, type Interval } from '../../research/comparison.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { readResultFile, type ResultFile } from '../research/result-file.ts';
import { runCompared } from './get.ts';
import { seedOf } from './market-options.ts';
import { print } from './output.ts';
import { countOf } from './search-options.ts';
import { percent, ratio, table } from './search-text.ts';

interface CompareOptions {
  readonly periodsPerYear: number;
  readonly samples: number;
  readonly confidence: number;
  readonly seed: number;
  readonly dir?: string;
  readonly json?: true;
}

export function addCompare(plimsoll: Command): void {
  plimsoll
    .command('compare')
    .description(
      'results of backtest --out side by side, each less the first, with intervals; with --dir the orders of one deployment beside those on paper or in shadow',
    )
    .argument('<results...>', 'files, the one to compare with first; with --dir a deployment')
    .option('--dir <directory>', 'directory of the desk whose deployment is compared order by order')
    .option('--periods-per-year <n>', 'points of the equity in a year', countOf, 252)
    .option('--samples <n>', 'bootstrap samples of the paired returns', countOf, 2_000)
    .option('--confidence <share>', 'of the two-sided interval', confidenceOf, 0.95)
    .option('--seed <n>', 'repeats it exactly', seedOf, 1)
    .option('--json', 'print one JSON object and nothing else')
    .action((named: readonly string[], options: CompareOptions) =>
      options.dir === undefined ? compare(named, options) : compareOrders(named, options.dir, options),
    );
}

async function compareOrders(named: readonly string[], dir: string, { json }: CompareOptions): Promise<void> {
  if (named.length !== 1) throw new Refusal(exitCodes.usage, `compare --dir: expected one deployment, was ${named.join(', ')}`);
  await runCompared(named[0], { dir, ...(json === undefined ? {} : { json }) });
}

function confidenceOf(text: string): number {
  const confidence = Number(text);
  if (!(confidence > 0 && confidence < 1)) throw new InvalidArgumentError(`expected a share between 0 and 1, was ${text}`);
  return confidence;
}

function compare(files: readonly string[], options: CompareOptions): void {
  const runs = files.map((file) => {
    const read = readResultFile(file);
    if (!read.ok) throw new Refusal(exitCodes.refused, read.error);
    return read.value;
  });
  const counted = runs.find(({ currency }) => currency !== undefined);
  const other = runs.find(({ currency }) => currency !== undefined && currency !== counted?.currency);
  if (counted !== undefined && other !== undefined)
    throw new Refusal(
      exitCodes.refused,
      `compare: ${counted.name} counts in ${counted.currency ?? ''}, ${other.name} in ${other.currency ?? ''}: expected one currency, rates would be taken for skill`,
    );
  const compared = compareRuns(runs, options);
  if (!compared.ok) throw new Refusal(exitCodes.refused, `compare: ${compared.error}`);
  const body = { runs: runs.map(({ strategy, runId, dataHash }, i) => ({ file: files[i], strategy, runId, dataHash })), ...compared.value };
  print(options.json === true, body, comparedText(runs, compared.value, options.confidence));
}

function comparedText(
  runs: readonly ResultFile[],
  { observations, from, to, figures, differences }: Comparison,
  confidence: number,
): string {
  const date = (at: number): string => isoFromDay(dayNumber(microsUnchecked(at)));
  const shown = (interval: Interval | null, text: (value: number) => string): string =>
    interval === null ? 'none' : `${text(interval.estimate)} (${text(interval.lower)} … ${text(interval.upper)})`;
  const rows = figures.map(({ name, totalReturn, sharpe, maxDrawdown }, i) => {
    const gap = i === 0 ? undefined : differences[i - 1];
    const less =
      gap === undefined
        ? ['', '', '']
        : [shown(gap.meanReturn, percent), shown(gap.sharpe, (value) => value.toFixed(3)), ratio(gap.correlation)];
    return [percent(totalReturn), ratio(sharpe), percent(maxDrawdown), ...less, name];
  });
  const other = runs.filter(({ dataHash }) => dataHash !== runs[0].dataHash).map(({ name }) => name);
  return [
    `${observations} returns in common, ${date(from)} … ${date(to)}; differences from the first a year, with ${percent(confidence)} intervals`,
    ...table(['return', 'sharpe', 'drawdown', 'mean return, less the first', 'sharpe, less the first', 'correlation', 'run'], rows),
    ...(other.length === 0 ? [] : [`on other data than the first: ${other.join(', ')}`]),
  ].join('\n');
}
