import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { alphaOfVersion, minEOfVersion } from './alpha-spending.ts';
import { type Betting, type BettingSpec, bettingFrom, createBetting, lambdaMax, MAX_WEALTH } from './betting.ts';

const grid = [1, 2, 4, 8, 16, 32];
const edge: BettingSpec = { side: 'edge', nullMean: 0, grid, stressMove: 1 / 32 };
const harm: BettingSpec = { ...edge, side: 'harm' };

function begin(spec: BettingSpec): Betting {
  const betting = createBetting(spec);
  if (!betting.ok) throw new Error(betting.error.code);
  return betting.value;
}

/** Share of paths on which K reaches 20 at any time: at most 0.05 when the null holds. */
function crossings(spec: BettingSpec, paths: number, steps: number, draw: (random: ReturnType<typeof prng>) => number): number {
  let crossed = 0;
  for (let path = 0; path < paths; path++) {
    const random = prng(`path ${path}`);
    const betting = begin(spec);
    for (let t = 0; t < steps && betting.peak() < 20; t++) betting.observe(draw(random));
    if (betting.peak() >= 20) crossed++;
  }
  return crossed / paths;
}

describe('betting e-process', () => {
  it('is the weighted sum of products, edge with + l, harm with - l', () => {
    let compared = 0;
    const data = fc.array(
      fc.integer({ min: -300, max: 300 }).map((n) => n / 10_000),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        data,
        fc.integer({ min: -5, max: 5 }).map((n) => n / 10_000),
        (returns, nullMean) => {
          for (const [spec, sign] of [[edge, 1] as const, [harm, -1] as const]) {
            const betting = begin({ ...spec, nullMean, stressMove: 0.03, grid: [1, 2, 4, 8, 16, 32].filter((bet) => bet <= 1 / 0.0305) });
            for (const value of returns) betting.observe(value);
            const bets = [1, 2, 4, 8, 16, 32];
            const products = bets.map((bet) => returns.reduce((product, r) => product * (1 + sign * bet * (r - nullMean)), 1));
            const plain = products.reduce((sum, product) => sum + product / bets.length, 0);
            expect(Math.abs(betting.value() / plain - 1)).toBeLessThan(1e-12);
            expect(betting.peak()).toBeGreaterThanOrEqual(betting.value());
            expect(betting.observations()).toBe(returns.length);
            compared++;
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(compared).toBe(400);
  });
  it('begins at 1, with weights as given', () => {
    expect(begin(edge).value()).toBeCloseTo(1, 12);
    const weighted = begin({ ...edge, grid: [1, 10], weights: [0.75, 0.25] });
    weighted.observe(0.02);
    expect(weighted.value()).toBeCloseTo(0.75 * 1.02 + 0.25 * 1.2, 12);
    expect(() => begin({ ...edge, weights: [1, 1, 1, 1, 1, 1] })).toThrow('expected weights that add up to 1, was 6');
  });
  it('continues from its state, through JSON, with the same bits', () => {
    const random = prng(9);
    const whole = begin(edge);
    for (let t = 0; t < 50; t++) whole.observe(0.005 * random.normal());
    const restored = bettingFrom(JSON.parse(JSON.stringify(whole.exportState())) as ReturnType<Betting['exportState']>);
    for (let t = 0; t < 50; t++) {
      const value = 0.005 * random.normal();
      whole.observe(value);
      restored.observe(value);
      expect(restored.value()).toBe(whole.value());
    }
    expect(restored.exportState()).toEqual(whole.exportState());
  });
  it('a state with bets beyond its stress move is refused', () => {
    expect(() => bettingFrom({ ...begin(edge).exportState(), stressMove: 0.1 })).toThrow('expected bet from 0 to 10, was 16');
  });
  it('wealth stops at a cap instead of overflowing', () => {
    const betting = begin({ ...edge, grid: [32] });
    for (let t = 0; t < 2000; t++) betting.observe(0.03);
    expect(betting.value()).toBe(MAX_WEALTH);
  });
  it('a datum that is not a number is refused', () =>
    expect(() => begin(edge).observe(NaN)).toThrow('expected datum to be a finite number'));
});

describe('bets are bounded by the stress move', () => {
  it('an unknown tail is refused by that name', () => {
    expect(createBetting({ ...edge, stressMove: undefined })).toEqual({ ok: false, error: { code: 'UNBOUNDED_TAIL' } });
  });
  it('a bet beyond 1 / stress loss is refused with its numbers', () => {
    expect(createBetting({ ...edge, stressMove: 0.1 })).toEqual({ ok: false, error: { code: 'BET_EXCEEDS_STRESS', bet: 16, max: 10 } });
  });
  it('the null mean counts when the move is longer from it', () => {
    expect([lambdaMax('edge', 0.1), lambdaMax('edge', 0.1, 0.1), lambdaMax('edge', 0.1, -0.1)]).toEqual([10, 5, 10]);
    expect([lambdaMax('harm', 0.1, -0.1), lambdaMax('harm', 0.1, 0.1)]).toEqual([5, 10]);
  });
  it('a move beyond the declared one is counted, ruins the bets that it breaks, and stays counted', () => {
    const betting = begin({ ...edge, grid: [1, 32] });
    betting.observe(-0.03);
    expect(betting.beyondStress()).toBe(0);
    betting.observe(-0.05);
    betting.observe(0.02);
    expect(betting.beyondStress()).toBe(1);
    expect(betting.exportState().wealth[1]).toBe(0);
    const up = begin(harm);
    up.observe(0.05);
    expect(up.beyondStress()).toBe(1);
  });
});

describe('false alarms stay below 1 / 20 whenever one looks (Ville)', () => {
  it('no edge, normal hourly returns of 10 % volatility, 4000 hours', () => {
    const sd = 0.1 / Math.sqrt(8760);
    const share = crossings(edge, 1000, 4000, (random) => sd * random.normal());
    expect(share).toBeLessThanOrEqual(0.05);
    expect(share).toBeGreaterThan(0);
  });
  it('no harm, the same returns', () => {
    const sd = 0.1 / Math.sqrt(8760);
    expect(crossings(harm, 500, 4000, (random) => sd * random.normal())).toBeLessThanOrEqual(0.05);
  });
  it('a seller of tails without edge: 0.1 % earned 99 times in a hundred, 9.9 % lost once', () => {
    const draw = (random: ReturnType<typeof prng>): number => (random.float() < 0.01 ? -0.099 : 0.001);
    const bounded = crossings({ ...edge, grid: [1, 2, 4, 8, 10], stressMove: 0.1 }, 1000, 2000, draw);
    expect(bounded).toBeLessThanOrEqual(0.05);
  });
  it('the same seller is believed when bets ignore the stress loss: the bound is what protects', () => {
    let believed = 0;
    for (let path = 0; path < 500; path++) {
      const random = prng(`path ${path}`);
      const wealth = grid.map(() => 1);
      let peak = 0;
      for (let t = 0; t < 2000; t++) {
        const value = random.float() < 0.01 ? -0.099 : 0.001;
        grid.forEach((bet, j) => (wealth[j] *= Math.max(0, 1 + bet * value)));
        peak = Math.max(
          peak,
          wealth.reduce((sum, w) => sum + w / grid.length, 0),
        );
      }
      if (peak >= 20) believed++;
    }
    expect(believed / 500).toBeGreaterThan(0.1);
  });
});

describe('power', () => {
  it('an annual Sharpe ratio of 4 is seen within a year of hours on most paths', () => {
    const sd = 0.1 / Math.sqrt(8760);
    const share = crossings(edge, 200, 8760, (random) => 0.4 / 8760 + sd * random.normal());
    expect(share).toBeGreaterThan(0.8);
  });
});

describe('alpha spending', () => {
  it('the versions share one alpha: 6 / pi^2 of it, a quarter of that, a ninth ...', () => {
    expect(alphaOfVersion(0.05, 1)).toBeCloseTo(0.0303964, 7);
    expect(alphaOfVersion(0.05, 2) / alphaOfVersion(0.05, 1)).toBeCloseTo(0.25, 15);
    let sum = 0;
    for (let version = 1; version <= 100_000; version++) sum += alphaOfVersion(0.05, version);
    expect(sum).toBeLessThan(0.05);
    expect(sum).toBeGreaterThan(0.04999);
  });
  it('what the versions have to show is one over their alpha: of 1 / minE they spend all, and no more, however many come', () => {
    for (const minE of [1.1, 2, 5, 20, 100]) {
      let spent = 0;
      for (let version = 1; version <= 100_000; version++) {
        const shown = minEOfVersion(minE, version);
        const owed = 1 / alphaOfVersion(1 / minE, version);
        // compared plainly: half a million expectations take seven seconds
        if (!(Math.abs(shown - owed) < 0.0005)) expect.fail(`version ${version} at ${minE} shows ${shown}, owes ${owed}`);
        spent += 1 / shown;
      }
      expect(spent).toBeLessThan(1 / minE);
      // the rest of the sum of 1 / k^2 from 100,001 on is below 1 / 100,000
      expect(spent).toBeGreaterThan((1 - 1e-5) / minE);
    }
    expect([1, 2, 3].map((k) => minEOfVersion(20, k).toFixed(3))).toEqual(['32.899', '131.595', '296.088']);
  });
  it('versions count from 1', () => expect(() => alphaOfVersion(0.05, 0)).toThrow(RangeError));
});
