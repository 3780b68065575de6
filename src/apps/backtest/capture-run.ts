import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical.ts';
import { parseSplit } from '../../base/decimal.ts';
import { isNeg, isZero, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { midTwice } from '../../core/market/marks.ts';
import type { BacktestMetrics, BacktestResult, EquityCurve } from '../../ports/backtest.ts';
import type { JournalPort } from '../../ports/journal.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { maxDrawdown } from '../../quant/performance/drawdown.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import type { MarketSource } from '../desk/market-source.ts';
import { deskPeople } from '../desk/people.ts';
import { Session } from '../desk/session.ts';
import { paperSpec } from '../desk/specs.ts';
import { scalesOf } from './bar-market.ts';
import { captureCapacities } from './core-size.ts';
import { resultHash } from './result-text.ts';
import { RunRecord } from './run-record.ts';

/** A backtest on a recorded session of quotes, trades and books. */
export interface CaptureRequest {
  readonly source: MarketSource;
  readonly definition: StrategyDefinition;
  readonly parameters: ParameterValues;
  /** Decimal, currency units: what the version may use, as on paper. */
  readonly capital: string;
  readonly seed: string;
  readonly coreDigest: string;
  /** SHA-256 over the bytes of the recording, hex. */
  readonly dataHash: string;
  /** Takes inputs and decisions; counts them only, when left out. */
  readonly journal?: JournalPort;
  /** What else identifies the run: latencies, queue model, fees. */
  readonly terms: Readonly<Record<string, string | number>>;
}

/** Distance of the points of the equity: a minute. */
const pointEvery = 60_000_000;

/**
 * Runs a recorded session through the desk that `plimsoll paper` runs it through, without a journal on disk: the same inputs, the same orders.
 * @throws RangeError with a sentence when it cannot be run
 */
export async function runCapture(request: CaptureRequest): Promise<BacktestResult> {
  const { source, definition, capital, seed, coreDigest } = request;
  const { name, version } = definition;
  const parsed = definition.parse(request.parameters);
  if (!parsed.ok) throw new RangeError(parsed.error.join('; '));
  const heard: { record?: RunRecord; readonly failed: string[] } = { failed: [] };
  const session = new Session({
    source,
    journal: request.journal ?? new CountJournal(),
    coreDigest,
    seed,
    firmCapital: capital,
    durability: 'os',
    strategies: [definition],
    paperOnly: true,
    unwatched: true,
    ...(request.journal === undefined ? { capacities: captureCapacities } : {}),
    onStep: (at, input, decisions) => {
      if (input.kind === 'host' && input.event === 'exception') heard.failed.push(input.text);
      heard.record?.observe(at, input, decisions);
    },
  });
  await session.open();
  const { core } = session;
  const { exponent } = core.registry.currencies[core.registry.listings[0].currency];
  const start = splitZero();
  const money = parseSplit(capital, exponent, start);
  if (!money.ok || isNeg(start) || isZero(start)) throw new RangeError(`capital: expected a positive decimal, was ${capital}`);
  const record = new RunRecord(core, scalesOf(core), exponent, start, true);
  heard.record = record;
  await session.prepare(capital);
  const spec = paperSpec(`${name}-paper`, name, version, source.market.currency, capital);
  const asked =
    Object.keys(request.parameters).length === 0
      ? spec
      : { ...spec, algorithm: { artifact: `${name}-${version}`, parameters: { ...parsed.value } } };
  const deployed = await session.deploy(asked, deskPeople.trader);
  if (!deployed.accepted) throw new RangeError(deployed.text);
  const equity = await follow(session, record);
  if (request.journal !== undefined) await session.submit({ kind: 'close', reason: 'the recording is over' });
  if (heard.failed.length > 0) throw new RangeError(`${name}: ${heard.failed[0]}`);
  const kept = { trades: record.trades(), orders: record.orders, fills: record.booked, denials: record.denials, equity };
  return {
    strategy: name,
    version,
    params: parsed.value,
    runId: runIDOf(request, parsed.value),
    dataHash: request.dataHash,
    resultHash: resultHash(kept),
    ...kept,
    metrics: metricsOf(request, record, equity),
  };
}

/** Turns the desk to the end of the recording; a point of the equity each minute and at the end. */
async function follow(session: Session, record: RunRecord): Promise<EquityCurve> {
  const { desk, core } = session;
  const times: number[] = [];
  const values: number[] = [];
  const middle = new Float64Array(1);
  for (;;) {
    const state = await desk.advance(nextPoint(desk.now), Number.MAX_SAFE_INTEGER, true);
    if (state === 'journalFailed') throw new Error(desk.failure);
    middle[0] = Math.floor(midTwice(core.marks, 0) / 2);
    times.push(desk.now);
    values.push(record.equity(middle));
    if (state === 'feedsEnded') return { time: Float64Array.from(times), value: Float64Array.from(values) };
  }
}

function nextPoint(now: Micros): Micros {
  return microsUnchecked((Math.floor(now / pointEvery) + 1) * pointEvery);
}

function runIDOf({ dataHash, capital, seed, coreDigest, definition, terms }: CaptureRequest, params: ParameterValues): string {
  const { name, version } = definition;
  const identity = { strategy: name, version, params, dataHash, capital, seed, code: coreDigest, terms };
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}

function metricsOf({ capital }: CaptureRequest, record: RunRecord, { value }: EquityCurve): BacktestMetrics {
  const { trades, orders, fills, denied, finalEquity, fees, traded, totalReturn, ...rest } = record.metrics(
    value[value.length - 1],
    capital,
  );
  return {
    bars: 0,
    dates: value.length,
    ...{ trades, orders, fills, denied, finalEquity, fees, traded, totalReturn },
    // minutes of one session say nothing about a year
    sharpe: null,
    maxDrawdown: maxDrawdown(value),
    ...rest,
  };
}
