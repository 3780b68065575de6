import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { golden } from '../../testing/quant/golden.ts';
import { bernoulliMixture, eventEvidence } from './bernoulli-mixture.ts';
import { MAX_WEALTH } from './betting.ts';

interface Golden {
  readonly scipy: {
    readonly bernoulliMixture: readonly (readonly [events: number, trials: number, p0: number, upper: number, value: number])[];
  };
}

describe('Bernoulli mixture', () => {
  it.each([
    [1, 99, '0.26'],
    [3, 20, '89'],
    [5, 50, '379'],
  ])('values of the specification: %d errors of %d against 1 %% -> %s', (errors, trials, expected) => {
    expect(bernoulliMixture(errors, trials, 0.01).toFixed(expected.length > 3 ? 2 : 0)).toBe(expected);
  });
  it.each(golden<Golden>('performance').scipy.bernoulliMixture)(
    '%d of %d against %d, prior up to %d: SciPy 1.17.1 quad',
    (events, trials, p0, upper, value) => {
      expect(Math.abs(bernoulliMixture(events, trials, p0, upper) / value - 1)).toBeLessThan(1e-9);
    },
  );
  it('is 1 before the first trial and falls with every calm one', () => {
    expect(bernoulliMixture(0, 0, 0.01)).toBeCloseTo(1, 12);
    let last = 1 + 1e-12;
    for (const trials of [1, 10, 100, 1e3, 1e5, 1e7, 1e9]) {
      const value = bernoulliMixture(0, trials, 0.01);
      expect(value).toBeLessThan(last);
      expect(value).toBeGreaterThan(0);
      last = value;
    }
  });
  it('grows with every event at the same number of trials, up to its cap', () => {
    let last = 0;
    for (let events = 0; events <= 200; events += 5) {
      const value = bernoulliMixture(events, 200, 0.01);
      expect(value).toBeGreaterThan(last);
      last = Math.min(value, MAX_WEALTH / 2);
    }
    expect(bernoulliMixture(1e6, 1e6, 0.01)).toBe(MAX_WEALTH);
  });
  it('averages to 1 under the null: the sum over all outcomes of chance x value', () => {
    for (const trials of [1, 5, 40]) {
      let chance = 1;
      for (let i = 0; i < trials; i++) chance *= 0.98;
      let total = 0;
      for (let events = 0; events <= trials; events++) {
        total += chance * bernoulliMixture(events, trials, 0.02);
        chance *= ((trials - events) / (events + 1)) * (0.02 / 0.98);
      }
      expect(total).toBeCloseTo(1, 10);
    }
  });
  it('what cannot be is refused', () => {
    expect(() => bernoulliMixture(2, 1, 0.01)).toThrow('expected number of events to be a whole number from 0 to 1, was 2');
    expect(() => bernoulliMixture(0, 1, 0.5)).toThrow('expected chance under the null between 0 and 0.5, was 0.5');
  });
});

describe('running evidence of events', () => {
  it('raises a false alarm at 20 on at most one path in twenty, looked at after every trial', () => {
    let alarms = 0;
    for (let path = 0; path < 1000; path++) {
      const random = prng(`errors ${path}`);
      const evidence = eventEvidence({ p0: 0.01 });
      for (let t = 0; t < 1000; t++) {
        const happened = random.float() < 0.01;
        evidence.observe(happened);
        if (happened && evidence.value() >= 20) {
          alarms++;
          break;
        }
      }
    }
    expect(alarms / 1000).toBeLessThanOrEqual(0.05);
    expect(alarms).toBeGreaterThan(0);
  });
  it('continues from its state', () => {
    const evidence = eventEvidence({ p0: 0.01 });
    [true, false, false, true].forEach((happened) => evidence.observe(happened));
    const restored = eventEvidence(JSON.parse(JSON.stringify(evidence.exportState())) as ReturnType<typeof evidence.exportState>);
    evidence.observe(true);
    restored.observe(true);
    expect(restored.exportState()).toEqual({ p0: 0.01, upper: 0.5, events: 3, trials: 5 });
    expect(restored.value()).toBe(evidence.value());
  });
});
