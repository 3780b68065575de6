import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A file of vectors/quant, made by vectors/quant/generate.py from the libraries that its `source` names. */
export function golden<Content>(name: string): Content {
  const url = new URL(`../../../vectors/quant/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Content;
}

/** Within `tolerance`, absolute up to 1 and relative above; `null` stands for no value. */
export function expectClose(actual: number | undefined, expected: number | null, what: string, tolerance = 1e-9): void {
  if (expected === null || actual === undefined) {
    expect(actual ?? null, what).toBe(expected);
    return;
  }
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  expect(error, `${what}: was ${actual}, expected ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** Element by element; returns how many of them were numbers, so that a test can refuse to pass on none. */
export function expectAllClose(
  actual: ArrayLike<number | undefined>,
  expected: readonly (number | null)[],
  what: string,
  tolerance = 1e-9,
): number {
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expectClose(actual[i], expected[i], `${what}[${i}]`, tolerance);
  return expected.filter((value) => value !== null).length;
}
