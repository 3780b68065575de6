import { LevelBitmap, ladderSize } from './level-bitmap.ts';
import type { Depth } from './matching-book.ts';
import { noSlot } from './order-pool.ts';
import type { OrderPool, Slot } from './order-pool.ts';

/** Where the best price is put when the window moves: a quarter of room above, three below. */
const bestPlace = (ladderSize / 4) * 3;

const lotsStride = 3;
const endsStride = 6;
const lots = 2;
const head = 0;
const tail = 1;
const count = 2;

/**
 * One side of a book. Prices are keys of which the highest is the best (the price of a bid, minus the price of an ask). A window of `ladderSize`
 * keys from `base` on is indexed directly; what is worse than the window waits in one list (`far`), which keeps the arrival order of each key.
 * The window holds the best key whenever the side holds an order.
 */
export class PriceLadder {
  readonly #pool: OrderPool;
  /** +1: key = price; -1: key = -price. */
  readonly #sign: number;
  readonly #occupied = new LevelBitmap();
  /** All of a level side by side: its oldest and newest slot + 1 (0 = none), how many orders; then, counted in doubles, its lots. */
  readonly #lots = new Float64Array(ladderSize * lotsStride);
  readonly #ends = new Int32Array(this.#lots.buffer);
  #base = 0;
  /** Place of the best key; -1 = the side is empty. */
  #top = -1;
  #farHead: Slot = noSlot;
  #farTail: Slot = noSlot;

  constructor(pool: OrderPool, sign: 1 | -1) {
    this.#pool = pool;
    this.#sign = sign;
  }

  /** Oldest order at the best key; noSlot when the side is empty. */
  get first(): Slot {
    return this.#top < 0 ? noSlot : this.#ends[this.#top * endsStride + head] - 1;
  }

  /** -Infinity when the side is empty. */
  get bestKey(): number {
    return this.#top < 0 ? -Infinity : this.#base + this.#top;
  }

  insert(slot: Slot): void {
    const key = this.#pool.numbers[slot * 4 + 1];
    let place = key - this.#base;
    if (this.#top < 0) place = this.#openWindow(key);
    else if (place >= ladderSize) place = this.#raiseWindow(key);
    else if (place < 0) {
      this.#appendFar(slot);
      return;
    }
    this.#append(place, slot);
  }

  remove(slot: Slot): void {
    const place = this.#pool.numbers[slot * 4 + 1] - this.#base;
    if (place < 0) this.#unlinkFar(slot);
    else this.#unlink(place, slot);
  }

  /** Fewer lots of a resting order, in the order and in its level. */
  shrink(slot: Slot, by: number): void {
    const numbers = this.#pool.numbers;
    const at = slot * 4;
    numbers[at + 2] -= by;
    const place = numbers[at + 1] - this.#base;
    if (place >= 0) this.#lots[place * lotsStride + lots] -= by;
  }

  /** Lots in keys >= `key`, counted up to `enough`. */
  available(key: number, enough: number): number {
    let sum = 0;
    for (let place = this.#top; place >= 0; place = this.#occupied.below(place)) {
      if (this.#base + place < key) return sum;
      sum += this.#lots[place * lotsStride + lots];
      if (sum >= enough) return enough;
    }
    for (let slot = this.#farHead; slot !== noSlot && sum < enough; slot = this.#pool.words[slot * 4]) {
      if (this.#pool.numbers[slot * 4 + 1] >= key) sum += this.#pool.numbers[slot * 4 + 2];
    }
    return sum < enough ? sum : enough;
  }

  qtyAt(key: number): number {
    const place = key - this.#base;
    if (this.#top < 0 || place >= ladderSize) return 0;
    if (place >= 0) return this.#lots[place * lotsStride + lots];
    let sum = 0;
    for (let slot = this.#farHead; slot !== noSlot; slot = this.#pool.words[slot * 4]) {
      if (this.#pool.numbers[slot * 4 + 1] === key) sum += this.#pool.numbers[slot * 4 + 2];
    }
    return sum;
  }

  idsAt(key: number): number[] {
    const ids: number[] = [];
    const place = key - this.#base;
    if (this.#top < 0 || place >= ladderSize) return ids;
    for (
      let slot = place >= 0 ? this.#ends[place * endsStride + head] - 1 : this.#farHead;
      slot !== noSlot;
      slot = this.#pool.words[slot * 4]
    ) {
      if (this.#pool.numbers[slot * 4 + 1] === key) ids.push(this.#pool.numbers[slot * 4]);
    }
    return ids;
  }

  depth(out: Depth): number {
    let n = 0;
    for (let place = this.#top; place >= 0 && n < out.capacity; place = this.#occupied.below(place)) {
      out.price[n] = this.#sign * (this.#base + place) + 0;
      out.qty[n] = this.#lots[place * lotsStride + lots];
      out.orders[n] = this.#ends[place * endsStride + count];
      n += 1;
    }
    out.count = n;
    for (let key = this.#bestFarBelow(Infinity); key !== -Infinity && out.count < out.capacity; key = this.#bestFarBelow(key)) {
      out.price[out.count] = this.#sign * key + 0;
      out.qty[out.count] = this.qtyAt(key);
      out.orders[out.count] = this.idsAt(key).length;
      out.count += 1;
    }
    return out.count;
  }

  #append(place: number, slot: Slot): void {
    const words = this.#pool.words;
    const level = place * endsStride;
    const last = this.#ends[level + tail] - 1;
    if (last === noSlot) {
      this.#ends[level + head] = slot + 1;
      this.#occupied.add(place);
      if (place > this.#top) this.#top = place;
    } else {
      words[last * 4] = slot;
    }
    words[slot * 4] = noSlot;
    words[slot * 4 + 1] = last;
    this.#ends[level + tail] = slot + 1;
    this.#lots[place * lotsStride + lots] += this.#pool.numbers[slot * 4 + 2];
    this.#ends[level + count] += 1;
  }

  #unlink(place: number, slot: Slot): void {
    const words = this.#pool.words;
    const level = place * endsStride;
    const next = words[slot * 4];
    const previous = words[slot * 4 + 1];
    if (previous === noSlot) this.#ends[level + head] = next + 1;
    else words[previous * 4] = next;
    if (next === noSlot) this.#ends[level + tail] = previous + 1;
    else words[next * 4 + 1] = previous;
    this.#lots[place * lotsStride + lots] -= this.#pool.numbers[slot * 4 + 2];
    this.#ends[level + count] -= 1;
    if (next === noSlot && previous === noSlot) this.#close(place);
  }

  /** A level ran empty. */
  #close(place: number): void {
    this.#occupied.delete(place);
    if (place !== this.#top) return;
    this.#top = this.#occupied.below(place);
    if (this.#top < 0 && this.#farHead !== noSlot) this.#lowerWindow();
  }

  #openWindow(key: number): number {
    this.#base = key - bestPlace;
    return bestPlace;
  }

  /** The new best key lies above the window: moves it up; levels that drop out at its lower end join `far`. */
  #raiseWindow(key: number): number {
    const shift = key - bestPlace - this.#base;
    const places: number[] = [];
    for (let place = this.#top; place >= 0; place = this.#occupied.below(place)) places.push(place);
    this.#occupied.clear();
    this.#top = -1;
    for (let i = places.length - 1; i >= 0; i--) this.#movePlace(places[i], places[i] - shift);
    this.#base += shift;
    return bestPlace;
  }

  #movePlace(from: number, to: number): void {
    const level = from * lotsStride;
    const first = this.#ends[from * endsStride + head] - 1;
    const last = this.#ends[from * endsStride + tail] - 1;
    if (to >= 0) this.#lots.copyWithin(to * lotsStride, level, level + lotsStride);
    this.#lots.fill(0, level, level + lotsStride);
    if (to < 0) {
      this.#appendQueueFar(first, last);
      return;
    }
    this.#occupied.add(to);
    if (to > this.#top) this.#top = to;
  }

  /** The window ran empty: moves it down to the best of `far` and takes in what it covers, in order of arrival. */
  #lowerWindow(): void {
    const words = this.#pool.words;
    this.#base = this.#bestFarBelow(Infinity) - bestPlace;
    for (let slot = this.#farHead; slot !== noSlot;) {
      const next = words[slot * 4];
      const place = this.#pool.numbers[slot * 4 + 1] - this.#base;
      if (place >= 0) {
        this.#unlinkFar(slot);
        this.#append(place, slot);
      }
      slot = next;
    }
  }

  #appendFar(slot: Slot): void {
    this.#pool.words[slot * 4] = noSlot;
    this.#appendQueueFar(slot, slot);
  }

  #appendQueueFar(first: Slot, last: Slot): void {
    const words = this.#pool.words;
    words[first * 4 + 1] = this.#farTail;
    if (this.#farTail === noSlot) this.#farHead = first;
    else words[this.#farTail * 4] = first;
    this.#farTail = last;
  }

  #unlinkFar(slot: Slot): void {
    const words = this.#pool.words;
    const next = words[slot * 4];
    const previous = words[slot * 4 + 1];
    if (previous === noSlot) this.#farHead = next;
    else words[previous * 4] = next;
    if (next === noSlot) this.#farTail = previous;
    else words[next * 4 + 1] = previous;
  }

  /** Highest key of `far` below `key`; -Infinity when there is none. */
  #bestFarBelow(key: number): number {
    const { words, numbers } = this.#pool;
    let best = -Infinity;
    for (let slot = this.#farHead; slot !== noSlot; slot = words[slot * 4]) {
      const other = numbers[slot * 4 + 1];
      if (other < key && other > best) best = other;
    }
    return best;
  }
}
