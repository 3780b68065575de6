import { prng } from '../../base/prng.ts';
import type { BarSeries, BarSet } from '../../ports/backtest.ts';
import { barSetOf } from './plain-backtest.ts';

const days = 240;

/** Three names over 240 days to look ahead in: the second misses days, the third is delisted early. */
export function leakMarket(): BarSet {
  const luck = prng('look-ahead test');
  const walk = (level: number): number[] => Array.from({ length: days }, () => (level *= Math.exp(0.015 * luck.normal())));
  const whole = barSetOf({ A: walk(50), B: walk(30), C: walk(20) });
  const [a, b, c] = whole.series;
  return { ...whole, series: [a, rowsOf(b, (row) => row % 4 !== 2), rowsOf(c, (row) => row < 90)] };
}

function rowsOf(series: BarSeries, keep: (row: number) => boolean): BarSeries {
  const kept = (column: Float64Array): Float64Array => column.filter((_, row) => keep(row));
  const { instrumentID, closeTime, open, high, low, close, volume } = series;
  return {
    instrumentID,
    closeTime: kept(closeTime),
    open: kept(open),
    high: kept(high),
    low: kept(low),
    close: kept(close),
    volume: kept(volume),
  };
}
