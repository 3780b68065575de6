import { digestBytes, emptyRoot, nodeInto } from './digest.ts';

/** Height of the tallest subtree that a count of leaves below 2^53 can have. */
const maxHeight = 53;

/** Told every node whose height is a multiple of 8, in order within a height: the rows of 256-wide tiles. */
export type OnTileHash = (level: number, hash: Uint8Array, at: number) => void;

/** Merkle tree of RFC 6962 (2013) section 2.1 over a growing list, of which the roots of its perfect subtrees are kept: one per bit of its size. */
export interface Subtrees {
  readonly size: number;
  /** Adds the leaf hash at hashes[at]. */
  add(hashes: Uint8Array, at: number): void;
  /** A copy of the root over everything added. */
  root(): Uint8Array;
  /** Forgets everything. */
  clear(): void;
}

export function createSubtrees(onTileHash?: OnTileHash): Subtrees {
  const roots = new Uint8Array(maxHeight * digestBytes);
  const carried = new Uint8Array(digestBytes);
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(hashes, at) {
      for (let i = 0; i < digestBytes; i++) carried[i] = hashes[at + i];
      onTileHash?.(0, carried, 0);
      let rest = size;
      let height = 0;
      while (rest % 2 === 1) {
        nodeInto(roots, height * digestBytes, carried, 0, carried, 0);
        rest = (rest - 1) / 2;
        height += 1;
        if (height % 8 === 0) onTileHash?.(height / 8, carried, 0);
      }
      roots.set(carried, height * digestBytes);
      size += 1;
    },
    root() {
      if (size === 0) return emptyRoot();
      const root = new Uint8Array(digestBytes);
      let started = false;
      for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) {
        if (rest % 2 === 0) continue;
        if (started) nodeInto(roots, height * digestBytes, root, 0, root, 0);
        else root.set(roots.subarray(height * digestBytes, (height + 1) * digestBytes));
        started = true;
      }
      return root;
    },
    clear() {
      size = 0;
    },
  };
}
