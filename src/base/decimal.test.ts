import { expect, test } from 'vitest';
import {
  MAX_DECIMAL_LENGTH,
  countSteps,
  decimalScale,
  decimalStep,
  divideDecimal,
  formatDecimal,
  formatMoney,
  formatSplit,
  parseDecimal,
  parseSplit,
  roundHalfEven,
} from './decimal.ts';
import { fromBigInt, splitZero, splitString } from './split.ts';

test.each([
  ['61800.30', 2, 6180030],
  ['61800.3', 2, 6180030],
  ['-0.5', 1, -5],
  ['0', 0, 0],
  ['-0', 3, 0],
  ['.5', 1, 5],
  ['5.', 1, 50],
  ['007', 0, 7],
  ['1e-6', 6, 1],
  ['1E3', 0, 1000],
  ['2.50e+1', 0, 25],
  ['0e400', 0, 0],
  ['0.000000000000000000000000000000000', 0, 0],
  ['1.000000000000000000000', 2, 100],
  ['9007199254740991', 0, 9007199254740991],
  ['-90071992547409.91', 2, -9007199254740991],
  ['90071992547409910000000000e-10', 0, 9007199254740991],
])('%s at scale %i is %i units', (text, scale, units) => {
  const parsed = parseDecimal(text, scale);
  expect(parsed).toEqual({ ok: true, value: units });
  expect(parsed.ok && Object.is(parsed.value, -0)).toBe(false);
});

test.each([
  '',
  '-',
  '.',
  '+1',
  ' 1',
  '1 ',
  '1,5',
  '1.2.3',
  '--1',
  '0x10',
  'NaN',
  'Infinity',
  '1e',
  '1e1000',
  'e5',
  '1e+-5',
  '1-',
  '١',
  '1_000',
])('"%s" is not a decimal', (text) => {
  expect(parseDecimal(text, 2)).toEqual({ ok: false, error: { code: 'NOT_A_DECIMAL', text } });
  expect(parseSplit(text, 2, splitZero()).ok).toBe(false);
  expect(decimalScale(text).ok).toBe(false);
});

test('what is finer than the scale or larger than the range says so with its numbers', () => {
  expect(parseDecimal('0.125', 2)).toEqual({ ok: false, error: { code: 'TOO_FINE', text: '0.125', scale: 2 } });
  expect(parseDecimal('1e-400', 2)).toEqual({ ok: false, error: { code: 'TOO_FINE', text: '1e-400', scale: 2 } });
  expect(parseDecimal('0.123456789012345678901', 20)).toMatchObject({ error: { code: 'TOO_FINE' } });
  expect(parseDecimal('9007199254740992', 0)).toEqual({ ok: false, error: { code: 'TOO_LARGE', text: '9007199254740992', scale: 0 } });
  expect(parseDecimal('90071992547409.92', 2)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(parseDecimal('1e16', 0)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(parseDecimal('1e400', 0)).toMatchObject({ error: { code: 'TOO_LARGE' } });
});

test('a text longer than the limit is not a decimal', () => {
  expect(parseDecimal('0'.repeat(MAX_DECIMAL_LENGTH), 0).ok).toBe(true);
  expect(parseDecimal('0'.repeat(MAX_DECIMAL_LENGTH + 1), 0)).toMatchObject({ error: { code: 'NOT_A_DECIMAL' } });
});

test('money passes 2^53 and keeps every digit', () => {
  const out = splitZero();
  expect(parseSplit('-1234567890123456.789012345678', 12, out)).toEqual({ ok: true, value: out });
  expect(splitString(out)).toBe('-1234567890123456789012345678');
  expect(formatSplit(out, 12)).toBe('-1234567890123456.789012345678');
  parseSplit('61800.30', 12, out);
  expect(splitString(out)).toBe('61800300000000000');
  parseSplit('-0.00', 12, out);
  expect(out).toEqual({ hi: 0, lo: 0 });
  expect(formatSplit(out, 2)).toBe('0.00');
});

test('a money error leaves the receiver as it was', () => {
  const out = { hi: 1, lo: 2 };
  expect(parseSplit('0.0000000000001', 12, out)).toMatchObject({ error: { code: 'TOO_FINE' } });
  expect(parseSplit('99999999999999999999', 12, out)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(parseSplit('-99999999999999999999', 12, out)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(out).toEqual({ hi: 1, lo: 2 });
});

test('formatting writes exactly the places asked for', () => {
  expect([formatDecimal(6180030, 2), formatDecimal(-5, 2), formatDecimal(0, 2), formatDecimal(7, 0), formatDecimal(-70, 1)]).toEqual([
    '61800.30',
    '-0.05',
    '0.00',
    '7',
    '-7.0',
  ]);
  expect(() => formatDecimal(0.5, 2)).toThrow('decimal: expected a safe integer, was 0.5');
  expect(() => formatDecimal(1, 31)).toThrow('decimal: expected a scale of 0 to 30, was 31');
});

test('the scale of a text is the fewest places that hold it', () => {
  const scales = ['61800.30', '0.01', '5e3', '100', '0.000', '1.5e-7', '1e-400', '0.500000000000000000000'].map((t) => decimalScale(t));
  expect(scales.map((s) => s.ok && s.value)).toEqual([1, 2, 0, 0, 0, 8, 400, 1]);
});

test('a price is a whole number of ticks or not a multiple', () => {
  expect(divideDecimal('61800.30', '0.10')).toEqual({ ok: true, value: 618003 });
  expect(divideDecimal('-37.63', '0.01')).toEqual({ ok: true, value: -3763 });
  expect(divideDecimal('4500.25', '0.25')).toEqual({ ok: true, value: 18001 });
  expect(divideDecimal('4500.30', '0.25')).toEqual({ ok: false, error: { code: 'NOT_A_MULTIPLE', text: '4500.30', step: '0.25' } });
  expect(divideDecimal('1.005', '0.01')).toEqual({ ok: false, error: { code: 'NOT_A_MULTIPLE', text: '1.005', step: '0.01' } });
  expect(divideDecimal('-0', '0.01')).toEqual({ ok: true, value: 0 });
  expect(divideDecimal('90071992547409910', '10')).toEqual({ ok: true, value: 9007199254740991 });
});

test('a step must be a positive decimal', () => {
  expect(decimalStep('0')).toEqual({ ok: false, error: { code: 'STEP_NOT_POSITIVE', step: '0' } });
  expect(decimalStep('-0.01')).toEqual({ ok: false, error: { code: 'STEP_NOT_POSITIVE', step: '-0.01' } });
  expect(decimalStep('tick')).toEqual({ ok: false, error: { code: 'NOT_A_DECIMAL', text: 'tick' } });
  expect(decimalStep('1e-31')).toEqual({ ok: false, error: { code: 'TOO_FINE', text: '1e-31', scale: 30 } });
  expect(divideDecimal('1', '0')).toMatchObject({ error: { code: 'STEP_NOT_POSITIVE' } });
});

test('steps can be read once and counted often', () => {
  const step = decimalStep('0.05');
  if (!step.ok) return expect.fail('0.05 is a step');
  expect(countSteps('1.25', step.value)).toEqual({ ok: true, value: 25 });
  expect(countSteps('one', step.value)).toMatchObject({ error: { code: 'NOT_A_DECIMAL' } });
  expect(countSteps('450359962737049600', step.value)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(countSteps('100000000000000.01', step.value)).toMatchObject({ error: { code: 'NOT_A_MULTIPLE' } });
});

test('a double rounds half to even', () => {
  const cases = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, -0.50000000000000011, 4503599627370495.5, 1e300, 0];
  expect(cases.map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 0, -1, 4503599627370496, 1e300, 0]);
  expect(roundHalfEven(NaN)).toBeNaN();
  expect(roundHalfEven(-Infinity)).toBe(-Infinity);
});

test.each([
  [191_010_000_000_000n, 12, '191.01'],
  [191_012_300_000_000n, 12, '191.0123'],
  [-5_000_000_000_000n, 12, '-5.00'],
  [7n, 0, '7'],
  [70n, 1, '7.0'],
])('money for people: %s at scale %s is %s', (units, scale, text) => {
  const x = splitZero();
  fromBigInt(x, units);
  expect(formatMoney(x, scale)).toBe(text);
});
