import { expect, test } from 'vitest';
import { MAX_ANGLE, clamp, cos, erf, erfc, expm1, hypot, lgamma, log1p, normCdf, normInv, pow, powi, tan, tanh } from './math.ts';
import { prng } from './prng.ts';

const CASES = 20_000;

test('pow agrees with Math.pow within 1e-13 over the whole range', () => {
  const random = prng('pow');
  let [worst, finite] = [0, 0];
  for (let i = 0; i < CASES; i++) {
    const x = i % 2 === 0 ? Math.exp(1400 * (random.float() - 0.5)) : 1 + (random.float() - 0.5) / 10;
    const y = (2 * random.float() - 1) * Math.min(1e9, 740 / Math.abs(Math.log(x)));
    const [mine, platform] = [pow(x, y), Math.pow(x, y)];
    if (platform < 1e-300 || platform === Infinity) continue;
    finite += 1;
    worst = Math.max(worst, Math.abs(mine / platform - 1));
  }
  console.log(`pow: ${finite} cases, at most ${worst.toExponential(1)} from Math.pow`);
  expect(finite).toBeGreaterThan(CASES / 2);
  expect(worst).toBeLessThan(1e-13);
});

test('exact powers are exact', () => {
  for (let n = 0; n <= 22; n++) expect(pow(10, n)).toBe(Number(`1e${n}`));
  for (let n = -1074; n <= 1023; n++) expect(pow(2, n)).toBe(Number.parseFloat((2 ** n).toString()));
  for (let n = 1; n <= 1000; n++) {
    expect(pow(n, 2)).toBe(n * n);
    expect(pow(n, 5)).toBe(n * n * n * n * n);
    expect(pow(n * n, 0.5)).toBe(n);
    expect(pow(n, 1)).toBe(n);
    expect(pow(n, -1)).toBe(1 / n);
  }
});

test('pow has the special cases of Math.pow', () => {
  const values = [
    0,
    -0,
    1,
    -1,
    2,
    -2,
    0.5,
    -0.5,
    3,
    -3,
    1e300,
    -1e300,
    5e-324,
    -5e-324,
    1e-310,
    Infinity,
    -Infinity,
    NaN,
    9007199254740993,
    2.5,
  ];
  let cases = 0;
  for (const x of values) {
    for (const y of values) {
      cases += 1;
      const [mine, platform] = [pow(x, y), Math.pow(x, y)];
      const close = Object.is(mine, platform) || Math.abs(mine / platform - 1) < 1e-13;
      if (!close) expect.fail(`pow(${x}, ${y}): expected ${platform}, was ${mine}`);
    }
  }
  expect(cases).toBe(400);
});

test('results below the normal range are within one unit, and overflow ends at Infinity', () => {
  expect(pow(2, 1024)).toBe(Infinity);
  expect(pow(2, -1075)).toBe(0);
  expect(pow(1.7976931348623157e308, 1)).toBe(1.7976931348623157e308);
  const random = prng('subnormal');
  for (let i = 0; i < 1000; i++) {
    const y = -1022 - 52 * random.float();
    expect(Math.abs(pow(2, y) - Math.pow(2, y))).toBeLessThanOrEqual(5e-324);
  }
});

test('powi multiplies', () => {
  expect([powi(2, 10), powi(-2, 3), powi(3, 0), powi(0, 0), powi(2, -2), powi(0, -1), powi(1, 1e15)]).toEqual([
    1024,
    -8,
    1,
    1,
    0.25,
    Infinity,
    1,
  ]);
  expect(powi(1.05, 20) / pow(1.05, 20)).toBeCloseTo(1, 14);
  expect(() => powi(2, 0.5)).toThrow('powi: expected a safe integer as exponent, was 0.5');
});

test('small arguments lose nothing', () => {
  expect([log1p(1e-20), expm1(1e-20), tanh(1e-20), tan(1e-20), erf(0)]).toEqual([1e-20, 1e-20, 1e-20, 1e-20, 0]);
});

test('the ends of the functions are as in Math', () => {
  expect([log1p(-1), log1p(Infinity), expm1(-Infinity), expm1(1000), tanh(Infinity), tanh(-50)]).toEqual([
    -Infinity,
    Infinity,
    -1,
    Infinity,
    1,
    -1,
  ]);
  expect([log1p(-2), log1p(NaN), expm1(NaN), tanh(NaN), erf(NaN), erfc(NaN), normCdf(NaN), normInv(NaN)].every(Number.isNaN)).toBe(true);
  expect([erf(Infinity), erf(-Infinity), erfc(-Infinity), erfc(30), normCdf(-Infinity), normCdf(Infinity), normCdf(0)]).toEqual([
    1, -1, 2, 0, 0, 1, 0.5,
  ]);
  expect([normInv(0), normInv(1), normInv(0.5), normInv(-0.1), normInv(1.1)]).toEqual([-Infinity, Infinity, 0, NaN, NaN]);
});

test('published points of the normal distribution come out', () => {
  expect(normInv(0.25)).toBeCloseTo(-0.6744897501960817, 15);
  expect(normInv(0.001)).toBeCloseTo(-3.090232306167814, 14);
  expect(normInv(1e-20)).toBeCloseTo(-9.262340089798408, 14);
  expect(normCdf(1.959963984540054)).toBeCloseTo(0.975, 15);
  expect(normCdf(2) + normCdf(-2)).toBe(1);
});

test('an angle beyond the limit, or none, is refused', () => {
  for (const f of [cos, tan]) {
    expect(() => f(MAX_ANGLE * 1.01)).toThrow('angle: expected at most 1000000 radians, was 1010000');
    expect(() => f(NaN)).toThrow(RangeError);
  }
  expect([cos(0), tan(0), cos(1), cos(2), cos(4), cos(6)].map((v) => v.toFixed(6))).toEqual([
    '1.000000',
    '0.000000',
    '0.540302',
    '-0.416147',
    '-0.653644',
    '0.960170',
  ]);
});

test('lgamma refuses what is not positive', () => {
  expect(() => lgamma(0)).toThrow('lgamma: expected a positive number, was 0');
  expect(lgamma(1e300) / (1e300 * (Math.log(1e300) - 1))).toBeCloseTo(1, 14);
});

test('hypot neither overflows nor underflows', () => {
  expect([hypot(3, 4), hypot(0, 0), hypot(NaN, -Infinity), hypot(0, -2), hypot(NaN, 1)]).toEqual([5, 0, Infinity, 2, NaN]);
  expect(hypot(-3e200, 4e200) / 5e200).toBeCloseTo(1, 15);
  expect(hypot(3e-200, 4e-200) / 5e-200).toBeCloseTo(1, 15);
});

test('clamp keeps a value between two', () => {
  expect([clamp(5, 0, 3), clamp(-5, 0, 3), clamp(2, 0, 3)]).toEqual([3, 0, 2]);
});
