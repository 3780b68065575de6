import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import type { BookSide } from '../../venues/simulated/matching-book.ts';
import { drawLots } from './agent-market.ts';
import type { AgentMarket } from './agent-market.ts';

export interface NoiseTerms {
  /** Typical lots of an order and the standard deviation of their logarithm. */
  readonly size: number;
  readonly sizeSpread: number;
  /** Mean distance of a resting order from its side's best, ticks. */
  readonly distance: number;
  /** Chance that a resting order improves its side's best where there is room. */
  readonly improve: number;
  /** Ticks past the other side's best that a taker pays at most. */
  readonly reach: number;
  /** Exponent of the length of a run of orders on one side: smaller = longer runs (Lillo, Mike & Farmer 2005, hidden orders with Pareto lengths). */
  readonly runExponent: number;
}

/** Most resting orders of the noise traders of one listing. */
export const maxNoiseOrders = 256;
const longestRun = 60;
const firstNoiseID = -10_001;

/** Traders without a view: they rest, take back and take; takers come in runs on one side, so that order flow is autocorrelated. */
export class NoiseTraders {
  readonly #terms: NoiseTerms;
  readonly #prices = new Float64Array(maxNoiseOrders);
  readonly #sides = new Uint8Array(maxNoiseOrders);
  /** Slots in use, the first `#count` of them. */
  readonly #slots = new Int32Array(maxNoiseOrders);
  #count = 0;
  #runSide: BookSide = bidSide;
  #runLeft = 0;

  constructor(terms: NoiseTerms) {
    this.#terms = terms;
    for (let i = 0; i < maxNoiseOrders; i++) this.#slots[i] = i;
  }

  get resting(): number {
    return this.#count;
  }

  /** Rests one order; takes one back instead when there are too many. */
  rest(market: AgentMarket): void {
    if (this.#count === maxNoiseOrders) {
      this.cancel(market);
      return;
    }
    const { luck, bestBid, bestAsk } = market;
    if (!Number.isFinite(bestBid) || !Number.isFinite(bestAsk)) return;
    const side: BookSide = luck.int(2) === 0 ? bidSide : askSide;
    const improves = bestAsk - bestBid > 2 && luck.float() < this.#terms.improve;
    const back = improves ? -1 : Math.floor(luck.exponential(this.#terms.distance));
    const price = side === bidSide ? bestBid - back : bestAsk + back;
    const slot = this.#slots[this.#count];
    if (!market.rest(firstNoiseID - slot, side, price, drawLots(luck, this.#terms.size, this.#terms.sizeSpread))) return;
    this.#prices[slot] = price;
    this.#sides[slot] = side;
    this.#count += 1;
  }

  /** Takes back one order, one of those furthest behind the market more often than others. */
  cancel(market: AgentMarket): void {
    if (this.#count === 0) return;
    const a = market.luck.int(this.#count);
    const b = market.luck.int(this.#count);
    const place = this.#behind(market, a) >= this.#behind(market, b) ? a : b;
    const slot = this.#slots[place];
    this.#free(place);
    market.cancel(firstNoiseID - slot, this.#sides[slot] === bidSide ? bidSide : askSide, this.#prices[slot]);
  }

  /** Takes from the book, in the run's direction. */
  take(market: AgentMarket): void {
    const { luck } = market;
    if (this.#runLeft <= 0) {
      this.#runSide = luck.int(2) === 0 ? bidSide : askSide;
      this.#runLeft = Math.min(longestRun, Math.floor(Math.exp(-Math.log(1 - luck.float()) / this.#terms.runExponent)));
    }
    this.#runLeft -= 1;
    const side = this.#runSide;
    const limit = side === bidSide ? market.bestAsk + this.#terms.reach : market.bestBid - this.#terms.reach;
    if (Number.isFinite(limit)) market.take(side, limit, drawLots(luck, this.#terms.size, this.#terms.sizeSpread));
  }

  /** An order of theirs was taken in full. */
  gone(id: number): void {
    const slot = firstNoiseID - id;
    for (let place = 0; place < this.#count; place++) {
      if (this.#slots[place] !== slot) continue;
      this.#free(place);
      return;
    }
  }

  #behind(market: AgentMarket, place: number): number {
    const slot = this.#slots[place];
    return this.#sides[slot] === bidSide ? market.bestBid - this.#prices[slot] : this.#prices[slot] - market.bestAsk;
  }

  #free(place: number): void {
    const slot = this.#slots[place];
    this.#count -= 1;
    this.#slots[place] = this.#slots[this.#count];
    this.#slots[this.#count] = slot;
  }
}
