import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import type { BacktestRequest, BacktestResult, BarSeries, BarSet, RateSeries } from '../../ports/backtest.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { ObviousCurrencies, type Script } from '../../testing/backtest/obvious-currencies.ts';
import { scriptedShares } from '../../testing/backtest/scripted-shares.ts';
import { currenciesOf } from './bar-market.ts';
import { createRunBacktest, runOn } from './run-backtest.ts';

const day = 86_400_000_000;
const codes = ['USD', 'EUR', 'GBP', 'JPY'] as const;
const worthInDollars: Readonly<Record<string, number>> = { USD: 1, EUR: 1.1, GBP: 1.3, JPY: 0.007 };

interface World {
  readonly set: BarSet;
  readonly script: Script;
  readonly feeRate: number;
  readonly slippageRate: number;
}

/** Days on which an instrument trades are drawn, and so are the times at which rates come: before, with and after the bars, with gaps. */
function worldOf(seed: number): World {
  const random = prng(`several-currencies/${seed}`);
  const days = 20 + random.int(30);
  const base = codes[random.int(codes.length)];
  const series = Array.from({ length: 2 + random.int(4) }, (_, n) => seriesOf(random, `I${(7 * n) % 5}${n}`, base, days));
  const script = new Map(series.map(({ instrumentID, closeTime }) => [instrumentID, scriptOf(random, closeTime.length)]));
  const foreign = [...new Set(series.flatMap(({ currency = base }) => (currency === base ? [] : [currency])))];
  const rates = ratesOf(random, base, foreign, days);
  const set: BarSet = {
    ...{ series, currency: base, dataHash: `world ${seed}`, priceUnit: '0.000001', periodsPerYear: 252 },
    ...(foreign.length === 0 ? {} : { conversion: { rates, maxAge: 9 * day } }),
  };
  return { set, script, feeRate: random.int(30) * 10_000, slippageRate: random.int(20) * 10_000 };
}

function seriesOf(random: Prng, instrumentID: string, base: string, days: number): BarSeries {
  const currency = codes[random.int(codes.length)];
  let price = (5 + random.int(200)) / (worthInDollars[currency] ?? 1);
  const rows: { at: number; open: number; close: number }[] = [];
  const hour = 60 * 60_000_000 * (14 + random.int(9));
  const first = random.int(8);
  for (let n = first; n < days; n++) {
    if (n > first && random.float() < 0.15) continue;
    const open = price * (1 + 0.02 * (random.float() - 0.5));
    price = open * (1 + 0.06 * (random.float() - 0.5));
    rows.push({ at: n * day + hour, open: Math.round(open * 1e6), close: Math.round(price * 1e6) });
  }
  const column = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  return {
    instrumentID,
    closeTime: column(({ at }) => at),
    open: column(({ open }) => open),
    high: column(({ open, close }) => Math.max(open, close)),
    low: column(({ open, close }) => Math.min(open, close)),
    close: column(({ close }) => close),
    volume: new Float64Array(rows.length),
    ...(currency === base ? {} : { currency }),
  };
}

function scriptOf(random: Prng, bars: number): ReadonlyMap<number, number> {
  const shares = new Map<number, number>();
  for (let bar = 0; bar < bars; bar++) if (random.float() < 0.4) shares.set(bar, random.int(3) === 0 ? 0 : random.int(4_000) - 2_000);
  return shares;
}

/** Each foreign currency is joined with the run's, one way round or the other, or over a third one. */
function ratesOf(random: Prng, base: string, foreign: readonly string[], days: number): readonly RateSeries[] {
  const over = random.float() < 0.4 ? codes.find((code) => code !== base && !foreign.includes(code)) : undefined;
  const joined = foreign.map((code) => (over !== undefined && random.float() < 0.6 ? ([code, over] as const) : ([code, base] as const)));
  const all = over === undefined ? joined : [...joined, [over, base] as const];
  return all.map(([a, b]) => {
    const [left, right] = random.int(2) === 0 ? [a, b] : [b, a];
    const time: number[] = [];
    const rate: number[] = [];
    let price = (worthInDollars[left] ?? 1) / (worthInDollars[right] ?? 1);
    for (let n = -3; n < days; n++) {
      price *= 1 + 0.02 * (random.float() - 0.5);
      if (n > -3 && random.float() < 0.3) continue;
      time.push(n * day + 60 * 60_000_000 * (12 + random.int(11)));
      rate.push(Math.max(1, Math.round(price * 1e6)));
    }
    return { rateID: `${left}${right}`, base: left, quote: right, time: Float64Array.from(time), rate: Float64Array.from(rate) };
  });
}

function requestOf({ set, script, feeRate, slippageRate }: World): BacktestRequest {
  return {
    strategy: 'scripted-shares',
    definition: scriptedShares(script),
    parameters: {},
    bars: set,
    capital: '1000000',
    costs: {
      fees: { kind: 'bps', rate: feeRate },
      slippage: slippageRate === 0 ? { kind: 'none' } : { kind: 'fixedBps', rate: slippageRate },
      maxParticipationBps: 'unlimited',
    },
    seed: 1,
    keep: 'everything',
  };
}

const micro = (text: string): bigint => BigInt(text.replace('.', ''));

function linesOf({ trades }: BacktestResult, base: string): readonly string[] {
  return trades.map(({ instrumentID, side, qty, entryPx, exitPx, fees, pnl, currency = base, pnlInBase = pnl }) => {
    const [entry, exit, charged, made, inBase] = [entryPx, exitPx, fees, pnl, pnlInBase].map(micro);
    return `${currency} ${instrumentID} ${side} ${qty} ${entry}>${exit} ${charged} ${made} ${inBase}`;
  });
}

describe('a run of several currencies', () => {
  it('is what plain arrays make of it: trades, every point of the equity, and what rates made', () => {
    let [several, over, moved] = [0, 0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const world = worldOf(seed);
      const { set, script, feeRate, slippageRate } = world;
      const currencies = currenciesOf(set);
      const terms = { capital: 1_000_000_000_000n, feeRate: BigInt(feeRate), slippageRate: BigInt(slippageRate) };
      // in a run of one currency fees are rounded to its cents
      if (set.conversion === undefined) continue;
      const plain = new ObviousCurrencies(set, currencies, script, terms).run();
      const { result } = runOn(requestOf(world), { journal: new CountJournal(), coreDigest: 'c'.repeat(64), marks: 'needed', workers: 0 });
      expect(result.denials, `world ${seed}`).toEqual([]);
      expect(linesOf(result, set.currency), `world ${seed}`).toEqual(plain.trades);
      expect([...result.equity.value], `world ${seed}`).toEqual(plain.equity.map(([, value]) => Number(value)));
      expect([...result.equity.time]).toEqual(plain.equity.map(([at]) => at));
      expect([micro(result.metrics.fees), micro(result.metrics.traded)], `world ${seed}`).toEqual([plain.fees, plain.traded]);
      for (const { currency, pnl, pnlInBase, fromRates } of result.currencies ?? [])
        expect([currency, micro(pnl), micro(pnlInBase), micro(fromRates)], `world ${seed}`).toEqual([
          currency,
          ...(plain.currencies.get(currency) ?? []),
        ]);
      several++;
      over += currencies.some((code) => code !== set.currency && set.series.every((one) => one.currency !== code)) ? 1 : 0;
      moved += result.currencies?.some(({ fromRates }) => micro(fromRates) !== 0n) === true ? 1 : 0;
    }
    // worlds in which something happened
    expect([several > 45, over > 8, moved > 40]).toEqual([true, true, true]);
  });

  it('conserves money: what each currency made, at the last rates, is the equity less the capital', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = worldOf(seed);
      if (world.set.conversion === undefined) continue;
      const run = createRunBacktest('c'.repeat(64));
      const { currencies = [], metrics } = run(requestOf(world));
      const made = currencies.reduce((sum, { pnlInBase }) => sum + micro(pnlInBase), 0n);
      expect(micro(metrics.finalEquity)).toBe(1_000_000_000_000n + made);
    }
  });

  it('gives the same in host threads, which hear the rates beside their universe, and again on one core', async () => {
    const several = Array.from({ length: 12 }, (_, n) => worldOf(n + 1))
      .filter(({ set }) => set.conversion !== undefined)
      .slice(0, 3);
    const again = createRunBacktest('c'.repeat(64));
    for (const world of several) {
      const { definition: _, ...scripted } = requestOf(world);
      const request = { ...scripted, strategy: 'moving-average', parameters: { fast: 2, slow: 4, capBps: 3_000 } };
      const hashes: string[] = [];
      for (const workers of [0, 1]) {
        const { result, end } = runOn(request, { journal: new CountJournal(), coreDigest: 'c'.repeat(64), marks: 'needed', workers });
        await end();
        expect(result.trades.length).toBeGreaterThan(2);
        hashes.push(result.resultHash);
      }
      for (let n = 0; n < 3; n++) hashes.push(again(request).resultHash);
      expect(new Set(hashes).size).toBe(1);
    }
  });
});
