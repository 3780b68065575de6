const firstLevels = 16;

/** Levels by key (the highest is the best), sorted with the best last. Takes any key; for those that a ladder does not cover. */
export class SortedLevels {
  #keys = new Float64Array(0);
  #qtys = new Float64Array(0);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Key of level 0 = best. */
  key(level: number): number {
    return this.#keys[this.#count - 1 - level];
  }

  get(key: number): number {
    const i = this.#find(key);
    return i < this.#count && this.#keys[i] === key ? this.#qtys[i] : 0;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Sets a level; qty 0 removes it. @returns the quantity that stood there before. */
  set(key: number, qty: number): number {
    const i = this.#find(key);
    if (i < this.#count && this.#keys[i] === key) {
      const before = this.#qtys[i];
      if (qty > 0) this.#qtys[i] = qty;
      else this.#remove(i);
      return before;
    }
    if (qty > 0) this.#insert(i, key, qty);
    return 0;
  }

  /** First place whose key is not below `key`. */
  #find(key: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remove(i: number): void {
    const last = this.#count--;
    this.#keys.copyWithin(i, i + 1, last);
    this.#qtys.copyWithin(i, i + 1, last);
  }

  #insert(i: number, key: number, qty: number): void {
    if (this.#count === this.#keys.length) this.#grow();
    const count = this.#count++;
    this.#keys.copyWithin(i + 1, i, count);
    this.#qtys.copyWithin(i + 1, i, count);
    this.#keys[i] = key;
    this.#qtys[i] = qty;
  }

  #grow(): void {
    const keys = new Float64Array(Math.max(firstLevels, this.#keys.length * 2));
    const qtys = new Float64Array(keys.length);
    keys.set(this.#keys);
    qtys.set(this.#qtys);
    this.#keys = keys;
    this.#qtys = qtys;
  }
}
