export const DEFAULT_MAX_ENTRIES = 1 << 20;
const FIRST_SLOTS = 16;
/** Marks a free slot: the only number that differs from itself. */
const FREE = NaN;
const INVERSE_2_32 = 1 / 4294967296;

/**
 * Hash map from safe integers to int32, for the hot path: open addressing, two flat arrays, nothing left behind by a delete. Linear probing at a load of at most
 * one half; a delete shifts the followers back (Knuth 1973, vol. 3, 6.4, Algorithm R), so that probe lengths do not grow with uptime. The slots double as needed,
 * up to twice the maximum of entries. A class, whose methods are one piece of code for all maps and end up inside of their callers.
 */
export class IntMap {
  readonly #maxEntries: number;
  #keys = new Float64Array(FIRST_SLOTS).fill(FREE);
  #values = new Int32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #count = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(key: number): number | undefined {
    const keys = this.#keys;
    const slot = locate(keys, this.#mask, key);
    return keys[slot] === key ? this.#values[slot] : undefined;
  }

  has(key: number): boolean {
    const keys = this.#keys;
    return keys[locate(keys, this.#mask, key)] === key;
  }

  /** False, and nothing changed, when the key is new and the map holds its maximum already. */
  set(key: number, value: number): boolean {
    checkEntry(key, value);
    const slot = locate(this.#keys, this.#mask, key);
    if (this.#keys[slot] !== key) return this.#enter(slot, key, value);
    this.#values[slot] = value;
    return true;
  }

  /** As `set`, of a new key alone. False, and nothing changed, also when the key is there. */
  add(key: number, value: number): boolean {
    checkEntry(key, value);
    const slot = locate(this.#keys, this.#mask, key);
    return this.#keys[slot] !== key && this.#enter(slot, key, value);
  }

  /** Whether the key was there. */
  delete(key: number): boolean {
    const slot = locate(this.#keys, this.#mask, key);
    if (this.#keys[slot] !== key) return false;
    this.#count -= 1;
    this.#closeHole(slot);
    return true;
  }

  size(): number {
    return this.#count;
  }

  clear(): void {
    this.#keys.fill(FREE);
    this.#count = 0;
  }

  /** Ascending, whatever the order of insertion: for hashes and snapshots. */
  sortedKeys(): Float64Array {
    return this.#keys.filter((k) => k === k).sort();
  }

  /** Visits in ascending order of keys. */
  forEach(visit: (value: number, key: number) => void): void {
    const order = this.sortedKeys();
    for (let i = 0; i < order.length; i++) visit(this.#values[locate(this.#keys, this.#mask, order[i])], order[i]);
  }

  #enter(free: number, key: number, value: number): boolean {
    if (this.#count >= this.#maxEntries) return false;
    let slot = free;
    if (2 * (this.#count + 1) > this.#keys.length) {
      this.#grow();
      slot = locate(this.#keys, this.#mask, key);
    }
    this.#keys[slot] = key + 0;
    this.#values[slot] = value;
    this.#count += 1;
    return true;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(keys.length * 2).fill(FREE);
    this.#values = new Int32Array(keys.length * 2);
    this.#mask = this.#keys.length - 1;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] !== keys[i]) continue;
      const slot = locate(this.#keys, this.#mask, keys[i]);
      this.#keys[slot] = keys[i];
      this.#values[slot] = values[i];
    }
  }

  /** Moves back every follower whose probe passed the hole. */
  #closeHole(from: number): void {
    const keys = this.#keys;
    const mask = this.#mask;
    let hole = from;
    let slot = (from + 1) & mask;
    for (let key = keys[slot]; key === key; key = keys[slot]) {
      if (((slot - hashOf(key)) & mask) >= ((slot - hole) & mask)) {
        keys[hole] = key;
        this.#values[hole] = this.#values[slot];
        hole = slot;
      }
      slot = (slot + 1) & mask;
    }
    keys[hole] = FREE;
  }
}

export function intMap(maxEntries: number = DEFAULT_MAX_ENTRIES): IntMap {
  return new IntMap(maxEntries);
}

/** The slot of the key, or the free slot where it would go. */
function locate(keys: Float64Array, mask: number, key: number): number {
  let slot = hashOf(key) & mask;
  for (let found = keys[slot]; found !== key && found === found; found = keys[slot]) slot = (slot + 1) & mask;
  return slot;
}

function checkEntry(key: number, value: number): void {
  if (!Number.isSafeInteger(key)) throw new RangeError(`int map: expected a safe integer as key, was ${String(key)}`);
  if (value !== (value | 0)) throw new RangeError(`int map: expected an int32 as value, was ${String(value)}`);
}

/** All 53 bits in 32, of which the lowest count: a multiplication carries upwards, the upper bits are folded back twice. */
function hashOf(key: number): number {
  const h = Math.imul(key ^ Math.imul(Math.floor(key * INVERSE_2_32), 0x9e3779b1), 0x85ebca6b);
  return h ^ (h >>> 15) ^ (h >>> 22);
}
