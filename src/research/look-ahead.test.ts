import { describe, expect, it } from 'vitest';
import type { BarSet, RunBacktest } from '../ports/backtest.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { meanReversion100 } from '../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { movingAverage100 } from '../strategies/moving-average/moving-average-1.0.0.ts';
import { cleanSignals } from '../testing/backtest/clean-signals.ts';
import { leakMarket } from '../testing/backtest/leak-market.ts';
import { freeCosts, plainBacktest } from '../testing/backtest/plain-backtest.ts';
import { plantedLeaks } from '../testing/backtest/planted-leaks.ts';
import { signalStrategy, type SignalMaker } from '../testing/backtest/signal-strategy.ts';
import { detectLookAhead, detectWarmUp, type LookAheadReport, type LookAheadSubject } from './look-ahead.ts';

const bars = leakMarket();
const run = plainBacktest();

function subject(definitionOf: (visible: BarSet, until: number) => StrategyDefinition, by: RunBacktest = run): LookAheadSubject {
  return {
    run: by,
    request: { strategy: 'planted', parameters: {}, bars, capital: '1000000', costs: freeCosts, seed: 1, keep: 'equity' },
    definitionOf,
  };
}

function check(name: string, maker: SignalMaker): LookAheadReport {
  return detectLookAhead(subject((visible, until) => signalStrategy(name, maker(visible, until))));
}

describe('the look-ahead detector', () => {
  it('has twenty leaks of different kinds and twenty clean strategies to judge', () => {
    expect([Object.keys(plantedLeaks).length, Object.keys(cleanSignals).length]).toEqual([20, 20]);
  });
  it.each(Object.entries(plantedLeaks))('finds %s', (name, maker) => {
    const { leaks, decisions } = check(name, maker);
    expect(leaks.length, `of ${decisions} decisions`).toBeGreaterThan(0);
    expect(leaks[0].at).toBeLessThanOrEqual(leaks[0].cut);
    expect(leaks[0].withFuture).not.toBe(leaks[0].without);
  });
  it.each(Object.entries(cleanSignals))('says nothing about %s', (name, maker) => {
    const { leaks, decisions, cuts } = check(name, maker);
    expect(decisions).toBeGreaterThan(5);
    expect(cuts).toBe(40);
    expect(leaks).toEqual([]);
  });
  it('says nothing about the strategies of the house', () => {
    for (const definition of [meanReversion100, movingAverage100])
      expect(
        detectLookAhead(
          subject(() => definition),
          { cuts: 10 },
        ).leaks,
      ).toEqual([]);
  });
  it('tells what outlives a run from what comes from the future', () => {
    expect(check('memory', plantedLeaks['a mutable array that outlives the run']).leaks[0].kind).toBe('repeat');
    expect(check('open', plantedLeaks["the next bar's open through a captured series"]).leaks[0].kind).toBe('future');
  });
  it('finds a backtest that itself looks ahead, through its equity', () => {
    const ahead: RunBacktest = (request) => {
      const result = run(request);
      const { time, value } = result.equity;
      return { ...result, equity: { time, value: value.map((worth, i) => worth + (value[i + 1] ?? worth)) } };
    };
    const { leaks } = detectLookAhead(
      subject(() => signalStrategy('flat', cleanSignals['window up to today'](bars, 0)), ahead),
      { cuts: 5 },
    );
    expect(leaks[0].withFuture).toMatch(/^equity /);
  });
  it('refuses no cuts and no bars', () => {
    const flat = subject(() => signalStrategy('flat', () => 0));
    expect(() => detectLookAhead(flat, { cuts: 0 })).toThrow('cuts: expected 1…10000, was 0');
    const empty = { ...flat, request: { ...flat.request, bars: { ...bars, series: [] } } };
    expect(() => detectLookAhead(empty)).toThrow('expected at least 2 close times to cut between, was 0');
  });
});

describe('the recursive warm-up', () => {
  it('shows that what forgets comes to agree, and what never forgets does not', () => {
    const forgets = detectWarmUp(
      subject(() => signalStrategy('forgets', cleanSignals['window up to today'](bars, 0))),
      [25, 50, 100, 200],
    );
    expect(forgets.map(({ bars: count }) => count)).toEqual([25, 50, 100, 200]);
    expect(forgets.at(-1)?.differing).toBe(0);
    const sums = signalStrategy('sums', (seen, n) =>
      seen[n].reduce((sum, { close }) => sum + Math.round(close / 1000), 0) % 7 > 3 ? 100 : 0,
    );
    expect(
      detectWarmUp(
        subject(() => sums),
        [100, 200],
      ).every(({ differing }) => differing > 0),
    ).toBe(true);
  });
  it('shows numbers of an exported state coming closer the longer the run is', () => {
    const whole = subject(() => meanReversion100);
    const request = { ...whole.request, bars: { ...bars, series: [bars.series[0]] } };
    const rows = detectWarmUp({ ...whole, request }, [25, 50, 100, 200]);
    // Wilder's average keeps 13/14 of what it was per bar
    expect(rows[0].relative).toBeGreaterThan(0.01);
    expect(rows[0].worst).toMatch(/strength\/(gains|losses)\/average$/);
    expect(rows.at(-1)?.relative).toBeLessThan(1e-4);
  });
});
