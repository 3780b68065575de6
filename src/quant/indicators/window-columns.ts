import { requireFinite, requireWhole } from '../preconditions.ts';
import { widened } from './widened.ts';

/** The last `size` numbers of many series, a place for each: as `Window`, contiguous and the oldest first. */
export interface WindowColumns {
  readonly size: number;
  /** Of the series at a place: `2 * size` slots, each number twice, `size` slots apart. */
  slots: Float64Array;
  /** Slot of its oldest number, and how many there are. */
  oldest: Int32Array;
  count: Int32Array;
}

export function createWindows(size: number, places: number): WindowColumns {
  requireWhole('window size', size, 1);
  const slots = new Float64Array(2 * size * places);
  return { size, slots, oldest: Int32Array.from({ length: places }, (_, at) => 2 * size * at), count: new Int32Array(places) };
}

/** Makes room for series up to `places`. */
export function growWindows(windows: WindowColumns, places: number): void {
  const wider = createWindows(windows.size, places);
  windows.slots = widened(windows.slots, wider.slots);
  windows.oldest = widened(windows.oldest, wider.oldest);
  windows.count = widened(windows.count, wider.count);
}

/** Takes a finite number of the series at a place. @throws RangeError otherwise */
export function pushWindow(windows: WindowColumns, at: number, value: number): void {
  requireFinite('observation', value);
  const { size, slots, oldest, count } = windows;
  if (count[at] < size) return fill(windows, at, value);
  const slot = oldest[at];
  // -0 becomes 0, which is what JSON keeps of it
  slots[slot] = value + 0;
  slots[slot + size] = value + 0;
  oldest[at] = slot + 1 === (2 * at + 1) * size ? 2 * at * size : slot + 1;
}

function fill({ size, slots, oldest, count }: WindowColumns, at: number, value: number): void {
  const slot = oldest[at] + count[at]++;
  slots[slot] = value + 0;
  slots[slot + size] = value + 0;
}

export function isWindowFull({ size, count }: WindowColumns, at: number): boolean {
  return count[at] === size;
}

/** Oldest first, at most `size`. */
export function valuesOfWindow({ slots, oldest, count }: WindowColumns, at: number): number[] {
  return Array.from(slots.subarray(oldest[at], oldest[at] + count[at]));
}

/** @throws RangeError when there are more than `size` */
export function refillWindowAt(windows: WindowColumns, at: number, values: readonly number[]): void {
  requireWhole('number of window values', values.length, 0, windows.size);
  windows.oldest[at] = 2 * windows.size * at;
  windows.count[at] = 0;
  for (const value of values) pushWindow(windows, at, value);
}
