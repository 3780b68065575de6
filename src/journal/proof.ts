import { digestBytes, nodeInto } from './digest.ts';
import { tileWidth } from './tiles.ts';
import type { TileSource } from './tiles.ts';

/** Proofs of RFC 6962 (2013) sections 2.1.1 and 2.1.2, made from tiles; checked as RFC 9162 (2021) sections 2.1.3.2 and 2.1.4.2 say. */
export type Proof = readonly Uint8Array[];

/** Hashes that lead from leaf `index` to the root over `size` leaves. @throws RangeError unless 0 <= index < size. */
export async function inclusionProof(tiles: TileSource, index: number, size: number): Promise<Proof> {
  if (!(index >= 0 && index < size)) throw new RangeError(`inclusion proof: expected an index below ${size}, was ${index}`);
  const proof: Uint8Array[] = [];
  for (let from = 0, to = size; to - from > 1;) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      proof.push(await rootOf(tiles, size, middle, to));
      to = middle;
    } else {
      proof.push(await rootOf(tiles, size, from, middle));
      from = middle;
    }
  }
  return proof.reverse();
}

/** Hashes that show that the tree over `size` leaves begins with the one over `before`. @throws RangeError unless 1 <= before <= size. */
export async function consistencyProof(tiles: TileSource, before: number, size: number): Promise<Proof> {
  if (!(before >= 1 && before <= size)) throw new RangeError(`consistency proof: expected 1 to ${size} leaves, was ${before}`);
  const proof: Uint8Array[] = [];
  let whole = true;
  let from = 0;
  let to = size;
  while (before < to) {
    const middle = from + splitOf(to - from);
    if (before <= middle) {
      proof.push(await rootOf(tiles, size, middle, to));
      to = middle;
    } else {
      proof.push(await rootOf(tiles, size, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) proof.push(await rootOf(tiles, size, from, to));
  return proof.reverse();
}

export function isIncluded(leaf: Uint8Array, index: number, size: number, proof: Proof, root: Uint8Array): boolean {
  if (!(index >= 0 && index < size)) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const other of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = node(other, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = node(hash, other);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isEqual(hash, root);
}

export function isConsistent(before: number, size: number, rootBefore: Uint8Array, root: Uint8Array, proof: Proof): boolean {
  if (!(before >= 1 && before <= size)) return false;
  if (before === size) return proof.length === 0 && isEqual(rootBefore, root);
  const path = Number.isInteger(Math.log2(before)) ? [rootBefore, ...proof] : [...proof];
  if (path.length === 0) return false;
  let fn = before - 1;
  let sn = size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [path[0], path[0]];
  for (const other of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = node(other, fr);
      sr = node(other, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = node(sr, other);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isEqual(fr, rootBefore) && isEqual(sr, root);
}

/** Root over leaves [from, to): from and the length are such that it is a subtree of the tree over `size` leaves. */
async function rootOf(tiles: TileSource, size: number, from: number, to: number): Promise<Uint8Array> {
  const length = to - from;
  const left = length === 1 ? 1 : splitOf(length);
  if (left * 2 === length || length === 1) return perfectRoot(tiles, size, from, length);
  return node(await rootOf(tiles, size, from, from + left), await rootOf(tiles, size, from + left, to));
}

/** Root of a perfect subtree of 2^h leaves: folded from 2^(h mod 8) hashes of one tile. */
async function perfectRoot(tiles: TileSource, size: number, from: number, length: number): Promise<Uint8Array> {
  const height = Math.log2(length);
  const level = Math.floor(height / 8);
  const unit = 256 ** level;
  const first = from / unit;
  const index = Math.floor(first / tileWidth);
  const there = Math.min(tileWidth, Math.floor(size / unit) - index * tileWidth);
  const tile = await tiles.tile(level, index, there);
  const count = length / unit;
  let hashes = Array.from({ length: count }, (_, i) => hashAt(tile, first - index * tileWidth + i));
  while (hashes.length > 1) hashes = Array.from({ length: hashes.length / 2 }, (_, i) => node(hashes[2 * i], hashes[2 * i + 1]));
  return hashes[0];
}

/** The largest power of two below n. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  const out = new Uint8Array(digestBytes);
  nodeInto(left, 0, right, 0, out, 0);
  return out;
}

function hashAt(tile: Uint8Array, place: number): Uint8Array {
  return tile.subarray(place * digestBytes, (place + 1) * digestBytes);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
