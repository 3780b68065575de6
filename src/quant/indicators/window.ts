import { requireFinite, requireWhole } from '../preconditions.ts';

/**
 * The last `size` numbers, oldest first and always contiguous: each is written twice, `size` slots apart, so that the window is
 * `slots[oldest .. oldest + count)` without wrapping.
 */
export interface Window {
  readonly size: number;
  readonly slots: Float64Array;
  oldest: number;
  count: number;
}

export function createWindow(size: number): Window {
  requireWhole('window size', size, 1);
  return { size, slots: new Float64Array(2 * size), oldest: 0, count: 0 };
}

/** Takes a finite number; throws RangeError otherwise, because one NaN would stay in every later value. */
export function pushInto(window: Window, value: number): void {
  requireFinite('observation', value);
  const { size, slots } = window;
  const stored = value + 0; // -0 becomes 0, which is what JSON keeps of it
  if (window.count < size) {
    slots[window.count] = stored;
    slots[window.count + size] = stored;
    window.count++;
    return;
  }
  slots[window.oldest] = stored;
  slots[window.oldest + size] = stored;
  window.oldest = window.oldest + 1 === size ? 0 : window.oldest + 1;
}

export function isFull(window: Window): boolean {
  return window.count === window.size;
}

export function oldestOf(window: Window): number {
  return window.slots[window.oldest];
}

/** Oldest first, at most `size`. */
export function windowValues(window: Window): number[] {
  return Array.from(window.slots.subarray(window.oldest, window.oldest + window.count));
}

export function refillWindow(window: Window, values: readonly number[]): void {
  requireWhole('number of window values', values.length, 0, window.size);
  window.oldest = 0;
  window.count = 0;
  for (const value of values) pushInto(window, value);
}
