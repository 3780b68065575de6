import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dayFromCivil } from '../../base/time.ts';
import { lots, ticks } from '../../base/units.ts';
import type { Adjustment } from '../../domain/bar-columns.ts';
import type { BacktestResult } from '../../ports/backtest.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { halfEven } from '../../testing/backtest/daily-bars.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { loadBarSet } from './load-bar-set.ts';
import { runOn } from './run-backtest.ts';

const folder = recordedPath('sp500/daily');
const capital = 1_000_000_000_000n;

/** Holds so many shares, negative = short, from its first bar to a bar with the number `until`; a bid that never trades stands beside them. */
const holder = defineStrategy({
  name: 'holder',
  version: '1.0.0',
  parameters: {
    shares: { type: 'integer', default: 1_000, min: -1_000_000, max: 1_000_000, unit: 'shares', meaning: 'held' },
    until: { type: 'integer', default: 1_000_000, min: 1, max: 1_000_000, unit: 'bars', meaning: 'when they are given back' },
  },
  create: ({ shares, until }) => {
    let bars = 0;
    return {
      onBar: (context, { listing }) => {
        bars++;
        const buys = shares > 0;
        const order = { listing, ordType: 'market', reason: bars === 1 ? 'hold' : 'over' } as const;
        if (bars === 1) context.place({ ...order, side: buys ? 'buy' : 'sell', orderQty: lots(Math.abs(shares)) });
        if (bars === 3 && buys) context.place({ ...order, ordType: 'limit', side: 'buy', price: ticks(1), orderQty: lots(1) });
        const held = context.position(listing);
        if (bars === until) context.place({ ...order, side: buys ? 'sell' : 'buy', orderQty: lots(Math.abs(held)) });
      },
    };
  },
});

interface Row {
  readonly day: string;
  readonly open: number;
  readonly close: number;
  readonly dividend: number;
  readonly split: number;
}

/** The file as it stands, between the dates, oldest first. */
function rowsOf(name: string, from: string, to: string): Row[] {
  const [, ...lines] = gunzipSync(readFileSync(`${folder ?? ''}/${name}.csv.gz`))
    .toString('latin1')
    .trim()
    .split(/\r?\n/);
  return lines
    .map((line) => line.split(','))
    .map(([day, open, , , close, , , dividend, split]) => ({
      day,
      open: Number(open),
      close: Number(close),
      dividend: Number(dividend),
      split: Number(split),
    }))
    .filter(({ day }) => day >= from && day <= to)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

const micro = (x: number): bigint => BigInt(halfEven(x * 1e6));

/** a / b to the nearest, ties to even, either sign of a. */
function nearest(a: bigint, b: bigint): bigint {
  const floor = (a - (((a % b) + b) % b)) / b;
  const twice = 2n * (a - floor * b);
  return twice > b || (twice === b && floor % 2n !== 0n) ? floor + 1n : floor;
}

interface Obvious {
  readonly equity: readonly bigint[];
  readonly dividends: bigint;
  readonly inLieu: bigint;
  readonly lots: bigint;
}

/**
 * One holder on plain arrays: cash and shares, row after row. Raw prices: `ratios` are the splits by date, applied before the dividend of the day; a
 * fraction is paid at the last close. Split-adjusted: prices and dividends divided by what comes after.
 */
function obviousHolder(
  rows: readonly Row[],
  all: readonly Row[],
  shares: number,
  ratios: Readonly<Record<string, readonly [number, number]>>,
  adjust: 'none' | 'split',
): Obvious {
  let [cash, held, dividends, inLieu] = [capital, 0n, 0n, 0n];
  let last = 0n;
  const after = (day: string): number => all.filter((row) => row.day > day).reduceRight((product, row) => product * row.split, 1);
  const equity = rows.map((row, i) => {
    const factor = adjust === 'split' ? after(row.day) : 1;
    const ratio = adjust === 'none' ? ratios[row.day] : undefined;
    if (ratio !== undefined) {
      const [n, d] = ratio.map(BigInt);
      const size = held < 0n ? -held : held;
      const whole = (size * n) / d;
      const rest = size * n - whole * d;
      // `rest` parts of a new share of which n make d old ones
      const paid = nearest((held < 0n ? -rest : rest) * last, n);
      inLieu += paid;
      cash += paid;
      held = held < 0n ? -whole : whole;
    }
    const perShare = micro(row.dividend / factor);
    dividends += held * perShare;
    cash += held * perShare;
    if (i === 1) {
      held = BigInt(shares);
      cash -= held * micro(row.open / factor);
    }
    last = micro(row.close / factor);
    return cash + held * last;
  });
  return { equity, dividends, inLieu, lots: held };
}

async function hold(
  name: string,
  from: string,
  to: string,
  shares: number,
  adjust: Adjustment,
  more: { until?: number; journal?: string } = {},
): Promise<BacktestResult> {
  const dayOf = (date: string): number => dayFromCivil(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8)));
  const loaded = await loadBarSet({
    folder: folder ?? '',
    instruments: [name],
    adjust,
    fromDay: dayOf(from),
    toDay: dayOf(to),
    events: 'apply',
  });
  if (!loaded.ok) throw new Error(loaded.error.code);
  const { result } = runOn(
    {
      strategy: 'holder',
      definition: holder,
      parameters: { shares, ...(more.until === undefined ? {} : { until: more.until }) },
      bars: loaded.value.set,
      capital: '1000000',
      costs: { fees: { kind: 'none' }, slippage: { kind: 'none' }, maxParticipationBps: 10_000 },
      seed: 1,
      keep: 'everything',
    },
    { journal: new CountJournal(), coreDigest: 'c'.repeat(64), marks: 'needed', workers: 0 },
  );
  return result;
}

const cases = [
  { name: 'AAPL', from: '2012-01-03', to: '2021-04-01', shares: 500, ratios: { '2014-06-09': [7, 1], '2020-08-31': [4, 1] } },
  { name: 'AAPL', from: '2012-01-03', to: '2021-04-01', shares: -500, ratios: { '2014-06-09': [7, 1], '2020-08-31': [4, 1] } },
  { name: 'DUK', from: '2012-01-03', to: '2013-12-31', shares: 1_001, ratios: { '2012-07-03': [1, 3] } },
  { name: 'DUK', from: '2012-01-03', to: '2013-12-31', shares: -1_001, ratios: { '2012-07-03': [1, 3] } },
  { name: 'ADM', from: '2001-01-03', to: '2003-12-31', shares: 1_003, ratios: { '2001-08-29': [21, 20] } },
  { name: 'TTWO', from: '2004-01-05', to: '2006-12-29', shares: 333, ratios: { '2005-04-12': [3, 2] } },
] as const;

describe.runIf(folder !== undefined)('a holder in a backtest', () => {
  it.each(cases)('on raw prices has the cash and shares of plain arrays: $name, $shares', async ({ name, from, to, shares, ratios }) => {
    const result = await hold(name, from, to, shares, 'none');
    const all = rowsOf(name, '', '9');
    const obvious = obviousHolder(rowsOf(name, from, to), all, shares, ratios, 'none');
    expect(result.equity.value.map(Number)).toEqual(Float64Array.from(obvious.equity, Number));
    expect(Number(result.metrics.dividends)).toBe(Number(obvious.dividends) / 1e6);
    expect(Number(result.metrics.cashInLieu)).toBe(Number(obvious.inLieu) / 1e6);
    expect(Math.sign(Number(obvious.dividends))).toBe(name === 'TTWO' ? 0 : Math.sign(shares));
  });

  it.each(cases)(
    'on split-adjusted prices gets the dividends of its adjusted units: $name, $shares',
    async ({ name, from, to, shares, ratios }) => {
      const result = await hold(name, from, to, shares, 'split');
      const obvious = obviousHolder(rowsOf(name, from, to), rowsOf(name, '', '9'), shares, ratios, 'split');
      expect(result.equity.value.map(Number)).toEqual(Float64Array.from(obvious.equity, Number));
      expect(Number(result.metrics.cashInLieu ?? 0)).toBe(0);
    },
  );

  it('does not jump: with dividends in cash the growth of a day is that of the totally adjusted close', async () => {
    for (const adjust of ['none', 'split'] as const) {
      const [raw, total] = [
        await hold('AAPL', '2012-01-03', '2021-04-01', 500, adjust),
        await hold('AAPL', '2012-01-03', '2021-04-01', 500, 'total'),
      ];
      const growth = ({ equity: { value } }: BacktestResult, i: number): number =>
        (value[i] - value[i - 1]) / (value[i - 1] - 800_000_000_000);
      const exDates = ['2012-08-09', '2014-06-09', '2014-08-07', '2020-08-31', '2020-11-06'];
      const dates = rowsOf('AAPL', '2012-01-03', '2021-04-01').map(({ day }) => day);
      for (const date of exDates) {
        const i = dates.indexOf(date);
        expect(Math.abs(growth(raw, i))).toBeLessThan(0.06);
        expect(Math.sign(growth(raw, i))).toBe(Math.sign(growth(total, i)));
      }
    }
  });

  it('sells what the split made of its shares, in trades whose sum is what the cash says, and loses its open order to the split', async () => {
    const result = await hold('DUK', '2012-01-03', '2012-12-31', 1_001, 'none', { until: 200 });
    const { trades, orders, metrics } = result;
    expect(trades.map(({ qty }) => qty)).toEqual(['333']);
    expect(orders.map(({ ordType, ordStatus, cumQty, qty }) => `${ordType} ${qty} ${ordStatus} ${cumQty}`)).toEqual([
      'market 1001 filled 1001',
      'limit 1 canceled 0',
      'market 333 filled 333',
    ]);
    const earned = Number(metrics.finalEquity) - 1_000_000;
    const parts = Number(trades[0].pnl) + Number(metrics.dividends) + Number(metrics.cashInLieu);
    expect(parts).toBeCloseTo(earned, 6);
  });

  it('is told of the events as a part of the data where they are asked for, and how many are left out', async () => {
    const from = dayFromCivil(2014, 5, 1);
    const loaded = await loadBarSet({
      folder: folder ?? '',
      instruments: ['AAPL'],
      adjust: 'none',
      fromDay: from,
      toDay: from + 90,
    });
    if (!loaded.ok) throw new Error(loaded.error.code);
    expect(loaded.value.set.series[0].events).toBeUndefined();
    expect(loaded.value.notBooked).toBe(2);
    const applied = await loadBarSet({
      folder: folder ?? '',
      instruments: ['AAPL'],
      adjust: 'none',
      fromDay: from,
      toDay: from + 90,
      events: 'apply',
    });
    if (applied.ok) expect(applied.value.notBooked).toBe(0);
    if (!applied.ok) throw new Error(applied.error.code);
    expect(applied.value.set.series[0].events?.map(({ kind }) => kind)).toEqual(['dividend', 'split']);
    expect(applied.value.set.dataHash).not.toBe(loaded.value.set.dataHash);
  });
});
