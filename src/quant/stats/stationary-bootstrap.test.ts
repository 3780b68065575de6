import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { mean } from './moments.ts';
import { bootstrapStatistics, resampleStationary } from './stationary-bootstrap.ts';

describe('stationary bootstrap (Politis & Romano 1994)', () => {
  it('the same seed draws the same samples', () => {
    const draw = (): Int32Array => resampleStationary(100, 5, prng(7), new Int32Array(100));
    expect(draw()).toEqual(draw());
  });
  it('blocks run on, wrap around, and have the mean length asked for', () => {
    const indices = resampleStationary(50, 8, prng(1), new Int32Array(200_000));
    let breaks = 1;
    let wraps = 0;
    for (let i = 1; i < indices.length; i++) {
      if (indices[i] !== (indices[i - 1] + 1) % 50) breaks++;
      else if (indices[i] === 0) wraps++;
    }
    // one break in fifty lands on the next index by chance and is not seen
    expect(indices.length / breaks / (50 / 49)).toBeCloseTo(8, 0);
    expect(wraps).toBeGreaterThan(1000);
  });
  it('every observation is drawn equally often', () => {
    const counts = new Array<number>(20).fill(0);
    for (const index of resampleStationary(20, 4, prng(2), new Int32Array(400_000))) counts[index]++;
    for (const count of counts) expect(Math.abs(count / 20_000 - 1)).toBeLessThan(0.06);
  });
  it('a mean block of 1 is the ordinary bootstrap: the mean spreads by s / sqrt(n)', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i);
    const means = bootstrapStatistics(values, mean, { samples: 4000, meanBlock: 1, random: prng(3) });
    const center = mean(means);
    const spread = Math.sqrt(mean(means.map((m) => (m - center) * (m - center))));
    expect(Math.abs(center - 49.5)).toBeLessThan(0.2);
    expect(Math.abs(spread / 2.8866 - 1)).toBeLessThan(0.05);
  });
  it('samples on which the statistic is undefined are left out', () => {
    let asked = 0;
    const found = bootstrapStatistics([1, 2, 3], () => (asked++ % 2 === 0 ? 1 : undefined), { samples: 10, meanBlock: 2, random: prng(4) });
    expect(found.length).toBe(5);
  });
  it('a block is at least one observation', () => {
    expect(() => resampleStationary(10, 0.5, prng(1), new Int32Array(10))).toThrow('expected mean block length from 1');
  });
});
