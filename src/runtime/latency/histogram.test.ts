import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { Histogram } from './histogram.ts';

test('percentiles lie within one part in thirty of the sorted truth, from nanoseconds to a minute', () => {
  const luck = prng('latency');
  const histogram = new Histogram();
  const all: number[] = [];
  for (let i = 0; i < 50_000; i++) {
    const micros = Math.exp(luck.float() * 17 - 3);
    all.push(micros);
    histogram.record(micros);
  }
  all.sort((a, b) => a - b);
  const said = histogram.percentiles();
  expect(said.count).toBe(all.length);
  expect(said.max).toBeCloseTo(all[all.length - 1], 3);
  for (const [share, value] of [
    [0.5, said.p50],
    [0.99, said.p99],
    [0.999, said.p999],
  ]) {
    const truth = all[Math.ceil(all.length * share) - 1];
    expect(value).toBeGreaterThanOrEqual(truth * 0.999);
    expect(value).toBeLessThanOrEqual(truth * 1.04 + 0.001);
  }
});

test('what is longer than the last bucket counts there, and nothing recorded is all zeros', () => {
  const histogram = new Histogram();
  expect(histogram.percentiles()).toEqual({ count: 0, mean: 0, p50: 0, p99: 0, p999: 0, max: 0 });
  histogram.record(3e9);
  expect(histogram.percentiles().max).toBe(3e9);
  expect(histogram.percentiles().count).toBe(1);
});

test('two histograms add up', () => {
  const [a, b] = [new Histogram(), new Histogram()];
  a.record(10);
  b.record(1_000);
  a.add(b);
  expect(a.percentiles().count).toBe(2);
  expect(a.percentiles().max).toBe(1_000);
});
