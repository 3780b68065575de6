import { digestBytes, leafInto, nodeInto } from './digest.ts';
import { fourDigests, type FourDigests } from './four-digests.ts';

/** Leaves of a block. */
export const blockLeaves = 16;
/** Height of the node over all of it. */
export const blockHeight = 4;
export const digestWords = digestBytes / 4;

const laneCount = 4;
/** Longest record that is hashed with others, in blocks of SHA-256 (64 bytes). */
const mostBlocks = 16;
const nodeBlocks = 2;
/** From one message to the next; its prefix is the byte before a word, so that its content lies in whole words. */
const stride = (mostBlocks + 1) * 64;
const beforeWord = 3;
const nothing = new Uint8Array(0);

/** Four messages side by side: those of leaves, and those of nodes, which are padded once. */
class Lanes {
  readonly #four: FourDigests;
  readonly #leaves: number;
  readonly #nodes: number;
  readonly #out: number;
  /** Whose words were copied last, and the words: to ask for a buffer takes longer than to copy a record. */
  #bytes: Uint8Array = nothing;
  #words: Int32Array = new Int32Array(0);

  constructor(four: FourDigests) {
    this.#four = four;
    this.#out = four.free;
    this.#leaves = four.free + laneCount * digestBytes;
    this.#nodes = this.#leaves + laneCount * stride;
    for (let lane = 0; lane < laneCount; lane++) {
      const first = (this.#nodes + lane * stride) / 4;
      four.words[first] = 0x01000000;
      four.words[first + 1 + 2 * digestWords] = 0x80;
      four.words[first + 16 * nodeBlocks] = lengthWord(1 + 2 * digestBytes);
    }
  }

  /** A leaf's message, 0x00 and bytes[from, to), into a lane. */
  putLeaf(lane: number, bytes: Uint8Array, from: number, to: number): void {
    const { words } = this.#four;
    const first = (this.#leaves + lane * stride) / 4;
    const whole = (to - from) >> 2;
    words[first] = 0;
    this.#copy(first + 1, bytes, from, whole);
    let last = 0x80;
    for (let i = to - 1; i >= from + 4 * whole; i--) last = (last << 8) | bytes[i];
    words[first + 1 + whole] = last;
    const end = first + 16 * blocksOf(from, to);
    for (let i = first + 2 + whole; i < end; i++) words[i] = 0;
    words[end] = lengthWord(1 + to - from);
  }

  /** A node's message, 0x01 and the two digests from hashes[at], into a lane. */
  putNode(lane: number, hashes: Int32Array, at: number): void {
    const { words } = this.#four;
    const first = (this.#nodes + lane * stride) / 4 + 1;
    for (let i = 0; i < 2 * digestWords; i++) words[first + i] = hashes[at + i];
  }

  hashLeaves(blocks: number): void {
    this.#four.digest(this.#leaves + beforeWord, stride, blocks, this.#out);
  }

  hashNodes(): void {
    this.#four.digest(this.#nodes + beforeWord, stride, nodeBlocks, this.#out);
  }

  take(lane: number, hashes: Int32Array, at: number): void {
    const { words } = this.#four;
    const from = this.#out / 4 + lane * digestWords;
    for (let i = 0; i < digestWords; i++) hashes[at + i] = words[from + i];
  }

  #copy(to: number, bytes: Uint8Array, from: number, count: number): void {
    const start = bytes.byteOffset + from;
    if (start % 4 !== 0) {
      this.#four.bytes.set(bytes.subarray(from, from + 4 * count), 4 * to);
      return;
    }
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
    }
    const [words, source] = [this.#four.words, this.#words];
    for (let i = 0, first = start >> 2; i < count; i++) words[to + i] = source[first + i];
  }
}

/** Blocks of a leaf's message: prefix, record, a bit, its length. */
function blocksOf(from: number, to: number): number {
  return (to - from + 73) >> 6;
}

/** Length of a message below 2^13 bytes in bits: the word whose first three bytes end its last block. */
function lengthWord(bytes: number): number {
  return ((bytes >> 5) << 8) | (((bytes << 3) & 255) << 16);
}

let known: Lanes | null | undefined;

/** The lanes of this thread; null where the engine has no vectors. */
function lanesOf(): Lanes | null {
  if (known !== undefined) return known;
  const four = fourDigests(laneCount * (digestBytes + 2 * stride));
  known = four === undefined ? null : new Lanes(four);
  return known;
}

/** Whether hashing so many messages of so many blocks at once takes less than one after the other: lanes are slower by the block, and save the calls. */
function isWorthIt(messages: number, blocks: number): boolean {
  return messages >= 3 || (messages === 2 && blocks <= 2);
}

/**
 * Sixteen neighbors among the leaves of a tree and the fifteen nodes over them, in a heap: leaf n of the block at 16 + n, the node over 2n and 2n + 1 at n. What is
 * put in waits, and is hashed four at once when somebody asks.
 */
export class LeafBlock {
  /** 32 hashes by place. */
  readonly words = new Int32Array(2 * blockLeaves * digestWords);
  readonly #bytes = new Uint8Array(this.words.buffer);
  /** Leaves that wait: the first, and how many. */
  #first: number;
  #count = 0;
  /** Of each leaf: the record that it is of, and its blocks; 0 = its hash is there. */
  readonly #sources: Uint8Array[] = Array.from({ length: blockLeaves }, () => nothing);
  readonly #from = new Int32Array(blockLeaves);
  readonly #to = new Int32Array(blockLeaves);
  readonly #blocks = new Int32Array(blockLeaves);
  readonly #together = new Int32Array(laneCount);

  /** @param leaves of the block that are there already: their subtrees are put in by `place` */
  constructor(leaves: number) {
    this.#first = leaves;
  }

  get waiting(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#first + this.#count === blockLeaves;
  }

  /** A record whose leaf is hashed later: its bytes stay as they are until then. `from` is at least 1, see `leafInto`. */
  addRecord(bytes: Uint8Array, from: number, to: number): void {
    const leaf = this.#first + this.#count;
    this.#sources[leaf] = bytes;
    this.#from[leaf] = from;
    this.#to[leaf] = to;
    this.#blocks[leaf] = blocksOf(from, to);
    this.#count += 1;
  }

  add(hashes: Uint8Array, at: number): void {
    const leaf = this.#first + this.#count;
    this.place(blockLeaves + leaf, hashes, at);
    this.#blocks[leaf] = 0;
    this.#count += 1;
  }

  place(place: number, hashes: Uint8Array, at: number): void {
    for (let i = 0; i < digestBytes; i++) this.#bytes[place * digestBytes + i] = hashes[at + i];
  }

  /** Hashes what waits, and the nodes that are whole with it. @returns how many leaves waited; a full block begins anew */
  settle(): number {
    const [first, count] = [this.#first, this.#count];
    const lanes = count > 1 ? lanesOf() : null;
    for (let leaf = first; leaf < first + count; leaf++) if (this.#blocks[leaf] > 0) this.#hashFrom(lanes, leaf, first + count);
    let place = blockLeaves >> 1;
    for (let width = 2; width <= blockLeaves; width *= 2, place >>= 1) {
      this.#hashNodes(lanes, place + Math.floor(first / width), place + Math.floor((first + count) / width));
    }
    this.#first = (first + count) % blockLeaves;
    this.#count = 0;
    return count;
  }

  /** The leaf, and with it up to three later ones of as many blocks. */
  #hashFrom(lanes: Lanes | null, first: number, end: number): void {
    const blocks = this.#blocks[first];
    let count = 0;
    for (let leaf = first; leaf < end && count < laneCount; leaf++) if (this.#blocks[leaf] === blocks) this.#together[count++] = leaf;
    if (lanes === null || blocks > mostBlocks || !isWorthIt(count, blocks)) {
      leafInto(this.#sources[first], this.#from[first], this.#to[first], this.#bytes, (blockLeaves + first) * digestBytes);
      this.#isHashed(first);
      return;
    }
    for (let lane = 0; lane < count; lane++) {
      const leaf = this.#together[lane];
      lanes.putLeaf(lane, this.#sources[leaf], this.#from[leaf], this.#to[leaf]);
      this.#isHashed(leaf);
    }
    lanes.hashLeaves(blocks);
    for (let lane = 0; lane < count; lane++) lanes.take(lane, this.words, (blockLeaves + this.#together[lane]) * digestWords);
  }

  #isHashed(leaf: number): void {
    this.#blocks[leaf] = 0;
    this.#sources[leaf] = nothing;
  }

  /** Nodes at the places [from, to) of one height. */
  #hashNodes(lanes: Lanes | null, from: number, to: number): void {
    for (let place = from; place < to; place += laneCount) {
      const count = Math.min(laneCount, to - place);
      if (lanes === null || !isWorthIt(count, nodeBlocks)) {
        for (let n = place; n < place + count; n++) {
          nodeInto(this.#bytes, 2 * n * digestBytes, this.#bytes, (2 * n + 1) * digestBytes, this.#bytes, n * digestBytes);
        }
        continue;
      }
      for (let lane = 0; lane < count; lane++) lanes.putNode(lane, this.words, 2 * (place + lane) * digestWords);
      lanes.hashNodes();
      for (let lane = 0; lane < count; lane++) lanes.take(lane, this.words, (place + lane) * digestWords);
    }
  }
}
