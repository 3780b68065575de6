import type { Prng } from '../../base/prng.ts';
import { requireWhole, requireWithin } from '../preconditions.ts';

/**
 * Indices of one stationary-bootstrap sample of a series of `length` observations (Politis & Romano 1994, section 2): blocks of geometric
 * length with mean `meanBlock` observations (>= 1; 1 is the ordinary bootstrap), wrapped around the end. Fills and returns `into`, whose
 * length is the sample's.
 */
export function resampleStationary(length: number, meanBlock: number, random: Prng, into: Int32Array): Int32Array {
  requireWhole('length of the series', length, 1, 0x7fffffff);
  requireWithin('mean block length', meanBlock, 1, Number.MAX_VALUE);
  const newBlock = 1 / meanBlock;
  let index = 0;
  for (let i = 0; i < into.length; i++) {
    const restart = i === 0 || random.float() < newBlock;
    index = restart ? random.int(length) : index + 1 === length ? 0 : index + 1;
    into[i] = index;
  }
  return into;
}

/** Most samples of one bootstrap. */
export const MAX_SAMPLES = 1_000_000;

/**
 * The statistic of `samples` stationary-bootstrap samples of `values`, in the order drawn; samples on which it is undefined are left out.
 * `statistic` gets an array that is overwritten by the next sample.
 */
export function bootstrapStatistics(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number | undefined,
  options: { readonly samples: number; readonly meanBlock: number; readonly random: Prng },
): Float64Array {
  requireWhole('number of samples', options.samples, 1, MAX_SAMPLES);
  const indices = new Int32Array(values.length);
  const sample = new Float64Array(values.length);
  const found: number[] = [];
  for (let s = 0; s < options.samples; s++) {
    resampleStationary(values.length, options.meanBlock, options.random, indices);
    for (let i = 0; i < indices.length; i++) sample[i] = values[indices[i]];
    const value = statistic(sample);
    if (value !== undefined) found.push(value);
  }
  return Float64Array.from(found);
}
