import { parseSplit } from '../../base/decimal.ts';
import { splitZero } from '../../base/split.ts';
import { addMicros, microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import type { Effect } from '../../domain/effect.ts';
import { parseSpec, withParameters } from '../../domain/spec-parser/spec-parser.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import type { JournalPort } from '../../ports/journal.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { timeFrom, type BarTape } from '../../runtime/bar-tape.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import type { BarVenue } from '../../venues/simulated/bar-venue.ts';
import { commandInput, envelopeOf } from '../desk/people.ts';
import { barAccountID, barVenueID, barVenueOf, exponentOf, listingIDOf, registrationsOfBars, scalesOf } from './bar-market.ts';
import type { FoundedCore, FoundingTerms, Foundations } from './foundations.ts';
import type { RunHost } from './run-host.ts';
import { RunRecord } from './run-record.ts';

/** The gate's capital: wide open beside what positions are sized by. */
const wideFactor = 1_000;
const hour = 3_600_000_000;
/** The paper run is never over, and its returns are measured by the equity of the run, not by the evidence of a ladder: no timer of the core for either. */
const longerThanAnyRun = 'P36500D';
/** A backtest asks nobody: these two set up what a desk asks people for. */
const roles = ['Admin', 'RiskManager', 'SeniorManagement'] as const;
const first = { personID: 'backtest', roles };
const second = { personID: 'backtest-second', roles };

/** How a backtest is run; the result does not depend on it. */
export interface RunOptions {
  /** Takes inputs and decisions; it is durable as it is written. */
  readonly journal: JournalPort;
  /** Names the code in run ids and journals. */
  readonly coreDigest: string;
  /** Whether the core gets the marks of every listing, or only those that its limits hang on. */
  readonly marks: 'all' | 'needed';
  /** The journal is kept for readers: they are told the days, and that the run is over with the hash of its state. */
  readonly isKept?: boolean;
  /** Host threads; 0 = the strategy runs in the caller's. */
  readonly workers: number;
  /** Where many runs on the same terms follow each other, with journals that only count. */
  readonly foundations?: Foundations;
}

export interface BarRun {
  readonly record: RunRecord;
  /** Indices of close times, the second excluded. */
  readonly first: number;
  readonly end: number;
  readonly desk: VirtualDesk;
  readonly venue: BarVenue;
}

/** Whether an instrument is quoted in another currency than the run's. */
export function isSeveral({ currency, series }: BarSet): boolean {
  return series.some((one) => one.currency !== undefined && one.currency !== currency);
}

/** Close times of the request: the first, and the one behind the last. @throws RangeError when there are none */
export function spanOf(request: Pick<BacktestRequest, 'from' | 'to'>, tape: BarTape): readonly [begin: number, end: number] {
  const begin = timeFrom(tape, request.from ?? 0);
  const end = request.to === undefined ? tape.times.length : timeFrom(tape, request.to + 1);
  if (end <= begin) throw new RangeError('bars: expected some between the first and the last date of the run, were none');
  return [begin, end];
}

/** What the core of a request is told before its strategy is deployed. */
export function foundingTermsOf(request: BacktestRequest, { name, version }: StrategyDefinition, tape: BarTape): FoundingTerms {
  const { bars, seed, capital } = request;
  return {
    bars,
    startAt: addMicros(microsUnchecked(tape.times[spanOf(request, tape)[0]]), -hour),
    capital: String(Math.ceil(Number(capital) * wideFactor)),
    seed,
    algorithmID: name,
    version,
  };
}

/** What a run stands on: its core, and how far that was told already. */
export interface Ground {
  readonly core: Core;
  readonly terms: FoundingTerms;
  readonly founded: FoundedCore | undefined;
}

/** A desk with one strategy on paper, about to see the first bar of the request. @throws RangeError when the request cannot be run */
export function openBarRun(
  request: BacktestRequest,
  definition: StrategyDefinition,
  params: ParameterValues,
  tape: BarTape,
  ground: Ground,
  host: RunHost,
  options: RunOptions,
): BarRun {
  const { bars, costs, seed } = request;
  const { core, terms } = ground;
  const [begin, end] = spanOf(request, tape);
  const exponent = exponentOf(bars);
  const capital = splitZero();
  const parsed = parseSplit(request.capital, exponent, capital);
  if (!parsed.ok || capital.hi < 0 || (capital.hi === 0 && capital.lo === 0))
    throw new RangeError(`capital: expected a positive decimal of at most ${exponent} places, was ${request.capital}`);
  const heard: { record?: RunRecord } = {};
  const answers: string[] = [];
  const desk = new VirtualDesk({
    core,
    journal: options.journal,
    host: host.port,
    bookOf: (listing) => host.book(listing),
    term: 1,
    marks: options.marks === 'all' || isSeveral(bars) ? 'all' : (request.limits ?? []).length > 0 ? 'held' : 'asked',
    startAt: terms.startAt,
    seed: String(seed),
    strategyOf: () => definition,
    observe: (_seq, at, input, decisions) => {
      if (heard.record !== undefined) heard.record.observe(at, input, decisions);
      else if (input.kind === 'host' && input.event === 'exception') answers.push(`${definition.name}: ${input.text}`);
    },
    onEffect: (effect) => hearRefusal(effect, answers),
  });
  const spec =
    ground.founded === undefined ? specOf(request, definition, params, terms.capital) : withParameters(ground.founded.spec, params);
  if (ground.founded === undefined) {
    found(desk, bars, terms, options.coreDigest);
    options.foundations?.founded(terms, { core, seq: options.journal.nextSeq - 1, spec });
  }
  deployOn(desk, request, spec);
  if (answers.length > 0) throw new RangeError(answers.join('; '));
  host.growTo(core.registry.listings.length);
  const scales = scalesOf(core);
  const record = new RunRecord(core, scales, exponent, capital, request.keep === 'everything', isSeveral(bars));
  heard.record = record;
  const venue = barVenueOf(core, scales, costs, bars.intraday === true ? (_listing, after) => lastCloseOfSession(tape, after) : 'nextBar');
  desk.join([], new Map(), new Map([[0, venue]]));
  return { record, first: begin, end, desk, venue };
}

/** Close of the last bar of the session that the next bar after a time is of. */
function lastCloseOfSession({ times, days }: BarTape, after: Micros): Micros {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= after) low = middle + 1;
    else high = middle;
  }
  let last = Math.min(low, times.length - 1);
  while (last + 1 < times.length && days[last + 1] === days[last]) last++;
  return microsUnchecked(times[last]);
}

function hearRefusal(effect: Effect, answers: string[]): void {
  if (effect.kind === 'answer' && !effect.accepted) answers.push(`${effect.code}: ${effect.text}`);
}

/** Genesis, registrations, version and slice. */
function found(desk: VirtualDesk, bars: BarSet, { capital, seed, algorithmID, version }: FoundingTerms, coreDigest: string): void {
  const { currency } = bars;
  desk.submitNow({
    kind: 'genesis',
    firm: 'backtest',
    currency,
    firmCapital: capital,
    durability: 'os',
    clock: 'virtual',
    coreDigest,
    seed: String(seed),
  });
  for (const registration of registrationsOfBars(bars)) desk.submitNow(registration);
  const sliceID = `${algorithmID}@main.${currency}`;
  command(desk, 1, { verb: 'registerVersion', algorithmID, version, artifactDigest: '0'.repeat(64) });
  command(desk, 2, { verb: 'setSlice', sliceID, algorithmID, accountGroup: 'main', currency, totalCapital: capital, reserve: '0' });
}

/** The deployment on paper; then the limits: the row of the version is there, and no bar was seen. */
function deployOn(desk: VirtualDesk, { limits = [] }: BacktestRequest, spec: DeploymentSpec): void {
  command(desk, 3, { verb: 'deploy', spec });
  limits.forEach(({ value, ...key }, n) => command(desk, 4 + n, { verb: 'setLimit', key, value }));
}

function command(desk: VirtualDesk, n: number, asked: Command): void {
  desk.submitNow(commandInput(envelopeOf(`${asked.verb}-${n}`, asked, first, second)));
}

function specOf(
  request: BacktestRequest,
  definition: StrategyDefinition,
  params: ParameterValues,
  simulatedCapital: string,
): DeploymentSpec {
  const { currency, series } = request.bars;
  const parsed = parseSpec(
    {
      apiVersion: 'plimsoll/v1',
      kind: 'Deployment',
      deploymentId: 'backtest',
      strategy: 'PaperTrading',
      algorithmId: definition.name,
      version: definition.version,
      algorithm: { artifact: `${definition.name}-${definition.version}`, parameters: { ...params } },
      configuration: {
        simulatedCapital,
        currency,
        clock: { kind: 'wall' },
        minTradingDuration: longerThanAnyRun,
        expect: { interval: longerThanAnyRun },
      },
    },
    {
      accountGroup: 'main',
      currency,
      universe: series.map(({ instrumentID }) => listingIDOf(instrumentID)),
      venues: [{ venueID: barVenueID, accountID: barAccountID }],
      calendar: 'ALWAYS',
    },
  );
  if (!parsed.ok) throw new RangeError(parsed.error.map(({ path, text }) => `${path}: ${text}`).join('; '));
  return parsed.value.spec;
}
