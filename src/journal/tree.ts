import { digestBytes, emptyRoot, hashInto, leafInto, nodeInto } from './digest.ts';

/** Height of the tallest subtree that a count of leaves below 2^53 can have. */
const maxHeight = 53;

export interface TreeSize {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A tree as it can be gone on with: its size and the roots of its perfect subtrees, lowest first. */
export interface TreePosition {
  readonly size: number;
  readonly subtrees: readonly Uint8Array[];
}

export interface TreeOptions {
  /** Absent: begins empty. */
  readonly from?: TreePosition;
  /** Root and size are noted at each multiple of it; 0 = never. */
  readonly noteEvery: number;
  /** Told every node whose height is a multiple of 8, in order within a height: the rows of 256-wide tiles. */
  readonly onTileHash?: (level: number, hash: Uint8Array, at: number) => void;
}

/**
 * Merkle tree of RFC 6962 (2013) section 2.1 over a growing list, of which the roots of perfect subtrees are kept: one per bit of its size, and those
 * within the range that is open. So a range costs no node of its own but the few that join its subtrees.
 */
export interface Tree {
  /** Leaves added. */
  readonly size: number;
  /** Sizes noted on the way, oldest first; whoever uses one takes it out. */
  readonly noted: TreeSize[];
  /** Adds the leaf hash at hashes[at]. */
  add(hashes: Uint8Array, at: number): void;
  /** Adds the leaf of the record in bytes[from, to); `from` is at least 1, see `leafInto`. */
  addRecord(bytes: Uint8Array, from: number, to: number): void;
  /** A copy of the root over everything added. */
  root(): Uint8Array;
  /** What a tree needs to go on from here, copied. */
  position(): TreePosition;
  /**
   * Root over the leaves since the last call, at least one; the next range begins. A range is the largest perfect subtree of the tree that begins with it
   * and fits, joined with the rest of the range taken alike.
   */
  endRange(): Uint8Array;
}

export function createTree({ noteEvery, onTileHash, from }: TreeOptions): Tree {
  /** 0x01, left, right: a node is hashed from it, and its hash becomes the right one of the next. */
  const pair = new Uint8Array(1 + 2 * digestBytes);
  pair[0] = 1;
  const left = pair.subarray(1, 1 + digestBytes);
  const carried = pair.subarray(1 + digestBytes);
  const subtrees = new Uint8Array(maxHeight * digestBytes);
  const byHeight = Array.from({ length: maxHeight }, (_, height) => subtrees.subarray(height * digestBytes, (height + 1) * digestBytes));
  const noted: TreeSize[] = [];
  const range = new Uint8Array(2 * maxHeight * digestBytes);
  let inRange = 0;
  let size = from?.size ?? 0;
  let rangeFrom = size;
  for (const [n, height] of heightsOf(size).entries()) if (from !== undefined) byHeight[height].set(from.subtrees[n]);

  /** Adds the leaf that is carried. */
  function fold(): void {
    onTileHash?.(0, carried, 0);
    let rest = size;
    let height = 0;
    let length = 1;
    let within = true;
    inRange += 1;
    while (rest % 2 === 1) {
      length *= 2;
      if (within && size + 1 - length < rangeFrom) {
        range.set(carried, (inRange - 1) * digestBytes);
        within = false;
      }
      left.set(byHeight[height]);
      hashInto(pair, pair, 1 + digestBytes);
      if (within) inRange -= 1;
      rest = (rest - 1) / 2;
      height += 1;
      if (height % 8 === 0) onTileHash?.(height / 8, carried, 0);
    }
    // The last subtree of the range.
    if (within) range.set(carried, (inRange - 1) * digestBytes);
    byHeight[height].set(carried);
    size += 1;
    if (noteEvery > 0 && size % noteEvery === 0) noted.push({ size, root: root() });
  }

  function root(): Uint8Array {
    if (size === 0) return emptyRoot();
    const out = new Uint8Array(digestBytes);
    let started = false;
    for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) {
      if (rest % 2 === 0) continue;
      if (started) nodeInto(subtrees, height * digestBytes, out, 0, out, 0);
      else out.set(subtrees.subarray(height * digestBytes, (height + 1) * digestBytes));
      started = true;
    }
    return out;
  }

  return {
    get size() {
      return size;
    },
    noted,
    add(hashes, at) {
      for (let i = 0; i < digestBytes; i++) carried[i] = hashes[at + i];
      fold();
    },
    addRecord(bytes, from, to) {
      leafInto(bytes, from, to, pair, 1 + digestBytes);
      fold();
    },
    root,
    position: () => ({ size, subtrees: heightsOf(size).map((height) => byHeight[height].slice()) }),
    endRange() {
      const out = range.slice((inRange - 1) * digestBytes, inRange * digestBytes);
      for (let i = inRange - 2; i >= 0; i--) nodeInto(range, i * digestBytes, out, 0, out, 0);
      inRange = 0;
      rangeFrom = size;
      return out;
    },
  };
}

/** Heights of the perfect subtrees of a tree, lowest first: the bits of its size. */
export function heightsOf(size: number): number[] {
  const heights: number[] = [];
  for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) if (rest % 2 === 1) heights.push(height);
  return heights;
}
