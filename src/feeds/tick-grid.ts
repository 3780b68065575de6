import { formatDecimal } from '../base/decimal.ts';

/** Finest decimals that are looked at; a price off all of them has no tick. */
const maxScale = 8;
/** Prices of one column looked at; more are sampled evenly. */
const maxSample = 20_000;
/** Fewer prices tell no step. */
const minPrices = 50;
/** A double is taken for a whole number of steps within this share of one. */
const tolerance = 1e-4;

/** The largest step of which every price seen is a whole number of times: 0.25 for an index future, 0.01 for a stock. */
export class TickGrid {
  #scale = 0;
  #step = 0;
  #isOff = false;
  #seen = 0;

  add(prices: Float64Array): void {
    const every = Math.max(1, Math.floor(prices.length / maxSample));
    for (let i = 0; i < prices.length && !this.#isOff; i += every) {
      const price = prices[i];
      if (price > 0 && price < Infinity) this.#take(price);
    }
  }

  /** Plain decimal; undefined when too little was seen, or no decimal step fits. */
  get text(): string | undefined {
    if (this.#isOff || this.#seen < minPrices) return undefined;
    return formatDecimal(this.#step, this.#scale)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  }

  #take(price: number): void {
    this.#seen++;
    let units = unitsOf(price, this.#scale);
    while (units === undefined && this.#scale < maxScale) {
      this.#scale++;
      this.#step *= 10;
      units = unitsOf(price, this.#scale);
    }
    if (units === undefined || units > Number.MAX_SAFE_INTEGER) this.#isOff = true;
    else this.#step = greatestCommon(this.#step, units);
  }
}

const tens = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

function unitsOf(price: number, scale: number): number | undefined {
  const scaled = price * tens[scale];
  const whole = Math.round(scaled);
  return Math.abs(scaled - whole) <= tolerance && whole > 0 ? whole : undefined;
}

function greatestCommon(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
