import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { fromBigInt, splitZero, toBigInt } from '../../base/split.ts';
import { floorDiv } from '../../testing/ledger/oracle.ts';
import { notionalPair } from './lot-pool.ts';
import {
  addPair,
  addSigned,
  addSize,
  copySigned,
  copySize,
  mulDivFloorPair,
  mulPair,
  negPair,
  readPair,
  settlePair,
  signedDifference,
  subPair,
  subSize,
  writePair,
} from './pair.ts';

const cases = 60_000;
const random = prng('pairs');
const cells = new Float64Array(8);
const out = splitZero();

/** A value of a random size, both signs, often next to a power of two. */
function draw(bits: number): bigint {
  const size = 1n << BigInt(random.int(bits));
  const value =
    random.int(3) === 0
      ? size + BigInt(random.int(3) - 1)
      : (size * BigInt(random.int(1_000_000_000))) / 1_000_000_000n + BigInt(random.int(5));
  return random.int(2) === 0 ? value : -value;
}

function put(at: number, x: bigint): void {
  fromBigInt(out, x);
  writePair(cells, at, out);
}

/** The pair must be there with this value in its only form: low part within 0…2^48 - 1, no negative zero. */
function holds(at: number, expected: bigint, words: () => string): void {
  const normal = cells[at + 1] >= 0 && cells[at + 1] < 2 ** 48 && !Object.is(cells[at], -0) && !Object.is(cells[at + 1], -0);
  readPair(out, cells, at);
  if (!normal || toBigInt(out) !== expected) expect.fail(`${words()}: expected ${expected}, was ${toBigInt(out)}`);
}

function size(x: bigint): bigint {
  return x < 0n ? -x : x;
}

test('sums, differences and signs of pairs equal bigint', () => {
  for (let n = 0; n < cases; n++) {
    const x = draw(98);
    const y = draw(98);
    const sign = random.int(2) === 0 ? 1 : -1;
    const table: [string, () => void, bigint][] = [
      ['add', () => addPair(cells, 0, cells, 2), x + y],
      ['sub', () => subPair(cells, 0, cells, 2), x - y],
      ['addSigned', () => addSigned(cells, 0, cells, 2, sign), x + BigInt(sign) * y],
      ['addSize', () => addSize(cells, 0, cells, 2), x + size(y)],
      ['subSize', () => subSize(cells, 0, cells, 2), x - size(y)],
      ['copySigned', () => copySigned(cells, 0, cells, 2, sign), BigInt(sign) * y],
      ['copySize', () => copySize(cells, 0, cells, 2), size(y)],
      ['neg', () => negPair(cells, 0), -x],
      ['signedDifference', () => signedDifference(cells, 0, cells, 0, cells, 2, sign), BigInt(sign) * (x - y)],
      ['own double', () => addPair(cells, 0, cells, 0), 2n * x],
    ];
    for (const [name, run, expected] of table) {
      put(0, x);
      put(2, y);
      run();
      holds(0, expected, () => `${name} of ${x} and ${y}`);
    }
  }
  console.log(`pairs: ${cases} cases of ten operations`);
});

test('products of whole numbers equal bigint', () => {
  let beyond = 0;
  for (let n = 0; n < cases; n++) {
    const x = draw(53);
    const y = draw(random.int(2) === 0 ? 53 : 30);
    if (size(x) > 2n ** 53n - 1n || size(y) > 2n ** 53n - 1n) continue;
    cells[0] = Number(x);
    cells[1] = Number(y);
    if (size(x * y) >= 2n ** 100n) {
      beyond += 1;
      continue;
    }
    mulPair(cells, 2, cells, 0, cells, 1);
    holds(2, x * y, () => `${x} x ${y}`);
  }
  expect(beyond).toBeLessThan(cases / 4);
});

test('notionals equal bigint in the short, the exact and the wide multiplication', () => {
  const seen = [0, 0, 0];
  for (let n = 0; n < cases; n++) {
    const qty = size(draw(random.int(2) === 0 ? 14 : 44)) + 1n;
    const px = draw(random.int(2) === 0 ? 14 : 44);
    const tick = size(draw(random.int(2) === 0 ? 38 : 53)) + 1n;
    if (size(qty * px * tick) >= 2n ** 100n || tick > 2n ** 53n - 1n || size(qty * px) > 2n ** 88n) continue;
    seen[size(qty * px) < 2n ** 28n && tick < 2n ** 48n ? 0 : size(px * tick) < 2n ** 53n ? 1 : 2] += 1;
    [qty, px, tick].forEach((x, at) => (cells[at] = Number(x)));
    notionalPair(cells, 4, cells, 0, cells, 1, cells, 2);
    holds(4, qty * px * tick, () => `${qty} x ${px} x ${tick}`);
  }
  console.log(`notionals: ${seen.join(', ')} cases by short, exact and wide multiplication`);
  for (const count of seen) expect(count).toBeGreaterThan(cases / 50);
});

test('the short multiplication is exact at its own limits', () => {
  for (const product of [2n ** 28n - 1n, 2n ** 28n, 1n - 2n ** 28n, -(2n ** 28n), 0n]) {
    for (const tick of [2n ** 48n - 1n, 2n ** 48n, 2n ** 48n - 2n ** 24n, 2n ** 24n - 1n, 2n ** 24n, 1n]) {
      [1n, product, tick].forEach((x, at) => (cells[at] = Number(x)));
      notionalPair(cells, 4, cells, 0, cells, 1, cells, 2);
      holds(4, product * tick, () => `${product} x ${tick}`);
    }
  }
});

test('shares by floor equal bigint on both sides of the quick division', () => {
  let quick = 0;
  for (let n = 0; n < cases; n++) {
    const x = draw(random.int(2) === 0 ? 80 : 98);
    const den = Number(size(draw(random.int(3) === 0 ? 52 : 21))) + 1;
    const num = random.int(den + 1);
    if (x >= 0n && x < 2n ** 79n && den < 2 ** 21) quick += 1;
    put(0, x);
    mulDivFloorPair(cells, 2, cells, 0, num, den);
    holds(2, floorDiv(x * BigInt(num), BigInt(den)), () => `${x} x ${num} / ${den}`);
  }
  console.log(`shares: ${cases} cases, ${quick} by the quick division`);
  expect(quick).toBeGreaterThan(cases / 10);
  expect(cases - quick).toBeGreaterThan(cases / 10);
});

test('the quick division is exact at its own limits', () => {
  const den = 2 ** 21 - 1;
  for (const x of [2n ** 79n - 1n, 2n ** 79n - 2n ** 24n, 2n ** 78n + 1n, 2n ** 48n - 1n, 0n, 1n]) {
    for (const d of [den, den - 1, 1, 2, 3, 1_000_003]) {
      for (const num of [0, 1, Math.floor(d / 2), d - 1, d]) {
        put(0, x);
        mulDivFloorPair(cells, 2, cells, 0, num, d);
        holds(2, floorDiv(x * BigInt(num), BigInt(d)), () => `${x} x ${num} / ${d}`);
      }
    }
  }
});

test('a low part that was added to without carries reads as the same value', () => {
  put(0, 5n);
  for (let n = 0; n < 16; n++) {
    cells[0] += -1;
    cells[1] += 2 ** 48 - 3;
  }
  readPair(out, cells, 0);
  expect(toBigInt(out)).toBe(5n - 48n);
  settlePair(cells, 0);
  holds(0, 5n - 48n, () => 'settled');
});

test('what is beyond 2^101 is refused', () => {
  put(0, 2n ** 100n);
  put(2, 2n ** 100n);
  expect(() => addPair(cells, 0, cells, 2)).toThrow(RangeError);
  put(0, -(2n ** 100n));
  expect(() => subPair(cells, 0, cells, 2)).toThrow(RangeError);
});
