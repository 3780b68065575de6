import type { Prng } from '../../base/prng.ts';
import type { BookSide } from '../../venues/simulated/matching-book.ts';

/** What an agent of the synthetic exchange sees and can do in one listing. Prices in ticks, quantities in lots, time in seconds. */
export interface AgentMarket {
  readonly now: number;
  readonly luck: Prng;
  /** The latent value: makers see it late and blurred, the informed see it, the others do not look. */
  readonly value: number;
  /** -Infinity and +Infinity when a side is empty. */
  readonly bestBid: number;
  readonly bestAsk: number;
  /** Rests lots that do not cross; false when the book is full. `id` is the agent's own number of the order, negative. */
  rest(id: number, side: BookSide, price: number, qty: number): boolean;
  /** Takes an own order back. @returns the lots that were left, -1 when it is gone. */
  cancel(id: number, side: BookSide, price: number): number;
  /** Takes down to `limit`. @returns the lots that it could not get. */
  take(side: BookSide, limit: number, qty: number): number;
}

/** Log-normal lots around a typical size, at least 1. `spread`: standard deviation of the logarithm. */
export function drawLots(luck: Prng, typical: number, spread: number): number {
  return Math.max(1, Math.round(typical * Math.exp(spread * luck.normal())));
}
