import { expect, test } from 'vitest';
import { testCounts } from './test-summary.ts';

const closing = (line: string) => ` Test Files  2 passed (2)\n      Tests  ${line}\n   Start at  11:23:34\n`;

test('passed, failed and skipped tests are told apart', () => {
  expect(testCounts(closing('1 failed | 69 passed | 2 skipped (72)'), 1)).toEqual({ passed: 69, failed: 1 });
  expect(testCounts(closing('70 passed (70)'), 0)).toEqual({ passed: 70, failed: 0 });
});

test('colors make no difference', () => {
  const colored = '\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m70 passed\u001b[39m\u001b[22m\u001b[90m (70)\u001b[39m\n';
  expect(testCounts(colored, 0)).toEqual({ passed: 70, failed: 0 });
});

test('a run that ends with an error though every test passed counts as a failure', () => {
  expect(testCounts(closing('70 passed (70)'), 1)).toEqual({ passed: 70, failed: 1 });
});

test('a run without tests, or without a summary, counts as a failure', () => {
  expect(testCounts('no test files found\n', 0)).toEqual({ passed: 0, failed: 1 });
  expect(testCounts(closing('2 skipped (2)'), 0)).toEqual({ passed: 0, failed: 1 });
});
