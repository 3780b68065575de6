import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import type { BacktestCosts } from '../ports/backtest.ts';
import { meanReversion100 } from '../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { pairs100 } from '../strategies/pairs/pairs-1.0.0.ts';
import { crossing } from '../testing/backtest/crossing.ts';
import { barSetOf, freeCosts, plainBacktest } from '../testing/backtest/plain-backtest.ts';
import { capNote, costSensitivity, scaledCosts, survivorsOnly } from './honesty.ts';

describe('survivors only', () => {
  const walk = (count: number): number[] => Array.from({ length: count }, (_, i) => 50 + i);
  it('is said when every name trades to the end, one name or many', () => {
    expect(survivorsOnly(barSetOf({ A: walk(300), B: walk(295) }))?.text).toContain('all 2 names trade to the last date');
    expect(survivorsOnly(barSetOf({ A: walk(300) }))?.text).toContain('the one name trades');
  });
  it('is not said when a name ended before, or has no bar between the dates', () => {
    expect(survivorsOnly(barSetOf({ A: walk(300), B: walk(200) }))).toBeUndefined();
    expect(survivorsOnly(barSetOf({ A: walk(300), B: [] }))).toBeUndefined();
    expect(survivorsOnly(barSetOf({ A: [] }))).toBeUndefined();
  });
});

describe('the cap that always binds', () => {
  it('is said of the defaults of mean reversion and pairs, with the real risk', () => {
    for (const [definition, text] of [
      [meanReversion100, 'asks for 50 % of the capital, so what a position really risks at its stop is 0.1 %'],
      [pairs100, 'so what a position really risks at its stop is 0.15 %'],
    ] as const) {
      const parsed = definition.parse({});
      expect(parsed.ok && capNote(parsed.value)?.text).toContain(text);
    }
  });
  it('is not said where the risk binds, or there is no such sizing', () => {
    expect(capNote({ riskBps: 10, stopBps: 1000, capBps: 500 })).toBeUndefined();
    expect(capNote({ fast: 3 })).toBeUndefined();
  });
});

describe('cost sensitivity', () => {
  const luck = prng('costs');
  let [price, drift] = [50, 0];
  const bars = barSetOf({
    A: Array.from({ length: 500 }, () => {
      drift = 0.9 * drift + 0.003 * luck.normal();
      return (price *= Math.exp(drift));
    }),
  });
  const run = plainBacktest();
  const request = (rate: number) =>
    ({
      strategy: 'crossing',
      definition: crossing,
      parameters: { fast: 2, slow: 5 },
      bars,
      capital: '1000000',
      costs: { ...freeCosts, fees: { kind: 'bps', rate } },
      seed: 1,
      keep: 'everything',
    }) as const;
  it('falls with the costs, and breaks even where it says', () => {
    const { rows, breakEvenBps, notes } = costSensitivity(run, request(100_000));
    expect(rows.map(({ multiple }) => multiple)).toEqual([0, 1, 2, 3]);
    const returns = rows.map(({ totalReturn }) => totalReturn);
    expect(returns).toEqual([...returns].sort((a, b) => b - a));
    expect(rows[1].finalEquity).toBe(run(request(100_000)).metrics.finalEquity);
    expect(breakEvenBps).toBeGreaterThan(10);
    // a fee of the break-even rate, which leaves little of the capital's growth to trade with, ends near the capital
    const atBreakEven = run(request(Math.round((breakEvenBps ?? 0) * 10_000)));
    expect(Math.abs(atBreakEven.metrics.totalReturn)).toBeLessThan(0.1 * rows[0].totalReturn);
    expect(notes).toEqual([]);
  });
  it('says when it is free, and when twice the costs lose what once earned', () => {
    expect(costSensitivity(run, request(0)).notes.map(({ code }) => code)).toEqual(['NO_COSTS']);
    const { breakEvenBps } = costSensitivity(run, request(0));
    const dear = costSensitivity(run, request(Math.round((breakEvenBps ?? 0) * 7_000)));
    expect(dear.notes.map(({ code }) => code)).toEqual(['COSTS_EAT_THE_EDGE']);
  });
  it('scales every kind of cost, and says what has no factor', () => {
    const scale = (costs: Partial<BacktestCosts>, multiple = 2): BacktestCosts => scaledCosts({ ...freeCosts, ...costs }, multiple);
    expect(scale({ fees: { kind: 'perShare', moneyPerLot: 5_000 } }).fees).toEqual({ kind: 'perShare', moneyPerLot: 10_000 });
    expect(scale({ fees: { kind: 'makerTaker', makerRate: -50, takerRate: 75 } }).fees).toEqual({
      kind: 'makerTaker',
      makerRate: -100,
      takerRate: 150,
    });
    expect(scale({ fees: { kind: 'tiered', tiers: [{ fromNotional: 0, rate: 30 }] } }, 3).fees).toEqual({
      kind: 'tiered',
      tiers: [{ fromNotional: 0, rate: 90 }],
    });
    expect(scale({ slippage: { kind: 'halfSpread', ticks: 3 } }).slippage).toEqual({ kind: 'halfSpread', ticks: 6 });
    expect(scale({ slippage: { kind: 'squareRoot' } }).slippage).toEqual({ kind: 'squareRoot' });
    expect(scale({ slippage: { kind: 'squareRoot' } }, 0).slippage).toEqual({ kind: 'none' });
    const noted = costSensitivity(run, { ...request(100), costs: { ...freeCosts, slippage: { kind: 'squareRoot' } } });
    expect(noted.notes.map(({ code }) => code)).toContain('NOT_ALL_COSTS_SCALED');
  });
});

describe('the reference', () => {
  it('has every note, and no other', () => {
    const page = readFileSync(new URL('../../docs/reference/research.md', import.meta.url), 'utf8');
    const section = page.slice(page.indexOf('## Notes of honesty'));
    const listed = [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    const source = readFileSync(new URL('honesty.ts', import.meta.url), 'utf8');
    const written = new Set([...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code));
    expect(written.size).toBe(5);
    expect(listed.sort()).toEqual([...written].sort());
  });
});
