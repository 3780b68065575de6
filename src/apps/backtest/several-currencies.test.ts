import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dayFromCivil, isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import { detectLookAhead } from '../../research/look-ahead.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { decimalOf } from '../../testing/backtest/golden-run.ts';
import { ObviousCurrencies, type Script } from '../../testing/backtest/obvious-currencies.ts';
import { scriptedShares } from '../../testing/backtest/scripted-shares.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { currenciesOf } from './bar-market.ts';
import { loadBarSet } from './load-bar-set.ts';
import { withRates, type RatesRequest } from './load-rates.ts';
import { createRunBacktest, runOn } from './run-backtest.ts';

const lean = recordedPath('lean') ?? '';
const days = { fromDay: dayFromCivil(2010, 1, 1), toDay: dayFromCivil(2012, 12, 31) };
const usual: RatesRequest = { folder: lean, ...days, interval: MICROS_PER_DAY, maxAge: 7 };

async function load(instruments: readonly string[], base: string, interval = MICROS_PER_DAY, dates = days): Promise<BarSet> {
  const loaded = await loadBarSet({ folder: lean, instruments, adjust: 'total', ...dates, interval, base });
  if (!loaded.ok) throw new Error('text' in loaded.error ? loaded.error.text : loaded.error.code);
  return loaded.value.set;
}

async function converted(instruments: readonly string[], base: string, pairs: readonly string[]): Promise<BarSet> {
  const set = await withRates(await load(instruments, base), { ...usual, pairs });
  if (!set.ok) throw new Error(set.error);
  return set.value;
}

async function refusal(instruments: readonly string[], base: string, asked: Partial<RatesRequest>): Promise<string> {
  const set = await withRates(await load(instruments, base), { ...usual, ...asked });
  return set.ok ? '' : set.error;
}

/** Every twentieth bar: up to a fifth of the equity long, a tenth short, or nothing. */
function scriptFor({ series }: BarSet): Script {
  const shares = [2_000, -1_000, 0, 700];
  return new Map(
    series.map(({ instrumentID, closeTime }, n) => [
      instrumentID,
      new Map(Array.from(closeTime, (_, bar) => [bar, shares[(n + bar / 20) % shares.length]] as const).filter(([bar]) => bar % 20 === 0)),
    ]),
  );
}

function requestOf(bars: BarSet): BacktestRequest {
  return {
    strategy: 'scripted-shares',
    definition: scriptedShares(scriptFor(bars)),
    parameters: {},
    bars,
    capital: '1000000',
    costs: { fees: { kind: 'bps', rate: 50_000 }, slippage: { kind: 'none' }, maxParticipationBps: 'unlimited' },
    seed: 1,
    keep: 'everything',
  };
}

const options = { journal: new CountJournal(), coreDigest: 'c'.repeat(64), marks: 'needed', workers: 0 } as const;

describe.runIf(lean !== '')('recorded prices of several currencies', () => {
  it.each([
    ['usd', ['AAPL', 'SPY', 'EURGBP', 'NZDUSD'], 'USD', ['GBPUSD']],
    // pounds go to euros over no third currency, dollars by the other pair
    ['eur', ['AAPL', 'EURGBP', 'GBPUSD'], 'EUR', ['EURUSD', 'EURGBP']],
    // pounds go over dollars
    ['nzd', ['IBM', 'EURGBP'], 'NZD', ['GBPUSD', 'NZDUSD']],
  ] as const)('give the money of plain arrays, and the golden run in %s', async (name, instruments, base, pairs) => {
    const set = await converted(instruments, base, pairs);
    const plain = new ObviousCurrencies(set, currenciesOf(set), scriptFor(set), {
      ...{ capital: 1_000_000_000_000n, feeRate: 50_000n, slippageRate: 0n },
    }).run();
    const { result } = runOn(requestOf(set), options);
    expect([...result.equity.value]).toEqual(plain.equity.map(([, value]) => Number(value)));
    expect(result.trades.map(({ pnl, pnlInBase }) => `${pnl} ${pnlInBase ?? ''}`)).toEqual(
      plain.trades.map((line) => line.split(' ').slice(-2).map(BigInt).map(decimalOf).join(' ')),
    );
    const curve = plain.equity.map(([at, value]) => `${isoFromMicros(microsUnchecked(at))},${decimalOf(value)}\n`).join('');
    const golden = {
      ...{ instruments, base, rates: pairs, from: '2010-01-01', to: '2012-12-31', capital: '1000000', feeBps: 5 },
      finalEquity: decimalOf(plain.equity[plain.equity.length - 1][1]),
      dates: plain.equity.length,
      equitySha256: createHash('sha256').update(curve).digest('hex'),
      resultHash: result.resultHash,
      fees: decimalOf(plain.fees),
      currencies: Object.fromEntries(
        [...plain.currencies].map(([code, [pnl, pnlInBase, fromRates]]) => [
          code,
          { pnl: decimalOf(pnl), pnlInBase: decimalOf(pnlInBase), fromRates: decimalOf(fromRates) },
        ]),
      ),
      trades: plain.trades,
    };
    expect(result.metrics.finalEquity).toBe(golden.finalEquity);
    const path = new URL(`../../../vectors/backtest/several-currencies-${name}.json`, import.meta.url).pathname;
    await expect(`${JSON.stringify(golden, undefined, 2)}\n`).toMatchFileSnapshot(path);
  });

  it('size bitcoin in euros and in dollars from one capital, minute by minute', async () => {
    const dates = { fromDay: dayFromCivil(2018, 4, 4), toDay: dayFromCivil(2018, 4, 5) };
    const loaded = await load(['BTCEUR', 'LTCUSD'], 'USD', 60_000_000, dates);
    const set = await withRates(loaded, { ...usual, ...dates, pairs: ['EURUSD'] });
    if (!set.ok) throw new Error(set.error);
    const { result } = runOn(requestOf(set.value), options);
    const script = scriptFor(set.value);
    const plain = new ObviousCurrencies(set.value, currenciesOf(set.value), script, {
      ...{ capital: 1_000_000_000_000n, feeRate: 50_000n, slippageRate: 0n },
    }).run();
    expect([...result.equity.value]).toEqual(plain.equity.map(([, value]) => Number(value)));
    expect(result.trades.length).toBeGreaterThan(50);
    expect(new Set(result.trades.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'USD']));
  });

  it('show no leak to the detector, whose cuts take the rates that come later away, too', async () => {
    const set = await converted(['AAPL', 'EURGBP'], 'USD', ['GBPUSD']);
    const run = createRunBacktest('c'.repeat(64));
    const request = { ...requestOf(set), keep: 'equity' } as const;
    const report = detectLookAhead({ run, request, definitionOf: () => scriptedShares(scriptFor(set)) }, { cuts: 6, seed: 1 });
    expect(report).toMatchObject({ cuts: 6, leaks: [] });
    // a rate that is known a day early is one
    const early = set.conversion?.rates.map((rate) => ({ ...rate, time: rate.time.map((at) => at - MICROS_PER_DAY) })) ?? [];
    const seen = detectLookAhead(
      {
        run,
        request,
        definitionOf: () => scriptedShares(scriptFor(set)),
        barsAt: (cut) => ({
          ...set,
          series: set.series.map((one) => ({ ...one })),
          conversion: { rates: early, maxAge: 9 * MICROS_PER_DAY },
          dataHash: `early ${cut}`,
        }),
      },
      { cuts: 3, seed: 1 },
    );
    expect(seen.leaks.length).toBeGreaterThan(0);
  });

  it('have the hash that they had where one currency is named, and another for each base and rate', async () => {
    const plain = await loadBarSet({ folder: lean, instruments: ['AAPL'], adjust: 'total', ...days });
    const named = await load(['AAPL'], 'USD');
    if (!plain.ok) throw new Error(plain.error.code);
    expect(named).toEqual(plain.value.set);
    const same = await withRates(named, usual);
    expect(same.ok ? same.value : same.error).toEqual(plain.value.set);
    const both = await converted(['AAPL', 'EURGBP'], 'USD', ['GBPUSD']);
    const euros = await converted(['AAPL', 'EURGBP'], 'EUR', ['EURUSD', 'EURGBP']);
    const hashes = [plain.value.set, both, euros].map(({ dataHash }) => dataHash);
    expect(new Set(hashes).size).toBe(3);
    const ids = [both, { ...both, currency: 'USD', dataHash: euros.dataHash }].map((bars) => runOn(requestOf(bars), options).result.runId);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('are refused by name: no way, a pair that is none or absent or idle, a rate that comes late, ends or grows old', async () => {
    const both = ['AAPL', 'EURGBP'] as const;
    expect(await refusal(both, 'USD', {})).toBe(
      'fx-rates: EURGBP is quoted in GBP, the run counts in USD: expected a rate GBPUSD or USDGBP, or two over one other currency, were EURGBP',
    );
    expect(await refusal(['AAPL'], 'USX', {})).toContain('expected a rate USDUSX or USXUSD, or two over one other currency, was none');
    expect(await refusal(['AAPL'], 'USX', {})).toContain('did you mean USD');
    expect(await refusal(both, 'USD', { pairs: ['GBPUSX'] })).toContain('were GBPUSX');
    expect(await refusal(both, 'USD', { pairs: ['GBPUSD', 'NZDUSD'] })).toBe(
      'fx-rates: NZDUSD converts nothing of GBP into USD: expected only rates that do',
    );
    expect(await refusal(both, 'USD', { pairs: ['USDGBP'] })).toContain('no daily bars of USDGBP');
    expect(await refusal(both, 'USD', { pairs: ['SPX'] })).toBe('fx-rates: expected pairs of currencies such as EURUSD, was SPX');
    expect(await refusal(['AAPL'], 'USD', { pairs: ['GBPUSD'] })).toBe(
      'fx-rates: everything is quoted in USD, which the run counts in: nothing is to be converted',
    );
    const set = await converted(both, 'USD', ['GBPUSD']);
    const cut = (keep: (at: number, n: number) => boolean): BarSet => {
      const rates = (set.conversion?.rates ?? []).map((one) => {
        const rows = [...one.time.keys()].filter((n) => keep(one.time[n], n));
        return { ...one, time: Float64Array.from(rows, (n) => one.time[n]), rate: Float64Array.from(rows, (n) => one.rate[n]) };
      });
      return { ...set, conversion: { rates, maxAge: 7 * MICROS_PER_DAY } };
    };
    const middle = dayFromCivil(2011, 6, 15) * MICROS_PER_DAY;
    expect(() => runOn(requestOf(cut((at) => at <= middle)), options)).toThrow(
      /^rate GBPUSD: expected a close within the 7 days before 2011-06-2\d.*, the last is of 2011-06-1\d.*; the run needs it from 2010-01-.* to 2013-01-01/,
    );
    expect(() => runOn(requestOf(cut((at) => at > middle)), options)).toThrow(
      'rate GBPUSD: expected a close within the 7 days before 2010-01-',
    );
    expect(() => runOn(requestOf(cut((at) => Math.abs(at - middle) > 6 * MICROS_PER_DAY)), options)).toThrow('the last is of 2011-06-0');
    expect(() => runOn(requestOf({ ...set, conversion: { rates: [], maxAge: 1 } }), options)).toThrow('expected a rate GBPUSD or USDGBP');
    const tiers = { kind: 'tiered', tiers: [{ fromNotional: 0, rate: 1_000 }] } as const;
    const request = requestOf(set);
    expect(() => runOn({ ...request, costs: { ...request.costs, fees: tiers } }, options)).toThrow(
      'fees: tiers count what was traded in one currency',
    );
  });
});
