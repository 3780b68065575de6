import { requireWhole } from '../preconditions.ts';
import { mean } from './moments.ts';

/**
 * Mean block of the stationary bootstrap that fits the series, in observations, 1 … ceil(min(3 sqrt n, n / 3)) (Politis & White 2004, section 3, with the
 * variance of Patton, Politis & White 2009, D = 2 g(0)^2). The bandwidth is twice the first lag from which max(5, floor(log10 n)) autocorrelations in a row
 * stay within 2 sqrt(log10(n) / n). 1 for a series that does not vary; needs ten observations.
 */
export function automaticBlock(values: ArrayLike<number>): number {
  const n = values.length;
  requireWhole('number of observations', n, 10, Number.MAX_SAFE_INTEGER);
  const center = mean(values);
  const far = Float64Array.from(values, (value) => value - center);
  const digits = Math.log(n) / Math.LN10;
  const run = Math.max(5, Math.floor(digits + 1e-12));
  const lastLag = Math.min(Math.ceil(Math.sqrt(n)) + run, n - 2);
  const bound = 2 * Math.sqrt(digits / n);
  const covariances = new Float64Array(lastLag + 1);
  let firstQuiet = 0;
  let quiet = 0;
  for (let lag = 0; lag <= lastLag; lag++) {
    const [product, norm] = laggedProducts(far, lag);
    if (!(norm > 0)) return 1;
    covariances[lag] = product / n;
    if (lag === 0 || firstQuiet > 0) continue;
    quiet = Math.abs(product) / norm < bound ? quiet + 1 : 0;
    if (quiet === run && lag < lastLag) firstQuiet = lag - run + 1;
  }
  return blockFrom(covariances, firstQuiet > 0 ? Math.min(2 * firstQuiet, lastLag) : lastLag, n);
}

/** Sum of products at a lag, and the norm that makes it a correlation: of the values after the first lag + 1 and before the last lag + 1. */
function laggedProducts(far: Float64Array, lag: number): readonly [product: number, norm: number] {
  const n = far.length;
  let [product, head, tail] = [0, 0, 0];
  for (let i = lag; i < n; i++) product += far[i] * far[i - lag];
  for (let i = lag + 1; i < n; i++) {
    tail += far[i] * far[i];
    head += far[i - lag - 1] * far[i - lag - 1];
  }
  return [product, Math.sqrt(head * tail)];
}

function blockFrom(covariances: Float64Array, bandwidth: number, n: number): number {
  let bias = 0;
  let longRun = covariances[0];
  for (let lag = 1; lag <= bandwidth; lag++) {
    const share = lag / bandwidth;
    const weight = share <= 0.5 ? 1 : 2 * (1 - share);
    bias += 2 * weight * lag * covariances[lag];
    longRun += 2 * weight * covariances[lag];
  }
  const most = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  if (longRun === 0) return most;
  const ratio = Math.abs(bias / longRun);
  return Math.max(1, Math.min(most, cubeRoot(ratio * ratio * n)));
}

function cubeRoot(x: number): number {
  return x > 0 ? Math.exp(Math.log(x) / 3) : 0;
}
