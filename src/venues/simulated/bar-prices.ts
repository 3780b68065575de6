import { bidSide } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';

/** One bar as orders meet it: prices in ticks, volume in lots. */
export interface BarPrices {
  closeTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Price at which a limit order at `limit` trades in the bar: its own, or the open where that is better; undefined = not reached. */
export function limitPrice(bar: BarPrices, side: BookSide, limit: number): number | undefined {
  if (side === bidSide) return bar.low <= limit ? Math.min(bar.open, limit) : undefined;
  return bar.high >= limit ? Math.max(bar.open, limit) : undefined;
}

/** Price, before slippage, at which a stop at `stopPx` trades in the bar: its own, or the open where that is worse; undefined = not touched. */
export function stopPrice(bar: BarPrices, side: BookSide, stopPx: number): number | undefined {
  if (side === bidSide) return bar.high >= stopPx ? Math.max(bar.open, stopPx) : undefined;
  return bar.low <= stopPx ? Math.min(bar.open, stopPx) : undefined;
}

/** Whether the bar opens at the stop or beyond it, so that what the stop turns into is there from the open on. */
export function opensBeyond(bar: BarPrices, side: BookSide, stopPx: number): boolean {
  return side === bidSide ? bar.open >= stopPx : bar.open <= stopPx;
}
