import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { MICROS_PER_DAY, MICROS_PER_HOUR } from '../../base/time.ts';
import { lots } from '../../base/units.ts';
import type { FundingRate } from '../../feeds/csv/funding-csv.ts';
import type { BacktestResult, BarSet } from '../../ports/backtest.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { withFunding } from './funding-events.ts';
import { createRunBacktest } from './run-backtest.ts';

const bars = 120;
const hours = 6;
const begin = 19_900 * MICROS_PER_DAY;
const closeOf = (n: number): number => begin + (n + 1) * hours * MICROS_PER_HOUR;
const dayOf = (n: number): number => Math.floor(closeOf(n) / MICROS_PER_DAY);
const capital = 1_000_000_000_000n;

interface World {
  readonly open: readonly number[];
  readonly close: readonly number[];
  /** What the strategy wants to hold from the open of bar n + 1 on, decided at the close of bar n. */
  readonly wanted: readonly number[];
  readonly rates: readonly FundingRate[];
}

function worldOf(seed: number): World {
  const luck = prng(`funding/${seed}`);
  let price = 30_000_000_000;
  const close = Array.from({ length: bars }, () => (price = Math.round(price * (1 + 0.01 * luck.normal()))));
  const open = close.map((one) => Math.round(one * (1 + 0.002 * luck.normal())));
  const wanted = close.map(() => luck.int(41) - 20);
  // at closes of bars and between them
  const rates: FundingRate[] = [];
  for (let at = closeOf(0); at <= closeOf(bars - 1); at += (1 + luck.int(8)) * MICROS_PER_HOUR)
    rates.push({ at, rate: luck.int(200_001) - 100_000 });
  return { open, close, wanted, rates };
}

function setOf({ open, close }: World, more: Partial<BarSet> = {}): BarSet {
  const series = {
    instrumentID: 'BTCUSDT',
    closeTime: Float64Array.from(close, (_, n) => closeOf(n)),
    open: Float64Array.from(open),
    high: Float64Array.from(close, (one, n) => Math.max(one, open[n])),
    low: Float64Array.from(close, (one, n) => Math.min(one, open[n])),
    close: Float64Array.from(close),
    volume: new Float64Array(bars).fill(1_000_000),
  };
  const terms = {
    dataHash: 'd',
    currency: 'USDT',
    priceUnit: '0.000001',
    assetClass: 'spot',
    intraday: true,
    periodsPerYear: 365,
  } as const;
  return { series: [series], ...terms, ...more };
}

/** Holds what it is told to hold. */
function holding(wanted: readonly number[]) {
  return defineStrategy({
    name: 'holding',
    version: '1.0.0',
    parameters: {},
    create: () => ({
      onBar: (context, { listing, feedSeq }) => {
        const missing = wanted[feedSeq - 1] - context.position(listing);
        if (missing === 0) return;
        context.place({ listing, side: missing > 0 ? 'buy' : 'sell', ordType: 'market', orderQty: lots(Math.abs(missing)) });
      },
    }),
  });
}

function runOf(world: World, set: BarSet): BacktestResult {
  const costs = { fees: { kind: 'none' }, slippage: { kind: 'none' }, maxParticipationBps: 10_000 } as const;
  const terms = { parameters: {}, capital: '1000000', costs, seed: 1, keep: 'everything' } as const;
  return createRunBacktest('c')({ strategy: 'holding', definition: holding(world.wanted), bars: set, ...terms });
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const [whole, rest] = [size / denominator, (size % denominator) * 2n];
  const up = rest > denominator || (rest === denominator && whole % 2n === 1n) ? whole + 1n : whole;
  return numerator < 0n ? -up : up;
}

/** The same by plain arrays, a point a day: at each close first the fills at the open, then the point of the equity, then what is paid until the next close. */
function obvious({ open, close, wanted, rates }: World): { readonly equity: number[]; readonly funding: bigint } {
  let [cash, held, funding] = [capital, 0n, 0n];
  const equity = close.flatMap((price, n) => {
    const target = BigInt(wanted[n - 1] ?? 0);
    cash -= (target - held) * BigInt(open[n]);
    held = target;
    const value = cash + held * BigInt(price);
    for (const { at, rate } of rates) {
      if (at < closeOf(n) || at >= closeOf(n + 1) || n === bars - 1) continue;
      const got = halfEven(-held * BigInt(price) * BigInt(rate), 100_000_000n);
      funding += got;
      cash += got;
    }
    return n === bars - 1 || dayOf(n + 1) > dayOf(n) ? [Number(value)] : [];
  });
  return { equity, funding };
}

const funded = (world: World, set = setOf(world)): BarSet => {
  const made = withFunding(set, new Map([['BTCUSDT', world.rates]]));
  if (!made.ok) throw new Error(made.error);
  return made.value;
};

describe('funding of perpetuals', () => {
  it('is the cash of plain arrays, long, short and turned round, at closes and between them', () => {
    let [paid, got] = [0, 0];
    for (let seed = 0; seed < 25; seed++) {
      const world = worldOf(seed);
      const result = runOf(world, funded(world));
      const { equity, funding } = obvious(world);
      expect([...result.equity.value], `seed ${seed}`).toEqual(equity);
      expect(Number(result.metrics.funding)).toBe(Number(funding) / 1e6);
      if (funding < 0n) paid++;
      else got++;
      expect(result.metrics.fills).toBeGreaterThan(80);
    }
    expect(Math.min(paid, got)).toBeGreaterThan(3);
  });

  it('is another run: its data are others, and without rates there is no such figure', () => {
    const world = worldOf(1);
    const [plain, other] = [setOf(world), { ...world, rates: world.rates.map(({ at, rate }) => ({ at, rate: rate + 1 })) }];
    expect(new Set([plain.dataHash, funded(world).dataHash, funded(other).dataHash]).size).toBe(3);
    expect(runOf(world, plain).metrics).not.toHaveProperty('funding');
    expect(runOf(world, funded({ ...world, rates: world.rates.map(({ at }) => ({ at, rate: 0 })) })).equity).toEqual(
      runOf(world, plain).equity,
    );
  });

  it('is refused where somebody would hold for free, and for what is no perpetual', () => {
    const world = worldOf(2);
    const refusal = (rates: readonly FundingRate[], more: Partial<BarSet> = {}): string => {
      const made = withFunding(setOf(world, more), new Map([['BTCUSDT', rates]]));
      return made.ok ? '' : made.error;
    };
    const gap = 'funding: expected rates of BTCUSDT at most a day apart from its first bar to its last, was nothing between';
    expect(refusal([])).toContain(gap);
    expect(refusal(world.rates.slice(12))).toContain(gap);
    expect(refusal(world.rates.slice(0, -12))).toContain(gap);
    expect(refusal(world.rates.filter((_, n) => n < 20 || n > 40))).toContain(gap);
    expect(withFunding(setOf(world), new Map([['ETHUSDT', world.rates]])).ok).toBe(false);
    expect(refusal(world.rates, { assetClass: 'equity' })).toContain(
      'funding: expected crypto pairs that are traded as perpetuals, was BTCUSDT of class equity',
    );
    expect(refusal(world.rates)).toBe('');
  });
});
