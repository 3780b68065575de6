import { InvalidArgumentError, Option, type Command } from 'commander';
import { simpleReturns } from '../../quant/performance/sharpe.ts';
import { capNote, costSensitivity, survivorsOnly } from '../../research/honesty.ts';
import { bootstrapReturns, reshuffleTrades, slippageStress, type BlockChoice, type Spread } from '../../research/monte-carlo.ts';
import { pathTable, slippageTable } from '../../research/tear-sheet/report-tables.ts';
import { runOrRefuse } from './backtest-command.ts';
import { parameterOption, parametersOf, type MarketOptions } from './market-options.ts';
import { print } from './output.ts';
import { countOf, openMarket, withBarOptions } from './search-options.ts';
import { percent, ratio, table } from './search-text.ts';
import { reportBacktest, withReport, type ReportOptions } from './tear-sheet-file.ts';

interface MonteCarloOptions extends MarketOptions, ReportOptions {
  readonly param: readonly string[];
  readonly paths: number;
  readonly block: BlockChoice;
  readonly slippage: readonly number[];
}

export function addMonteCarlo(plimsoll: Command): void {
  withReport(withBarOptions(plimsoll.command('monte-carlo')))
    .description('what else could have happened: trades in other orders, other histories of the same returns, worse fills, higher costs')
    .addOption(parameterOption())
    .option('--paths <n>', 'how many of each', countOf, 2_000)
    .option('--block <dates>', 'mean block of the bootstrap, or automatic', blockOf, 'automatic')
    .addOption(
      new Option('--slippage <list>', 'basis points to stress with').argParser(slippageOf).default([0, 1, 2, 5, 10, 20], '0,1,2,5,10,20'),
    )
    .option('--registry <directory>', 'where the trial of a tear sheet is counted; default below the data directory of the user')
    .action((options: MonteCarloOptions) => monteCarlo(options));
}

function blockOf(text: string): BlockChoice {
  if (text === 'automatic') return text;
  const block = Number(text);
  if (!(text.trim() !== '' && block >= 1 && block <= 1_000_000))
    throw new InvalidArgumentError(`expected automatic or at least 1 date, was ${text}`);
  return block;
}

function slippageOf(text: string): readonly number[] {
  const all = text.split(',').map((one) => (one.trim() === '' ? NaN : Number(one)));
  if (!all.every((one) => one >= 0 && one <= 10_000))
    throw new InvalidArgumentError(`expected 0…10000 basis points with commas between, was ${text}`);
  return all;
}

async function monteCarlo(options: MonteCarloOptions): Promise<void> {
  const { definition, base, bars, run, scope } = await openMarket(options);
  const parameters = parametersOf(definition, options.param);
  const request = { ...base, parameters, bars, keep: 'everything' } as const;
  const result = await runOrRefuse(request);
  const { paths, block, seed } = options;
  const { periodsPerYear } = bars;
  const pnls = result.trades.map(({ pnl, pnlInBase = pnl }) => Number(pnlInBase));
  const returns = simpleReturns(result.equity.value) ?? [];
  const reshuffle = reshuffleTrades(pnls, Number(base.capital), paths, seed) ?? null;
  const bootstrap = bootstrapReturns(returns, { periodsPerYear, paths, block, seed }) ?? null;
  const slippage = slippageStress(run, request, options.slippage);
  const costs = costSensitivity(run, request);
  const notes = [survivorsOnly(bars), capNote(result.params), ...costs.notes].filter((note) => note !== undefined);
  if (options.report !== undefined) {
    const tables = [pathTable(reshuffle ?? undefined, bootstrap ?? undefined), slippageTable(slippage)];
    reportBacktest(options.report, options.registry, { request, result, run, adjust: options.adjust, scope, costs, tables });
  }
  const { strategy, version, runId, dataHash, params } = result;
  const body = { strategy, version, params, runId, dataHash, seed, paths, reshuffle, bootstrap, slippage, costs, notes };
  const lines = [
    `${strategy} ${version}: ${pnls.length} trades, ${returns.length} returns, ${paths} paths, seed ${seed}`,
    ...table(
      ['', '5 %', 'median', '95 %', 'happened', ''],
      [
        ...(reshuffle === null ? [] : [spreadRow('drawdown, trades in other orders', reshuffle.maxDrawdown, percent)]),
        ...(bootstrap === null
          ? []
          : [
              spreadRow('return, other histories', bootstrap.totalReturn, percent),
              spreadRow('sharpe', bootstrap.sharpe, (value) => value.toFixed(3)),
              spreadRow('drawdown', bootstrap.maxDrawdown, percent),
            ]),
      ],
    ),
    bootstrap === null
      ? 'no other histories: too few returns, or they do not vary'
      : `mean block ${bootstrap.meanBlock.toFixed(1)} dates; ${percent(bootstrap.losing)} of the histories lose`,
    reshuffle === null
      ? 'no other orders: fewer than two trades'
      : `${percent(reshuffle.deeper)} of the orders fall deeper than what happened`,
    ...table(
      ['slippage bps', 'final equity', 'return', 'sharpe', 'trades'],
      slippage.map((row) => [String(row.bps), row.finalEquity, percent(row.totalReturn), ratio(row.sharpe), String(row.trades)]),
    ),
    ...table(
      ['times costs', 'final equity', 'return', 'sharpe', 'trades'],
      costs.rows.map((row) => [String(row.multiple), row.finalEquity, percent(row.totalReturn), ratio(row.sharpe), String(row.trades)]),
    ),
    costs.breakEvenBps === null ? 'nothing was traded' : `breaks even at ${costs.breakEvenBps.toFixed(1)} bps of what it trades`,
    ...notes.map(({ text }) => `note: ${text}`),
    ...(options.report === undefined ? [] : [`tear sheet in ${options.report}`]),
  ];
  print(options.json === true, body, lines.join('\n'));
}

function spreadRow(name: string, spread: Spread, shown: (value: number) => string): string[] {
  return [name, shown(spread.low), shown(spread.median), shown(spread.high), shown(spread.happened), ''];
}
