import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { proofLines } from './lines.ts';
import { advanced, readProgress, writeProgress } from './progress.ts';

const root = mkdtempSync(join(tmpdir(), 'plimsoll-prove-'));
afterAll(() => rmSync(root, { recursive: true }));

const line = (name: string) => proofLines.find((one) => one.name === name) ?? never();
function never(): never {
  throw new Error('there is such a line');
}

test('a run that held moves a line on, one that failed is run again from where it began', () => {
  const one = advanced(undefined, { cases: 10, next: 21 }, true, 5.4, 11);
  expect(one).toEqual({ next: 21, cases: 10, runs: 1, failedRuns: 0, seconds: 5 });
  expect(advanced(one, { cases: 3, next: 24 }, false, 2, 11)).toEqual({ next: 21, cases: 10, runs: 2, failedRuns: 1, seconds: 7 });
  expect(advanced(undefined, undefined, true, 1, 11)).toEqual({ next: 11, cases: 0, runs: 1, failedRuns: 1, seconds: 1 });
});

test('what was done is there for the next run, and a file that cannot be read is told', () => {
  const path = join(root, 'kept', 'prove.json');
  expect(readProgress(path)).toEqual({});
  const book = { sim: advanced(undefined, { cases: 2, next: 3 }, true, 1, 1) };
  writeProgress(path, book);
  expect(readProgress(path)).toEqual(book);
  writeFileSync(path, '{ "sim":');
  expect(() => readProgress(path)).toThrow('--fresh');
});

test.each([
  ['sim', 'seeds 1000001 to 1000005, 0.1 virtual hours: 5 seeds\nsim: 5 passed, 0 failed', { cases: 5, next: 1_000_006 }],
  ['crash-points', '500 crash points in 3 stories from seed 1001: 7 torn ends', { cases: 500, next: 1_004 }],
  [
    'rollout-histories',
    '100 histories, 5 progressive lives, 5 of swaps and 10 pairs (6 swapped, 0 held) from seed 11, 9 turns',
    { cases: 100, next: 111 },
  ],
  ['journal-kills', 'passed  after 5 kills the journal is valid up to record 9', { cases: 5, next: 8 }],
  ['power-cuts', 'passed  after 4 power cuts the journal is valid up to record 9', { cases: 4, next: 8 }],
  ['tampering', '200 mutations of 25 kinds with seed 7: flip header 8', { cases: 200, next: 8 }],
  ['soak', 'minute 0.1: core\nminute 30.0: core keeps', { cases: 30, next: 8 }],
])('%s says where its next run begins', (name, output, expected) => {
  expect(line(name).read(output, 7)).toEqual(expected);
  expect(line(name).read('it was ended', 7)).toBeUndefined();
});
