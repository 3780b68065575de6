import { roundHalfEven } from '../../base/decimal.ts';
import { divHalfEvenInto, mulInto, splitZero, toNumber } from '../../base/split.ts';
import { bidSide } from './matching-book.ts';
import type { BookSide } from './matching-book.ts';

/**
 * How far a market order or a stop trades from the price that the bar shows; limits have none. `fixedBps`: rate in 10^-8 of the price (1 bps = 10,000).
 * `halfSpread`: ticks. `squareRoot`: sigma x sqrt(Q / V) of the price, Q the fill, sigma (n - 1) of the simple returns and V the mean volume of the 20 bars
 * before that of the fill.
 */
export type BarSlippage =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixedBps'; readonly rate: number }
  | { readonly kind: 'halfSpread'; readonly ticks: number }
  | { readonly kind: 'squareRoot' };

/** The whole price. */
export const maxSlippageRate = 100_000_000;
/** Bars that the square root looks back on. */
export const slippageBars = 20;

const rateBase = 100_000_000;
const wide = splitZero();

/** @throws RangeError when a model's number is outside its range. */
export function requireSlippage(model: BarSlippage): void {
  const [value, most] =
    model.kind === 'fixedBps'
      ? [model.rate, maxSlippageRate]
      : model.kind === 'halfSpread'
        ? [model.ticks, Number.MAX_SAFE_INTEGER]
        : [0, 0];
  if (!(Number.isSafeInteger(value) && value >= 0 && value <= most))
    throw new RangeError(`slippage ${model.kind}: expected a whole number 0…${most}, was ${value}`);
}

/** Price of a fill of `qty` that the bar shows at `price`: worse for its side, half-even to a tick, not held to the bar's range. */
export function slipped(model: BarSlippage, price: number, side: BookSide, qty: number, history: BarHistory): number {
  const sign = side === bidSide ? 1 : -1;
  switch (model.kind) {
    case 'none':
      return price;
    case 'fixedBps':
      mulInto(wide, price, rateBase + sign * model.rate);
      divHalfEvenInto(wide, wide, rateBase);
      return toNumber(wide);
    case 'halfSpread':
      return price + sign * model.ticks;
    case 'squareRoot':
      return roundHalfEven(price * (1 + sign * history.deviation() * Math.sqrt(qty / history.meanVolume())));
  }
}

/** The last closes and volumes of a listing, as many as the square root needs. */
export class BarHistory {
  readonly #closes: number[] = [];
  readonly #volumes: number[] = [];

  push(close: number, volume: number): void {
    this.#closes.push(close);
    this.#volumes.push(volume);
    if (this.#closes.length > slippageBars + 1) this.#closes.shift();
    if (this.#volumes.length > slippageBars) this.#volumes.shift();
  }

  /** The same history in the lots of after a split. */
  scale(numerator: number, denominator: number): void {
    for (let i = 0; i < this.#closes.length; i++) this.#closes[i] *= denominator / numerator;
    for (let i = 0; i < this.#volumes.length; i++) this.#volumes[i] *= numerator / denominator;
  }

  /** Whether there are the 20 returns, which take 21 closes, and volume to trade against. */
  get isFull(): boolean {
    return this.#closes.length === slippageBars + 1 && this.meanVolume() > 0;
  }

  meanVolume(): number {
    return this.#volumes.reduce((sum, volume) => sum + volume, 0) / this.#volumes.length;
  }

  /** Sample deviation of the 20 simple returns. */
  deviation(): number {
    const closes = this.#closes;
    let mean = 0;
    for (let i = 1; i < closes.length; i++) mean += (closes[i] / closes[i - 1] - 1) / slippageBars;
    let squares = 0;
    for (let i = 1; i < closes.length; i++) {
      const distance = closes[i] / closes[i - 1] - 1 - mean;
      squares += distance * distance;
    }
    return Math.sqrt(squares / (slippageBars - 1));
  }
}
