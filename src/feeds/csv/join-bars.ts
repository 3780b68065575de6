import type { RawBars } from '../../domain/bar-columns.ts';

/** Parts of one instrument's bars, without factors, as one series in the order of their first bars. */
export function joinBars(parts: readonly RawBars[]): RawBars {
  const sorted = [...parts].sort((a, b) => a.time[0] - b.time[0]);
  const count = sorted.reduce((sum, bars) => sum + bars.count, 0);
  const column = (pick: (bars: RawBars) => Float64Array): Float64Array => {
    const all = new Float64Array(count);
    let end = 0;
    for (const bars of sorted) {
      all.set(pick(bars), end);
      end += bars.count;
    }
    return all;
  };
  return {
    instrumentID: sorted[0].instrumentID,
    interval: sorted[0].interval,
    count,
    day: Int32Array.from(sorted.flatMap((bars) => [...bars.day])),
    time: column((bars) => bars.time),
    open: column((bars) => bars.open),
    high: column((bars) => bars.high),
    low: column((bars) => bars.low),
    close: column((bars) => bars.close),
    volume: column((bars) => bars.volume),
  };
}

/** Whether every bar of a part is over before the next part begins. */
export function arePartsApart(parts: readonly RawBars[]): boolean {
  const sorted = [...parts].sort((a, b) => a.time[0] - b.time[0]);
  return sorted.every((bars, n) => n === 0 || sorted[n - 1].time[sorted[n - 1].count - 1] < bars.time[0]);
}
