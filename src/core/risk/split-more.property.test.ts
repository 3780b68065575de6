import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBigInt, splitZero, toBigInt } from '../../base/split.ts';
import { divCeilInto, fromDoubleInto, mulDivCeilInto, productExceeds } from './split-more.ts';

const money = fc.bigInt({ min: 0n, max: 2n ** 100n });
const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const small = fc.integer({ min: 1, max: 2 ** 22 });
const signed = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });

it('quotients are rounded up as bigint says', () => {
  let cases = 0;
  const x = splitZero();
  fc.assert(
    fc.property(
      fc.oneof(money, fc.bigInt({ min: 0n, max: 2n ** 80n })),
      fc.oneof(positive, small),
      fc.oneof(positive, small),
      (value, a, b) => {
        const [num, den] = a < b ? [a, b] : [b, a];
        fromBigInt(x, value);
        divCeilInto(x, x, den);
        const divided = toBigInt(x) === (value + BigInt(den) - 1n) / BigInt(den);
        fromBigInt(x, value);
        mulDivCeilInto(x, x, num, den);
        cases++;
        return divided && toBigInt(x) === (value * BigInt(num) + BigInt(den) - 1n) / BigInt(den);
      },
    ),
    { numRuns: 20_000, seed: 1 },
  );
  expect(cases).toBe(20_000);
});

it('products are compared exactly, past 2^53 too', () => {
  let equal = 0;
  fc.assert(
    fc.property(signed, signed, fc.integer({ min: -1, max: 1 }), fc.boolean(), (a, b, off, swap) => {
      const c = swap ? b : a;
      const d = (swap ? a : b) + off;
      if (BigInt(a) * BigInt(b) === BigInt(c) * BigInt(d)) equal++;
      return productExceeds(a, b, c, d) === BigInt(a) * BigInt(b) > BigInt(c) * BigInt(d);
    }),
    { numRuns: 5_000, seed: 1 },
  );
  expect(equal).toBeGreaterThan(500);
});

it('a double becomes the whole number at or below it', () => {
  const x = splitZero();
  for (const value of [0, 0.9, 1, 281_474_976_710_655.5, 281_474_976_710_656, 2 ** 80, 1.2e29]) {
    fromDoubleInto(x, value);
    expect(toBigInt(x)).toBe(BigInt(Math.floor(value)));
  }
});
