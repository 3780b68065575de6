import { digestBytes, leafInto } from './digest.ts';
import { fourDigests, type FourDigests } from './four-digests.ts';
import { createTree, heightsOf, rootOf, type ReadTree, type TreeOptions, type TreeSize } from './tree.ts';

/** Leaves that wait for each other at most. */
const mostWaiting = 1_024;
/** Longest record that waits, in blocks of SHA-256: what is longer is hashed alone, where the call costs less than the bytes. */
const mostBlocks = 16;
const blockBytes = 64;
/** Behind a message: one bit and its length. */
const paddingBytes = 9;
const digestWords = digestBytes / 4;
/** A node: 0x01 and two digests, padded. */
const nodeBlocks = 2;
/** The prefix of a message is the byte before a word, so that its content lies in whole words. */
const beforeWord = 3;
/** Nodes that a last group of four has too many. */
const spareDigests = 3;

/** Messages of one length in blocks that wait until they are four. */
interface Lanes {
  readonly at: number;
  readonly stride: number;
  readonly places: Int32Array;
  waiting: number;
}

/**
 * The tree of RFC 6962 (2013) section 2.1 as a reader needs it: four leaves or nodes are hashed at once, when enough of them wait or somebody asks. Its roots are those of
 * `createTree`, which it is where the engine has no vectors.
 */
export function createReadTree(options: Pick<TreeOptions, 'from' | 'noteEvery'>): ReadTree {
  const lanesBytes = Array.from({ length: mostBlocks }, (_, n) => 4 * strideOf(n + 1)).reduce((a, b) => a + b, 0);
  const levelBytes = (mostWaiting + 1 + spareDigests) * digestBytes;
  const four = fourDigests(lanesBytes + 2 * levelBytes + 4 * digestBytes);
  return four === undefined ? createTree(options) : new LeafBatches(four, options);
}

function strideOf(blocks: number): number {
  return (blocks + 1) * blockBytes;
}

class LeafBatches implements ReadTree {
  readonly noted: TreeSize[] = [];
  readonly #four: FourDigests;
  readonly #noteEvery: number;
  readonly #lanes: readonly Lanes[];
  readonly #nodes: Lanes;
  readonly #out: number;
  /** Word of the first digest of the level at hand, and of the one above; before each is room for one that stood already. */
  #level: number;
  #above: number;
  #waiting = 0;
  #size: number;
  /** Roots of the perfect subtrees of what does not wait, by height. */
  readonly #byHeight: Int32Array[] = [];
  #source: { readonly bytes: Uint8Array; readonly words: Int32Array } = { bytes: new Uint8Array(0), words: new Int32Array(0) };

  constructor(four: FourDigests, { from, noteEvery }: Pick<TreeOptions, 'from' | 'noteEvery'>) {
    this.#four = four;
    this.#noteEvery = noteEvery;
    let at = four.free;
    const take = (bytes: number): number => (at += bytes) - bytes;
    this.#out = take(4 * digestBytes) / 4;
    [this.#level, this.#above] = [0, 1].map(() => take((mostWaiting + 1 + spareDigests) * digestBytes) / 4 + digestWords);
    this.#lanes = Array.from({ length: mostBlocks }, (_, n) => lanesAt(take(4 * strideOf(n + 1)), n + 1));
    this.#nodes = this.#lanes[nodeBlocks - 1];
    this.#size = from?.size ?? 0;
    for (const [n, height] of heightsOf(this.#size).entries()) if (from !== undefined) this.#byHeight[height] = wordsOf(from.subtrees[n]);
  }

  get size(): number {
    return this.#size;
  }

  addRecord(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from + 1;
    const blocks = (length + paddingBytes + blockBytes - 1) >> 6;
    const place = this.#level + this.#waiting * digestWords;
    if (blocks > mostBlocks) leafInto(bytes, from, to, this.#four.bytes, place * 4);
    else this.#wait(bytes, from, length, blocks, place);
    this.#waiting += 1;
    this.#size += 1;
    const isNoted = this.#noteEvery > 0 && this.#size % this.#noteEvery === 0;
    if (isNoted) this.noted.push({ size: this.#size, root: this.root() });
    else if (this.#waiting === mostWaiting) this.#fold();
  }

  root(): Uint8Array {
    this.#fold();
    return rootOf(heightsOf(this.#size).map((height) => bytesOf(this.#byHeight[height])));
  }

  position(): ReturnType<ReadTree['position']> {
    this.#fold();
    return { size: this.#size, subtrees: heightsOf(this.#size).map((height) => bytesOf(this.#byHeight[height])) };
  }

  /** Takes a copy of a record, with its prefix 0x00 and its padding; hashes it with three others of as many blocks. */
  #wait(bytes: Uint8Array, from: number, length: number, blocks: number, place: number): void {
    const lanes = this.#lanes[blocks - 1];
    const { bytes: all, words } = this.#four;
    const at = lanes.at + lanes.waiting * lanes.stride;
    const first = (at + 1) >> 2;
    const whole = (length - 1) >> 2;
    const source = this.#wordsOf(bytes);
    const start = bytes.byteOffset + from;
    all[at] = 0;
    if ((start & 3) === 0) for (let i = 0, w = start >> 2; i < whole; i++) words[first + i] = source[w + i];
    else for (let i = 0; i < whole * 4; i++) all[at + 1 + i] = bytes[from + i];
    // what does not fill a word, the bit behind it, zeros, and the length in bits
    let last = 0x80 << (((length - 1) & 3) * 8);
    for (let i = whole * 4; i < length - 1; i++) last |= bytes[from + i] << ((i & 3) * 8);
    words[first + whole] = last;
    const end = at + blocks * blockBytes;
    for (let i = first + whole + 1; i * 4 < end; i++) words[i] = 0;
    putLength(all, end, length);
    lanes.places[lanes.waiting] = place;
    lanes.waiting += 1;
    if (lanes.waiting === 4) this.#hash(lanes, blocks);
  }

  #hash(lanes: Lanes, blocks: number): void {
    const { words, digest } = this.#four;
    digest(lanes.at, lanes.stride, blocks, this.#out * 4);
    for (let lane = 0; lane < lanes.waiting; lane++) {
      const [from, to] = [this.#out + lane * digestWords, lanes.places[lane]];
      for (let i = 0; i < digestWords; i++) words[to + i] = words[from + i];
    }
    lanes.waiting = 0;
  }

  /** Hashes what waits and joins it to the tree, level by level. */
  #fold(): void {
    if (this.#waiting === 0) return;
    this.#lanes.forEach((lanes, n) => {
      if (lanes.waiting > 0) this.#hash(lanes, n + 1);
    });
    const { words } = this.#four;
    let [first, count] = [this.#size - this.#waiting, this.#waiting];
    this.#waiting = 0;
    const [level, above] = [this.#level, this.#above];
    for (let height = 0; count > 0; height++) {
      let from = this.#level;
      // its left neighbour stands already
      if (first % 2 === 1) {
        from -= digestWords;
        words.set(this.#byHeight[height], from);
        count += 1;
        first -= 1;
      }
      const pairs = count >> 1;
      if (count % 2 === 1) this.#keep(height, from + 2 * pairs * digestWords);
      this.#join(from, pairs, this.#above);
      [this.#level, this.#above] = [this.#above, this.#level];
      [first, count] = [first / 2, pairs];
    }
    [this.#level, this.#above] = [level, above];
  }

  #keep(height: number, at: number): void {
    const kept = (this.#byHeight[height] ??= new Int32Array(digestWords));
    const { words } = this.#four;
    for (let i = 0; i < digestWords; i++) kept[i] = words[at + i];
  }

  /** Nodes over pairs of digests that lie one behind the other from word `from`; they go to `to`. */
  #join(from: number, pairs: number, to: number): void {
    const { bytes, words, digest } = this.#four;
    const { at, stride } = this.#nodes;
    for (let lane = 0; lane < 4; lane++) putNodePadding(bytes, at + lane * stride);
    for (let pair = 0; pair < pairs; pair += 4) {
      for (let lane = 0; lane < 4; lane++) {
        const [source, target] = [from + (pair + lane) * 2 * digestWords, (at + lane * stride + 1) >> 2];
        for (let i = 0; i < 2 * digestWords; i++) words[target + i] = words[source + i];
      }
      digest(at, stride, nodeBlocks, (to + pair * digestWords) * 4);
    }
  }

  /** All of the memory that a record lies in, as words. */
  #wordsOf(bytes: Uint8Array): Int32Array {
    if (this.#source.bytes !== bytes) this.#source = { bytes, words: new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2) };
    return this.#source.words;
  }
}

function lanesAt(at: number, blocks: number): Lanes {
  return { at: at + beforeWord, stride: strideOf(blocks), places: new Int32Array(4), waiting: 0 };
}

/** Prefix, the bit behind the content, zeros, length. */
function putNodePadding(bytes: Uint8Array, at: number): void {
  const length = 1 + 2 * digestBytes;
  bytes[at] = 1;
  bytes[at + length] = 0x80;
  bytes.fill(0, at + length + 1, at + nodeBlocks * blockBytes);
  putLength(bytes, at + nodeBlocks * blockBytes, length);
}

/** Length of a message in bits, before the end of its last block; below 2^16 bits. */
function putLength(bytes: Uint8Array, end: number, length: number): void {
  bytes[end - 2] = (length >> 5) & 255;
  bytes[end - 1] = (length << 3) & 255;
}

function wordsOf(digest: Uint8Array): Int32Array {
  return new Int32Array(digest.slice().buffer);
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.slice().buffer);
}
