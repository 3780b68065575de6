/**
 * A 32-bit digest of a set of entries that is kept up to date as entries come and go: the sum of the entries' hashes, modulo 2^32. It stands for the
 * contents of the large rings in the state hash, which would otherwise walk a million entries; the live orders are hashed field by field.
 */

const inverse = 1 / 4_294_967_296;

/** Mixes a safe integer into a 32-bit hash; rounds and constants of MurmurHash3 (Appleby 2008). */
export function fold(hash: number, n: number): number {
  const high = Math.floor(n * inverse) | 0;
  let h = hash ^ Math.imul(Math.imul(n | 0, 0xcc9e2d51) ^ Math.imul(high, 0x1b873593), 0x85ebca6b);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Spreads the last rounds over all 32 bits; finalizer of MurmurHash3 (Appleby 2008). */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
