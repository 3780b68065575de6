import { sha256 } from './bytes.ts';

/** RFC 6962 (2013) section 2.1: MTH({}) = SHA-256(), leaf = SHA-256(0x00 || record), MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])). */

const leafPrefix = Uint8Array.of(0);
const pair = new Uint8Array(65);

export function leafHash(record: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([leafPrefix, record]));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair[0] = 1;
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/** MTH by its definition: k is the largest power of two below n. */
export function listRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(listRoot(leaves.slice(0, k)), listRoot(leaves.slice(k)));
}

/** Of leaves [first, first + n) of the tree: the largest perfect subtree that begins with them and fits, joined with the rest taken alike; of none MTH({}). */
export function rangeRoot(leaves: readonly Uint8Array[], first: number): Uint8Array {
  if (leaves.length === 0) return listRoot(leaves);
  let k = 1;
  while (k * 2 <= leaves.length && first % (k * 2) === 0) k *= 2;
  const perfect = listRoot(leaves.slice(0, k));
  return k === leaves.length ? perfect : nodeHash(perfect, rangeRoot(leaves.slice(k), first + k));
}

/** The same over a growing list: perfect subtrees, largest first. */
export class GrowingTree {
  #subtrees: { readonly leaves: number; readonly root: Uint8Array }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leaf: Uint8Array): void {
    let root = leaf;
    let leaves = 1;
    for (let last = this.#subtrees.at(-1); last !== undefined && last.leaves === leaves; last = this.#subtrees.at(-1)) {
      root = nodeHash(last.root, root);
      leaves *= 2;
      this.#subtrees.pop();
    }
    this.#subtrees.push({ leaves, root });
    this.#size += 1;
  }

  root(): Uint8Array {
    if (this.#size === 0) return listRoot([]);
    return this.#subtrees.map((subtree) => subtree.root).reduceRight((right, left) => nodeHash(left, right));
  }
}
