import { normCdf } from '../../base/math.ts';
import { requireWhole } from '../preconditions.ts';

export type Alternative = 'twoSided' | 'greater' | 'less';

export interface MannWhitney {
  /** Pairs in which the first sample's value is larger, ties counting half. */
  readonly u: number;
  readonly pValue: number;
  /**
   * Chance that a value of the first sample exceeds one of the second, ties half: 0.5 is no effect (Vargha & Delaney 2000, A;
   * a large effect is said to begin at 0.71 or 0.29).
   */
  readonly superiority: number;
}

/**
 * Rank-sum test that two independent samples come from one distribution (Mann & Whitney 1947), by the normal approximation with
 * continuity correction and variance corrected for ties (Conover 1999, section 5.1): meant for samples of 8 and more.
 * `greater`: the first tends to be larger. `undefined` when all values are equal.
 */
export function mannWhitney(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  alternative: Alternative = 'twoSided',
): MannWhitney | undefined {
  requireWhole('size of the first sample', first.length, 1, Number.MAX_SAFE_INTEGER);
  requireWhole('size of the second sample', second.length, 1, Number.MAX_SAFE_INTEGER);
  const { rankSum, tieSum } = rankFirst(first, second);
  const m = first.length;
  const n = second.length;
  const total = m + n;
  const u = rankSum - (m * (m + 1)) / 2;
  const spread = ((m * n) / 12) * (total + 1 - tieSum / (total * (total - 1)));
  if (!(spread > 0)) return undefined;
  const distance = (u - (m * n) / 2) / Math.sqrt(spread);
  const correction = 0.5 / Math.sqrt(spread);
  return { u, pValue: tail(distance, correction, alternative), superiority: u / (m * n) };
}

function tail(distance: number, correction: number, alternative: Alternative): number {
  switch (alternative) {
    case 'twoSided':
      return Math.min(1, 2 * normCdf(correction - Math.abs(distance)));
    case 'greater':
      return normCdf(correction - distance);
    case 'less':
      return normCdf(distance + correction);
  }
}

/** Sum of the first sample's ranks in the pooled sample (ties share their mean rank) and the sum of t^3 - t over tied groups. */
function rankFirst(first: ArrayLike<number>, second: ArrayLike<number>): { rankSum: number; tieSum: number } {
  const m = first.length;
  const pooled = Array.from({ length: m + second.length }, (_, i) => ({ value: i < m ? first[i] : second[i - m], isFirst: i < m }));
  pooled.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let tieSum = 0;
  for (let start = 0; start < pooled.length;) {
    let end = start;
    let firsts = 0;
    for (; end < pooled.length && pooled[end].value === pooled[start].value; end++) if (pooled[end].isFirst) firsts++;
    if (end === start) throw new RangeError('expected numbers in both samples, was NaN');
    const tied = end - start;
    rankSum += firsts * ((start + 1 + end) / 2);
    tieSum += tied * tied * tied - tied;
    start = end;
  }
  return { rankSum, tieSum };
}
