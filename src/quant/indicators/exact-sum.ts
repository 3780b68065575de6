/**
 * A running sum that forgets what left: kept as an unevaluated pair high + low (error-free addition: Knuth, TAOCP vol. 2, 4.2.2,
 * theorem B; Moller 1965), about 106 bits. Numbers whose sizes lie within 2^50 of each other leave no trace when they are subtracted
 * again, so a mean over a window does not depend on what came before the window.
 */
export interface ExactSum {
  high: number;
  low: number;
}

export function addTo(sum: ExactSum, value: number): void {
  const total = sum.high + value;
  const carried = total - sum.high;
  const error = sum.high - (total - carried) + (value - carried) + sum.low;
  sum.high = total + error;
  sum.low = error - (sum.high - total);
}
