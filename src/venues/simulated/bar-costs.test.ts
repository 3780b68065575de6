import { describe, expect, it } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { microsFromCivil } from '../../base/time.ts';
import type { Micros } from '../../base/units.ts';
import { BarScript } from '../../testing/venue/bar-script.ts';
import { BarFeeBook } from './bar-fees.ts';
import type { BarFees } from './bar-fees.ts';
import { shareOf } from './bar-order.ts';
import { BarHistory, requireSlippage, slipped } from './bar-slippage.ts';
import { askSide, bidSide } from './matching-book.ts';

const money = { moneyPerTickLot: 1, unitsPerCurrency: 1_000_000, feeUnit: 10_000 };
const january = microsFromCivil(2020, 1, 31, 21);

function feeOf(book: BarFeeBook, price: number, qty: number, liquidity: 'maker' | 'taker' = 'taker', at: Micros = january): bigint {
  const fee = splitZero();
  book.charge(fee, price, qty, liquidity, 0, at, money);
  return toBigInt(fee);
}

describe('fees on bars', () => {
  it('are rounded half-even to the cent per fill', () => {
    const bps = new BarFeeBook({ kind: 'bps', rate: 100_000 });
    // 10 bps of 25.00 = 2.5 cents, of 35.00 = 3.5 cents, of 25.000001 a little more
    expect([25_000_000, 35_000_000, 25_000_001].map((price) => feeOf(bps, price, 1))).toEqual([20_000n, 40_000n, 30_000n]);
  });

  it('go by the share', () => {
    const perShare = new BarFeeBook({ kind: 'perShare', moneyPerLot: 3_500 });
    expect([1, 10, 100, 3].map((qty) => feeOf(perShare, 50_000_000, qty))).toEqual([0n, 40_000n, 350_000n, 10_000n]);
  });

  it('differ for makers and takers, and a rebate is negative', () => {
    const book = new BarFeeBook({ kind: 'makerTaker', makerRate: -20_000, takerRate: 50_000 });
    expect(feeOf(book, 100_000_000, 100, 'maker')).toBe(-2_000_000n);
    expect(feeOf(book, 100_000_000, 100, 'taker')).toBe(5_000_000n);
  });

  it('fall with what was traded before the fill in the calendar month, and start again with the next', () => {
    const tiers = [
      { fromNotional: 0, rate: 100_000 },
      { fromNotional: 10_000, rate: 50_000 },
    ];
    const book = new BarFeeBook({ kind: 'tiered', tiers });
    const fees = [1, 99, 100].map((qty) => feeOf(book, 100_000_000, qty));
    expect(fees).toEqual([100_000n, 9_900_000n, 5_000_000n]);
    expect(feeOf(book, 100_000_000, 100, 'taker', microsFromCivil(2020, 2, 1))).toBe(10_000_000n);
  });

  it('are refused where their numbers are impossible', () => {
    const wrong: BarFees[] = [
      { kind: 'bps', rate: 0.5 },
      { kind: 'makerTaker', makerRate: 0, takerRate: 200_000_000 },
      { kind: 'perShare', moneyPerLot: -1 },
      { kind: 'tiered', tiers: [] },
      { kind: 'tiered', tiers: [{ fromNotional: 1, rate: 1 }] },
    ];
    for (const fees of wrong) expect(() => new BarFeeBook(fees)).toThrow(RangeError);
  });
});

describe('slippage on bars', () => {
  const nothing = new BarHistory();

  it('of fixed bps is against the order, half-even to a tick, not held to the bar', () => {
    const model = { kind: 'fixedBps', rate: 50_000 } as const;
    expect(slipped(model, 41_230_000, bidSide, 1, nothing)).toBe(41_250_615);
    expect(slipped(model, 41_230_000, askSide, 1, nothing)).toBe(41_209_385);
    // 5 bps of 1,000 ticks are half a tick
    expect([slipped(model, 1_000, bidSide, 1, nothing), slipped(model, 3_000, bidSide, 1, nothing)]).toEqual([1_000, 3_002]);
    const script = new BarScript(['A'], { slippage: { kind: 'fixedBps', rate: 10_000_000 } });
    script.order(1);
    script.order(2, { ordType: 'limit', price: 100 });
    script.order(3, { side: 'sell', ordType: 'stop', stopPx: 100 });
    expect(script.bar([100, 100, 100, 100])).toEqual([
      '1 trades 100 at 110, 0 left',
      '2 trades 100 at 100, 0 left',
      '3 trades 100 at 90, 0 left',
    ]);
  });

  it('of half a spread moves by its ticks', () => {
    const model = { kind: 'halfSpread', ticks: 5_000 } as const;
    expect([bidSide, askSide].map((side) => slipped(model, 41_230_000, side, 1, nothing))).toEqual([41_235_000, 41_225_000]);
  });

  it('of the square root takes deviation and volume of the 20 bars before the fill', () => {
    const script = new BarScript(['A'], { slippage: { kind: 'squareRoot' } });
    const history = new BarHistory();
    for (let n = 0; n <= 20; n++) {
      expect(history.isFull).toBe(false);
      expect(script.order(100 + n)).toEqual([`${100 + n} rejected TOO_FEW_BARS_FOR_SLIPPAGE`]);
      const close = n % 2 === 0 ? 1_000_000 : 1_010_000;
      history.push(close, 400);
      script.bar([close, close, close, close], 400);
    }
    // ten returns of +1 % and ten of 1/1.01 - 1
    const [up, down] = [0.01, 1 / 1.01 - 1];
    const mean = (up + down) / 2;
    const sigma = Math.sqrt((10 * (up - mean) * (up - mean) + 10 * (down - mean) * (down - mean)) / 19);
    expect(history.deviation()).toBeCloseTo(sigma, 12);
    expect(history.meanVolume()).toBe(400);
    expect(slipped({ kind: 'squareRoot' }, 1_000_000, bidSide, 4, history)).toBe(Math.round(1_000_000 * (1 + sigma * 0.1)));
    expect(script.order(1, { orderQty: 4 })).toEqual(['1 new']);
    expect(script.bar([1_000_000, 1_000_000, 1_000_000, 1_000_000], 400)).toEqual([
      `1 trades 4 at ${Math.round(1_000_000 * (1 + sigma * 0.1))}, 0 left`,
    ]);
  });

  it('is refused where its number is impossible', () => {
    expect(() => requireSlippage({ kind: 'fixedBps', rate: 100_000_001 })).toThrow('slippage fixedBps');
    expect(() => requireSlippage({ kind: 'halfSpread', ticks: -1 })).toThrow('slippage halfSpread');
  });
});

describe('the share of a bar', () => {
  it('is exact for every volume', () => {
    for (const volume of [0, 9, 10, 99_999, 7_205_759_403_792, Number.MAX_SAFE_INTEGER]) {
      for (const bps of [1, 333, 1_000, 10_000]) expect(BigInt(shareOf(volume, bps))).toBe((BigInt(volume) * BigInt(bps)) / 10_000n);
    }
  });
});
