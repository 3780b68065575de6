import { widened } from '../../quant/indicators/widened.ts';

/** Sums of the last `size` whole numbers of many series, a place for each; exact while they stay safe integers. */
export interface WindowSums {
  readonly size: number;
  /** Of the series at a place: `size` slots, its last `count` numbers from `oldest` on, around the end. */
  slots: Float64Array;
  oldest: Int32Array;
  count: Int32Array;
  sum: Float64Array;
  /** Sum of the `size` numbers before the last one; NaN = there are not that many. */
  before: Float64Array;
}

export function createSums(size: number, places: number): WindowSums {
  const column = (): Float64Array => new Float64Array(places);
  const slots = new Float64Array(size * places);
  return { size, slots, oldest: new Int32Array(places), count: new Int32Array(places), sum: column(), before: column().fill(NaN) };
}

/** Makes room for series up to `places`. */
export function growSums(sums: WindowSums, places: number): void {
  const wider = createSums(sums.size, places);
  sums.slots = widened(sums.slots, wider.slots);
  sums.oldest = widened(sums.oldest, wider.oldest);
  sums.count = widened(sums.count, wider.count);
  sums.sum = widened(sums.sum, wider.sum);
  sums.before = widened(sums.before, wider.before);
}

/** Takes the next number of the series at a place. */
export function pushSum({ size, slots, oldest, count, sum, before }: WindowSums, at: number, value: number): void {
  const filled = count[at];
  if (filled < size) {
    slots[at * size + filled] = value;
    count[at] = filled + 1;
    sum[at] += value;
    return;
  }
  const first = oldest[at];
  const slot = at * size + first;
  before[at] = sum[at];
  sum[at] += value - slots[slot];
  slots[slot] = value;
  oldest[at] = first + 1 === size ? 0 : first + 1;
}

/** Oldest first, at most `size`. */
export function summedValues({ size, slots, oldest, count }: WindowSums, at: number): number[] {
  return Array.from({ length: count[at] }, (_, n) => slots[at * size + ((oldest[at] + n) % count[at])]);
}
