import { expect, test } from 'vitest';
import { NumberedTexts } from './numbered-texts.ts';

test('a number has its own digits, whatever was asked before', () => {
  const texts = new NumberedTexts('SIM-');
  const asked = [0, 1, 9, 10, 99, 100, 101, 109, 110, 199, 200, 100, 5, 999, 1_000, 1_001, 1_099, 1_100, 9_999, 10_000, 1_000_000_007, 42];
  expect(asked.map((number) => texts.of(number))).toEqual(asked.map((number) => `SIM-${number}`));
  for (let number = 0; number < 20_000; number++) if (texts.of(number) !== `SIM-${number}`) expect.fail(`${number}: ${texts.of(number)}`);
});
