import { expect, test } from 'vitest';
import { problemLines, type ChunkProblem } from './capture.ts';

const problem = (file: string, chunk: number, kind: ChunkProblem['kind'] = 'tampered'): ChunkProblem => {
  return { kind, file, chunk, seq: 10 + chunk, what: `${file}: chunk ${chunk}` };
};

test('a changed byte takes every later root of its file with it: two chunks are named, not all of them', () => {
  const problems = [1, 2, 3, 4].map((chunk) => problem('a', chunk));
  expect(problemLines(problems)).toEqual(['tampered: a: chunk 1; likewise the chunks behind it, to chunk 4']);
});

test('another file, another kind and a chunk alone have lines of their own', () => {
  const problems = [problem('a', 1), problem('a', 2), problem('a', 3, 'truncated'), problem('b', 0)];
  expect(problemLines(problems)).toEqual([
    'tampered: a: chunk 1; likewise the chunks behind it, to chunk 2',
    'truncated: a: chunk 3',
    'tampered: b: chunk 0',
  ]);
});

test('a list that is full may go on', () => {
  const problems = Array.from({ length: 100 }, (_, chunk) => problem('a', chunk));
  expect(problemLines(problems)).toEqual(['tampered: a: chunk 0; likewise the chunks behind it, to chunk 99 at least']);
});
