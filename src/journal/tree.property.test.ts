import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { closedJournal } from '../testing/journal/small-journal.ts';
import { digestBytes, emptyRoot, leafInto } from './digest.ts';
import { consistencyProof, inclusionProof, isConsistent, isIncluded } from './proof.ts';
import { TileRows, exportTiles, exportedTiles, tilePath } from './tiles.ts';
import { createTree } from './tree.ts';

function sha(...parts: Uint8Array[]): Uint8Array {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** RFC 6962 section 2.1, word by word. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Uint8Array.of(1), definition(leaves.slice(0, k)), definition(leaves.slice(k)));
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => sha(Uint8Array.of(0), Buffer.from(String(i))));
}

function flat(leaves: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(leaves);
}

test('an empty tree and leaves hash as RFC 6962 has them', () => {
  expect(Buffer.from(emptyRoot()).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const bytes = Uint8Array.of(7, 1, 2, 3);
  const out = new Uint8Array(digestBytes);
  leafInto(bytes, 1, 4, out, 0);
  expect(Buffer.from(out)).toEqual(sha(Uint8Array.of(0, 1, 2, 3)));
  expect([...bytes]).toEqual([7, 1, 2, 3]);
});

test('the tree that grows has the root of the definition, and notes it at the sizes asked for', () => {
  const leaves = leavesOf(300);
  const hashes = flat(leaves);
  fc.assert(
    fc.property(fc.nat(300), fc.integer({ min: 1, max: 50 }), (count, noteEvery) => {
      const tree = createTree({ noteEvery });
      for (let i = 0; i < count; i++) tree.add(hashes, i * digestBytes);
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(definition(leaves.slice(0, count))));
      expect(tree.noted.map(({ size }) => size)).toEqual(
        Array.from({ length: Math.floor(count / noteEvery) }, (_, i) => (i + 1) * noteEvery),
      );
      for (const { size, root } of tree.noted) expect(Buffer.from(root)).toEqual(Buffer.from(definition(leaves.slice(0, size))));
    }),
    { numRuns: 100 },
  );
});

/** The largest perfect subtree that begins with the range and fits, joined with the rest taken alike. */
function rangeDefinition(leaves: readonly Uint8Array[], first: number): Uint8Array {
  let k = 1;
  while (k * 2 <= leaves.length && first % (k * 2) === 0) k *= 2;
  if (k === leaves.length) return definition(leaves);
  return sha(Uint8Array.of(1), definition(leaves.slice(0, k)), rangeDefinition(leaves.slice(k), first + k));
}

test('ranges have the root of their definition, and leave that of the tree as it is', () => {
  const leaves = leavesOf(300);
  const hashes = flat(leaves);
  let ranges = 0;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 12 }), (lengths) => {
      const tree = createTree({ noteEvery: 0 });
      let first = 0;
      for (const length of lengths.filter((_, n) => lengths.slice(0, n + 1).reduce((a, b) => a + b, 0) <= 300)) {
        for (let i = 0; i < length; i++) tree.add(hashes, (first + i) * digestBytes);
        expect(Buffer.from(tree.endRange())).toEqual(rangeDefinition(leaves.slice(first, first + length), first));
        first += length;
        ranges += 1;
      }
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(definition(leaves.slice(0, first))));
    }),
    { numRuns: 300 },
  );
  console.log(`${ranges} ranges`);
  expect(ranges).toBeGreaterThan(500);
});

/** Trees of more than 256 leaves need tiles of the second level. */
const large = 700;
const leaves = leavesOf(large);
const rows = new TileRows();
const grown = createTree({ noteEvery: 1, onTileHash: (level, hash, at) => rows.add(level, hash, at) });
for (let i = 0; i < large; i++) grown.add(flat(leaves), i * digestBytes);
const roots = grown.noted.map(({ root }) => root);

test('every inclusion proof holds, and for no other leaf, index or root', async () => {
  let proofs = 0;
  for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 512, 513, 700]) {
    for (let index = 0; index < size; index += size > 16 ? 37 : 1) {
      const proof = await inclusionProof(rows, index, size);
      proofs += 1;
      expect(isIncluded(leaves[index], index, size, proof, roots[size - 1])).toBe(true);
      expect(isIncluded(leaves[(index + 1) % large], index, size, proof, roots[size - 1])).toBe(false);
      if (size > 1) expect(isIncluded(leaves[index], (index + 1) % size, size, proof, roots[size - 1])).toBe(false);
      expect(isIncluded(leaves[index], index, size, proof, roots[size % large])).toBe(false);
      expect(isIncluded(leaves[index], index, size, [...proof, leaves[0]], roots[size - 1])).toBe(false);
    }
  }
  await expect(inclusionProof(rows, 5, 5)).rejects.toThrow('expected an index below 5, was 5');
  console.log(`${proofs} inclusion proofs`);
  expect(proofs).toBeGreaterThan(80);
});

test('every consistency proof holds, and for no other root', async () => {
  let proofs = 0;
  for (const size of [1, 2, 5, 8, 255, 256, 300, 513, 700]) {
    for (let before = 1; before <= size; before += size > 16 ? 29 : 1) {
      const proof = await consistencyProof(rows, before, size);
      proofs += 1;
      expect(isConsistent(before, size, roots[before - 1], roots[size - 1], proof)).toBe(true);
      expect(isConsistent(before, size, roots[before % large], roots[size - 1], proof)).toBe(false);
      expect(isConsistent(before, size, roots[before - 1], roots[size % large], proof)).toBe(false);
      if (proof.length > 0) expect(isConsistent(before, size, roots[before - 1], roots[size - 1], proof.slice(1))).toBe(false);
    }
  }
  await expect(consistencyProof(rows, 0, 5)).rejects.toThrow('expected 1 to 5 leaves, was 0');
  console.log(`${proofs} consistency proofs`);
  expect(proofs).toBeGreaterThan(60);
});

test('tiles are named as C2SP names them', () => {
  expect(tilePath(0, 0, 256)).toBe('tile/0/000');
  expect(tilePath(1, 1_234_067, 256)).toBe('tile/1/x001/x234/067');
  expect(tilePath(0, 1000, 17)).toBe('tile/0/x001/000.p/17');
});

test('exported tiles prove every record of a journal against its root', async () => {
  const { disk, journal } = await closedJournal(9, 200);
  const { tiles, end } = await exportTiles(disk, 'journal', 'public');
  expect(end.root).toBe(journal.root());
  expect(tiles).toBeGreaterThanOrEqual(2);
  const source = exportedTiles(createMemoryDisk(), 'public');
  await expect(source.tile(0, 0, 1)).rejects.toMatchObject({ code: 'ENOENT' });
  const exported = exportedTiles(disk, 'public');
  const root = Buffer.from(journal.root(), 'hex');
  for (let index = 0; index < journal.entries; index += 11) {
    const tile = await exported.tile(0, Math.floor(index / 256), Math.min(256, journal.entries - Math.floor(index / 256) * 256));
    const leaf = tile.subarray((index % 256) * digestBytes, ((index % 256) + 1) * digestBytes);
    expect(isIncluded(leaf, index, journal.entries, await inclusionProof(exported, index, journal.entries), root)).toBe(true);
  }
});

/** Records of all lengths in one array, as a stream has them. */
function recordsOf(lengths: readonly number[]): { readonly bytes: Uint8Array; readonly places: readonly (readonly [number, number])[] } {
  let end = 8;
  const places = lengths.map((length): readonly [number, number] => {
    const from = end;
    end += Math.ceil(length / 8) * 8;
    return [from, from + length];
  });
  return { bytes: Uint8Array.from({ length: end + 8 }, (_, i) => (i * 7 + (i >> 8)) % 256), places };
}

test('leaves that wait change nothing: records and hashes by turns, asked for at any moment, gone on with at any size', () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 40, max: 300 }), fc.integer({ min: 1_000, max: 1_200 })), { maxLength: 80 });
  const kinds = fc.infiniteStream(fc.constantFrom('record', 'record', 'record', 'hash', 'root', 'range', 'continue'));
  fc.assert(
    fc.property(lengths, kinds, (some, stream) => {
      const { bytes, places } = recordsOf(some);
      const before = bytes.slice();
      const leaves = places.map(([from, to]) => sha(Uint8Array.of(0), bytes.subarray(from, to)));
      const doings = stream[Symbol.iterator]();
      const rows: string[] = [];
      const onTileHash = (level: number, hash: Uint8Array, at: number): void =>
        void rows.push(`${level} ${Buffer.from(hash.subarray(at, at + 32)).toString('hex')}`);
      let tree = createTree({ noteEvery: 0, bytesStay: true, onTileHash });
      let first = 0;
      for (let n = 0; n < leaves.length;) {
        switch (doings.next().value) {
          case 'record':
            tree.addRecord(bytes, ...places[n++]);
            break;
          case 'hash':
            tree.add(leaves[n++], 0);
            break;
          case 'root':
            expect(Buffer.from(tree.root())).toEqual(Buffer.from(definition(leaves.slice(0, n))));
            break;
          case 'range':
            if (n > first) expect(Buffer.from(tree.endRange())).toEqual(rangeDefinition(leaves.slice(first, n), first));
            first = n;
            break;
          case 'continue':
            tree = createTree({ noteEvery: 0, bytesStay: true, onTileHash, from: tree.position() });
            first = n;
            break;
        }
        expect(tree.size).toBe(n);
      }
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(definition(leaves)));
      expect(rows.filter((row) => row.startsWith('0 '))).toEqual(leaves.map((leaf) => `0 ${Buffer.from(leaf).toString('hex')}`));
      expect(bytes).toEqual(before);
    }),
    { numRuns: 300 },
  );
});
