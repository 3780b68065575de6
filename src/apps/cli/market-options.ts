import { InvalidArgumentError, Option, type Command } from 'commander';
import { dayFromCivil, daysInMonth, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE } from '../../base/time.ts';
import { adjustments, type Adjustment } from '../../domain/bar-columns.ts';
import { rollAdjustments, type RollAdjustment } from '../../feeds/futures/continuous.ts';
import { rollRules, type RollRule } from '../../feeds/futures/roll-schedule.ts';
import type { BacktestCosts, BacktestFees, BacktestSlippage } from '../../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { eventModes, type EventMode } from '../backtest/series-events.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { feesOf, perShareOf, ratesPerBps, slippageOf } from './backtest-terms.ts';

/** What every command that runs backtests on bars is told. */
export interface MarketOptions {
  readonly strategy: string;
  readonly data: string;
  readonly instruments: readonly string[] | 'all';
  readonly from: number;
  readonly to: number;
  readonly capital: string;
  readonly feeBps: number;
  readonly fees?: BacktestFees;
  readonly perShare?: BacktestFees;
  readonly slippageBps: number;
  /** Basis points. */
  readonly participation: number | 'unlimited';
  /** Length of a bar, microseconds. */
  readonly interval: number;
  readonly roll?: RollRule;
  readonly rollAdjust: RollAdjustment;
  readonly adjust: Adjustment;
  readonly events: EventMode;
  readonly baseCurrency?: string;
  readonly fxRates?: readonly string[];
  /** Microseconds, days. */
  readonly fxInterval: number;
  readonly fxMaxAge: number;
  readonly seed: number;
  readonly json?: true;
}

/** `strategies` and `places`: what the strategy and the data may be. */
export function withMarketOptions(command: Command, strategies: string, places: string): Command {
  return command
    .requiredOption('--strategy <name>', strategies)
    .requiredOption('--data <path>', places)
    .option('--instruments <list>', 'A,B,… in the order of the universe, or all', instrumentsOf, 'all')
    .addOption(
      new Option('--from <date>', 'first session, YYYY-MM-DD').argParser(dayOf).default(dayFromCivil(1900, 1, 1), 'the first there is'),
    )
    .addOption(
      new Option('--to <date>', 'last session, YYYY-MM-DD').argParser(dayOf).default(dayFromCivil(2200, 1, 1), 'the last there is'),
    )
    .option('--capital <decimal>', 'what positions are sized by at the start', '1000000')
    .option('--fee-bps <n>', 'fee of a fill, basis points of its notional', bpsOf, 0)
    .option(
      '--fees <model>',
      'makerTaker=-0.5:2 or tiered=0:10,1000000:8 (from what was traded in the month), in place of basis points',
      feesOf,
    )
    .option('--per-share <decimal>', 'fee of a fill, currency units per share, in place of basis points', perShareOf)
    .option('--slippage-bps <n>', 'market orders and stops trade that much worse', bpsOf, 0)
    .addOption(
      new Option('--participation <percent>', "most of a bar's volume that one order takes, or unlimited")
        .argParser(participationOf)
        .default(1_000, '10'),
    )
    .option('--adjust <how>', adjustments.join(', '), adjustOf, 'total')
    .option(
      '--events <how>',
      'splits and dividends that the prices do not have (adjust none or split): apply moves cash and shares of holders, ignore leaves them out',
      eventsOf,
      'ignore',
    )
    .addOption(
      new Option('--interval <length>', `length of a bar: ${Object.keys(intervals).join(', ')}`)
        .argParser(intervalOf)
        .default(MICROS_PER_DAY, '1d'),
    )
    .option('--roll <rule>', `futures from raw archives as one series by root: ${rollRules.join(', ')}`, rollOf)
    .option(
      '--roll-adjust <how>',
      'with --roll: back adds the gaps to earlier prices; none jumps, and the jump is settled in cash',
      rollAdjustOf,
      'back',
    )
    .option('--base-currency <code>', 'what the run counts in: capital, equity, limits; that of the prices where they have one', currencyOf)
    .option(
      '--fx-rates <list>',
      'pairs of the same data whose closes convert other currencies; those among the instruments when left out',
      pairsOf,
    )
    .addOption(
      new Option('--fx-interval <length>', `length of the bars whose closes are the rates: ${Object.keys(intervals).join(', ')}`)
        .argParser(intervalOf)
        .default(MICROS_PER_DAY, '1d'),
    )
    .option('--fx-max-age <days>', 'oldest rate that still says something', daysOf, 7)
    .option('--seed <n>', "seeds the strategy's random stream and whatever else is drawn: the same seed, the same result", seedOf, 1)
    .option('--json', 'print one JSON object and nothing else');
}

/** Of commands that take a model where others take a list of stresses. */
export interface SlippageOption {
  readonly slippage: BacktestSlippage;
}

export function slippageOption(): Option {
  return new Option('--slippage <model>', 'none, squareRoot or halfSpread=0.01, in place of basis points')
    .argParser(slippageOf)
    .default({ kind: 'none' }, 'none');
}

export function parameterOption(): Option {
  return new Option('--param <name=value>', 'parameter of the strategy; may be repeated')
    .argParser((one: string, all: readonly string[]) => [...all, one])
    .default([], "the strategy's own");
}

type FeeOptions = Pick<MarketOptions, 'feeBps' | 'fees' | 'perShare'>;
type CostOptions = FeeOptions & Pick<MarketOptions, 'slippageBps' | 'participation'>;

export function costsOf(options: CostOptions, slippage: BacktestSlippage = { kind: 'none' }): BacktestCosts {
  const { slippageBps, participation } = options;
  if (slippage.kind !== 'none' && slippageBps !== 0)
    throw new Refusal(exitCodes.usage, 'slippage: expected --slippage-bps or --slippage, were both');
  return {
    fees: chargedOf(options),
    slippage: slippageBps === 0 ? slippage : { kind: 'fixedBps', rate: slippageBps },
    maxParticipationBps: participation,
  };
}

/** The one model of fees that was asked for. @throws Refusal where there are several */
export function chargedOf({ feeBps, fees, perShare }: FeeOptions): BacktestFees {
  const given = [feeBps !== 0 ? '--fee-bps' : '', fees === undefined ? '' : '--fees', perShare === undefined ? '' : '--per-share'].filter(
    (name) => name !== '',
  );
  if (given.length > 1)
    throw new Refusal(exitCodes.usage, `fees: expected one of --fee-bps, --fees and --per-share, were ${given.join(', ')}`);
  return fees ?? perShare ?? { kind: 'bps', rate: feeBps };
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

/** Percent of a bar's volume in bps, or `unlimited`. */
export function participationOf(text: string): number | 'unlimited' {
  return text === 'unlimited' ? text : percentOf(text);
}

const intervals: Readonly<Record<string, number>> = { '1d': MICROS_PER_DAY, '1h': MICROS_PER_HOUR, '1m': MICROS_PER_MINUTE };

export function intervalOf(text: string): number {
  const found = intervals[text];
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${Object.keys(intervals).join(', ')}, was ${text}`);
  return found;
}

function currencyOf(text: string): string {
  if (!/^[A-Z]{3,5}$/.test(text)) throw new InvalidArgumentError(`expected the code of a currency such as USD, was ${text}`);
  return text;
}

function pairsOf(text: string): readonly string[] {
  const ids = instrumentsOf(text);
  if (ids === 'all') throw new InvalidArgumentError('expected pairs with commas between them, was all');
  return ids;
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!(text.trim() !== '' && days > 0 && days <= 366))
    throw new InvalidArgumentError(`expected more than 0 and up to 366 days, was ${text}`);
  return days;
}

function rollOf(text: string): RollRule {
  const found = rollRules.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${rollRules.join(', ')}, was ${text}`);
  return found;
}

function rollAdjustOf(text: string): RollAdjustment {
  const found = rollAdjustments.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${rollAdjustments.join(', ')}, was ${text}`);
  return found;
}

export function adjustOf(text: string): Adjustment {
  const found = adjustments.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${adjustments.join(', ')}, was ${text}`);
  return found;
}

export function eventsOf(text: string): EventMode {
  const found = eventModes.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${eventModes.join(', ')}, was ${text}`);
  return found;
}

export function seedOf(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError(`expected a whole number of at least 0, was ${text}`);
  return seed;
}
