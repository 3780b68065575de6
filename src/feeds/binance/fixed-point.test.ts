import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal } from '../../base/decimal.ts';
import { parseSteps, stepScale } from './fixed-point.ts';

test('a step is read without its closing zeros', () => {
  expect(stepScale('0.10')).toEqual({ scale: 1, unitsPerStep: 1 });
  expect(stepScale('0.00001000')).toEqual({ scale: 5, unitsPerStep: 1 });
  expect(stepScale('0.25')).toEqual({ scale: 2, unitsPerStep: 25 });
  expect(stepScale('5')).toEqual({ scale: 0, unitsPerStep: 5 });
});

test('what is no step is refused', () => {
  for (const step of ['', '.', '.5', '1.', '-1', '1e-3', '0', '0.00', ' 1', 'NaN']) expect(() => stepScale(step)).toThrow(RangeError);
});

const readings: readonly (readonly [text: string, step: string, steps: number])[] = [
  ['61800.20', '0.10', 618_002],
  ['61800', '0.1', 618_000],
  ['61800.2000000', '0.1', 618_002],
  ['0.00', '0.1', 0],
  ['00.50', '0.1', 5],
  ['1.75', '0.25', 7],
  ['10', '5', 2],
  ['9007199254740991', '1', Number.MAX_SAFE_INTEGER],
];

test.each(readings)('%s in steps of %s is %i', (text, step, steps) => {
  expect(parseSteps(text, stepScale(step))).toBe(steps);
});

const refusals: readonly (readonly [text: string, step: string])[] = [
  ['', '0.1'],
  ['.', '0.1'],
  ['.5', '0.1'],
  ['5.', '0.1'],
  ['1.2.3', '0.1'],
  ['-1', '0.1'],
  ['+1', '0.1'],
  ['1e3', '0.1'],
  ['1,5', '0.1'],
  [' 1', '0.1'],
  ['1 ', '0.1'],
  ['0x1', '1'],
  ['Infinity', '1'],
  ['61800.25', '0.1'],
  ['1.80', '0.25'],
  ['9007199254740992', '1'],
  ['900719925474099.2', '0.01'],
  ['99999999999999999999999999999999', '1'],
];

test.each(refusals)("'%s' is no whole number of %s", (text, step) => {
  expect(parseSteps(text, stepScale(step))).toBeNaN();
});

test('every whole number of steps that is written as a decimal is read back', () => {
  let seen = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 0, max: 8 }),
      (steps, scale, zeros) => {
        const text = formatDecimal(steps, scale) + (scale > 0 ? '0'.repeat(zeros) : '');
        const step = scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`;
        seen++;
        expect(parseSteps(text, stepScale(step))).toBe(steps);
      },
    ),
    { numRuns: 5_000, seed: 1 },
  );
  expect(seen).toBe(5_000);
});
