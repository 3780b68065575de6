/** Ticks of one page, and the widest range of ticks that a ladder covers. */
const pageTicks = 64;
export const maxLadderTicks = 1_048_576;
const maxEntries = maxLadderTicks / pageTicks;
const firstEntries = 256;
const firstPages = 16;
const noPage = -1;

/**
 * Quantities by key (a whole number; the highest is the best) in a directory of pages of 64, so that a change touches one place whatever the depth. A bit for
 * each level finds the next one. Pages without a level are given back. The range grows with what is set, up to `maxLadderTicks`; keys outside are not taken.
 */
export class PriceLadder {
  /** Key of the first tick that the directory covers, and how many it covers. */
  #base = 0;
  #span = 0;
  #directory = new Int32Array(0);
  /** A bit for each entry of the directory that has a page. */
  #paged = new Int32Array(0);
  /** No room before the first level: a desk has a book for every listing. */
  #qtys = new Float64Array(0);
  /** Two words of bits for each page. */
  #bits = new Int32Array(0);
  #free = new Int32Array(0);
  #freeCount = 0;
  #pages = 0;
  count = 0;
  /** The best key; -Infinity when empty. */
  top = -Infinity;

  covers(key: number): boolean {
    const offset = key - this.#base;
    return offset >= 0 && offset < this.#span;
  }

  /** True for a key beneath the range. */
  isBelow(key: number): boolean {
    return key < this.#base;
  }

  /** Quantity at a covered key; 0 = no level. */
  get(key: number): number {
    const i = key - this.#base;
    const page = this.#directory[i >>> 6];
    return page === noPage ? 0 : this.#qtys[(page << 6) | (i & 63)];
  }

  /** Sets the level of a covered key; 0 removes it. @returns the quantity before. */
  set(key: number, qty: number): number {
    const i = key - this.#base;
    const entry = i >>> 6;
    const slot = i & 63;
    let page = this.#directory[entry];
    if (page === noPage) {
      if (qty === 0) return 0;
      page = this.#takePage(entry);
    }
    const at = (page << 6) | slot;
    const before = this.#qtys[at];
    this.#qtys[at] = qty;
    if (before === 0) {
      if (qty === 0) return 0;
      this.#bits[(page << 1) | (slot >>> 5)] |= 1 << (slot & 31);
      this.count++;
      if (key > this.top) this.top = key;
    } else if (qty === 0) this.#removed(key, entry, page, slot);
    return before;
  }

  #removed(key: number, entry: number, page: number, slot: number): void {
    const bits = this.#bits;
    const first = page << 1;
    bits[first | (slot >>> 5)] &= ~(1 << (slot & 31));
    this.count--;
    if ((bits[first] | bits[first + 1]) === 0) {
      this.#directory[entry] = noPage;
      this.#paged[entry >>> 5] &= ~(1 << (entry & 31));
      this.#free[this.#freeCount++] = page;
    }
    if (key === this.top) this.top = this.below(key);
  }

  /** The best key below a covered one; -Infinity = none. */
  below(key: number): number {
    const i = key - this.#base;
    const entry = i >>> 6;
    const slot = i & 63;
    const page = this.#directory[entry];
    if (page !== noPage) {
      const high = slot > 32 ? this.#bits[(page << 1) + 1] & ((1 << (slot - 32)) - 1) : 0;
      if (high !== 0) return this.#base + (entry << 6) + 63 - Math.clz32(high);
      const word = this.#bits[page << 1];
      const low = slot >= 32 ? word : word & ((1 << slot) - 1);
      if (low !== 0) return this.#base + (entry << 6) + 31 - Math.clz32(low);
    }
    let word = entry >>> 5;
    let pages = this.#paged[word] & ((1 << (entry & 31)) - 1);
    while (pages === 0 && --word >= 0) pages = this.#paged[word];
    return pages === 0 ? -Infinity : this.#bestOf((word << 5) + 31 - Math.clz32(pages));
  }

  #bestOf(entry: number): number {
    const page = this.#directory[entry];
    const high = this.#bits[(page << 1) + 1];
    const slot = high !== 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(this.#bits[page << 1]);
    return this.#base + (entry << 6) + slot;
  }

  /** The worst key; -Infinity when empty. */
  bottom(): number {
    if (this.count === 0) return -Infinity;
    let word = 0;
    while (this.#paged[word] === 0) word++;
    const entry = (word << 5) + lowestBit(this.#paged[word]);
    const first = this.#directory[entry] << 1;
    const slot = this.#bits[first] !== 0 ? lowestBit(this.#bits[first]) : 32 + lowestBit(this.#bits[first + 1]);
    return this.#base + (entry << 6) + slot;
  }

  /** Forgets every level and the range. */
  clear(): void {
    this.#qtys.fill(0, 0, this.#pages * pageTicks);
    this.#bits.fill(0, 0, this.#pages * 2);
    this.#directory.fill(noPage);
    this.#paged.fill(0);
    this.#freeCount = 0;
    this.#pages = 0;
    this.#span = 0;
    this.count = 0;
    this.top = -Infinity;
  }

  #takePage(entry: number): number {
    let page: number;
    if (this.#freeCount > 0) page = this.#free[--this.#freeCount];
    else {
      if (this.#pages === this.#free.length) this.#morePages();
      page = this.#pages++;
    }
    this.#directory[entry] = page;
    this.#paged[entry >>> 5] |= 1 << (entry & 31);
    return page;
  }

  #morePages(): void {
    const pages = Math.max(firstPages, this.#free.length * 2);
    const qtys = new Float64Array(pages * pageTicks);
    const bits = new Int32Array(pages * 2);
    const free = new Int32Array(pages);
    qtys.set(this.#qtys);
    bits.set(this.#bits);
    free.set(this.#free);
    this.#qtys = qtys;
    this.#bits = bits;
    this.#free = free;
  }

  /** Widens the range so that it covers the key; false = it would be wider than `maxLadderTicks`. */
  reach(key: number): boolean {
    if (this.covers(key)) return true;
    if (this.#span === 0) {
      if (this.#directory.length === 0) this.#place(firstEntries);
      this.#base = (Math.floor(key / pageTicks) - this.#directory.length / 2) * pageTicks;
      this.#span = this.#directory.length * pageTicks;
      return true;
    }
    const low = Math.min(this.#base, Math.floor(key / pageTicks) * pageTicks);
    const high = Math.max(this.#base + this.#span, (Math.floor(key / pageTicks) + 1) * pageTicks);
    const needed = (high - low) / pageTicks;
    if (needed > maxEntries) return false;
    let entries = this.#directory.length;
    while (entries < needed) entries *= 2;
    // the room that is more than needed goes to the side on which the key was
    const base = key < this.#base ? high - entries * pageTicks : low;
    const shift = (this.#base - base) / pageTicks;
    const before = this.#directory;
    this.#place(entries);
    for (let entry = 0; entry < before.length; entry++) {
      if (before[entry] === noPage) continue;
      this.#directory[entry + shift] = before[entry];
      this.#paged[(entry + shift) >>> 5] |= 1 << ((entry + shift) & 31);
    }
    this.#base = base;
    this.#span = entries * pageTicks;
    return true;
  }

  #place(entries: number): void {
    this.#directory = new Int32Array(entries).fill(noPage);
    this.#paged = new Int32Array(entries >>> 5);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
