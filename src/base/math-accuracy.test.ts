import { expect, test } from 'vitest';
import { cos, erf, erfc, expm1, lgamma, log1p, normCdf, normInv, pow, tan, tanh } from './math.ts';
import { prng } from './prng.ts';

/** Elementary functions in bigint fixed point (units of 2^-bits), slow and obvious: what the doubles of `math.ts` are measured against. */
const BITS = 320n;
/** For erf, whose Taylor terms grow to e^(x^2) before they fall to an erfc of e^(-x^2). */
const WIDE = 2600n;
const CASES = 300;

test('pow is within 0.51 units in the last place over the whole range', () => {
  const random = prng('pow');
  let worst = 0;
  for (let i = 0; i < 6 * CASES; i++) {
    const x = [Math.exp(1400 * (random.float() - 0.5)), 1 + (random.float() - 0.5) * 0.02, random.float() * 10][i % 3];
    const y = (2 * random.float() - 1) * Math.min(700 / Math.abs(Math.log(x)), 1e9);
    const [mantissa, exponent] = parts(pow(x, y));
    const [m, n] = expParts((fixed(y) * logOfDouble(x)) >> BITS);
    const error = (mantissa << BITS) - shift(m, n - exponent);
    worst = Math.max(worst, ratio(error, 1n << BITS));
  }
  console.log(`pow: ${6 * CASES} cases, worst ${worst.toFixed(4)} units in the last place`);
  expect(worst).toBeGreaterThan(0.4);
  expect(worst).toBeLessThan(0.51);
});

test('log1p, expm1, tanh, tan and cos keep to their documented accuracy', () => {
  const random = prng('elementary');
  const some = (draw: () => number): number[] => Array.from({ length: CASES }, draw);
  const small = [...some(() => random.normal()), ...some(() => random.normal() * 1e-3), ...some(() => random.normal() * 1e-9)];
  const angles = [...small, ...some(() => random.normal() * 2e5), 1.5707963267948966, 4.71238898038469, 11, 355, 1e6];
  const one = 1n << BITS;
  const square = (x: number): bigint => fixedExp(2n * fixed(x));
  const aboveMinusOne = [...small.filter((x) => x > -1), ...some(() => -random.float())];
  expect(worstError(log1p, (x) => fixedLog(one + fixed(x)), aboveMinusOne)).toBeLessThan(4e-16);
  expect(worstError(expm1, (x) => fixedExp(fixed(x)) - one, [...small, ...some(() => random.normal() * 30)])).toBeLessThan(5e-16);
  expect(worstError(tanh, (x) => ((square(x) - one) << BITS) / (square(x) + one), small)).toBeLessThan(6e-16);
  expect(worstError(tan, (x) => (sinCos(x)[0] << BITS) / sinCos(x)[1], angles)).toBeLessThan(1e-15);
  expect(Math.max(...angles.map((x) => ratio(fixed(cos(x)) - sinCos(x)[1], one)))).toBeLessThan(3e-16);
});

test('erf, erfc and the normal distribution hold in both tails', () => {
  const random = prng('erf');
  const one = 1n << WIDE;
  const center = Array.from({ length: 40 }, () => random.normal());
  const tail = Array.from({ length: 24 }, () => random.float() * 26);
  const left = tail.map((x) => -x * 1.4);
  expect(worstError(erf, (x) => fixedErf(fixed(x, WIDE)), center, WIDE)).toBeLessThan(1e-15);
  expect(worstError(erfc, (x) => one - fixedErf(fixed(x, WIDE)), [...center, ...tail], WIDE)).toBeLessThan(1e-15);
  expect(worstError(normCdf, fixedNormal, [...center, ...left.filter((x) => x > -10)], WIDE)).toBeLessThan(2e-14);
  expect(worstError(normCdf, fixedNormal, left, WIDE)).toBeLessThan(3e-13);
});

test('normInv undoes the exact distribution', () => {
  const random = prng('inverse');
  let worst = 0;
  for (let i = 0; i < 40; i++) {
    const p = i < 20 ? random.float() : Math.exp(-150 * random.float());
    const x = normInv(p);
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const dx = ratio(fixedNormal(x) - fixed(p, WIDE), fixed(density, WIDE));
    worst = Math.max(worst, dx / Math.max(0.1, Math.abs(x)));
  }
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(2e-15);
});

test('lgamma agrees with exact factorials and half factorials', () => {
  let factorial = 1n << BITS;
  let half = root(pi(BITS), BITS);
  for (let n = 1; n <= 150; n++) {
    const [whole, halved] = [number(fixedLog(factorial)), number(fixedLog(half))];
    expect(Math.abs(lgamma(n) - whole)).toBeLessThan(1e-14 * Math.max(1, whole));
    expect(Math.abs(lgamma(n - 0.5) - halved)).toBeLessThan(1e-14 * Math.max(1, Math.abs(halved)));
    factorial *= BigInt(n);
    half = (half * BigInt(2 * n - 1)) / 2n;
  }
});

function worstError(f: (x: number) => number, exact: (x: number) => bigint, xs: readonly number[], bits: bigint = BITS): number {
  expect(xs.length).toBeGreaterThan(0);
  let worst = 0;
  for (const x of xs) {
    const value = exact(x);
    worst = Math.max(worst, ratio(fixed(f(x), bits) - value, value));
  }
  return worst;
}

/** |a / b| as a double. */
function ratio(a: bigint, b: bigint): number {
  return Number((magnitude(a) << 200n) / magnitude(b)) / Number(1n << 200n);
}

function number(v: bigint): number {
  return Number((v << 200n) >> BITS) / Number(1n << 200n);
}

/** |x| = mantissa * 2^exponent, exactly. */
function parts(x: number): [mantissa: bigint, exponent: bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const word = view.getBigUint64(0);
  const field = word >> 52n;
  const mantissa = word & ((1n << 52n) - 1n);
  return field === 0n ? [mantissa, -1074n] : [mantissa | (1n << 52n), field - 1075n];
}

function fixed(x: number, bits: bigint = BITS): bigint {
  const [mantissa, exponent] = parts(x);
  const size = shift(mantissa, exponent + bits);
  return x < 0 ? -size : size;
}

function logOfDouble(x: number): bigint {
  const [mantissa, exponent] = parts(x);
  return logNearOne(mantissa << (BITS - 52n)) + (exponent + 52n) * LN2;
}

function fixedLog(v: bigint): bigint {
  const n = BigInt(v.toString(2).length - 1) - BITS;
  return logNearOne(shift(v, -n)) + n * LN2;
}

/** e^v = m * 2^n, m from 1 to 2. */
function expParts(v: bigint): [m: bigint, n: bigint] {
  let n = v / LN2;
  if (n * LN2 > v) n -= 1n;
  const r = v - n * LN2;
  let term = 1n << BITS;
  let sum = term;
  for (let k = 1n; term !== 0n; k++) {
    term = ((term * r) >> BITS) / k;
    sum += term;
  }
  return [sum, n];
}

function fixedExp(v: bigint): bigint {
  return shift(...expParts(v));
}

function fixedNormal(x: number): bigint {
  const one = 1n << WIDE;
  return (one + fixedErf((fixed(x, WIDE) << WIDE) / root(2n * one, WIDE))) / 2n;
}

/** 2 / sqrt(pi) times the sum of (-1)^n v^(2n + 1) / (n! (2n + 1)). */
function fixedErf(v: bigint): bigint {
  const square = (v * v) >> WIDE;
  let term = v;
  let sum = v;
  for (let n = 1n; magnitude(term) > 1n; n++) {
    term = -((term * square) >> WIDE) / n;
    sum += term / (2n * n + 1n);
  }
  return ((2n * sum) << WIDE) / root(pi(WIDE), WIDE);
}

function sinCos(x: number): [sin: bigint, cos: bigint] {
  const v = fixed(x) % (2n * pi(BITS));
  let sin = 0n;
  let cos = 0n;
  let term = 1n << BITS;
  for (let n = 0n; magnitude(term) > 1n; n++) {
    if (n % 2n === 0n) cos += n % 4n === 0n ? term : -term;
    else sin += n % 4n === 1n ? term : -term;
    term = ((term * v) >> BITS) / (n + 1n);
  }
  return [sin, cos];
}

/** log m = 2 artanh((m - 1) / (m + 1)). */
function logNearOne(m: bigint): bigint {
  const one = 1n << BITS;
  const s = ((m - one) << BITS) / (m + one);
  const square = (s * s) >> BITS;
  let power = s;
  let sum = 0n;
  for (let n = 1n; magnitude(power) > 1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BITS;
  }
  return 2n * sum;
}

const LN2 = logNearOne(1n << (BITS + 1n));
const pis = new Map<bigint, bigint>();

/** Machin (1706): pi = 16 artan(1/5) - 4 artan(1/239). */
function pi(bits: bigint): bigint {
  const known = pis.get(bits) ?? 16n * inverseTangent(5n, bits) - 4n * inverseTangent(239n, bits);
  pis.set(bits, known);
  return known;
}

function inverseTangent(divisor: bigint, bits: bigint): bigint {
  let power = (1n << bits) / divisor;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += n % 4n === 1n ? power / n : -(power / n);
    power /= divisor * divisor;
  }
  return sum;
}

/** Square root by Newton's iteration from above. */
function root(v: bigint, bits: bigint): bigint {
  const target = v << bits;
  let x = 1n << (BigInt(target.toString(2).length) / 2n + 1n);
  for (;;) {
    const next = (x + target / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

function shift(v: bigint, by: bigint): bigint {
  return by >= 0n ? v << by : v >> -by;
}

function magnitude(v: bigint): bigint {
  return v < 0n ? -v : v;
}
