import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { createExecIndex, enter, newestEntry, olderEntry, positionOf } from './exec-index.ts';

/** Positions under a hash that are not below `tail`, as the index gives them: newest first. */
function positionsOf(index: ReturnType<typeof createExecIndex>, bucket: number, hash: number, tail: number): number[] {
  const found: number[] = [];
  for (let entry = newestEntry(index, bucket, hash, tail); entry !== -1; entry = olderEntry(index, entry, hash, tail))
    found.push(positionOf(entry));
  return found;
}

describe('the index of executions', () => {
  it('gives every remembered position of a hash, newest first, and no forgotten one', () => {
    const index = createExecIndex(16);
    for (let position = 0; position < 16; position++) enter(index, 5, 7, position);
    expect(positionsOf(index, 5, 7, 0)).toEqual(Array.from({ length: 16 }, (_, i) => 15 - i));
    expect(positionsOf(index, 5, 7, 10)).toEqual([15, 14, 13, 12, 11, 10]);
    expect(positionsOf(index, 5, 7, 16)).toEqual([]);
  });

  it('tells marks of one bucket apart, and buckets', () => {
    const index = createExecIndex(16);
    enter(index, 3, 1, 0);
    enter(index, 3, 2, 1);
    enter(index, 3, 1, 2);
    expect(positionsOf(index, 3, 2, 0)).toEqual([1]);
    expect(positionsOf(index, 3, 1, 0)).toEqual([2, 0]);
    expect(positionsOf(index, 3, 3, 0)).toEqual([]);
    expect(positionsOf(index, 4, 1, 0)).toEqual([]);
    expect(positionsOf(index, 19, 1, 0)).toEqual([2, 0]);
    expect(positionsOf(index, -13, 1, 0)).toEqual([2, 0]);
  });

  it('loses nothing over many rounds of its ring, with hashes that crowd', () => {
    const luck = prng(11);
    let looked = 0;
    for (const crowd of [1, 2, 5, 40]) {
      const capacity = 64;
      const index = createExecIndex(capacity);
      const hashes: number[] = [];
      for (let position = 0; position < 4_000; position++) {
        const hash = luck.int(crowd) * 4_096 * 3 + luck.int(3);
        const tail = Math.max(0, position + 1 - capacity);
        enter(index, hash >>> 12, hash, position);
        hashes.push(hash);
        const asked = hashes[position - luck.int(Math.min(position + 1, capacity))];
        const expected: number[] = [];
        for (let p = tail; p <= position; p++) if (hashes[p] === asked) expected.push(p);
        const found = positionsOf(index, asked >>> 12, asked, tail).filter((p) => hashes[p] === asked);
        if (found.reverse().join() !== expected.join()) expect.fail(`expected ${expected.join()}, found ${found.join()}`);
        looked += 1;
      }
    }
    console.log(`index of executions: ${looked} searches compared`);
    expect(looked).toBe(16_000);
  });
});
