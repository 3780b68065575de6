import { mulInto, fromBigInt, toBigInt } from './split.ts';
import type { Split } from './split.ts';
import { err, ok } from './result.ts';
import type { Result } from './result.ts';

/** Why a text is not a whole number of units of 10^-scale. */
export type DecimalError =
  | { readonly code: 'NOT_A_DECIMAL'; readonly text: string }
  | { readonly code: 'TOO_FINE'; readonly text: string; readonly scale: number }
  | { readonly code: 'TOO_LARGE'; readonly text: string; readonly scale: number };

export type StepError =
  | DecimalError
  | { readonly code: 'NOT_A_MULTIPLE'; readonly text: string; readonly step: string }
  | { readonly code: 'STEP_NOT_POSITIVE'; readonly step: string };

/** A tick or lot as a decimal: `units` of 10^-scale. */
export interface DecimalStep {
  readonly text: string;
  readonly scale: number;
  readonly units: number;
}

/** A longer text is not a decimal. */
export const MAX_DECIMAL_LENGTH = 64;
/** Largest number of decimal places that can be asked for. */
export const MAX_SCALE = 30;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX_EXPONENT = 999;
/** 2^100, half the range of a split integer. */
const SURELY_WITHIN = 1267650600228229401496703205376;
const POW10 = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15] as const;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** What `scan` found: the value is sign * mantissa * 10^exponent; `mantissa` is -1 where it passes 2^53. */
const found = { negative: false, mantissa: 0, exponent: 0 };

/**
 * The exact integer of 10^-scale that the text names: optional minus, digits with at most one point, optional exponent ("1e-7", as
 * JSON numbers may be written). Trailing zeros beyond the scale are no loss and are accepted.
 */
export function parseDecimal(text: string, scale: number): Result<number, DecimalError> {
  checkScale(scale);
  if (!scan(text)) return err({ code: 'NOT_A_DECIMAL', text });
  const shift = found.exponent + scale;
  const m = found.mantissa;
  if (m >= 0 && shift >= -15 && shift <= 15) {
    const units = shift >= 0 ? m * POW10[shift] : m / POW10[-shift];
    if (units > MAX_SAFE) return err({ code: 'TOO_LARGE', text, scale });
    if (shift < 0 && m % POW10[-shift] !== 0) return err({ code: 'TOO_FINE', text, scale });
    return ok(found.negative ? 0 - units : units);
  }
  const units = bigUnits(text, scale);
  if (typeof units !== 'bigint') return err(units);
  if (units > MAX_SAFE || units < -MAX_SAFE) return err({ code: 'TOO_LARGE', text, scale });
  return ok(Number(units));
}

/** Like `parseDecimal`, into a split integer; `out` is untouched by an error. */
export function parseSplit(text: string, scale: number, out: Split): Result<Split, DecimalError> {
  checkScale(scale);
  if (!scan(text)) return err({ code: 'NOT_A_DECIMAL', text });
  const shift = found.exponent + scale;
  if (found.mantissa >= 0 && shift >= 0 && shift <= 15 && found.mantissa * POW10[shift] < SURELY_WITHIN) {
    mulInto(out, found.negative ? 0 - found.mantissa : found.mantissa, POW10[shift]);
    return ok(out);
  }
  const units = bigUnits(text, scale);
  if (typeof units !== 'bigint') return err(units);
  const limit = BigInt(MAX_SAFE) << 48n;
  if (units > limit || units < -limit) return err({ code: 'TOO_LARGE', text, scale });
  fromBigInt(out, units);
  return ok(out);
}

/** Decimal text with exactly `scale` places: formatDecimal(6180030, 2) is "61800.30". */
export function formatDecimal(units: number, scale: number): string {
  checkScale(scale);
  if (!Number.isSafeInteger(units)) throw new RangeError(`decimal: expected a safe integer, was ${String(units)}`);
  return pointed(units < 0, String(Math.abs(units)), scale);
}

export function formatSplit(x: Split, scale: number): string {
  checkScale(scale);
  const units = toBigInt(x);
  return pointed(units < 0n, (units < 0n ? -units : units).toString(), scale);
}

/** Money for people: exact, without zeros at the end beyond two places, `191.01` for `191.010000000000`. */
export function formatMoney(x: Split, scale: number): string {
  const text = formatSplit(x, scale);
  const point = text.indexOf('.');
  if (point < 0) return text;
  let end = text.length;
  while (end > point + 3 && text[end - 1] === '0') end--;
  return text.slice(0, end);
}

/** The fewest decimal places that hold the text exactly: 1 for "61800.30", 0 for "5e3". */
export function decimalScale(text: string): Result<number, DecimalError> {
  if (!scan(text)) return err({ code: 'NOT_A_DECIMAL', text });
  let m = bigMantissa(text);
  if (m === 0n) return ok(0);
  let places = -found.exponent;
  while (places > 0 && m % 10n === 0n) {
    m /= 10n;
    places -= 1;
  }
  return ok(Math.max(0, places));
}

/** Reads a positive tick or lot once, for `countSteps` on many texts. */
export function decimalStep(stepText: string): Result<DecimalStep, StepError> {
  const scale = decimalScale(stepText);
  if (!scale.ok) return scale;
  if (scale.value > MAX_SCALE) return err({ code: 'TOO_FINE', text: stepText, scale: MAX_SCALE });
  const units = parseDecimal(stepText, scale.value);
  if (!units.ok) return units;
  if (units.value <= 0) return err({ code: 'STEP_NOT_POSITIVE', step: stepText });
  return ok({ text: stepText, scale: scale.value, units: units.value });
}

/** How many whole steps the text is. */
export function countSteps(text: string, step: DecimalStep): Result<number, StepError> {
  const units = parseDecimal(text, step.scale);
  if (units.ok) {
    if (units.value % step.units !== 0) return err({ code: 'NOT_A_MULTIPLE', text, step: step.text });
    return ok(units.value / step.units + 0);
  }
  if (units.error.code === 'TOO_FINE') return err({ code: 'NOT_A_MULTIPLE', text, step: step.text });
  if (units.error.code === 'NOT_A_DECIMAL') return units;
  return countLarge(text, step);
}

/** divideDecimal("61800.30", "0.10") is 618003. */
export function divideDecimal(text: string, stepText: string): Result<number, StepError> {
  const step = decimalStep(stepText);
  return step.ok ? countSteps(text, step.value) : step;
}

/** A double to the nearest integer, ties to even. */
export function roundHalfEven(x: number): number {
  const magnitude = Math.abs(x);
  const below = Math.floor(magnitude);
  const rest = magnitude - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = up ? below + 1 : below;
  return x < 0 ? 0 - rounded : rounded;
}

function countLarge(text: string, step: DecimalStep): Result<number, StepError> {
  const units = bigUnits(text, step.scale);
  if (typeof units !== 'bigint') return err(units);
  const size = BigInt(step.units);
  if (units % size !== 0n) return err({ code: 'NOT_A_MULTIPLE', text, step: step.text });
  const count = units / size;
  if (count > MAX_SAFE || count < -MAX_SAFE) return err({ code: 'TOO_LARGE', text, scale: step.scale });
  return ok(Number(count));
}

/** Fills `found`; false where the text is no decimal. */
function scan(text: string): boolean {
  const length = text.length;
  if (length === 0 || length > MAX_DECIMAL_LENGTH) return false;
  const negative = text.charCodeAt(0) === MINUS;
  let i = negative ? 1 : 0;
  let mantissa = 0;
  let digits = 0;
  let places = -1;
  for (; i < length; i++) {
    const c = text.charCodeAt(i);
    const d = c - ZERO;
    if (d >= 0 && d <= 9) {
      digits += 1;
      if (places >= 0) places += 1;
      if (mantissa >= 0) mantissa = mantissa * 10 + d;
      if (mantissa > MAX_SAFE) mantissa = -1;
    } else if (c === POINT && places < 0) {
      places = 0;
    } else {
      break;
    }
  }
  if (digits === 0) return false;
  const exponent = i === length ? 0 : scanExponent(text, i);
  if (exponent > MAX_EXPONENT) return false;
  found.negative = negative;
  found.mantissa = mantissa;
  found.exponent = places > 0 ? exponent - places : exponent;
  return true;
}

/** The signed exponent that starts at `from`, or MAX_EXPONENT + 1 where there is none or it is out of range. */
function scanExponent(text: string, from: number): number {
  const match = /^[eE]([+-]?\d{1,3})$/.exec(text.slice(from));
  return match === null ? MAX_EXPONENT + 1 : Number(match[1]);
}

function bigMantissa(text: string): bigint {
  const end = text.search(/[eE]/);
  return BigInt((end < 0 ? text : text.slice(0, end)).replace('-', '').replace('.', ''));
}

/** After `scan`: the exact integer, or why there is none. */
function bigUnits(text: string, scale: number): bigint | DecimalError {
  const m = bigMantissa(text);
  if (m === 0n) return 0n;
  const shift = found.exponent + scale;
  if (shift >= 0) {
    if (shift > MAX_DECIMAL_LENGTH) return { code: 'TOO_LARGE', text, scale };
    const units = m * tenTo(shift);
    return found.negative ? -units : units;
  }
  if (-shift > MAX_DECIMAL_LENGTH) return { code: 'TOO_FINE', text, scale };
  const divisor = tenTo(-shift);
  if (m % divisor !== 0n) return { code: 'TOO_FINE', text, scale };
  return found.negative ? -m / divisor : m / divisor;
}

function tenTo(n: number): bigint {
  return BigInt('1'.padEnd(n + 1, '0'));
}

function pointed(negative: boolean, digits: string, scale: number): string {
  const minus = negative ? '-' : '';
  if (scale === 0) return minus + digits;
  const padded = digits.padStart(scale + 1, '0');
  const split = padded.length - scale;
  return `${minus}${padded.slice(0, split)}.${padded.slice(split)}`;
}

function checkScale(scale: number): void {
  if (!(Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE)) {
    throw new RangeError(`decimal: expected a scale of 0 to ${MAX_SCALE}, was ${String(scale)}`);
  }
}
