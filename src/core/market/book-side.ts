import { PriceLadder } from './price-ladder.ts';
import { SortedLevels } from './sorted-levels.ts';

/** Most levels of one side; worse ones beyond it are forgotten (and counted). */
export const maxLevels = 65_536;

/**
 * One side of an L2 book. Prices in ticks, quantities in lots. `sign` is +1 for bids (higher is better) and -1 for asks: keys are sign * price, so that the
 * highest key is the best. Levels lie on a ladder; the few that are further from the others than it is wide lie sorted on either side of it.
 */
export class BookSide {
  readonly #sign: 1 | -1;
  readonly #ladder = new PriceLadder();
  readonly #better = new SortedLevels();
  readonly #worse = new SortedLevels();
  /** Level of the ladder that was asked for last, and its key; -1 = the ladder's levels have moved since. */
  #walkLevel = -1;
  #walkKey = 0;
  forgotten = 0;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get count(): number {
    return this.#ladder.count + this.#better.count + this.#worse.count;
  }

  /** Price of level 0 = best; 0 beyond the book. */
  px(level: number): number {
    // + 0: an ask at price 0 has the key -0
    return level < this.count ? this.#sign * this.#key(level) + 0 : 0;
  }

  qty(level: number): number {
    return level < this.count ? this.#at(this.#key(level)) : 0;
  }

  /** Quantity at a price; 0 = no level. */
  qtyAt(price: number): number {
    return this.#at(this.#sign * price);
  }

  #at(key: number): number {
    if (this.#ladder.covers(key)) return this.#ladder.get(key);
    return this.#better.get(key) + this.#worse.get(key);
  }

  #key(level: number): number {
    const better = this.#better.count;
    if (level < better) return this.#better.key(level);
    const onLadder = level - better;
    return onLadder < this.#ladder.count ? this.#walk(onLadder) : this.#worse.key(onLadder - this.#ladder.count);
  }

  /** Levels are asked for one after another as a rule: the walk goes on where it was. */
  #walk(level: number): number {
    const ladder = this.#ladder;
    if (level === 0) return ladder.top;
    let [at, key] = this.#walkLevel >= 0 && this.#walkLevel <= level ? [this.#walkLevel, this.#walkKey] : [0, ladder.top];
    for (; at < level; at++) key = ladder.below(key);
    this.#walkLevel = level;
    this.#walkKey = key;
    return key;
  }

  clear(): void {
    this.#ladder.clear();
    this.#better.clear();
    this.#worse.clear();
    this.#walkLevel = -1;
  }

  /** Sets a level; qty 0 removes it. @returns the quantity that stood there before. */
  set(price: number, qty: number): number {
    const key = this.#sign * price;
    const ladder = this.#ladder;
    const before = ladder.covers(key) ? ladder.set(key, qty) : this.#setOutside(key, qty);
    if (before !== 0 && qty !== 0) return before;
    this.#walkLevel = -1;
    if (before === 0 && this.count > maxLevels) this.#forget();
    return before;
  }

  #setOutside(key: number, qty: number): number {
    // an empty book may have its range anywhere
    if (this.count === 0) this.#ladder.clear();
    const outside = this.#ladder.isBelow(key) ? this.#worse : this.#better;
    if (qty === 0 || outside.get(key) !== 0) return outside.set(key, qty);
    if (!this.#ladder.reach(key)) return outside.set(key, qty);
    // the wider ladder may cover what lay outside
    this.#moveIn(this.#better);
    this.#moveIn(this.#worse);
    return this.#ladder.set(key, qty);
  }

  #moveIn(levels: SortedLevels): void {
    for (let level = levels.count - 1; level >= 0; level--) {
      const key = levels.key(level);
      if (this.#ladder.covers(key)) this.#ladder.set(key, levels.set(key, 0));
    }
  }

  #forget(): void {
    this.forgotten++;
    if (this.#worse.count > 0) this.#worse.set(this.#worse.key(this.#worse.count - 1), 0);
    else if (this.#ladder.count > 0) this.#ladder.set(this.#ladder.bottom(), 0);
    else this.#better.set(this.#better.key(this.#better.count - 1), 0);
  }
}
