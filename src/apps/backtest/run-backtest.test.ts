import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../../base/decimal.ts';
import { lots } from '../../base/units.ts';
import { isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import type { BacktestRequest, BacktestResult, BarSet } from '../../ports/backtest.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { closeOf } from '../../testing/backtest/desk-run.ts';
import { swingingBars, tiedBars } from '../../testing/backtest/generated-bars.ts';
import { obviousMeanReversion } from '../../testing/backtest/obvious-mean-reversion.ts';
import type { ObviousInput, ObviousRun } from '../../testing/backtest/obvious-money.ts';
import { obviousPairs } from '../../testing/backtest/obvious-pairs.ts';
import { resultJson } from './result-text.ts';
import { createRunBacktest, runOn } from './run-backtest.ts';

const terms = { capital: 1_000_000_000_000n, feeBps: 10n };
const runBacktest = createRunBacktest('c'.repeat(64));

function setOf(inputs: readonly ObviousInput[]): BarSet {
  const series = inputs.map(({ id, bars }) => ({
    instrumentID: id,
    closeTime: Float64Array.from(bars, (bar) => closeOf(bar.date)),
    open: Float64Array.from(bars, (bar) => bar.open),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
    volume: Float64Array.from(bars, (bar) => bar.volume),
  }));
  return { series, dataHash: 'd', currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 };
}

function request(strategy: string, bars: BarSet, more: Partial<BacktestRequest> = {}): BacktestRequest {
  return {
    strategy,
    parameters: {},
    bars,
    capital: '1000000',
    costs: { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 },
    seed: 1,
    keep: 'everything',
    ...more,
  };
}

function six(units: number | bigint): string {
  return formatDecimal(Number(units), 6);
}

/** The obvious run in the words of the result. */
function expectSame(result: BacktestResult, obvious: ObviousRun): void {
  expect(result.denials).toEqual([]);
  expect(
    result.trades.map(({ entryTime, exitTime, ...trade }) => ({
      ...trade,
      entryDate: isoFromMicros(entryTime).slice(0, 10),
      exitDate: isoFromMicros(exitTime).slice(0, 10),
    })),
  ).toEqual(
    obvious.trades.map((trade) => ({
      ...trade,
      qty: String(trade.qty),
      entryPx: six(trade.entryPx),
      exitPx: six(trade.exitPx),
      fees: six(trade.fees),
      pnl: six(trade.pnl),
    })),
  );
  expect([...result.equity.value]).toEqual(obvious.equity.map(({ value }) => Number(value)));
}

/** Decisions in words, with orders by their place instead of their number, which counts inputs; and how many marks there were. */
class DecisionList extends CountJournal {
  readonly lines: string[] = [];
  marks = 0;
  /** Days of which something was reported, and those that a timer began. */
  readonly reported = new Set<number>();
  readonly begun: number[] = [];
  readonly #orders = new Map<number, number>();

  override appendInput(seq: number, at = 0, input?: Input): void {
    super.appendInput(seq);
    if (input?.kind === 'mark') this.marks++;
    if (input?.kind === 'report') this.reported.add(Math.floor(at / MICROS_PER_DAY));
    if (input?.kind === 'timer') this.begun.push(at / MICROS_PER_DAY);
  }

  override appendDecision(seq: number, at?: number, _cause?: number, decision?: Decision): void {
    super.appendDecision(seq);
    const known = (id: number): number => {
      if (id > 0 && !this.#orders.has(id)) this.#orders.set(id, this.#orders.size + 1);
      return this.#orders.get(id) ?? 0;
    };
    const text = JSON.stringify(decision, (key, value: unknown) => {
      if (key === 'inputsHash' || key === 'execID' || key === 'eventSeq') return undefined;
      return /^(clOrdID|origClOrdID|target|bracketOf|parentOrderID)$/.test(key) ? known(value as number) : value;
    });
    this.lines.push(`${at} ${text}`);
  }
}

describe('a backtest', () => {
  it('gives the trades and the money of the obvious one', () => {
    let trades = 0;
    for (let seed = 0; seed < 6; seed++) {
      const swinging = swingingBars(`run/${seed}`, 6, 250);
      const first = runBacktest(request('mean-reversion', setOf(swinging)));
      expectSame(first, obviousMeanReversion(swinging, terms));
      const tied = tiedBars(`run/${seed}`, 500);
      const second = runBacktest(request('pairs', setOf(tied)));
      expectSame(second, obviousPairs(tied[0], tied[1], terms));
      trades += first.trades.length + second.trades.length;
    }
    expect(trades).toBeGreaterThan(40);
  });

  it('gives the same bytes for the same request, and another digest for another one', () => {
    const bars = setOf(swingingBars('run/1', 6, 250));
    const [one, two] = [runBacktest(request('mean-reversion', bars)), runBacktest(request('mean-reversion', bars))];
    expect(resultJson(two)).toBe(resultJson(one));
    const other = runBacktest(request('mean-reversion', bars, { parameters: { maxBars: 1 } }));
    expect([other.runId === one.runId, other.resultHash === one.resultHash]).toEqual([false, false]);
    const curve = runBacktest(request('mean-reversion', bars, { keep: 'equity' }));
    expect([curve.trades, curve.orders, curve.resultHash]).toEqual([[], [], '']);
    expect([curve.equity, curve.metrics, curve.runId]).toEqual([one.equity, one.metrics, one.runId]);
  });

  it('decides the same whether the core gets every mark or only those that something hangs on', () => {
    const sets = [setOf(swingingBars('run/1', 6, 250)), setOf(tiedBars('run/1', 500))];
    const limits = [{ scope: 'version', scopeID: 'moving-average@main.USD/1.0.0', limit: 'maxDailyLoss', value: 500_000_000 }] as const;
    const parameters = { fast: 2, slow: 5 };
    const terms = [{ strategy: 'mean-reversion' }, { strategy: 'pairs' }, { strategy: 'moving-average', parameters, limits }];
    let denials = 0;
    for (const [n, { strategy, ...more }] of terms.entries()) {
      const asked = request(strategy, sets[n % 2], more);
      const [all, held] = [new DecisionList(), new DecisionList()];
      const results = [
        runOn(asked, { journal: all, coreDigest: 'c', marks: 'all', workers: 0 }).result,
        runOn(asked, { journal: held, coreDigest: 'c', marks: 'needed', workers: 0 }).result,
      ];
      expect(held.lines).toEqual(all.lines);
      expect(resultJson(results[1])).toBe(resultJson(results[0]));
      expect(held.marks).toBeLessThan(all.marks);
      expect(all.lines.length).toBeGreaterThan(30);
      denials += results[0].metrics.denied;
    }
    expect(denials).toBeGreaterThan(0);
  });

  it('asks for no timers but the midnights after which orders that ended are forgotten, however long it is', () => {
    const asked = request('mean-reversion', setOf(swingingBars('run/1', 6, 250)));
    const list = new DecisionList();
    const { metrics } = runOn(asked, { journal: list, coreDigest: 'c', marks: 'needed', workers: 0 }).result;
    expect(metrics.orders).toBeGreaterThan(5);
    const last = asked.bars.series[0].closeTime.at(-1) ?? 0;
    const due = [...list.reported].map((day) => day + 2).filter((day) => day * MICROS_PER_DAY < last);
    expect(due.length).toBeGreaterThan(5);
    expect(list.begun).toEqual(due);
  });

  it('decides at closes, when the session is over: what can wait for the next one is queued, what cannot is denied', () => {
    const bars = setOf(swingingBars('hours', 1, 30));
    const days = bars.series[0].closeTime.length;
    const asks = (timeInForce: 'day' | 'gtc' | 'ioc' | 'fok'): BacktestResult => {
      const definition = defineStrategy({
        name: 'asks',
        version: '1.0.0',
        parameters: {},
        create: () => ({
          onBar: (context, { listing }) => void context.place({ listing, side: 'buy', ordType: 'market', orderQty: lots(1), timeInForce }),
        }),
      });
      return runBacktest(request('asks', bars, { definition }));
    };
    for (const timeInForce of ['day', 'gtc'] as const) expect(asks(timeInForce).metrics).toMatchObject({ denied: 0, orders: days });
    const denial = { instrumentID: bars.series[0].instrumentID, code: 'OUTSIDE_TRADING_HOURS', count: days, limit: 0 };
    expect(asks('ioc').denials).toMatchObject([denial]);
    expect(asks('fok').denials).toMatchObject([{ ...denial, code: 'TIME_IN_FORCE_NOT_SUPPORTED' }]);
  });

  it('lists orders with their end, and counts what the gate denies', () => {
    const bars = setOf(swingingBars('limits', 3, 300));
    const averages = { parameters: { fast: 5, slow: 20 } };
    const limit = { scope: 'firm', scopeID: '', limit: 'maxNotional' } as const;
    const wide = runBacktest(request('moving-average', bars, averages));
    expect(wide.orders.length).toBe(wide.metrics.orders);
    expect(wide.orders.filter((order) => order.reason === 'entry' && order.ordStatus === 'filled').length).toBeGreaterThan(3);
    const tight = runBacktest(request('moving-average', bars, { ...averages, limits: [{ ...limit, value: 10_000_000 }] }));
    expect(tight.metrics.fills).toBe(0);
    expect(tight.metrics.denied).toBeGreaterThan(3);
    expect(tight.denials[0]).toMatchObject({ code: 'NOTIONAL_EXCEEDS_MAX', limit: 10_000_000 });
    expect(tight.denials.reduce((sum, one) => sum + one.count, 0)).toBe(tight.metrics.denied);
  });

  it('sees only the bars between its times, and refuses what cannot be run in one sentence', () => {
    const inputs = swingingBars('window', 3, 120);
    const bars = setOf(inputs);
    const times = bars.series[0].closeTime;
    const seen: number[] = [];
    const probe = defineStrategy({
      name: 'probe',
      version: '1.0.0',
      parameters: {},
      create: () => ({ onBar: (_context, bar) => void seen.push(bar.eventTime) }),
    });
    const [from, to] = [times[10], times[20]].map((time) => closeOf(new Date(time / 1000).toISOString().slice(0, 10)));
    runBacktest(request('probe', bars, { definition: probe, from, to }));
    expect([Math.min(...seen), Math.max(...seen)]).toEqual([from, to]);
    expect(() => runBacktest(request('mean-revertion', bars))).toThrow('did you mean mean-reversion?');
    expect(() => runBacktest(request('pairs', bars))).toThrow('universe: expected one or more pairs');
    expect(() => runBacktest(request('moving-average', bars, { parameters: { fast: 0 } }))).toThrow('fast: expected a whole number 1…2000');
    expect(() => runBacktest(request('moving-average', bars, { capital: '-1' }))).toThrow('capital: expected a positive decimal');
    expect(() => runBacktest(request('moving-average', bars, { from: to, to: from }))).toThrow('bars: expected some');
  });

  it('holds while the fast average is above the slow one', () => {
    const inputs = swingingBars('averages', 1, 300);
    const result = runBacktest(request('moving-average', setOf(inputs), { parameters: { fast: 5, slow: 20 } }));
    const { bars } = inputs[0];
    const mean = (end: number, n: number): number => bars.slice(end - n + 1, end + 1).reduce((sum, bar) => sum + bar.close, 0) / n;
    const crossings = bars.map((_, t) => t >= 19 && mean(t, 5) > mean(t, 20));
    const changes = crossings.filter((above, t) => above !== (t > 0 && crossings[t - 1])).length;
    expect(result.orders.length).toBeGreaterThan(5);
    expect(result.orders.length).toBeLessThanOrEqual(changes);
    for (const { side, time } of result.orders) {
      const t = bars.findIndex((bar) => closeOf(bar.date) === time);
      expect(crossings[t]).toBe(side === 'buy');
    }
  });
});
