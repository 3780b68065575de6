import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import { microsUnchecked } from '../base/units.ts';
import type { BarSet } from '../ports/backtest.ts';
import { crossing } from '../testing/backtest/crossing.ts';
import { barSetOf, freeCosts, plainBacktest } from '../testing/backtest/plain-backtest.ts';
import { foldPlan, type Fold } from './fold-plan.ts';
import { closeTimesOf } from './shared-bars.ts';
import { deflationOf } from './sweep.ts';
import { ownThreadRunner } from './trial-pool.ts';
import { walkForward, type WalkForwardPlan, type WalkForwardResult } from './walk-forward.ts';

const run = plainBacktest([crossing]);
const base = { strategy: 'crossing', capital: '1000000', costs: freeCosts, seed: 1 };
const points = [2, 4, 8].flatMap((fast) => [12, 30].map((slow) => ({ fast, slow })));

/** A walk whose moves go on (`persistence` of the last move), or none. */
function walk(seed: number, persistence: number, count = 420): BarSet {
  const luck = prng(`walk-forward ${seed}`);
  let [price, drift] = [50, 0];
  const closes = Array.from({ length: count }, () => {
    drift = persistence * drift + 0.004 * luck.normal();
    return (price *= Math.exp(drift + 0.004 * luck.normal()));
  });
  return barSetOf({ A: closes }, `walk ${seed} ${persistence}`);
}

function foldsOf(bars: BarSet): readonly Fold[] {
  const plan = foldPlan(closeTimesOf(bars), { inSample: 150, outOfSample: 50, mode: 'rolling', purge: 2, embargo: 1 });
  if (!plan.ok) throw new Error(plan.error);
  return plan.value;
}

async function walked(bars: BarSet, some: WalkForwardPlan['points'] = points): Promise<WalkForwardResult> {
  const plan = { base, bars, points: some, folds: foldsOf(bars) };
  const end = await walkForward(plan, ownThreadRunner(run, base, bars), run, { progress: () => undefined, stop: () => false });
  if (end.kind !== 'done') throw new Error(end.kind === 'refused' ? end.sentence : 'stopped');
  return end.result;
}

describe('a walk-forward', () => {
  const bars = walk(1, 0.9);
  it('chooses by in-sample Sharpe alone: other prices after a fold change nothing in it', async () => {
    const folds = foldsOf(bars);
    const cut = folds[2].judgeFrom;
    const [series] = bars.series;
    const later = series.close.map((price, i) => (series.closeTime[i] >= cut ? Math.round(price * (1 + (i % 7) / 10)) : price));
    const other = {
      ...bars,
      series: [{ ...series, close: later, high: later.map((x) => x * 2), low: later.map((x) => Math.floor(x / 2)) }],
    };
    const [one, two] = [await walked(bars), await walked(other)];
    expect(two.folds.slice(0, 3).map(({ chosen }) => chosen)).toEqual(one.folds.slice(0, 3).map(({ chosen }) => chosen));
    expect(two.folds[2].outOfSampleReturn).not.toBe(one.folds[2].outOfSampleReturn);
    expect(one.folds.length).toBeGreaterThan(4);
  });
  it('agrees with choosing and judging by hand', async () => {
    const result = await walked(bars);
    let worth = 1_000_000_000_000;
    const values: number[] = [];
    for (const [f, fold] of result.folds.map(({ fold }) => fold).entries()) {
      const request = { ...base, bars, keep: 'equity' as const, from: fold.learnFrom };
      const sharpes = points.map((parameters) => run({ ...request, parameters, to: fold.learnTo }).metrics.sharpe ?? -Infinity);
      const chosen = points[sharpes.indexOf(Math.max(...sharpes))];
      expect(result.folds[f].chosen).toEqual(chosen);
      expect(result.folds[f].inSampleSharpe).toBe(Math.max(...sharpes));
      const { time, value } = run({ ...request, parameters: chosen, to: fold.judgeTo }).equity;
      time.forEach((at, i) => {
        if (at < fold.judgeFrom) return;
        worth *= value[i] / value[i - 1];
        values.push(worth);
      });
    }
    expect(result.equity.value.length).toBe(values.length);
    values.forEach((value, i) => expect(Math.abs(result.equity.value[i] - value)).toBeLessThan(1));
    expect(result.outOfSample.observations).toBe(values.length);
  });
  it('counts a configuration once, however many folds tried it', async () => {
    const { trials } = await walked(bars);
    expect(trials.length).toBe(points.length);
    expect(new Set(trials.map(({ runId }) => runId)).size).toBe(points.length);
  });
  it('finds a planted edge, and not in a mirror of noise', async () => {
    const edge = await walked(walk(3, 0.95, 900));
    const noise = await walked(walk(3, 0, 900));
    const deflated = ({ outOfSample, trials }: WalkForwardResult): number =>
      deflationOf(outOfSample, 252, { trials: trials.length, variance: 0.25 })?.deflated ?? NaN;
    expect(deflated(edge)).toBeGreaterThan(0.95);
    expect(deflated(noise)).toBeLessThan(0.95);
  });
  it('refuses a fold in which nothing could be run, with the reason', async () => {
    const plan = { base, bars, points: [{ fast: 30, slow: 12 }], folds: foldsOf(bars) };
    const end = await walkForward(plan, ownThreadRunner(run, base, bars), run, { progress: () => undefined, stop: () => false });
    expect(end).toEqual({ kind: 'refused', sentence: 'fold 1: no configuration could be run: fast: expected less than slow 12, was 30' });
  });
  it('stops when asked', async () => {
    const plan = { base, bars, points, folds: foldsOf(bars) };
    const end = await walkForward(plan, ownThreadRunner(run, base, bars), run, { progress: () => undefined, stop: () => true });
    expect(end).toEqual({ kind: 'stopped' });
    expect(microsUnchecked(plan.folds[0].learnFrom)).toBe(bars.series[0].closeTime[0]);
  });
});
