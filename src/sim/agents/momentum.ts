import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import { drawLots } from './agent-market.ts';
import type { AgentMarket } from './agent-market.ts';

export interface MomentumTerms {
  /** Seconds over which the slow average forgets about two thirds; the fast one is four times as quick. */
  readonly memory: number;
  /** Ticks between the averages from which on they trade. */
  readonly threshold: number;
  readonly size: number;
  readonly sizeSpread: number;
  /** Ticks past the best that they pay at most. */
  readonly reach: number;
}

/** Traders who follow what the price has just done: they make moves longer than the value does. */
export class MomentumTraders {
  readonly #terms: MomentumTerms;
  #fast = NaN;
  #slow = NaN;
  #lastLook = 0;

  constructor(terms: MomentumTerms) {
    this.#terms = terms;
  }

  act(market: AgentMarket): void {
    const middle = (market.bestBid + market.bestAsk) / 2;
    if (!Number.isFinite(middle)) return;
    if (Number.isNaN(this.#slow)) {
      this.#fast = middle;
      this.#slow = middle;
    }
    const { memory, threshold, size, sizeSpread, reach } = this.#terms;
    const passed = market.now - this.#lastLook;
    this.#lastLook = market.now;
    this.#fast += (middle - this.#fast) * (1 - Math.exp((-4 * passed) / memory));
    this.#slow += (middle - this.#slow) * (1 - Math.exp(-passed / memory));
    const trend = this.#fast - this.#slow;
    if (Math.abs(trend) < threshold) return;
    const lots = drawLots(market.luck, size, sizeSpread);
    if (trend > 0) market.take(bidSide, market.bestAsk + reach, lots);
    else market.take(askSide, market.bestBid - reach, lots);
  }
}
