import { stripVTControlCharacters } from 'node:util';

/** `      Tests  1 failed | 69 passed | 2 skipped (72)`, the last such line of a vitest run. */
const summary = /^\s*Tests\s+(.*)\(\d+\)\s*$/gm;

/** Case counts of a vitest run by its printed summary; a run without one, or that fails for another reason, counts as one failure. */
export function testCounts(output: string, status: number): { passed: number; failed: number } {
  const line = [...stripVTControlCharacters(output).matchAll(summary)].at(-1)?.[1] ?? '';
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const passed = count('passed');
  const failed = count('failed');
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed };
}
