import { expect, test } from 'vitest';
import { timerHeap } from './heap.ts';
import { prng } from './prng.ts';

test('the earliest time leaves first, then the lowest seq, then the first to come', () => {
  const heap = timerHeap<string>();
  heap.push(5, 1, 'later');
  heap.push(3, 2, 'second');
  heap.push(3, 1, 'first');
  heap.push(3, 2, 'third');
  expect([heap.size(), heap.peekTime(), heap.peek()]).toEqual([4, 3, 'first']);
  expect([heap.pop(), heap.pop(), heap.pop(), heap.pop(), heap.pop()]).toEqual(['first', 'second', 'third', 'later', undefined]);
  expect([heap.size(), heap.peekTime(), heap.peek()]).toEqual([0, Infinity, undefined]);
});

test('a full heap says so and keeps what it has', () => {
  const heap = timerHeap<number>(2);
  expect([heap.push(1, 0, 1), heap.push(2, 0, 2), heap.push(0, 0, 0)]).toEqual([true, true, false]);
  expect([heap.pop(), heap.push(0, 0, 0), heap.pop()]).toEqual([1, true, 0]);
});

test('a time that is no number is refused', () => {
  const heap = timerHeap<number>();
  expect(() => heap.push(NaN, 0, 0)).toThrow('timer heap: expected numbers, was NaN and 0');
  expect(() => heap.push(0, NaN, 0)).toThrow(RangeError);
  expect(heap.size()).toBe(0);
});

test('clearing empties it', () => {
  const heap = timerHeap<number>();
  for (let i = 0; i < 10; i++) heap.push(i, 0, i);
  heap.clear();
  expect([heap.size(), heap.pop()]).toEqual([0, undefined]);
});

test('any run of pushes and pops agrees with a sorted list', () => {
  const random = prng('heap');
  const heap = timerHeap<number>();
  const list: { time: number; seq: number; item: number }[] = [];
  let popped = 0;
  for (let n = 0; n < 20_000; n++) {
    if (random.int(5) < (n % 4000 < 2000 ? 3 : 2)) {
      const entry = { time: random.int(20), seq: random.int(3), item: n };
      heap.push(entry.time, entry.seq, entry.item);
      const at = list.findIndex((e) => e.time > entry.time || (e.time === entry.time && e.seq > entry.seq));
      list.splice(at < 0 ? list.length : at, 0, entry);
    } else {
      expect(heap.peekTime()).toBe(list.length === 0 ? Infinity : list[0].time);
      expect(heap.pop()).toBe(list.shift()?.item);
      popped += 1;
    }
    if (n % 1000 === 0) expect(heap.sorted()).toEqual(list);
  }
  expect(heap.size()).toBe(list.length);
  expect(popped).toBeGreaterThan(5000);
});
