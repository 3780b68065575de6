import { createHash } from 'node:crypto';
import type { BarColumns } from '../../domain/bar-columns.ts';

/** The bars of the sessions from `fromDay` to `toDay` (days since 1970-01-01, both included), as views on the same columns. */
export function sliceBars(bars: BarColumns, fromDay: number, toDay: number): BarColumns {
  const first = placeOf(bars.day, fromDay);
  const end = placeOf(bars.day, toDay + 1);
  const cut = (column: Float64Array) => column.subarray(first, end);
  const { open, high, low, close, volume } = bars;
  const prices = { open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
  return { ...bars, ...prices, count: Math.max(0, end - first), day: bars.day.subarray(first, end), time: cut(bars.time) };
}

/** First row whose session is not before the day. */
function placeOf(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle] < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** SHA-256 over the bars in the order given: names, units and every number as little-endian doubles, so that equal data has equal digests whatever file it came from. */
export function digestBars(all: readonly BarColumns[]): string {
  const hash = createHash('sha256');
  for (const bars of all) {
    const { instrumentID, interval, count, adjust, unitsPerPrice, lotsPerUnit } = bars;
    hash.update(JSON.stringify([instrumentID, interval, count, adjust, unitsPerPrice, lotsPerUnit]));
    for (const column of [bars.day, bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume]) {
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
  }
  return hash.digest('hex');
}
