import { askSide, bidSide } from '../../venues/simulated/matching-book.ts';
import type { BookSide } from '../../venues/simulated/matching-book.ts';
import type { AgentMarket } from './agent-market.ts';

export interface MakerTerms {
  /** Ticks between the fair price and the first quote. */
  readonly halfSpread: number;
  /** Quotes per side and the ticks between them. */
  readonly levels: number;
  readonly spacing: number;
  /** Lots of the first quote; each further one is a third larger. */
  readonly size: number;
  /** Seconds in which a maker takes in about two thirds of a change of the value. */
  readonly lag: number;
  /** Standard deviation of the error with which he sees it, ticks. */
  readonly blur: number;
  /** Ticks that the quotes move when a first quote is taken in full. */
  readonly impact: number;
  /** Lots of inventory at which the quotes lean by `lean` ticks. */
  readonly inventoryLimit: number;
  readonly lean: number;
  /** Seconds in which he lays off about two thirds of his inventory elsewhere. */
  readonly layOff: number;
  /** Ticks beyond the fair price at which he takes a stale quote of somebody else. */
  readonly snipe: number;
}

/** Most quotes per side of one maker: part of how order ids are made. */
export const maxMakerLevels = 16;

/** A background market maker: a blurred and late view of the value, several quotes per side, leaning against his inventory. */
export class BackgroundMaker {
  readonly #terms: MakerTerms;
  readonly #firstID: number;
  /** Price per (side, level); NaN = no quote. */
  readonly #prices: Float64Array;
  #fair: number;
  #inventory = 0;
  #lastLook: number;

  /** `index`: 0, 1, … of the makers of one listing. */
  constructor(terms: MakerTerms, index: number, fair: number, now: number) {
    if (terms.levels > maxMakerLevels) throw new RangeError(`maker: expected at most ${maxMakerLevels} levels, was ${terms.levels}`);
    this.#terms = terms;
    this.#firstID = -1 - index * 2 * maxMakerLevels;
    this.#prices = new Float64Array(2 * maxMakerLevels).fill(NaN);
    this.#fair = fair;
    this.#lastLook = now;
  }

  /** Whose order an id is. */
  static indexOf(id: number): number {
    return Math.floor((-1 - id) / (2 * maxMakerLevels));
  }

  get inventory(): number {
    return this.#inventory;
  }

  /** Looks at the value and moves the quotes that are out of place. */
  act(market: AgentMarket): void {
    const { lag, blur, halfSpread, lean, inventoryLimit, layOff, snipe } = this.#terms;
    const seen = market.value + blur * market.luck.normal();
    const passed = market.now - this.#lastLook;
    this.#fair += (seen - this.#fair) * (1 - Math.exp(-passed / lag));
    this.#inventory *= Math.exp(-passed / layOff);
    this.#lastLook = market.now;
    const center = this.#fair - (lean * this.#inventory) / inventoryLimit;
    const bid = Math.floor(center - halfSpread);
    const ask = Math.ceil(center + halfSpread);
    this.#withdraw(market, bidSide, bid);
    this.#withdraw(market, askSide, ask);
    if (market.bestAsk <= center - snipe) this.#snipe(market, bidSide, Math.floor(center - snipe));
    if (market.bestBid >= center + snipe) this.#snipe(market, askSide, Math.ceil(center + snipe));
    this.#quote(market, bidSide, bid);
    this.#quote(market, askSide, ask);
  }

  /** One of his quotes was taken; `leavesQty` is what is left of it. */
  filled(id: number, qty: number, leavesQty: number): void {
    const place = this.#firstID - id;
    if (leavesQty === 0) this.#prices[place] = NaN;
    const sign = place < maxMakerLevels ? 1 : -1;
    this.#inventory += sign * qty;
    this.#fair -= (sign * this.#terms.impact * qty) / this.#terms.size;
  }

  /** Takes back quotes that are more eager than the first one may be. */
  #withdraw(market: AgentMarket, side: BookSide, first: number): void {
    for (let level = 0; level < this.#terms.levels; level++) {
      const place = side * maxMakerLevels + level;
      const price = this.#prices[place];
      if (Number.isNaN(price) || (side === bidSide ? price <= first : price >= first)) continue;
      market.cancel(this.#firstID - place, side, price);
      this.#prices[place] = NaN;
    }
  }

  #snipe(market: AgentMarket, side: BookSide, limit: number): void {
    const wanted = this.#terms.size * 2;
    const got = wanted - market.take(side, limit, wanted);
    this.#inventory += side === bidSide ? got : -got;
  }

  #quote(market: AgentMarket, side: BookSide, first: number): void {
    const { levels, spacing, size } = this.#terms;
    const sign = side === bidSide ? -1 : 1;
    const edge = side === bidSide ? market.bestAsk - 1 : market.bestBid + 1;
    for (let level = 0; level < levels; level++) {
      const wanted = first + sign * Math.round(level * spacing);
      const price = side === bidSide ? Math.min(wanted, edge - level) : Math.max(wanted, edge + level);
      const place = side * maxMakerLevels + level;
      const id = this.#firstID - place;
      const old = this.#prices[place];
      // a quote may lag by a tick where nobody looks
      if (Math.abs(old - price) <= (level < 2 ? 0 : 1) && market.luck.int(8) !== 0) continue;
      if (!Number.isNaN(old)) market.cancel(id, side, old);
      const lots = Math.max(1, Math.round(size * (1 + level / 3) * (0.6 + 0.8 * market.luck.float())));
      this.#prices[place] = market.rest(id, side, price, lots) ? price : NaN;
    }
  }
}
