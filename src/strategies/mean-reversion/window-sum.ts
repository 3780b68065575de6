/** Sum of the last `size` whole numbers, exact while it stays a safe integer. */
export interface WindowSum {
  readonly size: number;
  /** Oldest first, at most `size`. */
  readonly values: number[];
  sum: number;
}

export function createSum(size: number): WindowSum {
  return { size, values: [], sum: 0 };
}

/** Takes the next number. @returns the sum of the `size` numbers before it; undefined = there are not that many. */
export function pushSum(window: WindowSum, value: number): number | undefined {
  const { values, size } = window;
  const before = values.length === size ? window.sum : undefined;
  if (before !== undefined) window.sum -= values.shift() ?? 0;
  values.push(value);
  window.sum += value;
  return before;
}
