import { describe, expect, it } from 'vitest';
import { dayFromCivil } from '../../base/time.ts';
import { lots, ticks } from '../../base/units.ts';
import { calendarOf } from '../../feeds/calendars/calendar.ts';
import { indexFutureMultiplier } from '../../feeds/futures/index-future.ts';
import { calendarRolls, frontAt } from '../../feeds/futures/roll-schedule.ts';
import { parseLeanPath } from '../../feeds/lean/lean-file.ts';
import { readContracts } from '../../feeds/lean/lean-futures.ts';
import { readLeanQuoteBars } from '../../feeds/lean/lean-quote-bars.ts';
import { readSymbolProperties } from '../../feeds/lean/symbol-properties.ts';
import type { AccountCurrency, BacktestFees, BacktestResult, BarSet } from '../../ports/backtest.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { halfEven } from '../../testing/backtest/daily-bars.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { loadBarSet } from './load-bar-set.ts';
import { runOn } from './run-backtest.ts';

const lean = recordedPath('lean');
const held = 3;

/** Buys `held` lots (sells where negative) with its first order, which fills in the second bar, and keeps them; one is given back after bar `until`, the others after bar 17. */
const holder = defineStrategy({
  name: 'holder',
  version: '1.0.0',
  parameters: {
    lots: { type: 'integer', default: held, min: -1_000_000, max: 1_000_000, unit: 'lots', meaning: 'held' },
    until: { type: 'integer', default: 1_000_000, min: 1, max: 1_000_000, unit: 'bars', meaning: 'when the first one is given back' },
  },
  create: ({ lots: size, until }) => {
    let bars = 0;
    return {
      onBar: (context, { listing }) => {
        bars++;
        const left = Math.abs(context.position(listing));
        const back = { listing, side: size > 0 ? 'sell' : 'buy', ordType: 'market', reason: 'over' } as const;
        if (bars === until) context.place({ ...back, orderQty: lots(1) });
        if (bars === 17 && until < 17) context.place({ ...back, orderQty: lots(left) });
        if (bars === 1)
          context.place({ listing, side: size > 0 ? 'buy' : 'sell', ordType: 'market', orderQty: lots(Math.abs(size)), reason: 'hold' });
        // far away; a jump of the series takes it back
        if (bars === 3)
          context.place({ listing, side: 'sell', ordType: 'limit', price: ticks(90_000_000_000), orderQty: lots(1), reason: 'far' });
      },
    };
  },
});

function run(
  bars: BarSet,
  size: number,
  fees: BacktestFees = { kind: 'none' },
  account?: AccountCurrency,
  until = 1_000_000,
): BacktestResult {
  const { result } = runOn(
    {
      strategy: 'holder',
      definition: holder,
      parameters: { lots: size, until },
      bars,
      capital: '1000000',
      costs: { fees, slippage: { kind: 'none' }, maxParticipationBps: 'unlimited' },
      seed: 1,
      keep: 'everything',
      ...(account === undefined ? {} : { account }),
    },
    { journal: new CountJournal(), coreDigest: 'c'.repeat(64), marks: 'needed', workers: 0 },
  );
  return result;
}

const micro = (x: number): bigint => BigInt(halfEven(x * 1e6));

describe.runIf(lean !== undefined)('futures in a backtest', () => {
  const from = dayFromCivil(2013, 10, 1);
  const until = dayFromCivil(2013, 12, 31);
  const series = async (adjust: 'none' | 'back'): Promise<BarSet> => {
    const loaded = await loadBarSet({
      folder: `${lean ?? ''}/future`,
      adjust: 'total',
      fromDay: from,
      toDay: until,
      rolled: { roll: 'calendar', adjust, untilDay: until },
    });
    if (!loaded.ok) throw new Error(loaded.error.code);
    return loaded.value.set;
  };

  /** The contracts themselves on plain arrays: last close of each session of the one in front, and what was made by holding that one. */
  function obvious(size: number, feePerContract: number) {
    const dates = ['20131007', '20131008', '20131009', '20131010', '20131011', '20131014', '20131029', '20131030', '20131118'];
    const files = ['20131006', ...dates, '20131202', '20131203', '20131218', '20131220'].map((date) => {
      const file = parseLeanPath(`future/cme/minute/es/${date}_trade.zip`);
      if (file === undefined) throw new Error(date);
      return { root: `${lean ?? ''}/`, file };
    });
    const { contracts } = readContracts(files);
    const rolls = calendarRolls(
      contracts.map(({ instrumentID }) => instrumentID),
      calendarOf('XCME'),
    );
    const rows = contracts
      .flatMap(({ instrumentID, time, interval, day, open, close }) =>
        Array.from(time, (at, i) => ({ id: instrumentID, at, begin: at - interval, day: day[i], open: open[i], close: close[i] })),
      )
      .sort((a, b) => a.at - b.at);
    const inFront = rows.filter((row) => frontAt(rolls, row.begin) === row.id);
    const lastBefore = (id: string, at: number): number[] => rows.filter((row) => row.id === id && row.at <= at).map((row) => row.at);
    const equity: bigint[] = [];
    let made = 0n;
    let [entry, holding, charged] = [0n, '', 0n];
    const days = [...new Set(inFront.map(({ day }) => day))];
    days.forEach((day, n) => {
      const session = inFront.filter((row) => row.day === day);
      const [first, last] = [session[0], session[session.length - 1]];
      if (n === 1) {
        [entry, holding] = [micro(first.open), first.id];
        charged += BigInt(feePerContract * Math.abs(size));
      }
      if (n > 1 && last.id !== holding) {
        // sold and bought at the last time before the roll at which both traded
        const roll = rolls.find(({ to }) => to === last.id);
        if (roll === undefined) throw new Error(last.id);
        const ofHeld = new Set(lastBefore(holding, roll.at));
        const both = lastBefore(last.id, roll.at).filter((at) => ofHeld.has(at));
        const priceOf = (id: string): bigint => micro(rows.find((row) => row.id === id && row.at === both[both.length - 1])?.close ?? NaN);
        made += priceOf(holding) - entry;
        [entry, holding] = [priceOf(last.id), last.id];
        charged += 2n * BigInt(feePerContract * Math.abs(size));
      }
      const open = n === 0 ? 0n : micro(last.close) - entry;
      equity.push(1_000_000_000_000n + (made + open) * BigInt(size) * 50n - charged);
    });
    return { equity, sessions: days.length, holding };
  }

  it.each([held, -held])('holds %d E-minis through a roll as plain arrays do, jump or no jump in the series', async (size) => {
    const plain = obvious(size, 0);
    expect(plain.holding).toBe('ES-201403');
    for (const adjust of ['none', 'back'] as const) {
      const bars = await series(adjust);
      expect(bars.series[0].events).toMatchObject([{ kind: 'roll', jumps: adjust === 'none', text: 'ES-201312 to ES-201403' }]);
      const { equity, metrics, orders } = run(bars, size);
      expect([...equity.value]).toEqual(plain.equity.map(Number));
      expect(Number(metrics.finalEquity)).not.toBe(1_000_000);
      expect(orders.map(({ reason, ordStatus }) => `${reason} ${ordStatus}`)).toEqual([
        'hold filled',
        `far ${adjust === 'none' ? 'canceled' : 'new'}`,
      ]);
    }
  });

  it.each([held, -held])('trades of %d E-minis make what the equity says, also where the series jumps under them', async (size) => {
    const fees = { kind: 'perShare', moneyPerLot: 2_250_000 } as const;
    // the roll lies between bars 15 and 16
    const rollFees = new Set<string | undefined>();
    for (const until of [14, 16]) {
      const results = [run(await series('back'), size, fees, undefined, until), run(await series('none'), size, fees, undefined, until)];
      const [back, none] = results.map(({ trades }) => trades.map(({ qty, pnl }) => `${qty} ${pnl}`));
      expect(none).toHaveLength(2);
      expect(none).toEqual(back);
      expect(results.map(({ metrics }) => metrics.winRate)).toEqual([results[0].metrics.winRate, results[0].metrics.winRate]);
      for (const { trades, metrics } of results) {
        const made = trades.reduce((sum, { pnl }) => sum + Math.round(Number(pnl) * 1e6), 0);
        const earned = Math.round((Number(metrics.finalEquity) - 1_000_000) * 1e6);
        expect(made - Math.round(Number(metrics.rollFees) * 1e6)).toBe(earned);
        rollFees.add(metrics.rollFees);
      }
    }
    // of two contracts, and of all three
    expect([...rollFees]).toEqual(['9.000000', '13.500000']);
  });

  it('charges both sides of the roll', async () => {
    const fee = 2_250_000;
    const { equity, metrics } = run(await series('none'), held, { kind: 'perShare', moneyPerLot: fee });
    expect([...equity.value]).toEqual(obvious(held, fee).equity.map(Number));
    expect([metrics.fees, metrics.rollFees]).toEqual(['20.250000', '13.500000']);
  });

  it('refuses a series that jumps where nothing says by how much, and knows what a point is worth as the exchange’s list does', async () => {
    const rolled = { roll: 'calendar', adjust: 'none' } as const;
    const loaded = await loadBarSet({ folder: `${lean ?? ''}/future`, adjust: 'total', fromDay: from, toDay: from + 9_000, rolled });
    expect(loaded.ok ? '' : 'text' in loaded.error ? loaded.error.text : '').toContain('cannot be measured');
    const stocks = await loadBarSet({ folder: `${lean ?? ''}/equity/usa/daily`, adjust: 'total', fromDay: from, toDay: until, rolled });
    expect(stocks.ok ? '' : stocks.error).toEqual({
      code: 'NO_CONTRACTS',
      text: 'roll: expected raw archives of futures (LEAN future/…), were none',
    });
    const book = readSymbolProperties(`${lean ?? ''}/symbol-properties/symbol-properties-database.csv`, 'symbols');
    for (const root of ['ES', 'NQ', 'RTY', 'MES', 'MNQ', 'M2K'])
      expect(`${root} ${indexFutureMultiplier(root)}`).toBe(`${root} ${Number(book.find('cme', 'future', root)?.multiplier)}`);
  });
});

describe.runIf(lean !== undefined)('pairs of currencies in a backtest', () => {
  const days = { fromDay: dayFromCivil(2010, 1, 1), toDay: dayFromCivil(2012, 12, 31) };
  const load = async (id: string, interval?: number): Promise<BarSet> => {
    const request = { folder: `${lean ?? ''}/forex`, instruments: [id], adjust: 'none', ...days } as const;
    const loaded = await loadBarSet(interval === undefined ? request : { ...request, interval });
    if (!loaded.ok) throw new Error(loaded.error.code);
    expect(loaded.value.withoutVolume).toEqual([id]);
    return loaded.value.set;
  };
  /** Middles of bid and ask, from the archive as it stands. */
  const middles = (path: string): { day: number; time: number; open: bigint; close: bigint }[] => {
    const file = parseLeanPath(path);
    if (file === undefined) throw new Error(path);
    const [{ content }] = readLeanQuoteBars(`${lean ?? ''}/`, file);
    if (content === undefined) throw new Error(path);
    const { day, time, bid, ask } = content;
    return Array.from(day, (one, i) => ({
      day: one,
      time: time[i],
      open: micro((bid.open[i] + ask.open[i]) / 2),
      close: micro((bid.close[i] + ask.close[i]) / 2),
    })).filter((row) => row.day >= days.fromDay && row.day <= days.toDay);
  };

  it.each([
    ['daily', undefined],
    ['hour', 3_600_000_000],
  ] as const)('hold EURUSD in %s bars, in dollars, as plain arrays do', async (resolution, interval) => {
    const bars = await load('EURUSD', interval);
    expect(bars.currency).toBe('USD');
    const rows = middles(`forex/oanda/${resolution}/eurusd.zip`);
    const value = rows.map(({ close }, i) => 1_000_000_000_000n + (i === 0 ? 0n : 100_000n * (close - rows[1].open)));
    const ends = value.filter((_, i) => i + 1 === rows.length || rows[i + 1].day !== rows[i].day);
    expect([...run(bars, 100_000).equity.value]).toEqual(ends.map(Number));
  });

  it('convert what EURGBP made into the dollars of the account at each close, and leave the capital alone', async () => {
    const bars = await load('EURGBP');
    const [rates, rows] = [middles('forex/oanda/daily/gbpusd.zip'), middles('forex/oanda/daily/eurgbp.zip')];
    const rate = Float64Array.from(rates, ({ close }) => Number(close));
    const time = Float64Array.from(rates, (row) => row.time);
    const account = { currency: 'USD', rateID: 'GBPUSD', inverted: false, time, rate };
    const result = run(bars, -100_000, { kind: 'none' }, account);
    const nearest = (a: bigint, b: bigint): bigint => {
      const floor = (a - (((a % b) + b) % b)) / b;
      const twice = 2n * (a - floor * b);
      return twice > b || (twice === b && floor % 2n !== 0n) ? floor + 1n : floor;
    };
    const expected = rows.map(({ close, time: at }, i) => {
      const known = rates.filter((row) => row.time <= at).at(-1);
      const pounds = i === 0 ? 0n : -100_000n * (close - rows[1].open);
      return 1_000_000_000_000n + nearest(pounds * (known?.close ?? 0n), 1_000_000n);
    });
    expect([...result.equity.value]).toEqual(expected.map(Number));
    expect(result.account).toEqual({ currency: 'USD', tradesIn: 'GBP', rate: 'GBPUSD' });
    expect(Number(result.metrics.finalEquity)).toBe(Number(expected[expected.length - 1]) / 1e6);
    // the same by the rate the other way round, to its rounding
    const inverse = rate.map((one) => halfEven(1e12 / one));
    const other = run(bars, -100_000, { kind: 'none' }, { ...account, rateID: 'USDGBP', inverted: true, rate: inverse });
    expect(Math.abs(Number(other.metrics.finalEquity) - Number(result.metrics.finalEquity))).toBeLessThan(0.05);
    const late = { ...account, time: time.slice(20), rate: rate.slice(20) };
    expect(() => run(bars, 1, { kind: 'none' }, late)).toThrow('rate GBPUSD: expected a close within the 7 days before 2010-01-');
  });

  it('are not mixed with other currencies in one run where nobody says what it counts in', async () => {
    const request = { folder: `${lean ?? ''}/forex`, adjust: 'none', ...days } as const;
    const loaded = await loadBarSet({ ...request, instruments: ['EURUSD', 'EURGBP'] });
    expect(loaded.ok ? '' : 'text' in loaded.error ? loaded.error.text : '').toBe(
      'EURGBP is quoted in GBP, EURUSD in USD: expected --base-currency, the one that the run counts in, was none',
    );
  });
});
