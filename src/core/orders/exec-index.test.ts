import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { createExecIndex, enter, firstPlace, nextPlace, positionAt } from './exec-index.ts';

/** Positions under a hash that are not below `tail`, as the index gives them. */
function positionsOf(index: ReturnType<typeof createExecIndex>, hash: number, tail: number): number[] {
  const found: number[] = [];
  for (let place = firstPlace(index, hash >>> 12, hash, tail); place !== -1; place = nextPlace(index, place + 1, hash, tail))
    found.push(positionAt(index, place));
  return found.sort((a, b) => a - b);
}

describe('the index of executions', () => {
  it('gives every remembered position of a hash, also when its line is full, and no forgotten one', () => {
    const index = createExecIndex(16);
    const hash = 5 * 4_096 + 7;
    for (let position = 0; position < 16; position++) enter(index, hash >>> 12, hash, position, 0);
    expect(positionsOf(index, hash, 0)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(positionsOf(index, hash, 10)).toEqual([10, 11, 12, 13, 14, 15]);
    expect(positionsOf(index, hash, 16)).toEqual([]);
  });

  it('tells marks of one line apart', () => {
    const index = createExecIndex(16);
    enter(index, 3, 3 * 4_096 + 1, 0, 0);
    enter(index, 3, 3 * 4_096 + 2, 1, 0);
    expect(positionsOf(index, 3 * 4_096 + 2, 0)).toEqual([1]);
    expect(positionsOf(index, 3 * 4_096 + 3, 0)).toEqual([]);
  });

  /** Neighbors of the same mark may come along; the log compares texts. */
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
        enter(index, hash >>> 12, hash, position, tail);
        hashes.push(hash);
        const asked = hashes[position - luck.int(Math.min(position + 1, capacity))];
        const expected = [...hashes.keys()].slice(tail).filter((p) => hashes[p] === asked);
        expect(positionsOf(index, asked, tail).filter((p) => hashes[p] === asked)).toEqual(expected);
        looked += 1;
      }
    }
    console.log(`index of executions: ${looked} searches compared`);
    expect(looked).toBe(16_000);
  });
});
