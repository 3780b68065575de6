import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { kurtosis, mean, skewness, variance } from './moments.ts';
import { noMoments, takeValue } from './running-moments.ts';

test('running sums give the moments that the values themselves give', () => {
  const luck = prng('moments');
  for (const offset of [0, 1_000]) {
    const values: number[] = [];
    const sums = noMoments();
    for (let n = 1; n <= 500; n++) {
      values.push(offset + luck.normal() + (n % 7 === 0 ? 3 * luck.float() : 0));
      takeValue(sums, values[n - 1]);
      if (n < 2) continue;
      const spread = sums.second / n;
      const running = [sums.mean, spread, sums.third / n / (spread * Math.sqrt(spread)), sums.fourth / n / (spread * spread)];
      const exact = [mean(values), variance(values, 'population'), skewness(values) ?? NaN, kurtosis(values) ?? NaN];
      running.forEach((value, k) => expect(Math.abs(value - exact[k])).toBeLessThan(1e-6 * (1 + Math.abs(exact[k]))));
      expect(sums.count).toBe(n);
    }
  }
});
