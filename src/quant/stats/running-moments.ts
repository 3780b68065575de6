/** Count, mean and sums of powers of the distances from it, of values that are not kept. Plain JSON. */
export interface RunningMoments {
  count: number;
  mean: number;
  /** Sums of the second, third and fourth powers of the distances from the mean. */
  second: number;
  third: number;
  fourth: number;
}

export function noMoments(): RunningMoments {
  return { count: 0, mean: 0, second: 0, third: 0, fourth: 0 };
}

/** Takes one more value into the sums (Pébay 2008, Formulas for robust, one-pass parallel computation, eq. 1.6 and 2.1 with one new value). */
export function takeValue(moments: RunningMoments, value: number): void {
  const before = moments.count;
  const n = before + 1;
  const distance = value - moments.mean;
  const step = distance / n;
  const square = step * step;
  const term = distance * step * before;
  moments.count = n;
  moments.mean += step;
  moments.fourth += term * square * (n * n - 3 * n + 3) + 6 * square * moments.second - 4 * step * moments.third;
  moments.third += term * step * (n - 2) - 3 * step * moments.second;
  moments.second += term;
}
