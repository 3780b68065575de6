/** Hash map from safe integers to int32, for the hot path: open addressing, two flat arrays, nothing left behind by a delete. */
export interface IntMap {
  get(key: number): number | undefined;
  has(key: number): boolean;
  /** False, and nothing changed, when the key is new and the map holds its maximum already. */
  set(key: number, value: number): boolean;
  /** Whether the key was there. */
  delete(key: number): boolean;
  size(): number;
  clear(): void;
  /** Ascending, whatever the order of insertion: for hashes and snapshots. */
  sortedKeys(): Float64Array;
  /** Visits in ascending order of keys. */
  forEach(visit: (value: number, key: number) => void): void;
}

export const DEFAULT_MAX_ENTRIES = 1 << 20;
const FIRST_SLOTS = 16;
/** Marks a free slot: the only number that differs from itself. */
const FREE = NaN;
const INVERSE_2_32 = 1 / 4294967296;

/**
 * Linear probing at a load of at most one half; a delete shifts the followers back (Knuth 1973, vol. 3, 6.4, Algorithm R), so that
 * probe lengths do not grow with uptime. The slots double as needed, up to twice `maxEntries`.
 */
export function intMap(maxEntries: number = DEFAULT_MAX_ENTRIES): IntMap {
  let keys = new Float64Array(FIRST_SLOTS).fill(FREE);
  let values = new Int32Array(FIRST_SLOTS);
  let mask = FIRST_SLOTS - 1;
  let count = 0;

  /** The slot of the key, or the free slot where it would go. */
  function locate(key: number): number {
    let slot = hashOf(key) & mask;
    while (keys[slot] !== key && keys[slot] === keys[slot]) slot = (slot + 1) & mask;
    return slot;
  }

  function grow(): void {
    const oldKeys = keys;
    const oldValues = values;
    keys = new Float64Array(oldKeys.length * 2).fill(FREE);
    values = new Int32Array(oldKeys.length * 2);
    mask = keys.length - 1;
    for (let i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] !== oldKeys[i]) continue;
      const slot = locate(oldKeys[i]);
      keys[slot] = oldKeys[i];
      values[slot] = oldValues[i];
    }
  }

  /** Moves back every follower whose probe passed the hole. */
  function closeHole(from: number): void {
    let hole = from;
    let slot = from;
    for (;;) {
      slot = (slot + 1) & mask;
      const key = keys[slot];
      if (key !== key) break;
      const home = hashOf(key) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        keys[hole] = key;
        values[hole] = values[slot];
        hole = slot;
      }
    }
    keys[hole] = FREE;
  }

  function sortedKeys(): Float64Array {
    return keys.filter((k) => k === k).sort();
  }

  return {
    get(key) {
      const slot = locate(key);
      return keys[slot] === key ? values[slot] : undefined;
    },
    has: (key) => keys[locate(key)] === key,
    set(key, value) {
      if (!Number.isSafeInteger(key)) throw new RangeError(`int map: expected a safe integer as key, was ${String(key)}`);
      if (value !== (value | 0)) throw new RangeError(`int map: expected an int32 as value, was ${String(value)}`);
      let slot = locate(key);
      if (keys[slot] !== key) {
        if (count >= maxEntries) return false;
        if (2 * (count + 1) > keys.length) {
          grow();
          slot = locate(key);
        }
        keys[slot] = key + 0;
        count += 1;
      }
      values[slot] = value;
      return true;
    },
    delete(key) {
      const slot = locate(key);
      if (keys[slot] !== key) return false;
      closeHole(slot);
      count -= 1;
      return true;
    },
    size: () => count,
    clear() {
      keys.fill(FREE);
      count = 0;
    },
    sortedKeys,
    forEach(visit) {
      const order = sortedKeys();
      for (let i = 0; i < order.length; i++) visit(values[locate(order[i])], order[i]);
    },
  };
}

/** Mixes all 53 bits into 32; the finalizer of MurmurHash3 (Appleby 2008). */
function hashOf(key: number): number {
  const high = Math.floor(key * INVERSE_2_32);
  let h = (key - high * 4294967296) | 0;
  h ^= Math.imul(high | 0, 0x9e3779b1);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
