import { digestBytes } from './digest.ts';
import { createSubtrees } from './subtrees.ts';
import type { OnTileHash } from './subtrees.ts';

/** Leaves that wait to be folded in; at this many they are, wanted or not. */
const pendingLeaves = 4096;

export interface TreeSize {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface TreeOptions {
  /** Root and size are noted at each multiple of it; 0 = never. */
  readonly noteEvery: number;
  readonly onTileHash?: OnTileHash;
}

/** The tree over all records. Leaves are folded in by `settle`, so that adding one costs a copy; equal leaves give equal roots whenever they were settled. */
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

export function createTree({ noteEvery, onTileHash }: TreeOptions): Tree {
  const settled = createSubtrees(onTileHash);
  const waiting = new Uint8Array(pendingLeaves * digestBytes);
  const noted: TreeSize[] = [];
  let pending = 0;

  function settle(): void {
    for (let i = 0; i < pending; i++) {
      settled.add(waiting, i * digestBytes);
      if (noteEvery > 0 && settled.size % noteEvery === 0) noted.push({ size: settled.size, root: settled.root() });
    }
    pending = 0;
  }

  return {
    get size() {
      return settled.size + pending;
    },
    noted,
    add(hashes, at) {
      if (pending === pendingLeaves) settle();
      for (let i = 0; i < digestBytes; i++) waiting[pending * digestBytes + i] = hashes[at + i];
      pending += 1;
    },
    settle,
    root() {
      settle();
      return settled.root();
    },
  };
}
