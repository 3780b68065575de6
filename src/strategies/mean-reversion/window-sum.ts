/** Sum of the last `size` whole numbers, exact while it stays a safe integer. */
export interface WindowSum {
  readonly size: number;
  /** The last `count` numbers, the oldest at `oldest`, around the end. */
  readonly slots: Float64Array;
  oldest: number;
  count: number;
  sum: number;
  /** Sum of the `size` numbers before the last one; NaN = there are not that many. */
  before: number;
}

export function createSum(size: number): WindowSum {
  return { size, slots: new Float64Array(size), oldest: 0, count: 0, sum: 0, before: NaN };
}

/** Takes the next number. */
export function pushSum(window: WindowSum, value: number): void {
  const { size, slots, oldest } = window;
  if (window.count < size) {
    slots[window.count++] = value;
    window.sum += value;
    return;
  }
  window.before = window.sum;
  window.sum += value - slots[oldest];
  slots[oldest] = value;
  window.oldest = oldest + 1 === size ? 0 : oldest + 1;
}

/** Oldest first, at most `size`. */
export function summedValues({ slots, oldest, count }: WindowSum): number[] {
  return Array.from({ length: count }, (_, n) => slots[(oldest + n) % count]);
}
