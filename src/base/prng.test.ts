import { expect, test } from 'vitest';
import { prng, prngFromState } from './prng.ts';

const DRAWS = 200_000;

test('the generator is xoshiro128** 1.1: the known outputs from the state 1, 2, 3, 4', () => {
  const random = prngFromState({ words: [1, 2, 3, 4], spare: null, key: '0'.repeat(64) });
  const outputs = Array.from({ length: 10 }, () => random.next32());
  expect(outputs).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]);
});

test('the same seed gives the same draws for good', () => {
  expect(Array.from({ length: 3 }, draw(prng(1)))).toEqual([3550049065, 1248274417, 2846134801]);
  expect(Array.from({ length: 3 }, draw(prng('1')))).not.toEqual(Array.from({ length: 3 }, draw(prng(1))));
});

test('a fork depends on the seed and the name, not on what was drawn', () => {
  const [fresh, used] = [prng('desk'), prng('desk')];
  for (let i = 0; i < 1000; i++) used.normal();
  expect(used.fork('venue').state()).toEqual(fresh.fork('venue').state());
  expect(used.fork('venue').state()).not.toEqual(used.fork('feed').state());
  expect(fresh.fork('a').fork('b').state()).not.toEqual(fresh.fork('b').fork('a').state());
  expect(fresh.fork('a/b').state()).not.toEqual(fresh.fork('a').fork('b').state());
});

test('forks of one seed are uncorrelated with it and with each other', () => {
  const parent = prng(7);
  const streams = [parent, parent.fork('0'), parent.fork('1'), prng(8)];
  for (let i = 0; i < streams.length; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let n = 0; n < 20_000; n++) sum += streams[i].normal() * streams[j].normal();
      expect(Math.abs(sum / 20_000)).toBeLessThan(5 / Math.sqrt(20_000));
    }
  }
});

test('a state taken and put back repeats the draws, through JSON and in the middle of a pair of normals', () => {
  const random = prng('state');
  random.normal();
  const state = random.state();
  const after = [random.normal(), random.float(), random.fork('x').next32()];
  random.restore(state);
  expect([random.normal(), random.float(), random.fork('x').next32()]).toEqual(after);
  const other = prngFromState(JSON.parse(JSON.stringify(state)) as typeof state);
  expect([other.normal(), other.float(), other.fork('x').next32()]).toEqual(after);
  expect(() => random.restore({ words: [0, 0, 0, 0], spare: null, key: '' })).toThrow('expected a state that is not all zero');
});

test('floats fill [0, 1) evenly', () => {
  const random = prng('float');
  const { mean, variance, min, max } = moments(() => random.float());
  expect(mean).toBeCloseTo(0.5, 2);
  expect(variance).toBeCloseTo(1 / 12, 2);
  expect(min).toBeGreaterThanOrEqual(0);
  expect(max).toBeLessThan(1);
});

test('normals and exponentials have their moments', () => {
  const random = prng('moments');
  const normal = moments(() => random.normal());
  expect([normal.mean, normal.variance]).toEqual([expect.closeTo(0, 1.7), expect.closeTo(1, 1.7)]);
  const exponential = moments(() => random.exponential(3));
  expect(Math.abs(exponential.mean - 3)).toBeLessThan(0.04);
  expect(Math.abs(exponential.variance - 9)).toBeLessThan(0.4);
  expect(exponential.min).toBeGreaterThanOrEqual(0);
});

test('whole numbers are even over their range by chi-square, small and large', () => {
  const random = prng('int');
  for (const n of [1, 2, 3, 10, 1000, 3 * 2 ** 20]) {
    const cells = Math.min(n, 1000);
    const counts = new Array<number>(cells).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[Math.floor((random.int(n) * cells) / n)] += 1;
    const mean = DRAWS / cells;
    const chiSquare = counts.reduce((sum, c) => sum + ((c - mean) * (c - mean)) / mean, 0);
    expect(Math.abs(chiSquare - (cells - 1))).toBeLessThanOrEqual(5 * Math.sqrt(2 * (cells - 1)));
  }
});

test('a large range reaches past 32 bits and stays below its end', () => {
  const random = prng('large');
  const n = 3 * 2 ** 51;
  let above = 0;
  for (let i = 0; i < 3000; i++) {
    const x = random.int(n);
    if (!Number.isSafeInteger(x) || x < 0 || x >= n) expect.fail(String(x));
    if (x >= 2 ** 51) above += 1;
  }
  expect(above / 3000).toBeGreaterThan(0.6);
  expect(above / 3000).toBeLessThan(0.73);
});

test('an empty or fractional range is refused', () => {
  for (const n of [0, -1, 1.5, NaN, 2 ** 53]) expect(() => prng(1).int(n)).toThrow('prng: expected a whole number from 1 to 2^53 - 1');
});

function draw(random: { next32(): number }): () => number {
  return () => random.next32();
}

function moments(next: () => number): { mean: number; variance: number; min: number; max: number } {
  let [sum, squares, min, max] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < DRAWS; i++) {
    const x = next();
    sum += x;
    squares += x * x;
    min = Math.min(min, x);
    max = Math.max(max, x);
  }
  const mean = sum / DRAWS;
  return { mean, variance: squares / DRAWS - mean * mean, min, max };
}
