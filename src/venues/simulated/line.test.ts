import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { Line } from './line.ts';

test('messages keep their order, however short the later ones take', () => {
  const line = new Line<string>(10);
  line.push(50, 'a');
  line.push(20, 'b');
  expect([line.peekTime(), line.pop(), line.peekTime(), line.pop(), line.pop()]).toEqual([50, 'a', 50, 'b', undefined]);
});

test('a late message is overtaken, and comes last at its own time', () => {
  const line = new Line<string>(10);
  line.push(10, 'a');
  line.pushLate(30, 'late');
  line.push(30, 'b');
  line.push(31, 'c');
  expect([line.pop(), line.pop(), line.pop(), line.pop()]).toEqual(['a', 'b', 'late', 'c']);
});

test('a full line refuses', () => {
  const line = new Line<number>(2);
  expect([line.push(1, 1), line.push(1, 2), line.push(1, 3), line.size]).toEqual([true, true, false, 2]);
});

test('what goes in comes out once, in order, while the ring grows and turns', () => {
  const luck = prng('line');
  const line = new Line<number>(100_000);
  let [sent, got, due] = [0, 0, 0];
  for (let step = 0; step < 20_000; step++) {
    const burst = luck.int(12);
    for (let i = 0; i < burst; i++) line.push((due += luck.int(3)), sent++);
    for (let i = luck.int(12); i > 0 && line.size > 0; i--) {
      const came = line.pop();
      if (came !== got) expect.fail(`expected ${got}, came ${came}`);
      got++;
    }
  }
  expect(sent - got).toBe(line.size);
  expect(got).toBeGreaterThan(50_000);
});
