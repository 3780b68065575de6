import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { microsFromCivil } from '../../base/time.ts';
import { dayAt, runWith } from '../../testing/tear-sheet/small-run.ts';
import { histogramOf } from './histogram.ts';
import { pageOf } from './page/page.ts';
import { monthlyReturns } from './monthly-returns.ts';
import type { SheetFill } from './sheet-run.ts';
import { tearSheetOf } from './tear-sheet.ts';

const alone = { notes: [], trials: { count: 1, variance: 0 }, seed: 1 };

const fill = (day: number, side: 'buy' | 'sell', qty: number, px: number): SheetFill => ({
  instrumentID: 'AAA',
  side,
  qty,
  px,
  time: dayAt(day),
  fee: 0.5,
  notional: qty * px,
  slippage: 0.25,
});

describe('figures of a tear sheet, by hand', () => {
  const fills = [fill(1, 'buy', 2, 11), fill(2, 'sell', 3, 12), fill(3, 'buy', 1, 13)];
  const sheet = tearSheetOf(runWith([100, 110, 99, 120], { fills }), alone);

  it('marks what is held at the last close, long and short apart', () => {
    expect([...sheet.holdings.long]).toEqual([0, 22, 0, 0]);
    expect([...sheet.holdings.short]).toEqual([0, 0, 12, 0]);
    expect(sheet.holdings.open).toEqual([]);
    expect([...sheet.exposure.net]).toEqual([0, 0.2, -12 / 99, 0]);
  });
  it('names what is still open', () => {
    const open = tearSheetOf(runWith([100, 110, 99, 120], { fills: fills.slice(0, 2) }), alone);
    expect(open.holdings.open).toEqual([{ instrumentID: 'AAA', qty: -1 }]);
  });
  it('adds costs up along the equity', () => {
    expect([...sheet.costs.fees]).toEqual([0, 0.5, 1, 1.5]);
    expect([...sheet.costs.slippage]).toEqual([0, 0.25, 0.5, 0.75]);
    expect(sheet.costs.traded).toBe(22 + 36 + 13);
    expect(sheet.costs.turnover).toEqual([{ year: 2020, turnover: 71 / 2 / (429 / 4) }]);
  });
  it('counts what a point of a contract is worth: a contract of 50 is as 50 of one', () => {
    const contracts = fills.map((one) => ({ ...one, notional: 50 * one.notional }));
    const many = fills.map((one) => ({ ...one, qty: 50 * one.qty, notional: 50 * one.notional }));
    const equity = [1_000, 1_100, 990, 1_200];
    const [{ time, close }] = runWith(equity).prices;
    const prices = [{ instrumentID: 'AAA', time, close, multiplier: 50 }];
    const [one, other] = [
      tearSheetOf(runWith(equity, { fills: contracts, prices }), alone),
      tearSheetOf(runWith(equity, { fills: many }), alone),
    ];
    expect([one.holdings.long, one.holdings.short, one.exposure, one.costs]).toEqual([
      other.holdings.long,
      other.holdings.short,
      other.exposure,
      other.costs,
    ]);
    expect([...one.holdings.long]).toEqual([0, 1_100, 0, 0]);
    expect(one.costs.traded).toBe(50 * (22 + 36 + 13));
  });
  it('has the fees of rolls beside those of fills', () => {
    const rolled = tearSheetOf(runWith([100, 110, 99, 120], { fills, rollFees: 2.5 }), alone);
    expect([sheet.costs.rollFees, rolled.costs.rollFees, rolled.costs.totalFees]).toEqual([0, 2.5, 1.5]);
    const page = pageOf(rolled, '0');
    expect(page).toContain('<th scope="row">rolls</th>');
    expect(page).toContain('Fees of rolls are in the table alone.');
    expect(pageOf(sheet, '0')).not.toContain('rolls');
  });
  it('finds drawdown and return', () => {
    expect([...sheet.drawdown]).toEqual([0, 0, 0.1, 0]);
    expect(sheet.totalReturn).toBeCloseTo(0.2, 12);
  });
  it('refuses what cannot be drawn', () => {
    expect(() => tearSheetOf(runWith([100]), alone)).toThrow('expected at least 2 points of equity for a tear sheet, was 1');
    expect(() => tearSheetOf(runWith([100, 0, 1]), alone)).toThrow('expected equity above 0');
  });
});

describe('returns by month', () => {
  it('compound to the year and the whole, over gaps too', () => {
    const time = [microsFromCivil(2020, 11, 30), microsFromCivil(2020, 12, 1), microsFromCivil(2020, 12, 31), microsFromCivil(2021, 2, 1)];
    const years = monthlyReturns(time, [100, 110, 121, 60.5]);
    expect(years.map(({ year, total }) => [year, total])).toEqual([
      [2020, 121 / 100 - 1],
      [2021, -0.5],
    ]);
    expect(years[0].months.slice(9)).toEqual([undefined, 0, 121 / 100 - 1]);
    expect(years[1].months.slice(0, 3)).toEqual([undefined, -0.5, undefined]);
  });
  it('of random equity multiply to its last over its first value', () => {
    const random = prng(3);
    const equity = [100];
    for (let i = 1; i < 900; i++) equity.push(equity[i - 1] * (1 + (random.float() - 0.5) / 20));
    const years = monthlyReturns(
      equity.map((_, n) => dayAt(n)),
      equity,
    );
    const ofMonths = years.flatMap(({ months }) => months).reduce<number>((product, month) => product * (1 + (month ?? 0)), 1);
    const ofYears = years.reduce((product, { total }) => product * (1 + total), 1);
    expect(ofMonths).toBeCloseTo(equity[899] / 100, 10);
    expect(ofYears).toBeCloseTo(equity[899] / 100, 10);
  });
});

describe('histogram', () => {
  it('counts every value once, and the normal curve holds nearly all of them', () => {
    const random = prng(5);
    const values = Array.from({ length: 5000 }, () => random.float() + random.float() + random.float() - 1.5);
    const bins = histogramOf([...values, 1000]) ?? [];
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(5001);
    const plain = histogramOf(values) ?? [];
    expect(plain.reduce((sum, { normal }) => sum + normal, 0)).toBeGreaterThan(4950);
    for (const { from, to, count } of plain.slice(1, -1)) {
      expect(count).toBe(values.filter((value) => Math.floor(value / (to - from) + 1e-9) === Math.round(from / (to - from))).length);
    }
  });
  it('needs two values that differ', () => {
    expect(histogramOf([1])).toBeUndefined();
    expect(histogramOf([1, 1, 1])).toBeUndefined();
  });
});
