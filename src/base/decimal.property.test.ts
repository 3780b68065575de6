import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countSteps, decimalScale, decimalStep, formatDecimal, formatSplit, parseDecimal, parseSplit, roundHalfEven } from './decimal.ts';
import { fromBigInt, splitZero, toBigInt } from './split.ts';

const RUNS = 3000;
const SETTINGS = { numRuns: RUNS, seed: 1844 };
const units = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 }));
const scale = fc.integer({ min: 0, max: 30 });
const bigUnits = fc.bigInt({ min: -(1n << 100n), max: 1n << 100n });

/** Decimal digits by hand: the oracle of every parse. */
function exactUnits(text: string, places: number): bigint | undefined {
  const match = /^(-?)(\d*)\.?(\d*)(?:e(-?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, minus, whole, fraction, exponent] = match;
  const shift = Number(exponent ?? 0) - fraction.length + places;
  const digits = BigInt(minus + whole + fraction);
  const ten = BigInt(`1${'0'.repeat(Math.abs(shift))}`);
  if (shift >= 0) return digits * ten;
  return digits % ten === 0n ? digits / ten : undefined;
}

test('formatting and parsing undo each other', () => {
  const run = (n: number, s: number): void => {
    expect(parseDecimal(formatDecimal(n, s), s)).toEqual({ ok: true, value: n });
  };
  fc.assert(fc.property(units, scale, run), SETTINGS);
});

test('money formatting and parsing undo each other', () => {
  const run = (n: bigint, s: number): void => {
    const [x, back] = [splitZero(), splitZero()];
    fromBigInt(x, n);
    expect(parseSplit(formatSplit(x, s), s, back).ok).toBe(true);
    expect(toBigInt(back)).toBe(n);
  };
  fc.assert(fc.property(bigUnits, scale, run), SETTINGS);
});

test('every text parses to its exact value or is refused', () => {
  const digits = fc.stringMatching(/^[0-9]{0,22}$/);
  const text = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits,
      fc.constantFrom('', '.'),
      digits,
      fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined }),
    )
    .map(([minus, whole, point, fraction, e]) => minus + whole + (point === '' ? '' : `.${fraction}`) + (e === undefined ? '' : `e${e}`))
    .filter((t) => /\d/.test(t.split('e')[0]));
  let parsed = 0;
  const run = (t: string, s: number): void => {
    const exact = exactUnits(t, s);
    const result = parseDecimal(t, s);
    if (result.ok) {
      parsed += 1;
      expect(BigInt(result.value)).toBe(exact);
    } else if (result.error.code === 'TOO_FINE') expect(exact).toBeUndefined();
    else expect(exact === undefined || exact > 9007199254740991n || exact < -9007199254740991n).toBe(true);
    const out = splitZero();
    const money = parseSplit(t, s, out);
    if (money.ok) expect(toBigInt(out)).toBe(exact);
    else expect(result.ok).toBe(false);
  };
  fc.assert(fc.property(text, fc.integer({ min: 0, max: 20 }), run), SETTINGS);
  console.log(`decimal texts: ${RUNS} cases, ${parsed} parsed`);
  expect(parsed).toBeGreaterThan(RUNS / 20);
});

test('the scale of a text is sufficient and, above zero, one less is too coarse', () => {
  const run = (n: number, s: number): void => {
    const text = formatDecimal(n, s);
    const least = decimalScale(text);
    if (!least.ok) return expect.fail(text);
    expect(parseDecimal(text, least.value).ok).toBe(true);
    if (least.value > 0) expect(parseDecimal(text, least.value - 1)).toMatchObject({ error: { code: 'TOO_FINE' } });
  };
  fc.assert(fc.property(units, scale, run), SETTINGS);
});

test('n steps of a tick are n ticks', () => {
  const run = (count: number, tick: number, s: number): void => {
    const step = decimalStep(formatDecimal(tick, s));
    if (!step.ok) return expect.fail(String(tick));
    const product = splitZero();
    fromBigInt(product, BigInt(count) * BigInt(tick));
    expect(countSteps(formatSplit(product, s), step.value)).toEqual({ ok: true, value: count });
  };
  const tick = fc.integer({ min: 1, max: 100_000 });
  fc.assert(fc.property(fc.maxSafeInteger(), tick, fc.integer({ min: 0, max: 12 }), run), SETTINGS);
});

test('rounding half to even is odd in its argument and never more than a half away', () => {
  const run = (x: number): void => {
    const r = roundHalfEven(x);
    expect(Math.abs(r - x)).toBeLessThanOrEqual(0.5);
    expect(roundHalfEven(-x) + r).toBe(0);
    if (Math.abs(r - x) === 0.5) expect(Math.abs(r % 2)).toBe(0);
  };
  const halves = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 2);
  fc.assert(fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), halves), run), SETTINGS);
});
