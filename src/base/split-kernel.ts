/** Arithmetic under `split.ts`: exact products and quotients in doubles alone, no bigint and no allocation. */
export const SPLIT_BASE = 281474976710656;

// what is exported or imported V8 fetches and tests at every use; constants that are neither it knows (docs/decisions/0010)
const BASE = SPLIT_BASE;
const results = new Float64Array(5);

/** Results of `quotient`: high part, low part, remainder; 3 and 4 are its own. */
export const scratch = results;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const VELTKAMP = 134217729;

/**
 * The error of a rounded product: a * b = p + lowProduct(a, b, p) exactly, p = the double a * b.
 * Dekker (1971), "A floating-point technique for extending the available precision", mul12; halves by Veltkamp, factor 2^27 + 1.
 */
export function lowProduct(a: number, b: number, p: number): number {
  const s = VELTKAMP * a;
  const a1 = s - (s - a);
  const a0 = a - a1;
  const t = VELTKAMP * b;
  const b1 = t - (t - b);
  const b0 = b - b1;
  return a1 * b1 - p + a1 * b0 + a0 * b1 + a0 * b0;
}

/**
 * |hi * 2^48 + lo| * num divided by den, 0 <= num <= den, den > 0: quotient into scratch 0 (high) and 1 (low), remainder into 2.
 * H num / den leaves a remainder below den, so that its share of the low part stays below 2^48, as does the share of L num / den.
 */
export function quotient(hi: number, lo: number, num: number, den: number): void {
  const negative = hi < 0;
  const top = !negative ? hi : lo === 0 ? 0 - hi : -1 - hi;
  const bottom = negative && lo !== 0 ? BASE - lo : lo;
  divideProduct(top, num, den);
  let high = results[3];
  let low = 0;
  let rest = 0;
  if (results[4] !== 0) {
    divideProduct(results[4], BASE, den);
    low = results[3];
    rest = results[4];
  }
  divideProduct(bottom, num, den);
  low += results[3];
  const room = den - results[4];
  if (rest >= room) {
    rest -= room;
    low += 1;
  } else {
    rest += results[4];
  }
  if (low >= BASE) {
    low -= BASE;
    high += 1;
  }
  results[0] = high;
  results[1] = low;
  results[2] = rest;
}

/**
 * floor(a * b / den) into scratch 3 and the remainder into 4; all >= 0, quotient at most 2^53.
 * The estimate from the rounded product is off by a few at most. Its remainder is a difference of two exact products, so
 * `r < 0` and `r >= den` are decided exactly (rounding is monotone) and a remainder within [0, den) is exact.
 */
function divideProduct(a: number, b: number, den: number): void {
  const p = a * b;
  let q = Math.floor(p / den);
  if (p <= MAX_SAFE) {
    results[3] = q;
    results[4] = p - q * den;
    return;
  }
  const e = lowProduct(a, b, p);
  for (;;) {
    const back = q * den;
    const r = p - back + (e - lowProduct(q, den, back));
    if (r >= 0 && r < den) {
      results[3] = q;
      results[4] = r;
      return;
    }
    q += Math.floor(r / den);
  }
}
