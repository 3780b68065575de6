import { expect, test } from 'vitest';
import { sha256 } from './bytes.ts';
import { GrowingTree, leafHash, listRoot, rangeRoot } from './merkle.ts';

const leaves = Array.from({ length: 40 }, (_, n) => leafHash(Uint8Array.of(n)));

test('a range that begins where the tree begins has the root of its list, also when it is empty', () => {
  for (let n = 0; n <= leaves.length; n++) expect(rangeRoot(leaves.slice(0, n), 0)).toEqual(listRoot(leaves.slice(0, n)));
});

test('an empty range ends wherever it begins: a forged batch without records is no reason to fall over', () => {
  for (const first of [0, 1, 7, 64]) expect(rangeRoot([], first)).toEqual(sha256(new Uint8Array(0)));
});

test('a growing tree has the root of its list at every size', () => {
  const tree = new GrowingTree();
  for (const [n, leaf] of leaves.entries()) {
    tree.add(leaf);
    expect(tree.root()).toEqual(listRoot(leaves.slice(0, n + 1)));
  }
});
