import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { dayFromCivil, daysInMonth, isoFromDay } from '../../base/time.ts';
import { adjustments, type Adjustment } from '../../domain/bar-columns.ts';
import type { BacktestCosts, BacktestFees, BacktestRequest, BacktestResult, BacktestSlippage } from '../../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { detectLookAhead } from '../../research/look-ahead.ts';
import { loadBarSet, loadRefusalText } from '../backtest/load-bar-set.ts';
import { resultJson } from '../backtest/result-text.ts';
import { createRunBacktest, runOn } from '../backtest/run-backtest.ts';
import type { QueueModel } from '../../venues/simulated/queue-place.ts';
import { perShareOf, readLimits, slippageOf } from './backtest-terms.ts';
import { isCapture, latencyOf, queueOf, runCaptureCommand } from './backtest-capture.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { money } from '../desk/describe.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { barStrategies } from '../desk/strategies.ts';
import { builtInModule, findStrategy } from '../desk/strategy-modules.ts';
import { countBacktest, scopeOf } from '../research/backtest-trial.ts';
import { lookAheadText } from './look-ahead-text.ts';
import { reportBacktest } from './tear-sheet-file.ts';

interface BacktestOptions {
  readonly strategy: string;
  readonly data: string;
  readonly instruments: readonly string[] | 'all';
  readonly from: number;
  readonly to: number;
  readonly capital: string;
  readonly feeBps: number;
  readonly perShare?: BacktestFees;
  readonly slippageBps: number;
  readonly slippage: BacktestSlippage;
  readonly limits?: string;
  readonly participation: number;
  readonly adjust: Adjustment;
  readonly param: readonly string[];
  readonly seed: number;
  readonly workers: number;
  readonly orderLatency: number;
  readonly reportLatency: number;
  readonly queue: QueueModel;
  readonly out?: string;
  readonly report?: string;
  readonly registry?: string;
  readonly checkLookAhead?: true;
  readonly json?: true;
}

/** Rates count 10^-8: this many of them in a basis point. */
export const ratesPerBps = 10_000;

const maxWorkers = 16;

export function addBacktest(plimsoll: Command): void {
  plimsoll
    .command('backtest')
    .description('a strategy over daily bars or a recorded session: the engine, gate and ledger of a live desk')
    .requiredOption(
      '--strategy <name>',
      `${barStrategies.map((one) => one.name).join(', ')}, or the path of a module that exports your own`,
    )
    .requiredOption('--data <path>', 'raw daily files (S&P 500, LEAN), imported columns, or a Binance capture for maker, momentum, clumsy')
    .option('--instruments <list>', 'A,B,… in the order of the universe, or all', instrumentsOf, 'all')
    .addOption(fromOption())
    .addOption(toOption())
    .option('--capital <decimal>', 'what positions are sized by at the start', '1000000')
    .option('--fee-bps <n>', 'fee of a fill, basis points of its notional', bpsOf, 0)
    .option('--slippage-bps <n>', 'market orders and stops trade that much worse', bpsOf, 0)
    .option('--per-share <decimal>', 'fee of a fill, currency units per share, in place of basis points', perShareOf)
    .addOption(
      new Option('--slippage <model>', 'none, squareRoot or halfSpread=0.01, in place of basis points')
        .argParser(slippageOf)
        .default({ kind: 'none' }, 'none'),
    )
    .option('--limits <file>', 'JSON list of limits of the risk gate; without it they are wide open')
    .addOption(participationOption())
    .option('--adjust <how>', adjustments.join(', '), adjustOf, 'total')
    .addOption(parameterOption())
    .option('--seed <n>', "seeds the strategy's random stream", seedOf, 1)
    .option('--workers <n>', 'host threads that the strategy runs in, 0…16; 0: in this one, the result is the same', workersOf, 0)
    .option('--order-latency <us>', 'on a recorded session: from an order to its arrival, microseconds', latencyOf, 300)
    .option('--report-latency <us>', 'on a recorded session: from a report to its arrival, microseconds', latencyOf, 200)
    .option(
      '--queue <model>',
      'on a recorded session: whether cancels ahead move an order forward, proRata or riskAverse',
      queueOf,
      'proRata',
    )
    .option('--out <file>', 'write the whole result there as JSON')
    .option('--report <file>', 'write a tear sheet there: one HTML page that opens offline')
    .option('--registry <directory>', 'where the trial is counted; default below the data directory of the user')
    .option('--check-look-ahead', 'cut the future off at 20 times and run again; exit 1 when a decision before the cut changes')
    .option('--json', 'print the whole result as one JSON object and nothing else')
    .action((options: BacktestOptions, command: Command) => runBacktestCommand(options, command));
}

/** First session of a run. */
export function fromOption(): Option {
  return new Option('--from <date>', 'first session, YYYY-MM-DD').argParser(dayOf).default(dayFromCivil(1900, 1, 1), 'the first there is');
}

export function toOption(): Option {
  return new Option('--to <date>', 'last session, YYYY-MM-DD').argParser(dayOf).default(dayFromCivil(2200, 1, 1), 'the last there is');
}

/** In basis points. */
export function participationOption(): Option {
  return new Option('--participation <percent>', "most of a bar's volume that one order takes").argParser(percentOf).default(1_000, '10');
}

export function parameterOption(): Option {
  return new Option('--param <name=value>', 'parameter of the strategy; may be repeated')
    .argParser((one: string, all: readonly string[]) => [...all, one])
    .default([], "the strategy's own");
}

async function runBacktestCommand(options: BacktestOptions, command: Command): Promise<void> {
  const { data, instruments, adjust, from, to, out } = options;
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
  if (from > to) throw new Refusal(exitCodes.usage, `from: expected a date up to ${isoFromDay(to)}, was ${isoFromDay(from)}`);
  if (!existsSync(data)) throw new Refusal(exitCodes.refused, `data: expected a directory, was ${data}, which is not there`);
  const bars = await loadBarSet({
    folder: data,
    adjust,
    fromDay: from,
    toDay: to,
    ...(instruments === 'all' ? {} : { instruments }),
  });
  if (!bars.ok) throw new Refusal(exitCodes.refused, loadRefusalText(data, bars.error));
  const { set, loaded } = bars.value;
  const request: BacktestRequest = {
    strategy: definition.name,
    definition,
    parameters: parametersOf(definition, options.param),
    bars: set,
    capital: options.capital,
    costs: costsOf(options),
    limits: readLimits(options.limits),
    seed: options.seed,
    keep: 'everything',
  };
  const result = await runOrRefuse(request, options.workers, code);
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
      `${summaryOf(result, loaded.dropped, loaded.untraded)}${out === undefined ? '' : `written to ${out}\n`}${options.report === undefined ? '' : `tear sheet in ${options.report}\n`}`,
    );
}

function costsOf({ feeBps, perShare, slippageBps, slippage, participation }: BacktestOptions): BacktestCosts {
  if (perShare !== undefined && feeBps !== 0) throw new Refusal(exitCodes.usage, 'fees: expected --fee-bps or --per-share, were both');
  if (slippage.kind !== 'none' && slippageBps !== 0)
    throw new Refusal(exitCodes.usage, 'slippage: expected --slippage-bps or --slippage, were both');
  return {
    fees: perShare ?? { kind: 'bps', rate: feeBps },
    slippage: slippageBps === 0 ? slippage : { kind: 'fixedBps', rate: slippageBps },
    maxParticipationBps: participation,
  };
}

/** A recorded session knows no bars, and its run no tear sheet and no detector yet. */
function refuseOnCapture({ instruments, slippageBps, slippage }: BacktestOptions, command: Command): void {
  refuseGiven(command, ['report', 'checkLookAhead', 'limits', 'perShare', 'adjust', 'from', 'to', 'participation', 'workers'], captureText);
  if (instruments !== 'all') throw new Refusal(exitCodes.usage, `--instruments: ${captureText}`);
  if (slippageBps !== 0 || slippage.kind !== 'none') throw new Refusal(exitCodes.usage, `--slippage: ${captureText}`);
}

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
export async function runOrRefuse(request: BacktestRequest, workers = 0, code = coreDigest()): Promise<BacktestResult> {
  try {
    const { result, end } = runOn(request, { journal: new CountJournal(), coreDigest: code, marks: 'needed', workers });
    await end();
    return result;
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, error.message);
    throw error;
  }
}

function summaryOf({ strategy, version, params, metrics: m, ...ids }: BacktestResult, dropped: number, untraded: number): string {
  const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
  const exits = Object.entries(m.exits).map(([reason, n]) => `${reason} ${n}`);
  const lines = [
    `${strategy} ${version}  ${Object.entries(params)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    m.bars === 0
      ? `points        ${m.dates} of the equity, a minute apart`
      : `bars          ${m.bars} on ${m.dates} dates (${dropped} rows dropped, ${untraded} without volume)`,
    `final equity  ${m.finalEquity}  (${percent(m.totalReturn)})`,
    `sharpe        ${m.sharpe === null ? (m.bars === 0 ? 'none: a session is no year' : 'none: the equity does not move') : m.sharpe.toFixed(4)}`,
    `drawdown      ${percent(m.maxDrawdown)}`,
    `trades        ${m.trades}${m.winRate === null ? '' : `, ${percent(m.winRate)} won`}${exits.length === 0 ? '' : `: ${exits.join(', ')}`}`,
    `orders        ${m.orders}, ${m.fills} fills, ${m.denied} denied; fees ${money(m.fees)} on ${money(m.traded)} traded`,
    ...ids.denials.map(
      ({ instrumentID, code, count, value, limit }) => `  denied ${count} x ${code} ${instrumentID}: ${value}, limit ${limit}`,
    ),
    `run           ${ids.runId.slice(0, 16)}  data ${ids.dataHash.slice(0, 16)}  result ${ids.resultHash.slice(0, 16)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** `name=value` as the strategy's own types. @throws Refusal naming the parameter */
export function parametersOf(definition: StrategyDefinition, given: readonly string[]): ParameterValues {
  const values: Record<string, string | number | boolean> = {};
  for (const one of given) {
    const at = one.indexOf('=');
    if (at < 1) throw new Refusal(exitCodes.usage, `param: expected name=value, was ${one}`);
    const [name, text] = [one.slice(0, at), one.slice(at + 1)];
    const type = definition.parameters[name]?.type;
    if (type === 'boolean' && (text === 'true' || text === 'false')) values[name] = text === 'true';
    else if (type === 'integer' || type === 'number') values[name] = text === '' ? NaN : Number(text);
    else values[name] = text;
  }
  const parsed = definition.parse(values);
  if (!parsed.ok) throw new Refusal(exitCodes.usage, `param: ${parsed.error.join('; ')}`);
  return values;
}

export function instrumentsOf(text: string): readonly string[] | 'all' {
  if (text === 'all') return 'all';
  const ids = text.split(',').map((id) => id.trim());
  const twice = ids.find((id, n) => ids.indexOf(id) !== n);
  if (ids.includes('')) throw new InvalidArgumentError(`expected names with commas between them, was ${text}`);
  if (twice !== undefined) throw new InvalidArgumentError(`expected each instrument once, was ${twice} twice`);
  return ids;
}

/** Days since 1970-01-01. */
export function dayOf(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = (match ?? []).slice(1).map(Number);
  if (match === null || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    throw new InvalidArgumentError(`expected a date YYYY-MM-DD, was ${text}`);
  return dayFromCivil(year, month, day);
}

export function bpsOf(text: string): number {
  const rate = Math.round(Number(text) * ratesPerBps);
  if (!(text.trim() !== '' && rate >= 0 && rate <= 10_000 * ratesPerBps && Math.abs(rate / ratesPerBps - Number(text)) < 1e-9))
    throw new InvalidArgumentError(`expected 0…10000 basis points in steps of 0.0001, was ${text}`);
  return rate;
}

export function percentOf(text: string): number {
  const bps = Number(text) * 100;
  if (!(Number.isInteger(bps) && bps >= 1 && bps <= 10_000))
    throw new InvalidArgumentError(`expected 0.01…100 percent in steps of 0.01, was ${text}`);
  return bps;
}

function workersOf(text: string): number {
  const workers = Number(text);
  if (!(Number.isInteger(workers) && workers >= 0 && workers <= maxWorkers && text.trim() !== ''))
    throw new InvalidArgumentError(`expected a whole number 0…${maxWorkers}, was ${text}`);
  return workers;
}

export function adjustOf(text: string): Adjustment {
  const found = adjustments.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${adjustments.join(', ')}, was ${text}`);
  return found;
}

export function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError(`expected a whole number of at least 0, was ${text}`);
  return seed;
}
