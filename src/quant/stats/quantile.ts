import { requireWhole, requireWithin } from '../preconditions.ts';

/**
 * Sample quantiles by Hyndman & Fan (1996): `linear` is their definition 7 (interpolation between order statistics at (n - 1) p, the
 * default of R and NumPy), `inverse` their definition 1 (the inverse of the empirical distribution: always one of the values).
 */
export type QuantileDefinition = 'linear' | 'inverse';

/** Ascending copy; the order that `quantileOfSorted` asks for. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Quantile at probability 0 ... 1, in the unit of the values; needs at least one, all finite. */
export function quantile(values: ArrayLike<number>, probability: number, definition: QuantileDefinition = 'linear'): number {
  return quantileOfSorted(sorted(values), probability, definition);
}

export function quantileOfSorted(ascending: Float64Array, probability: number, definition: QuantileDefinition = 'linear'): number {
  const n = ascending.length;
  requireWhole('number of values', n, 1, Number.MAX_SAFE_INTEGER);
  requireWithin('probability', probability, 0, 1);
  switch (definition) {
    case 'linear': {
      const position = (n - 1) * probability;
      const below = Math.floor(position);
      const above = Math.min(below + 1, n - 1);
      return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }
    case 'inverse':
      return ascending[Math.max(0, Math.ceil(n * probability) - 1)];
  }
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
