import type { SheetFill, SheetPrices, SheetRun } from './sheet-run.ts';

/** Market value of what was held at each point of the equity, magnitudes in currency units. */
export interface Holdings {
  readonly long: Float64Array;
  readonly short: Float64Array;
  /** Instruments held at the last point, with their signed quantity. */
  readonly open: readonly { readonly instrumentID: string; readonly qty: number }[];
}

/** Positions of the fills, marked at the last close known at each point. */
export function holdingsOf(run: SheetRun): Holdings {
  const long = new Float64Array(run.time.length);
  const short = new Float64Array(run.time.length);
  const open: { instrumentID: string; qty: number }[] = [];
  for (const prices of run.prices) {
    const fills = run.fills.filter((fill) => fill.instrumentID === prices.instrumentID);
    if (fills.length === 0) continue;
    const qty = addPosition(run.time, prices, fills, long, short);
    if (qty !== 0) open.push({ instrumentID: prices.instrumentID, qty });
  }
  return { long, short, open };
}

function addPosition(
  time: ArrayLike<number>,
  prices: SheetPrices,
  fills: readonly SheetFill[],
  long: Float64Array,
  short: Float64Array,
): number {
  let [qty, nextFill, nextBar, nextSplit, close] = [0, 0, 0, 0, 0];
  const { splits = [], multiplier = 1, toBase } = prices;
  for (let i = 0; i < time.length; i++) {
    for (; nextSplit < splits.length && splits[nextSplit].time <= time[i]; nextSplit++) {
      const { numerator, denominator } = splits[nextSplit];
      qty = Math.trunc((qty * numerator) / denominator);
      close *= denominator / numerator;
    }
    while (nextBar < prices.time.length && prices.time[nextBar] <= time[i]) close = prices.close[nextBar++];
    for (; nextFill < fills.length && fills[nextFill].time <= time[i]; nextFill++) {
      qty += fills[nextFill].side === 'buy' ? fills[nextFill].qty : -fills[nextFill].qty;
    }
    if (qty === 0) continue;
    const value = qty * close * multiplier * (toBase?.[i] ?? 1);
    if (qty > 0) long[i] += value;
    else short[i] -= value;
  }
  return qty;
}
