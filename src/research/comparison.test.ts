import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import { sharpeRatio, simpleReturns } from '../quant/performance/sharpe.ts';
import { compareRuns, type ComparedRun, type Comparison } from './comparison.ts';

const luck = prng('comparison');
const market = Array.from({ length: 1000 }, () => 0.01 * luck.normal());
const options = { periodsPerYear: 252, samples: 1000, confidence: 0.95, seed: 1 };

function runOf(name: string, returns: readonly number[], first = 0): ComparedRun {
  const value = [1e12];
  for (const one of returns) value.push(value[value.length - 1] * (1 + one));
  return { name, time: value.map((_, i) => 1000 * (first + i)), value };
}

function compared(...runs: ComparedRun[]): Comparison {
  const comparison = compareRuns(runs, options);
  if (!comparison.ok) throw new Error(comparison.error);
  return comparison.value;
}

describe('two runs on the same days', () => {
  const own = prng('own');
  const alike = market.map((move) => move + 0.0004 + 0.001 * own.normal());
  it('differ by less than their own noise, and the pairing sees it', () => {
    const { differences, figures } = compared(runOf('a', market), runOf('b', alike));
    const [{ meanReturn, correlation, sharpe }] = differences;
    expect(correlation).toBeGreaterThan(0.98);
    expect(meanReturn.lower).toBeGreaterThan(0);
    expect(meanReturn.estimate).toBeCloseTo(252 * 0.0004, 1);
    expect(sharpe?.estimate).toBeCloseTo((figures[1].sharpe ?? 0) - (figures[0].sharpe ?? 0), 9);
    // unpaired, each mean alone is known to about 2 x 1.96 x 0.01 / sqrt(1000) x 252
    expect(meanReturn.upper - meanReturn.lower).toBeLessThan(0.1 * ((2 * 1.96 * 0.01) / Math.sqrt(1000)) * 252);
  });
  it('two of the same do not differ, and unrelated ones not for sure', () => {
    const [same] = compared(runOf('a', market), runOf('a again', market)).differences;
    expect(same.meanReturn).toEqual({ estimate: 0, lower: 0, upper: 0 });
    const other = prng('unrelated 2');
    const [apart] = compared(
      runOf('a', market),
      runOf(
        'b',
        market.map(() => 0.01 * other.normal()),
      ),
    ).differences;
    expect(apart.sharpe?.lower).toBeLessThan(0);
    expect(apart.sharpe?.upper).toBeGreaterThan(0);
  });
});

describe('runs of different days', () => {
  it('are compared on those in common, with the figures of those', () => {
    const [a, b] = [runOf('a', market), runOf('b', market.slice(100, 900), 100)];
    const { observations, from, to, figures } = compared(a, b);
    expect([observations, from, to]).toEqual([800, 100_000, 900_000]);
    const returns = simpleReturns(Array.from(a.value).slice(100, 901)) ?? [];
    expect(figures[0].sharpe).toBe(sharpeRatio(returns, 252));
  });
  it('with nothing in common, or one alone, are refused', () => {
    const refused = (...runs: ComparedRun[]): string => {
      const comparison = compareRuns(runs, options);
      return comparison.ok ? '' : comparison.error;
    };
    expect(refused(runOf('a', market))).toBe('expected at least two runs to compare, was 1');
    expect(refused(runOf('a', market), runOf('b', market, 5000))).toBe('expected at least 21 times that all runs have in common, was 0');
    const broke = { ...runOf('broke', market), value: market.map((_, i) => 500 - i) };
    expect(refused(runOf('a', market), { ...broke, time: market.map((_, i) => 1000 * i) })).toContain('broke: expected an equity above 0');
  });
});
