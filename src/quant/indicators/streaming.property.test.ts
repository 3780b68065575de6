import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdx } from './adx.ts';
import { createAtr } from './atr.ts';
import { createBollinger } from './bollinger.ts';
import { createDonchian } from './donchian.ts';
import { createEma } from './ema.ts';
import { createMacd } from './macd.ts';
import { createRollingDeviation } from './rolling-deviation.ts';
import { createRollingExtreme } from './rolling-extreme.ts';
import { createRsi } from './rsi.ts';
import { createSma, smaSeries } from './sma.ts';

interface Subject {
  push(high: number, low: number, close: number): unknown;
  exportState(): unknown;
  restore(state: unknown): void;
}

function ofClose<Value, State>(
  make: () => { push(close: number): Value; exportState(): State; restore(state: State): void },
): () => Subject {
  return () => {
    const indicator = make();
    return { ...indicator, push: (_high, _low, close) => indicator.push(close), restore: (state) => indicator.restore(state as State) };
  };
}

function ofBars<Value, State>(
  make: () => { push(high: number, low: number, close: number): Value; exportState(): State; restore(state: State): void },
): () => Subject {
  return () => {
    const indicator = make();
    return { ...indicator, restore: (state) => indicator.restore(state as State) };
  };
}

const subjects: Readonly<Record<string, () => Subject>> = {
  sma: ofClose(() => createSma(5)),
  ema: ofClose(() => createEma(5)),
  emaFirst: ofClose(() => createEma(5, 'first')),
  rsi: ofClose(() => createRsi(4)),
  rsiFirst: ofClose(() => createRsi(4, 'first')),
  bollinger: ofClose(() => createBollinger(6)),
  deviation: ofClose(() => createRollingDeviation(6, 'sample')),
  highest: ofClose(() => createRollingExtreme(4, 'highest')),
  macd: ofClose(() => createMacd({ fast: 3, slow: 6, signal: 4 })),
  macdFirst: ofClose(() => createMacd({ fast: 3, slow: 6, signal: 4 }, 'first')),
  atr: ofBars(() => createAtr(4)),
  adx: ofBars(() => createAdx(3)),
  donchian: ofBars(() => createDonchian(4)),
};

/** Few distinct ones, for ties, and prices in millionths, spreads below zero included. */
const price = fc
  .oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: -1e12, max: 1e12 }).map((n) => n / 1e6),
  )
  .map((value) => value + 0);
const bar = fc.tuple(price, price, price).map(([a, b, c]) => ({ high: Math.max(a, b, c), low: Math.min(a, b, c), close: b }));
const bars = fc.array(bar, { minLength: 20, maxLength: 40 });

describe('a state exported at any point, through JSON, continues with the same bits', () => {
  it.each(Object.keys(subjects))('%s', (name) => {
    const make = subjects[name];
    let values = 0;
    fc.assert(
      fc.property(bars, fc.nat({ max: 40 }), (all, cut) => {
        const whole = make();
        const before = make();
        const after = make();
        const expected = all.map(({ high, low, close }) => whole.push(high, low, close));
        const head = all.slice(0, cut).map(({ high, low, close }) => before.push(high, low, close));
        after.restore(JSON.parse(JSON.stringify(before.exportState())));
        const tail = all.slice(cut).map(({ high, low, close }) => after.push(high, low, close));
        expect([...head, ...tail]).toStrictEqual(expected);
        expect(after.exportState()).toStrictEqual(whole.exportState());
        values += expected.filter((value) => value !== undefined).length;
      }),
      { numRuns: 300 },
    );
    expect(values).toBeGreaterThan(1000);
  });
});

describe('a state of other parameters is refused by name', () => {
  it('period and seed', () => {
    expect(() => createRsi(14).restore(createRsi(13).exportState())).toThrow('expected a state of RSI with period 14, was 13');
    expect(() => createEma(5).restore(createEma(5, 'first').exportState())).toThrow('expected a state of EMA with seed talib, was first');
    expect(() => createBollinger(5, 2).restore(createBollinger(5, 3).exportState())).toThrow('width 2, was 3');
  });
});

describe('obvious definitions over the window', () => {
  const window = (values: readonly number[], end: number, size: number): number[] => values.slice(end - size + 1, end + 1);
  const plainMean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('SMA, deviations, bands and extremes', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(price, { minLength: 6, maxLength: 60 }), (values) => {
        const sma = createSma(5);
        const deviation = createRollingDeviation(5, 'population');
        const bollinger = createBollinger(5, 2);
        const highest = createRollingExtreme(5, 'highest');
        const lowest = createRollingExtreme(5, 'lowest');
        values.forEach((value, i) => {
          const got = [sma, deviation, highest, lowest].map((indicator) => indicator.push(value));
          const bands = bollinger.push(value);
          if (i < 4) return;
          const part = window(values, i, 5);
          const mean = plainMean(part);
          const sd = Math.sqrt(plainMean(part.map((x) => (x - mean) * (x - mean))));
          const scale = 1e-9 * Math.max(1, ...part.map(Math.abs));
          expect(Math.abs((got[0] ?? NaN) - mean)).toBeLessThanOrEqual(scale);
          expect(Math.abs((got[1] ?? NaN) - sd)).toBeLessThanOrEqual(scale);
          expect(Math.abs((bands?.lower ?? NaN) - (mean - 2 * sd))).toBeLessThanOrEqual(3 * scale);
          expect(Math.abs((bands?.upper ?? NaN) - (mean + 2 * sd))).toBeLessThanOrEqual(3 * scale);
          expect(got[2]).toBe(Math.max(...part));
          expect(got[3]).toBe(Math.min(...part));
          compared++;
        });
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('what came before the window leaves no trace in SMA and bands', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(price, { minLength: 5, maxLength: 50 }), fc.array(price, { minLength: 5, maxLength: 5 }), (history, last) => {
        const fresh = createBollinger(5);
        const used = createBollinger(5);
        for (const value of history) used.push(value);
        const answers = last.map((value) => [used.push(value), fresh.push(value)]);
        expect(answers[4][0]).toStrictEqual(answers[4][1]);
        expect(smaSeries([...history, ...last], 5).at(-1)).toBe(smaSeries(last, 5).at(-1));
        compared++;
      }),
      { numRuns: 500 },
    );
    expect(compared).toBe(500);
  });

  it('a price of 1e15 passing through does not cost the mean a digit', () => {
    const values = [1e15, 0.1, 0.2, 0.3, 0.4];
    expect(smaSeries(values, 4).at(-1)).toBe(0.25);
  });
});
