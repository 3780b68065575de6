/** Place of a resting order in the pool; none = -1. */
export type Slot = number;
export const noSlot: Slot = -1;

/**
 * Resting orders as columns of flat arrays, made once. Orders of one price hang together in both directions; free places in one.
 * Words of a slot lie side by side, so that touching an order touches one line of each array.
 */
export class OrderPool {
  readonly capacity: number;
  /** Four words per slot: next, previous, flags (bit 0 side, bit 1 guarded), owner. */
  readonly words: Int32Array;
  /** Four numbers per slot: id, key (price of a bid, minus price of an ask), quantity, unused. */
  readonly numbers: Float64Array;
  #free: Slot = 0;
  #size = 0;

  constructor(capacity: number) {
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= maxPoolOrders)) {
      throw new RangeError(`order pool: expected a capacity of 1…${maxPoolOrders}, was ${String(capacity)}`);
    }
    this.capacity = capacity;
    this.words = new Int32Array(capacity * 4);
    this.numbers = new Float64Array(capacity * 4);
    for (let slot = 0; slot < capacity; slot++) this.words[slot * 4] = slot + 1 < capacity ? slot + 1 : noSlot;
  }

  get size(): number {
    return this.#size;
  }

  /** The slot that is taken next; noSlot when the pool is full. */
  get nextFree(): Slot {
    return this.#free;
  }

  /** A free slot, filled in; noSlot when the pool is full. */
  take(id: number, key: number, qty: number, flags: number, owner: number): Slot {
    const slot = this.#free;
    if (slot === noSlot) return noSlot;
    const at = slot * 4;
    this.#free = this.words[at];
    this.#size += 1;
    this.words[at] = noSlot;
    this.words[at + 1] = noSlot;
    this.words[at + 2] = flags;
    this.words[at + 3] = owner;
    this.numbers[at] = id;
    this.numbers[at + 1] = key;
    this.numbers[at + 2] = qty;
    return slot;
  }

  give(slot: Slot): void {
    this.words[slot * 4] = this.#free;
    this.#free = slot;
    this.#size -= 1;
  }
}

/** Most orders of one book (2^22: 200 MB of columns). */
export const maxPoolOrders = 4_194_304;
