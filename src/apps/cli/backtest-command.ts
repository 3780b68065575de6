import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BacktestRequest, BacktestResult } from '../../ports/backtest.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { detectLookAhead } from '../../research/look-ahead.ts';
import { resultJson } from '../backtest/result-text.ts';
import { createRunBacktest, runOn } from '../backtest/run-backtest.ts';
import type { QueueModel } from '../../venues/simulated/queue-place.ts';
import { readLimits } from './backtest-terms.ts';
import {
  costsOf,
  parameterOption,
  parametersOf,
  slippageOption,
  withMarketOptions,
  type MarketOptions,
  type SlippageOption,
} from './market-options.ts';
import { fixedLatency, type Latency } from '../../venues/simulated/latency.ts';
import { withJournal, type RunJournal } from './backtest-journal.ts';
import { isCapture, latencyOf, queueOf, runCaptureCommand } from './backtest-capture.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { money } from '../desk/describe.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { barStrategies } from '../desk/strategies.ts';
import { builtInModule, findStrategy } from '../desk/strategy-modules.ts';
import { countBacktest, scopeOf } from '../research/backtest-trial.ts';
import { accountOf } from './account-option.ts';
import { fundedBars, fundingOf, type Funding } from './funding-option.ts';
import { loadMarket } from './load-market.ts';
import { lookAheadText } from './look-ahead-text.ts';
import { reportBacktest } from './tear-sheet-file.ts';

interface BacktestOptions extends MarketOptions, SlippageOption {
  readonly limits?: string;
  readonly param: readonly string[];
  readonly workers: number;
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  readonly queue: QueueModel;
  readonly journal?: string;
  readonly out?: string;
  readonly report?: string;
  readonly registry?: string;
  readonly checkLookAhead?: true;
  readonly currency?: string;
  readonly rate?: string;
  readonly funding: Funding;
}

const maxWorkers = 16;

export function addBacktest(plimsoll: Command): void {
  const strategies = `${barStrategies.map((one) => one.name).join(', ')}, or the path of a module that exports your own`;
  const places = 'raw daily files (S&P 500, LEAN), imported columns, or a recorded session for maker, momentum, clumsy';
  withMarketOptions(plimsoll.command('backtest'), strategies, places)
    .description('a strategy over daily bars or a recorded session: the engine, gate and ledger of a live desk')
    .option('--limits <file>', 'JSON list of limits of the risk gate; without it they are wide open')
    .addOption(slippageOption())
    .addOption(parameterOption())
    .option('--workers <n>', 'host threads that the strategy runs in, 0…16; 0: in this one, the result is the same', workersOf, 0)
    .addOption(latencyOption('order', 'from an order to its arrival', 300))
    .addOption(latencyOption('report', 'from a report to its arrival', 200))
    .option(
      '--queue <model>',
      'on a recorded session: whether cancels ahead move an order forward, proRata or riskAverse',
      queueOf,
      'proRata',
    )
    .option('--currency <code>', "currency of the account and its capital; that of the instruments' prices when left out")
    .option('--rate <pair>', 'instrument of the same data whose daily closes join both currencies, such as GBPUSD')
    .option(
      '--funding <how>',
      'of perpetuals: none, a CSV of rates (instrumentID,time,rate) for bars, or recorded where a recording says what was paid',
      fundingOf,
      'none',
    )
    .option('--journal <directory>', 'keep the journal of inputs and decisions there: journal verify, replay and explain read it')
    .option('--out <file>', 'write the whole result there as JSON')
    .option('--report <file>', 'write a tear sheet there: one HTML page that opens offline')
    .option('--registry <directory>', 'where the trial is counted; default below the data directory of the user')
    .option('--check-look-ahead', 'cut the future off at 20 times and run again; exit 1 when a decision before the cut changes')
    .action((options: BacktestOptions, command: Command) => runBacktestCommand(options, command));
}

async function runBacktestCommand(options: BacktestOptions, command: Command): Promise<void> {
  const { data, adjust, out } = options;
  if (isCapture(data)) {
    refuseOnCapture(options, command);
    return runCaptureCommand(
      options,
      (one) => parametersOf(one, options.param),
      (result) => summaryOf(result, 0, 0),
    );
  }
  refuseGiven(command, ['orderLatency', 'reportLatency', 'queue'], 'it is for a recorded session, bars fill at the next one');
  const { definition, code } = await strategyOf(options);
  const { set: unfunded, loaded } = await loadMarket(options);
  const set = fundedBars(unfunded, options.funding);
  if (options.currency !== undefined && options.baseCurrency !== undefined)
    throw new Refusal(exitCodes.usage, 'currency: expected --base-currency or --currency with --rate, were both');
  const account = await accountOf(options, set);
  const request: BacktestRequest = {
    strategy: definition.name,
    definition,
    parameters: parametersOf(definition, options.param),
    bars: set,
    capital: options.capital,
    ...(account === undefined ? {} : { account }),
    costs: costsOf(options, options.slippage),
    limits: readLimits(options.limits),
    seed: options.seed,
    keep: 'everything',
  };
  const result = await withJournal(options.journal, (journal) => runOrRefuse(request, options.workers, code, journal));
  const uncounted = countBacktest(options.registry, request, result, code);
  if (uncounted !== '') process.stderr.write(`${uncounted}\n`);
  if (options.checkLookAhead === true) checkLookAhead(request, definition);
  if (options.report !== undefined) {
    const run = createRunBacktest(code);
    reportBacktest(options.report, options.registry, { request, result, run, adjust, scope: scopeOf(request, result) });
  }
  const text = resultJson(result);
  if (out !== undefined) writeFileSync(out, `${text}\n`);
  if (options.json === true) process.stdout.write(`${text}\n`);
  else
    process.stdout.write(
      `${summaryOf(result, loaded.dropped, loaded.untraded, account?.currency ?? set.currency)}${out === undefined ? '' : `written to ${out}\n`}${options.report === undefined ? '' : `tear sheet in ${options.report}\n`}${options.journal === undefined ? '' : `journal in ${options.journal}\n`}`,
    );
}

/** A recorded session knows no bars, and its run no tear sheet and no detector yet. */
function refuseOnCapture({ slippageBps, slippage }: BacktestOptions, command: Command): void {
  refuseGiven(command, barOptions, captureText);
  if (slippageBps !== 0 || slippage.kind !== 'none') throw new Refusal(exitCodes.usage, `--slippage: ${captureText}`);
}

const barOptions = [
  ...['report', 'checkLookAhead', 'limits', 'perShare', 'adjust', 'events', 'from', 'to', 'participation', 'workers'],
  ...['interval', 'roll', 'rollAdjust', 'currency', 'rate', 'baseCurrency', 'fxRates', 'fxInterval', 'fxMaxAge'],
];
const captureText = 'not built for a recorded session, it is for bars';

/** Refuses options by name that were given where they would change nothing. */
function refuseGiven(command: Command, names: readonly string[], why: string): void {
  const given = command.options.find(
    (option) => names.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given !== undefined) throw new Refusal(exitCodes.usage, `${given.long ?? given.flags}: ${why}`);
}

/** On standard error, so that the result stays alone on standard output. */
function checkLookAhead(request: BacktestRequest, definition: StrategyDefinition): void {
  const run = createRunBacktest(coreDigest());
  const report = detectLookAhead({ run, request, definitionOf: () => definition }, { cuts: 20, seed: request.seed });
  process.stderr.write(`${lookAheadText(report)}\n`);
  if (report.leaks.length > 0) process.exitCode = exitCodes.aborted;
}

/** A built-in strategy or one of your own, and the digest of the code that a run of it is made by. */
async function strategyOf({
  strategy,
  workers,
}: BacktestOptions): Promise<{ readonly definition: StrategyDefinition; readonly code: string }> {
  const { definition, module } = await findStrategy(strategy, barStrategies);
  if (module === builtInModule) return { definition, code: coreDigest() };
  if (workers > 0) throw new Refusal(exitCodes.usage, `workers: expected 0 for a strategy of your own, was ${workers}`);
  return {
    definition,
    code: createHash('sha256')
      .update(coreDigest())
      .update(readFileSync(fileURLToPath(module)))
      .digest('hex'),
  };
}

/** `workers`: host threads, 0 = this one. `code`: digest of what runs. */
export async function runOrRefuse(
  request: BacktestRequest,
  workers = 0,
  code = coreDigest(),
  { port, kept }: RunJournal = { port: new CountJournal(), kept: false },
): Promise<BacktestResult> {
  try {
    const { result, end } = runOn(request, { journal: port, isKept: kept, coreDigest: code, marks: 'needed', workers });
    await end();
    return result;
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, error.message);
    throw error;
  }
}

function summaryOf(
  { strategy, version, params, metrics: m, account, ...ids }: BacktestResult,
  dropped: number,
  untraded: number,
  currency = '',
): string {
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  const exits = Object.entries(m.exits).map(([reason, n]) => `${reason} ${n}`);
  const lines = [
    `${strategy} ${version}  ${Object.entries(params)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    m.bars === 0
      ? `points        ${m.dates} of the equity, a minute apart`
      : `bars          ${m.bars} on ${m.dates} dates (${dropped} rows dropped, ${untraded} without volume)`,
    `final equity  ${m.finalEquity}${currency === '' ? '' : ` ${currency}`}  (${percent(m.totalReturn)})${account === undefined ? '' : `, from ${account.tradesIn} by ${account.rate}`}`,
    `sharpe        ${m.sharpe === null ? (m.bars === 0 ? 'none: a session is no year' : 'none: the equity does not move') : m.sharpe.toFixed(4)}`,
    `drawdown      ${percent(m.maxDrawdown)}`,
    `trades        ${m.trades}${m.winRate === null ? '' : `, ${percent(m.winRate)} won`}${exits.length === 0 ? '' : `: ${exits.join(', ')}`}`,
    `orders        ${m.orders}, ${m.fills} fills, ${m.denied} denied; fees ${money(m.fees)} on ${money(m.traded)} traded`,
    ...(ids.currencies ?? []).map(({ currency: code, pnl, pnlInBase, fromRates, fees }) =>
      code === ids.base
        ? `in ${code}        PnL ${money(pnl)}, fees ${money(fees)}`
        : `in ${code}        PnL ${money(pnl)} = ${money(pnlInBase)} ${ids.base ?? ''}, of which rates made ${money(fromRates)}; fees ${money(fees)}`,
    ),
    ...(m.dividends === undefined
      ? []
      : [`dividends     ${money(m.dividends)}, cash for fractions of shares ${money(m.cashInLieu ?? '0')}`]),
    ...(m.funding === undefined ? [] : [`funding       ${money(m.funding)}`]),
    ...(m.rollFees === undefined ? [] : [`rolls         fees ${money(m.rollFees)}, counted above`]),
    ...ids.denials.map(
      ({ instrumentID, code, count, value, limit }) => `  denied ${count} x ${code} ${instrumentID}: ${value}, limit ${limit}`,
    ),
    `run           ${ids.runId.slice(0, 16)}  data ${ids.dataHash.slice(0, 16)}  result ${ids.resultHash.slice(0, 16)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function workersOf(text: string): number {
  const workers = Number(text);
  if (!(Number.isInteger(workers) && workers >= 0 && workers <= maxWorkers && text.trim() !== ''))
    throw new InvalidArgumentError(`expected a whole number 0…${maxWorkers}, was ${text}`);
  return workers;
}

function latencyOption(of: 'order' | 'report', what: string, micros: number): Option {
  const says = `on a recorded session: ${what}, microseconds, or drawn=MIN:TAIL:MAX by the seed`;
  return new Option(`--${of}-latency <us>`, says).argParser(latencyOf).default(fixedLatency(micros), String(micros));
}
