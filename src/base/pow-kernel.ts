/**
 * x^y for x > 0 from +, -, *, / and floor alone, hence the same bits everywhere: log x to about 2^-68 of itself in double-double,
 * times y, then exp with one rounding at the end. Tables and reduction in the manner of Tang (1990), "Table-driven implementation of
 * the logarithm function in IEEE floating-point arithmetic", and Tang (1989) for exp; double-double after Dekker (1971).
 */
import { lowProduct } from './split-kernel.ts';

const STEPS = 128;
const FIRST_CENTER = 90;
const LAST_CENTER = 182;
const PARTS = 64;
const SQRT2 = 1.4142135623730951;
/** ln 2 = LN2 + LN2_LOW to about 2^-108. */
const LN2 = 0.6931471805599453;
const LN2_LOW = 2.3190468138462996e-17;
const PART = LN2 / PARTS;
const PART_LOW = LN2_LOW / PARTS;
const PARTS_PER_LN2 = PARTS / LN2;

/** A double-double is high + low with |low| <= ulp(high) / 2; leaves write theirs here. */
const dd = new Float64Array(2);
const bits = new DataView(new ArrayBuffer(8));
const logCenter = new Float64Array(2 * (LAST_CENTER + 1));
const expPart = new Float64Array(2 * PARTS);
fillTables();

/** x positive and finite, y finite. */
export function powPositive(x: number, y: number): number {
  logInto(x);
  const h = dd[0];
  const p = y * h;
  if (p > 710) return Infinity;
  if (p < -746) return 0;
  const huge = y > 1e290 || y < -1e290;
  return expSum(p, (huge ? 0 : lowProduct(y, h, p)) + y * dd[1]);
}

/** log x into dd: x = 2^k m, m in [0.707, 1.415), c = j / 128 next to m, log x = k ln 2 + log c + log1p((m - c) / c). */
function logInto(x: number): void {
  let k = 0;
  let m = x;
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984;
    k = -54;
  }
  bits.setFloat64(0, m);
  const top = bits.getUint32(0);
  k += (top >>> 20) - 1023;
  bits.setUint32(0, (top & 0xfffff) | 0x3ff00000);
  m = bits.getFloat64(0);
  if (m >= SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const j = Math.floor(m * STEPS + 0.5);
  const c = j / STEPS;
  const d = m - c;
  const r = d / c;
  const back = r * c;
  const rLow = (d - back - lowProduct(r, c, back)) / c;
  const square = r * r;
  const squareLow = lowProduct(r, r, square) + 2 * r * rLow;
  const tail = square * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7 - r * (1 / 8 - r * (1 / 9 - r / 10)))))));
  const kHigh = k * LN2;
  const kLow = lowProduct(k, LN2, kHigh) + k * LN2_LOW;
  addInto(kHigh, kLow, logCenter[2 * j], logCenter[2 * j + 1]);
  addInto(dd[0], dd[1], r, rLow);
  addInto(dd[0], dd[1], -0.5 * square, -0.5 * squareLow);
  addInto(dd[0], dd[1], tail, 0);
}

/** e^(h + l), |l| tiny: h + l = n ln 2 / 64 + r, |r| < 0.0055, e^(h + l) = 2^(n / 64) e^r. */
function expSum(h: number, l: number): number {
  const n = Math.floor(h * PARTS_PER_LN2 + 0.5);
  const p = n * PART;
  const r = h - p;
  const rest = l - lowProduct(n, PART, p) - n * PART_LOW;
  const v = r + rest;
  const q = rest + v * v * (0.5 + v * (1 / 6 + v * (1 / 24 + v * (1 / 120 + v / 720))));
  const s = r + q;
  const sLow = r - s + q;
  const k = Math.floor(n / PARTS);
  const j = n - k * PARTS;
  const t = expPart[2 * j];
  const tLow = expPart[2 * j + 1];
  const u = t * s;
  const w = t + u;
  const value = w + (t - w + u + (lowProduct(t, s, u) + t * sLow + tLow + tLow * s));
  return scale(value, k);
}

/** value * 2^k; below the normal range a second rounding may cost one unit. */
function scale(value: number, k: number): number {
  if (k > 1023) return value * 2 * twoTo(k - 1);
  if (k < -1022) return value * twoTo(k + 54) * 5.551115123125783e-17;
  return value * twoTo(k);
}

function twoTo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** dd = (a + aLow) + (b + bLow). Knuth (1969), 4.2.2, Theorem B, for the exact sum of the high parts. */
function addInto(a: number, aLow: number, b: number, bLow: number): void {
  const s = a + b;
  const v = s - a;
  const e = a - (s - v) + (b - v) + (aLow + bLow);
  const high = s + e;
  dd[0] = high;
  dd[1] = s - high + e;
}

/** dd = (a + aLow) * (b + bLow). */
function mulInto(a: number, aLow: number, b: number, bLow: number): void {
  const p = a * b;
  const e = lowProduct(a, b, p) + (a * bLow + aLow * b);
  const high = p + e;
  dd[0] = high;
  dd[1] = p - high + e;
}

/** dd = (a + aLow) / b, b a small integer. */
function divInto(a: number, aLow: number, b: number): void {
  const q = a / b;
  const back = q * b;
  const e = (a - back - lowProduct(q, b, back) + aLow) / b;
  const high = q + e;
  dd[0] = high;
  dd[1] = q - high + e;
}

/** log c = 2 artanh((c - 1) / (c + 1)) and 2^(j / 64) = e^(j ln 2 / 64), by their series. */
function fillTables(): void {
  for (let j = FIRST_CENTER; j <= LAST_CENTER; j++) {
    divInto(j - STEPS, 0, j + STEPS);
    const s = dd[0];
    const sLow = dd[1];
    mulInto(s, sLow, s, sLow);
    const square = dd[0];
    const squareLow = dd[1];
    let sum = 0;
    let sumLow = 0;
    for (let n = 51; n >= 1; n -= 2) {
      mulInto(sum, sumLow, square, squareLow);
      const product = dd[0];
      const productLow = dd[1];
      divInto(1, 0, n);
      addInto(product, productLow, dd[0], dd[1]);
      sum = dd[0];
      sumLow = dd[1];
    }
    mulInto(sum, sumLow, 2 * s, 2 * sLow);
    logCenter.set(dd, 2 * j);
  }
  for (let j = 0; j < PARTS; j++) {
    mulInto(PART, PART_LOW, j, 0);
    const x = dd[0];
    const xLow = dd[1];
    let sum = 1;
    let sumLow = 0;
    for (let n = 30; n >= 1; n--) {
      mulInto(sum, sumLow, x, xLow);
      divInto(dd[0], dd[1], n);
      addInto(dd[0], dd[1], 1, 0);
      sum = dd[0];
      sumLow = dd[1];
    }
    expPart.set([sum, sumLow], 2 * j);
  }
}
