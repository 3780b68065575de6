import { prng } from '../../base/prng.ts';

export interface GeneratedPair {
  readonly response: Float64Array;
  readonly regressor: Float64Array;
}

export const GENERATED_PAIRS = 200;

/**
 * Pair 0 ... GENERATED_PAIRS - 1, 60 to 399 long: independent walks, or a walk and a share of it with noise of more and more persistence.
 * Whole numbers divided by 1000, so that vectors/quant/generated.py makes the same doubles.
 */
export function generatedPair(number: number): GeneratedPair {
  const random = prng(5000 + number);
  const length = 60 + random.int(340);
  const kind = number % 4;
  const regressor = new Float64Array(length);
  const response = new Float64Array(length);
  let x = 100_000;
  let other = 80_000;
  let error = 0;
  for (let i = 0; i < length; i++) {
    x += random.int(2001) - 1000;
    other += random.int(2001) - 1000;
    error = Math.trunc((error * kind * 3) / 10) + random.int(2001) - 1000;
    regressor[i] = x / 1000;
    response[i] = (kind === 0 ? other : Math.trunc((x * 7) / 10) + error) / 1000;
  }
  return { response, regressor };
}

/** Walk of whole steps -1000 ... 1000, divided by `scale`. */
export function generatedWalk(seed: number, count: number, scale = 1000): Float64Array {
  const random = prng(seed);
  let x = 0;
  return Float64Array.from({ length: count }, () => {
    x += random.int(2001) - 1000;
    return x / scale;
  });
}

/** The whole steps of that walk, divided by `scale`. */
export function generatedNoise(seed: number, count: number, scale = 1000): Float64Array {
  const random = prng(seed);
  return Float64Array.from({ length: count }, () => (random.int(2001) - 1000) / scale);
}
