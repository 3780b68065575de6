/** Most levels of one side; worse ones beyond it are forgotten (and counted). */
export const maxLevels = 65_536;

const firstLevels = 256;

/**
 * One side of an L2 book: prices sorted with the best last, so that changes near the top move little memory. Prices in ticks, quantities in lots.
 * `sign` is +1 for bids (higher is better) and -1 for asks: keys are sign * price, ascending.
 */
export class BookSide {
  readonly #sign: 1 | -1;
  #keys = new Float64Array(firstLevels);
  #qtys = new Float64Array(firstLevels);
  #count = 0;
  forgotten = 0;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get count(): number {
    return this.#count;
  }

  /** Price of level 0 = best; 0 beyond the book. */
  px(level: number): number {
    return level < this.#count ? this.#sign * this.#keys[this.#count - 1 - level] : 0;
  }

  qty(level: number): number {
    return level < this.#count ? this.#qtys[this.#count - 1 - level] : 0;
  }

  /** Quantity at a price; 0 = no level. */
  qtyAt(price: number): number {
    const key = this.#sign * price;
    const i = this.#find(key);
    return i < this.#count && this.#keys[i] === key ? this.#qtys[i] : 0;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Sets a level; qty 0 removes it. @returns the quantity that stood there before. */
  set(price: number, qty: number): number {
    const key = this.#sign * price;
    const count = this.#count;
    // most changes are at or near the best
    let i = count;
    if (count > 0 && key <= this.#keys[count - 1]) i = this.#find(key);
    if (i < count && this.#keys[i] === key) {
      const before = this.#qtys[i];
      if (qty > 0) this.#qtys[i] = qty;
      else this.#remove(i);
      return before;
    }
    if (qty > 0) this.#insert(i, key, qty);
    return 0;
  }

  /** First place whose key is not below `key`: a short walk from the best, then by halves. */
  #find(key: number): number {
    const keys = this.#keys;
    let high = this.#count;
    let low = high - 8;
    if (low < 0 || keys[low] < key) {
      if (low < 0) low = 0;
      while (high > low && keys[high - 1] >= key) high--;
      return high;
    }
    high = low;
    low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remove(i: number): void {
    const last = --this.#count;
    if (last - i > 16) {
      this.#keys.copyWithin(i, i + 1, last + 1);
      this.#qtys.copyWithin(i, i + 1, last + 1);
      return;
    }
    for (let j = i; j < last; j++) {
      this.#keys[j] = this.#keys[j + 1];
      this.#qtys[j] = this.#qtys[j + 1];
    }
  }

  #insert(i: number, key: number, qty: number): void {
    let place = i;
    if (this.#count === this.#keys.length) {
      if (this.#count < maxLevels) this.#grow();
      else {
        this.forgotten++;
        if (place === 0) return;
        this.#remove(0);
        place--;
      }
    }
    const count = this.#count++;
    if (count - place > 16) {
      this.#keys.copyWithin(place + 1, place, count);
      this.#qtys.copyWithin(place + 1, place, count);
    } else {
      for (let j = count; j > place; j--) {
        this.#keys[j] = this.#keys[j - 1];
        this.#qtys[j] = this.#qtys[j - 1];
      }
    }
    this.#keys[place] = key;
    this.#qtys[place] = qty;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const qtys = new Float64Array(keys.length);
    keys.set(this.#keys);
    qtys.set(this.#qtys);
    this.#keys = keys;
    this.#qtys = qtys;
  }
}
