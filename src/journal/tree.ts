import { digestBytes, emptyRoot, hashInto, nodeInto } from './digest.ts';
import { LeafBlock, blockHeight, blockLeaves, digestWords } from './leaf-block.ts';

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
  /** The bytes of added records stay as they are until a hash is asked for: up to fifteen leaves wait, and are hashed four at once. */
  readonly bytesStay?: true;
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

/** What a reader needs of it. */
export type ReadTree = Pick<Tree, 'size' | 'noted' | 'addRecord' | 'root' | 'position'>;

export function createTree({ noteEvery, onTileHash, from, bytesStay }: TreeOptions): Tree {
  /** 0x01, left, right: a node is hashed from it, and its hash becomes the right one of the next. Hashes begin at words. */
  const memory = new ArrayBuffer(8 + 2 * digestBytes);
  const pair = new Uint8Array(memory, 7);
  pair[0] = 1;
  const left = new Int32Array(memory, 8, digestWords);
  const carried = new Int32Array(memory, 8 + digestBytes, digestWords);
  const carriedBytes = pair.subarray(1 + digestBytes);
  const subtrees = new Uint8Array(maxHeight * digestBytes);
  const subtreeWords = new Int32Array(subtrees.buffer);
  const noted: TreeSize[] = [];
  const range = new Uint8Array(2 * maxHeight * digestBytes);
  const rangeWords = new Int32Array(range.buffer);
  let inRange = 0;
  /** Without those that wait in the block. */
  let size = from?.size ?? 0;
  let rangeFrom = size;
  const block = new LeafBlock(size % blockLeaves);
  for (const [n, height] of heightsOf(size).entries()) {
    if (from === undefined) break;
    subtrees.set(from.subtrees[n], height * digestBytes);
    if (height < blockHeight) block.place((blockLeaves >> height) + ((size % blockLeaves) >> height) - 1, from.subtrees[n], 0);
  }

  /** Adds the next leaf of the block, whose nodes are hashed. */
  function fold(): void {
    const place = blockLeaves + (size % blockLeaves);
    copyDigest(carried, 0, block.words, place);
    onTileHash?.(0, carriedBytes, 0);
    let rest = size;
    let height = 0;
    let length = 1;
    let within = true;
    inRange += 1;
    while (rest % 2 === 1) {
      length *= 2;
      if (within && size + 1 - length < rangeFrom) {
        copyDigest(rangeWords, inRange - 1, carried, 0);
        within = false;
      }
      height += 1;
      if (height <= blockHeight) copyDigest(carried, 0, block.words, place >> height);
      else {
        copyDigest(left, 0, subtreeWords, height - 1);
        hashInto(pair, pair, 1 + digestBytes);
      }
      if (within) inRange -= 1;
      rest = (rest - 1) / 2;
      if (height % 8 === 0) onTileHash?.(height / 8, carriedBytes, 0);
    }
    // The last subtree of the range.
    if (within) copyDigest(rangeWords, inRange - 1, carried, 0);
    copyDigest(subtreeWords, height, carried, 0);
    size += 1;
    if (noteEvery > 0 && size % noteEvery === 0) noted.push({ size, root: root() });
  }

  function settle(): void {
    if (block.waiting === 0) return;
    for (let waiting = block.settle(); waiting > 0; waiting--) fold();
  }

  function subtree(height: number): Uint8Array {
    return subtrees.slice(height * digestBytes, (height + 1) * digestBytes);
  }

  /** Over what is folded. */
  function root(): Uint8Array {
    return rootOf(heightsOf(size).map(subtree));
  }

  return {
    get size() {
      return size + block.waiting;
    },
    get noted() {
      settle();
      return noted;
    },
    add(hashes, at) {
      block.add(hashes, at);
      if (block.isFull) settle();
    },
    addRecord(bytes, start, end) {
      block.addRecord(bytes, start, end);
      if (bytesStay !== true || block.isFull) settle();
    },
    root() {
      settle();
      return root();
    },
    position() {
      settle();
      return { size, subtrees: heightsOf(size).map(subtree) };
    },
    endRange() {
      settle();
      const out = range.slice((inRange - 1) * digestBytes, inRange * digestBytes);
      for (let i = inRange - 2; i >= 0; i--) nodeInto(range, i * digestBytes, out, 0, out, 0);
      inRange = 0;
      rangeFrom = size;
      return out;
    },
  };
}

/** Digests count in words of 32 bits. */
function copyDigest(to: Int32Array, t: number, from: Int32Array, f: number): void {
  for (let i = 0; i < digestWords; i++) to[t * digestWords + i] = from[f * digestWords + i];
}

/** Root over perfect subtrees, lowest first. */
export function rootOf(subtrees: readonly Uint8Array[]): Uint8Array {
  if (subtrees.length === 0) return emptyRoot();
  const out = subtrees[0].slice();
  for (const subtree of subtrees.slice(1)) nodeInto(subtree, 0, out, 0, out, 0);
  return out;
}

/** Heights of the perfect subtrees of a tree, lowest first: the bits of its size. */
export function heightsOf(size: number): number[] {
  const heights: number[] = [];
  for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) if (rest % 2 === 1) heights.push(height);
  return heights;
}
