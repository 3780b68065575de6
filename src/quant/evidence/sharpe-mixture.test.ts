import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { golden } from '../../testing/quant/golden.ts';
import { type SharpeMixture, sharpeMixture, sharpeMixtureFrom } from './sharpe-mixture.ts';

type Case = readonly [observations: number, mean: number, deviation: number, nullSharpe: number, sharpe: number, ratio: number];

describe('e-t', () => {
  it('is the ratio of non-central t densities (SciPy 1.17.1 nct)', () => {
    const cases = golden<{ scipy: { sharpeMixture: readonly Case[] } }>('performance').scipy.sharpeMixture;
    expect(cases.length).toBeGreaterThan(10);
    for (const [observations, mean, deviation, nullSharpe, sharpe, ratio] of cases) {
      const sumOfSquares = observations * mean * mean + (observations - 1) * deviation * deviation;
      const state = { nullSharpe, grid: [sharpe], weights: [1], observations, sum: observations * mean, sumOfSquares };
      expect(Math.abs(sharpeMixtureFrom(state).value() / ratio - 1), `${observations} returns`).toBeLessThan(1e-7);
    }
  });
  it('the first return counts by its sign alone: 2 Phi(s) or 2 Phi(-s)', () => {
    const up = sharpeMixture(0, [1]);
    const down = sharpeMixture(0, [1]);
    up.observe(0.3);
    down.observe(-7);
    expect(up.value()).toBeCloseTo(2 * 0.841344746068543, 12);
    expect(down.value()).toBeCloseTo(2 * 0.158655253931457, 12);
  });
  it('does not depend on the unit of the returns', () => {
    const one = sharpeMixture(0, [0.05, 0.1]);
    const thousand = sharpeMixture(0, [0.05, 0.1]);
    const random = prng(3);
    for (let t = 0; t < 100; t++) {
      const value = random.normal() + 0.1;
      one.observe(value);
      thousand.observe(1024 * value);
    }
    expect(thousand.value()).toBe(one.value());
  });
  it('raises false alarms at 20 on at most one path in twenty of normal returns, looked at after every one', () => {
    let alarms = 0;
    for (let path = 0; path < 200; path++) {
      const random = prng(`t ${path}`);
      const evidence = sharpeMixture(0, [0.1, 0.2, 0.4]);
      for (let t = 0; t < 100; t++) {
        evidence.observe(random.normal());
        if (evidence.value() >= 20) {
          alarms++;
          break;
        }
      }
    }
    expect(alarms / 200).toBeLessThanOrEqual(0.05);
    expect(alarms).toBeGreaterThan(0);
  });
  it('sees a Sharpe ratio of 0.2 a day within two years', () => {
    const random = prng(8);
    const evidence = sharpeMixture(0, [0.1, 0.2, 0.4]);
    for (let t = 0; t < 500; t++) evidence.observe(0.01 * (random.normal() + 0.2));
    expect(evidence.value()).toBeGreaterThan(20);
  });
  it('long records neither overflow nor lose their sign', () => {
    const state = { nullSharpe: 0, grid: [0.1], weights: [1], observations: 1_000_000, sumOfSquares: 1_000_000 };
    expect(sharpeMixtureFrom({ ...state, sum: 100_000 }).value()).toBe(1e250);
    expect(sharpeMixtureFrom({ ...state, sum: -100_000 }).value()).toBe(0);
  });
  it('continues from its state, and refuses a grid that is not above the null', () => {
    const evidence = sharpeMixture(0, [0.1]);
    evidence.observe(0.5);
    const restored = sharpeMixtureFrom(JSON.parse(JSON.stringify(evidence.exportState())) as ReturnType<SharpeMixture['exportState']>);
    restored.observe(-0.25);
    evidence.observe(-0.25);
    expect(restored.value()).toBe(evidence.value());
    expect(() => sharpeMixture(0.1, [0.1])).toThrow('expected Sharpe ratio between 0.1 and Infinity, was 0.1');
    expect(sharpeMixture(0, [1]).value()).toBe(1);
  });
});
