import { requireWhole, requireWithin } from '../preconditions.ts';

/**
 * `benjamini-hochberg-1995` holds for independent or positively dependent tests, `benjamini-yekutieli-2001` under any dependence
 * (its price is the factor 1 + 1/2 + ... + 1/m).
 */
export type FalseDiscoveryProcedure = 'benjamini-hochberg-1995' | 'benjamini-yekutieli-2001';

export interface FalseDiscovery {
  /** Smallest rate at which the test would be rejected, in the order given, 0 ... 1. */
  readonly adjusted: Float64Array;
  /** In the order given. */
  readonly rejected: readonly boolean[];
}

/**
 * False-discovery control of m p-values (Benjamini & Hochberg 1995, eq. 1; Benjamini & Yekutieli 2001, theorem 1.3): rejects those
 * whose adjusted p-value min over j >= i of m p_(j) / j is at most `rate`.
 */
export function controlFalseDiscovery(
  pValues: ArrayLike<number>,
  rate: number,
  procedure: FalseDiscoveryProcedure = 'benjamini-hochberg-1995',
): FalseDiscovery {
  requireWithin('false-discovery rate', rate, 0, 1);
  const count = pValues.length;
  requireWhole('number of p-values', count, 0, Number.MAX_SAFE_INTEGER);
  for (let i = 0; i < count; i++) requireWithin('p-value', pValues[i], 0, 1);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const factor = procedure === 'benjamini-yekutieli-2001' ? harmonic(count) : 1;
  const adjusted = new Float64Array(count);
  let smallest = 1;
  for (let rank = count; rank >= 1; rank--) {
    const index = order[rank - 1];
    smallest = Math.min(smallest, (factor * count * pValues[index]) / rank);
    adjusted[index] = smallest;
  }
  return { adjusted, rejected: Array.from(adjusted, (p) => p <= rate) };
}

function harmonic(count: number): number {
  let sum = 0;
  for (let i = 1; i <= count; i++) sum += 1 / i;
  return sum;
}
