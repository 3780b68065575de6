import { describe, expect, it } from 'vitest';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import { pageOf } from '../../research/tear-sheet/page/page.ts';
import { runOfResult } from '../../research/tear-sheet/run-of-result.ts';
import { tearSheetOf } from '../../research/tear-sheet/tear-sheet.ts';
import { closeOf } from '../../testing/backtest/desk-run.ts';
import { swingingBars } from '../../testing/backtest/generated-bars.ts';
import { createRunBacktest } from './run-backtest.ts';

const inputs = swingingBars('currencies', 3, 260);

/** The first in euros, the second in dollars, the third in yen; a dollar is dear at the end. */
function setOf(): BarSet {
  const times = Float64Array.from(new Set(inputs.flatMap(({ bars: all }) => all.map((bar) => closeOf(bar.date))))).sort();
  const rate = (from: number, to: number): Float64Array => times.map((_, n) => Math.round(1e6 * (from + ((to - from) * n) / times.length)));
  return {
    series: inputs.map(({ id, bars }, n) => ({
      instrumentID: id,
      closeTime: Float64Array.from(bars, (bar) => closeOf(bar.date)),
      open: Float64Array.from(bars, ({ open }) => open),
      high: Float64Array.from(bars, ({ high }) => high),
      low: Float64Array.from(bars, ({ low }) => low),
      close: Float64Array.from(bars, ({ close }) => close),
      volume: Float64Array.from(bars, ({ volume }) => volume),
      ...(n === 0 ? {} : { currency: n === 1 ? 'USD' : 'JPY' }),
    })),
    conversion: {
      rates: [
        { rateID: 'EURUSD', base: 'EUR', quote: 'USD', time: times, rate: rate(1.3, 1.1) },
        { rateID: 'EURJPY', base: 'EUR', quote: 'JPY', time: times, rate: rate(120, 140) },
      ],
      maxAge: 1e15,
    },
    ...{ dataHash: 'd', currency: 'EUR', priceUnit: '0.000001', periodsPerYear: 252 },
  };
}

const bars = setOf();
const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'fixedBps', rate: 30_000 }, maxParticipationBps: 1_000 } as const;
const terms = { parameters: { fast: 3, slow: 9, capBps: 2_000 }, capital: '5000000', seed: 1, keep: 'everything' } as const;
const request: BacktestRequest = { strategy: 'moving-average', bars, costs, ...terms };

describe('the tear sheet of a run of several currencies', () => {
  const result = createRunBacktest('c'.repeat(64))(request);
  const sheet = tearSheetOf(runOfResult(result, { bars, capital: request.capital, costs }), {
    notes: [],
    trials: { count: 1, variance: 0 },
    seed: 1,
  });
  const page = pageOf(sheet, '0');
  const figureOf = (name: string): number => Number(new RegExp(`data-figure="${name}" value="([^"]+)"`).exec(page)?.[1]);

  it('says what each currency made, which adds up to the equity, and what rates made of it', () => {
    expect(result.currencies?.map(({ currency }) => currency)).toEqual(['EUR', 'USD', 'JPY']);
    const made = ['EUR', 'USD', 'JPY'].map((code) => figureOf(`pnlInBase${code}`));
    const earned = Number(result.metrics.finalEquity) - 5_000_000;
    expect(made.every((one) => one !== 0)).toBe(true);
    expect(Math.abs(made.reduce((sum, one) => sum + one, 0) - earned)).toBeLessThan(1e-5);
    expect(Math.abs(figureOf('pnlInBase') - earned)).toBeLessThan(1e-5);
    const rates = result.currencies?.map(({ fromRates }) => Number(fromRates)) ?? [];
    expect(rates[0]).toBe(0);
    expect(rates.slice(1).every((one) => one !== 0)).toBe(true);
    expect(Math.abs(figureOf('fromRates') - rates.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-5);
  });

  it('counts exposure, costs and trades in the base currency', () => {
    // no position costs more than a fifth of the equity, in whatever currency it is
    expect(sheet.exposure.maxGross).toBeGreaterThan(0.3);
    expect(sheet.exposure.maxGross).toBeLessThan(0.7);
    const parts = ['EUR', 'USD', 'JPY'].map((code) => figureOf(`exposure${code}`));
    expect(Math.abs(parts.reduce((sum, one) => sum + one, 0) - sheet.exposure.meanGross)).toBeLessThan(1e-12);
    expect(parts.every((one) => one > 0.02)).toBe(true);
    expect(Math.abs(sheet.costs.totalFees - Number(result.metrics.fees))).toBeLessThan(0.5);
    expect(Math.abs(sheet.costs.traded / Number(result.metrics.traded) - 1)).toBeLessThan(1e-6);
    const inBase = result.trades.reduce((sum, { pnlInBase }) => sum + Number(pnlInBase), 0);
    expect(Math.abs(sheet.run.trades.reduce((sum, { pnl }) => sum + pnl, 0) - inBase)).toBeLessThan(1e-6);
  });

  it('is no part of the page of a run of one currency', () => {
    const one: BarSet = { ...bars, series: bars.series.slice(0, 1) };
    const { conversion: _, ...plain } = one;
    const alone = createRunBacktest('c'.repeat(64))({ ...request, bars: plain });
    expect([alone.base, alone.rates, alone.currencies, alone.trades[0]?.currency]).toEqual([undefined, undefined, undefined, undefined]);
    const drawn = tearSheetOf(runOfResult(alone, { bars: plain, capital: request.capital, costs }), {
      notes: [],
      trials: { count: 1, variance: 0 },
      seed: 1,
    });
    expect(pageOf(drawn, '0')).not.toContain('id="currencies"');
  });
});
