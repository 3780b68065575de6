import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../../base/canonical.ts';
import { createCore, smallCoreCapacities } from '../../core/core.ts';
import type { BacktestMetrics, BacktestRequest, BacktestResult, BarSet, EquityCurve, RunBacktest } from '../../ports/backtest.ts';
import type { ParameterValues, StrategyDefinition } from '../../ports/strategy.ts';
import { maxDrawdown } from '../../quant/performance/drawdown.ts';
import { sharpeRatio, simpleReturns } from '../../quant/performance/sharpe.ts';
import { timeFrom, type BarTape } from '../../runtime/bar-tape.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { barStrategies, strategyNamed } from '../desk/strategies.ts';
import { AccountMoney, accountIdentity } from './account-money.ts';
import { createRunHost } from './run-host.ts';
import { barCalendar, currenciesOf } from './bar-market.ts';
import { foundingTermsOf, isSeveral, openBarRun, spanOf, type BarRun, type RunOptions } from './bar-run.ts';
import { tapeOf } from './bar-tape.ts';
import { Foundations } from './foundations.ts';
import { HolderEvents } from './holder-events.ts';
import { coreSizeOf } from './core-size.ts';
import { requireRates } from './required-rates.ts';
import { resultHash } from './result-text.ts';
import type { RunRecord } from './run-record.ts';

/** Backtests of one build, each in the thread that asks; `coreDigest` names its code in run ids. */
export function createRunBacktest(coreDigest: string): RunBacktest {
  const foundations = new Foundations();
  let runs = false;
  return (request) => {
    const options: RunOptions = { journal: new CountJournal(), coreDigest, marks: 'needed', workers: 0 };
    // a strategy that runs a backtest of its own has the outer one's core under it
    if (runs) return runOn(request, options).result;
    runs = true;
    try {
      return runOn(request, { ...options, foundations }).result;
    } finally {
      runs = false;
    }
  };
}

/** One backtest. `end` ends the threads that it started. @throws RangeError as RunBacktest does */
export function runOn(
  request: BacktestRequest,
  options: RunOptions,
): { readonly result: BacktestResult; readonly end: () => Promise<void> } {
  const definition = definitionOf(request);
  const parsed = definition.parse(request.parameters);
  if (!parsed.ok) throw new RangeError(parsed.error.join('; '));
  const params = parsed.value;
  const tape = tapeOf(request.bars);
  if (isSeveral(request.bars)) requireSeveral(request, tape);
  const account =
    request.account === undefined
      ? undefined
      : new AccountMoney(request.account, request.capital, tape.times[timeFrom(tape, request.from ?? 0)]);
  // what sizes positions and meets the gate is in the currency of the bars
  const inner = account === undefined ? request : { ...request, capital: account.capitalInRun };
  const terms = foundingTermsOf(inner, definition, tape);
  const founded = options.foundations?.take(terms);
  // who derives a kept journal again does it with the core of a small desk
  const { series, conversion } = request.bars;
  const core =
    founded?.core ??
    createCore(1, options.isKept === true ? smallCoreCapacities : coreSizeOf(series.length + (conversion?.rates.length ?? 0)));
  const journal = founded === undefined ? options.journal : new CountJournal(founded.seq);
  const host = createRunHost(core, Number(inner.capital), options.workers);
  const end = (): Promise<void> => host.end();
  try {
    const run = openBarRun(inner, definition, params, tape, { core, terms, founded }, host, { ...options, journal });
    // nothing hangs on the beginning of a day but limits of its loss, and what a journal's reader wants to know
    const silent = options.marks === 'needed' && options.isKept !== true && (request.limits ?? []).length === 0;
    const events = new HolderEvents(run, core, request.bars, tape);
    const curve = followBars(run, tape, silent ? '' : barCalendar, events);
    const equity = account === undefined ? curve : account.equity(curve);
    if (options.isKept === true) run.desk.submitNow({ kind: 'close', reason: 'the run is over' });
    const { alerts } = run.record;
    if (alerts.length > 0) throw new RangeError(`${definition.name}: ${alerts[0]}`);
    const runId = runIDOf(request, definition, params, options.coreDigest);
    return { result: resultOf(request, definition, params, run, tape, equity, runId), end };
  } catch (error) {
    void end();
    throw error;
  }
}

/** What a run of several currencies cannot do is said before its first bar. */
function requireSeveral({ bars, account, costs, from, to }: BacktestRequest, tape: BarTape): void {
  if (account !== undefined)
    throw new RangeError('account: a run of several currencies has its base currency, expected no other account, was one');
  if (costs.fees.kind === 'tiered')
    throw new RangeError(
      'fees: tiers count what was traded in one currency, and the run has several: expected basis points or an amount per lot',
    );
  requireRates(
    bars,
    currenciesOf(bars),
    tape,
    ...spanOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, tape),
  );
}

function resultOf(
  request: BacktestRequest,
  { name, version }: StrategyDefinition,
  params: ParameterValues,
  run: BarRun,
  tape: BarTape,
  equity: EquityCurve,
  runId: string,
): BacktestResult {
  const { record } = run;
  const all = request.keep === 'everything';
  const kept = { trades: all ? record.trades() : [], orders: record.orders, fills: record.booked, denials: record.denials, equity };
  const ids = { runId, dataHash: request.bars.dataHash, resultHash: all ? resultHash(kept) : '' };
  const { account, bars } = request;
  const currencies = record.currencies();
  const where = {
    ...(account === undefined ? {} : { account: { currency: account.currency, tradesIn: bars.currency, rate: account.rateID } }),
    ...(currencies === undefined
      ? {}
      : { base: bars.currency, rates: (bars.conversion?.rates ?? []).map(({ rateID }) => rateID), currencies }),
  };
  return { strategy: name, version, params, ...ids, ...where, ...kept, metrics: metricsOf(request, run, tape, equity) };
}

function definitionOf(request: BacktestRequest): StrategyDefinition {
  if (request.definition !== undefined) return request.definition;
  const found = strategyNamed(request.strategy, barStrategies);
  if (typeof found === 'string') throw new RangeError(found);
  return found;
}

/** Plays the bars and marks the equity at the last close time of each date. */
function followBars({ desk, record, first, end }: BarRun, tape: BarTape, calendar: string, events: HolderEvents): EquityCurve {
  const { times, days, starts, listings, close } = tape;
  const closes = new Float64Array(tape.listingCount);
  const time = new Float64Array(end - first);
  const value = new Float64Array(end - first);
  let points = 0;
  desk.playBars(tape, first, end, calendar, (at) => {
    for (let n = starts[at]; n < starts[at + 1]; n++) closes[listings[n]] = close[n];
    if (at + 1 === end || days[at + 1] !== days[at]) {
      time[points] = times[at];
      value[points++] = record.equity(closes);
    }
    if (at + 1 < end) events.passUntil(times[at + 1], closes);
  });
  return { time: time.slice(0, points), value: value.slice(0, points) };
}

function runIDOf(request: BacktestRequest, { name, version }: StrategyDefinition, params: ParameterValues, code: string): string {
  const { bars, from = null, to = null, capital, costs, seed, limits = [] } = request;
  const instruments = bars.series.map((one) => one.instrumentID);
  const identity = { strategy: name, version, params, dataHash: bars.dataHash, instruments, from, to, capital, seed, code };
  const other = {
    ...(request.account === undefined ? {} : { account: accountIdentity(request.account) }),
    ...(isSeveral(bars) ? { base: bars.currency } : {}),
  };
  const terms = {
    ...identity,
    ...other,
    costs,
    limits: limits.map(({ scope, scopeID, limit, value }) => ({ scope, scopeID, limit, value })),
  };
  return createHash('sha256')
    .update(canonicalJson(terms as unknown as JsonValue))
    .digest('hex');
}

/** What moved cash besides fills, where the run's data have such events. */
function flowsOf({ series }: BarSet, record: RunRecord): Pick<BacktestMetrics, 'dividends' | 'cashInLieu' | 'funding' | 'rollFees'> {
  const kinds = new Set(series.flatMap(({ events = [] }) => events.map(({ kind }) => kind)));
  const { dividends, cashInLieu, funding, rollFees } = record;
  return {
    ...(kinds.has('dividend') || kinds.has('split') ? { dividends: record.money(dividends), cashInLieu: record.money(cashInLieu) } : {}),
    ...(kinds.has('funding') ? { funding: record.money(funding) } : {}),
    ...(kinds.has('roll') ? { rollFees: record.money(rollFees) } : {}),
  };
}

function metricsOf(
  { capital, bars }: BacktestRequest,
  { record, first, end }: BarRun,
  tape: BarTape,
  { value }: EquityCurve,
): BacktestMetrics {
  const { trades, orders, fills, denied, finalEquity, fees, traded, totalReturn, ...rest } = record.metrics(
    value[value.length - 1],
    capital,
  );
  const paid = flowsOf(bars, record);
  const returns = value.length > 1 ? simpleReturns(value) : undefined;
  return {
    bars: tape.starts[end] - tape.starts[first],
    dates: value.length,
    ...{ trades, orders, fills, denied, finalEquity, fees, traded, ...paid, totalReturn },
    sharpe: returns === undefined ? null : (sharpeRatio(returns, bars.periodsPerYear) ?? null),
    maxDrawdown: maxDrawdown(value),
    ...rest,
  };
}
