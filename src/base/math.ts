import { powPositive } from './pow-kernel.ts';

/**
 * Functions that Math has only with last bits that differ between Node versions, built from +, -, *, / and Math's sqrt, exp, log, sin,
 * which agree. Accuracies are bounds that the tests hold them to, relative unless said otherwise.
 */

/** x^y, special cases as Math.pow; within 0.51 units in the last place where the result is normal, so exact results are exact. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  if (y === Infinity || y === -Infinity) {
    const size = Math.abs(x);
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  if (x > 0 && x < Infinity) return powPositive(x, y);
  const odd = Math.abs(y % 2) === 1;
  const negative = x < 0 || 1 / x < 0;
  if (x < 0 && x !== -Infinity && Math.floor(y) !== y) return NaN;
  const size = x === 0 ? (y > 0 ? 0 : Infinity) : x === Infinity || x === -Infinity ? (y > 0 ? Infinity : 0) : powPositive(-x, y);
  return negative && odd ? -size : size;
}

/** x^n, n a safe integer, by repeated squaring: fast for small n; the error grows with n, about |n| / 2 units in the last place. */
export function powi(x: number, n: number): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`powi: expected a safe integer as exponent, was ${String(n)}`);
  let rest = Math.abs(n);
  let square = x;
  let product = 1;
  while (rest > 0) {
    if (rest % 2 === 1) product *= square;
    rest = Math.floor(rest / 2);
    if (rest > 0) square *= square;
  }
  return n < 0 ? 1 / product : product;
}

/** log(1 + x) within 4e-16. Kahan's correction of the rounded sum, in Higham (2002), "Accuracy and Stability", 1.14.1 and Problem 1.5. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1 || u === Infinity) return u === 1 ? x : Infinity;
  return (Math.log(u) * x) / (u - 1);
}

/** exp(x) - 1 within 5e-16; Kahan in Higham (2002), Algorithm 2 of 1.14.1. */
export function expm1(x: number): number {
  const u = Math.exp(x);
  if (u === 1) return x;
  const m = u - 1;
  if (m === -1 || u === Infinity) return m;
  return (m * x) / Math.log(u);
}

/** Within 6e-16. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 22) return x > 0 ? 1 : -1;
  const m = expm1(2 * size);
  const t = m / (m + 2);
  return x < 0 ? -t : t;
}

/** Larger angles are refused by `cos` and `tan`: their reduction modulo pi / 2 is exact to three parts only. */
export const MAX_ANGLE = 1e6;

/** pi / 2 in three parts, the first two of 33 bits (Cody & Waite 1980, "Software Manual for the Elementary Functions", 8). */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;

/** Within 3e-16 absolute for |x| <= MAX_ANGLE. */
export function cos(x: number): number {
  const n = quadrant(x);
  const r = x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3;
  switch (((n % 4) + 4) % 4) {
    case 0:
      return cosNearZero(r);
    case 1:
      return -Math.sin(r);
    case 2:
      return -cosNearZero(r);
    default:
      return Math.sin(r);
  }
}

/** Within 1e-15 for |x| <= MAX_ANGLE. */
export function tan(x: number): number {
  const n = quadrant(x);
  const r = x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3;
  return n % 2 === 0 ? Math.sin(r) / cosNearZero(r) : -cosNearZero(r) / Math.sin(r);
}

/** sqrt(x^2 + y^2) without overflow or underflow of the squares, within 4e-16. */
export function hypot(x: number, y: number): number {
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) return Infinity;
  const a = Math.max(Math.abs(x), Math.abs(y));
  const b = Math.min(Math.abs(x), Math.abs(y));
  if (a === 0) return 0;
  const q = b / a;
  return a * Math.sqrt(1 + q * q);
}

export function clamp(x: number, min: number, max: number): number {
  return x < min ? min : x > max ? max : x;
}

function quadrant(x: number): number {
  if (!(Math.abs(x) <= MAX_ANGLE)) throw new RangeError(`angle: expected at most ${MAX_ANGLE} radians, was ${String(x)}`);
  return Math.floor(x * TWO_OVER_PI + 0.5);
}

function cosNearZero(r: number): number {
  const s = Math.sin(0.5 * r);
  return 1 - 2 * s * s;
}

const SQRT_1_2 = 0.7071067811865476;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

/** W. J. Cody (1969), "Rational Chebyshev approximations for the error function", tables II, III and IV, highest power first. */
const ERF_P = [1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
const ERF_Q = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
const ERFC_P = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.8195222124176909e2,
  1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const ERFC_Q = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
  4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const TAIL_P = [
  1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
  6.58749161529837803e-4,
];
const TAIL_Q = [1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

/** Within 1e-15. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return x * ratio(ERF_P, ERF_Q, x * x);
  const value = 1 - erfcTail(size);
  return x < 0 ? -value : value;
}

/** 1 - erf(x), without loss in the upper tail: within 1e-15 while x <= 26. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erf(x);
  return x > 0 ? erfcTail(x) : 2 - erfcTail(-x);
}

/** Standard normal distribution function: within 2e-14 of itself down to x = -10, 3e-13 down to -37, 0 below -38.6. */
export function normCdf(x: number): number {
  return 0.5 * erfc(-x * SQRT_1_2);
}

/** erfc for x > 0.46875; exp(-x^2) by splitting x at a sixteenth, as Cody does, so that the square is exact. */
function erfcTail(x: number): number {
  if (x > 27.3) return x !== x ? NaN : 0;
  const head = Math.floor(x * 16) / 16;
  const scale = Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
  if (x <= 4) return scale * ratio(ERFC_P, ERFC_Q, x);
  const z = 1 / (x * x);
  return (scale * (ONE_OVER_SQRT_PI - z * ratio(TAIL_P, TAIL_Q, z))) / x;
}

/** Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", PPND16; lowest power first in the paper. */
const CENTER_P = [
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4,
  1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
];
const CENTER_Q = [
  5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4, 5.3941960214247511077e3,
  6.871870074920579083e2, 4.2313330701600911252e1, 1,
];
const NEAR_P = [
  7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258, 3.64784832476320460504,
  5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const NEAR_Q = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1, 6.8976733498510000455e-1,
  1.6763848301838038494, 2.05319162663775882187, 1,
];
const FAR_P = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2, 2.9656057182850489123e-1,
  1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
];
const FAR_Q = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 1.48753612908506148525e-2,
  1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
];

/** The x with normCdf(x) = p, within 2e-15; 0 gives -Infinity, 1 Infinity, outside [0, 1] NaN. */
export function normInv(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTER_P, CENTER_Q, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x = r <= 5 ? ratio(NEAR_P, NEAR_Q, r - 1.6) : ratio(FAR_P, FAR_Q, r - 5);
  return q < 0 ? -x : x;
}

/** Lanczos (1964), "A precision approximation of the gamma function", with Godfrey's (2001) coefficients for g = 7, n = 9. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012,
  9.984369578019572e-6, 1.5056327351493116e-7,
];
const HALF_LOG_2PI = 0.9189385332046728;

/** log gamma(x) for x > 0, within 1e-14 of max(1, |value|); others are refused. */
export function lgamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`lgamma: expected a positive number, was ${String(x)}`);
  if (x < 0.5) return lgamma(x + 1) - Math.log(x);
  let sum = 0.9999999999998099;
  for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x + i);
  const t = x + 6.5;
  return HALF_LOG_2PI + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** p(x) / q(x) by Horner, coefficients from the highest power. */
function ratio(p: readonly number[], q: readonly number[], x: number): number {
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < p.length; i++) top = top * x + p[i];
  for (let i = 0; i < q.length; i++) bottom = bottom * x + q[i];
  return top / bottom;
}
