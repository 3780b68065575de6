import { digestBytes, emptyRoot, nodeInto } from './digest.ts';

/** Height of the tallest subtree that a count of leaves below 2^53 can have. */
const maxHeight = 53;
/** Leaves that wait to be folded in; at this many they are, wanted or not. */
const pendingLeaves = 4096;

export interface TreeSize {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface TreeOptions {
  /** Root and size are noted at each multiple of it; 0 = never. */
  readonly noteEvery: number;
  /** Told every node whose height is a multiple of 8, in order within a height: the rows of 256-wide tiles. */
  readonly onTileHash?: (level: number, hash: Uint8Array, at: number) => void;
}

/**
 * Merkle tree of RFC 6962 (2013) section 2.1 that keeps the roots of its perfect subtrees only. Leaves are folded in by `settle`, so that
 * adding one costs a copy. Equal leaves give equal roots, whenever they were settled.
 */
export interface Tree {
  /** Leaves added. */
  readonly size: number;
  /** Sizes noted on the way, oldest first; whoever uses one takes it out. */
  readonly noted: TreeSize[];
  /** Adds the leaf hash at hashes[at]. */
  add(hashes: Uint8Array, at: number): void;
  settle(): void;
  /** Settles; a copy of the root over everything added. */
  root(): Uint8Array;
}

export function createTree(options: TreeOptions): Tree {
  const subtrees = new Uint8Array(maxHeight * digestBytes);
  const waiting = new Uint8Array(pendingLeaves * digestBytes);
  const carried = new Uint8Array(digestBytes);
  const noted: TreeSize[] = [];
  const { noteEvery, onTileHash } = options;
  let pending = 0;
  let settled = 0;

  function fold(at: number): void {
    carried.set(waiting.subarray(at, at + digestBytes));
    onTileHash?.(0, carried, 0);
    let rest = settled;
    let height = 0;
    while (rest % 2 === 1) {
      nodeInto(subtrees, height * digestBytes, carried, 0, carried, 0);
      rest = (rest - 1) / 2;
      height += 1;
      if (height % 8 === 0) onTileHash?.(height / 8, carried, 0);
    }
    subtrees.set(carried, height * digestBytes);
    settled += 1;
    if (noteEvery > 0 && settled % noteEvery === 0) noted.push({ size: settled, root: rootOfSettled() });
  }

  function rootOfSettled(): Uint8Array {
    if (settled === 0) return emptyRoot();
    const root = new Uint8Array(digestBytes);
    let started = false;
    for (let rest = settled, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) {
      if (rest % 2 === 0) continue;
      if (started) nodeInto(subtrees, height * digestBytes, root, 0, root, 0);
      else root.set(subtrees.subarray(height * digestBytes, (height + 1) * digestBytes));
      started = true;
    }
    return root;
  }

  function settle(): void {
    for (let i = 0; i < pending; i++) fold(i * digestBytes);
    pending = 0;
  }

  return {
    get size() {
      return settled + pending;
    },
    noted,
    add(hashes, at) {
      if (pending === pendingLeaves) settle();
      waiting.set(hashes.subarray(at, at + digestBytes), pending * digestBytes);
      pending += 1;
    },
    settle,
    root() {
      settle();
      return rootOfSettled();
    },
  };
}

/** Root over the leaf hashes[from, to) taken as a list of their own; at least one. `scratch` has room for as many hashes. */
export function rangeRoot(hashes: Uint8Array, from: number, to: number, scratch: Uint8Array): Uint8Array {
  let count = to - from;
  scratch.set(hashes.subarray(from * digestBytes, to * digestBytes));
  // Pairing neighbours and carrying an odd one upward gives RFC 6962's split at the largest power of two.
  while (count > 1) {
    const pairs = Math.floor(count / 2);
    for (let i = 0; i < pairs; i++) nodeInto(scratch, 2 * i * digestBytes, scratch, (2 * i + 1) * digestBytes, scratch, i * digestBytes);
    if (count % 2 === 1) scratch.copyWithin(pairs * digestBytes, (count - 1) * digestBytes, count * digestBytes);
    count = pairs + (count % 2);
  }
  return scratch.slice(0, digestBytes);
}
