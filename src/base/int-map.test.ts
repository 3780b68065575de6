import { expect, test } from 'vitest';
import { intMap } from './int-map.ts';
import { prng } from './prng.ts';

test('a key has one value until it is deleted', () => {
  const map = intMap();
  expect([map.get(1), map.has(1), map.delete(1), map.size()]).toEqual([undefined, false, false, 0]);
  expect([map.set(1, 10), map.set(1, -11), map.get(1), map.has(1), map.size()]).toEqual([true, true, -11, true, 1]);
  expect([map.delete(1), map.get(1), map.size()]).toEqual([true, undefined, 0]);
});

test('every safe integer can be a key, and minus zero is zero', () => {
  const map = intMap();
  const keys = [0, -1, 1, 4294967296, -4294967296, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  keys.forEach((key, i) => map.set(key, i));
  expect(keys.map((key) => map.get(key))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(map.get(-0)).toBe(0);
  const other = intMap();
  other.set(-0, 5);
  expect(Object.is(other.sortedKeys()[0], 0)).toBe(true);
});

test('what is no key or no value is refused in a sentence', () => {
  const map = intMap();
  expect(() => map.set(0.5, 1)).toThrow('int map: expected a safe integer as key, was 0.5');
  expect(() => map.set(NaN, 1)).toThrow(RangeError);
  expect(() => map.set(1, 2147483648)).toThrow('int map: expected an int32 as value, was 2147483648');
  expect([map.get(NaN), map.has(Infinity), map.delete(Infinity), map.get(0.5)]).toEqual([undefined, false, false, undefined]);
});

test('a full map refuses a new key as a value and still updates an old one', () => {
  const map = intMap(2);
  expect([map.set(1, 1), map.set(2, 2), map.set(3, 3), map.set(2, 5), map.get(2), map.size()]).toEqual([true, true, false, true, 5, 2]);
  map.delete(1);
  expect(map.set(3, 3)).toBe(true);
});

test('keys come in ascending order whatever the order of insertion', () => {
  const [up, down] = [intMap(), intMap()];
  for (let i = -50; i <= 50; i++) {
    up.set(i * 1e12, i);
    down.set(-i * 1e12, -i);
  }
  const visited: [number, number][] = [];
  up.forEach((value, key) => visited.push([key, value]));
  expect([...down.sortedKeys()]).toEqual([...up.sortedKeys()]);
  expect(visited).toEqual(Array.from({ length: 101 }, (_, i) => [(i - 50) * 1e12, i - 50]));
});

test('clearing empties it and leaves it usable', () => {
  const map = intMap();
  for (let i = 0; i < 100; i++) map.set(i, i);
  map.clear();
  expect([map.size(), map.get(5), map.sortedKeys().length]).toEqual([0, undefined, 0]);
  map.set(5, 6);
  expect(map.get(5)).toBe(6);
});

/** Keys in few slots collide all the time; keys far apart use both halves of the hash. */
test.each([
  ['close', 40, 1],
  ['ids', 3000, 1],
  ['sparse', 500, 17_179_869_184],
])('any run of changes agrees with a Map: %s keys', (name, range, step) => {
  const random = prng(name);
  const map = intMap();
  const oracle = new Map<number, number>();
  let deleted = 0;
  for (let n = 0; n < 60_000; n++) {
    const key = (random.int(range) - Math.floor(range / 2)) * step;
    if (random.int(2) === 0) {
      if (map.delete(key) !== oracle.delete(key)) expect.fail(`delete ${key}`);
      deleted += 1;
    } else {
      map.set(key, n);
      oracle.set(key, n);
    }
    const probe = (random.int(range) - Math.floor(range / 2)) * step;
    if (map.get(probe) !== oracle.get(probe)) expect.fail(`get ${probe}: expected ${oracle.get(probe)}, was ${map.get(probe)}`);
  }
  expect(deleted).toBeGreaterThan(10_000);
  expect(map.size()).toBe(oracle.size);
  expect([...map.sortedKeys()]).toEqual([...oracle.keys()].sort((a, b) => a - b));
  for (const [key, value] of oracle) expect(map.get(key)).toBe(value);
});

test('a window of rising ids can move for ever without growing', () => {
  const map = intMap(1000);
  for (let id = 0; id < 300_000; id++) {
    // an `expect` costs more than what it looks at here
    if (id >= 1000 && !map.delete(id - 1000)) expect.fail(`lost ${id - 1000}`);
    if (!map.set(id, id & 0xffff)) expect.fail(`refused ${id}`);
  }
  expect(map.size()).toBe(1000);
});
