import { canonicalJson } from '../../base/canonical.ts';
import type { Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { BettingSide, BettingState } from '../../quant/evidence/betting.ts';
import type { Rollout } from './rollout.ts';

/**
 * One running e-process of a version: declared before its first datum, never reset by stage, pause, retry or restart. Its data are those of a track of the
 * version's returns that began to be measured after its declaration.
 */
export interface EvidenceRun {
  readonly row: RowIx;
  readonly side: BettingSide;
  /** Canonical text of what was declared; the same terms go on with the same process. */
  readonly terms: string;
  /** The how-manyeth declaration of its algorithm, from 1, by another version or on other terms: it has that share of their alpha. */
  readonly ordinal: number;
  /** Its track of returns. */
  readonly track: number;
  readonly declaredAt: Micros;
  state: BettingState;
}

/** What is declared before the first datum, as one canonical text. Paper and real results have processes of their own. */
export function termsOf(
  side: BettingSide,
  grid: readonly number[],
  nullMean: number,
  stress: number,
  interval: number,
  simulated = false,
): string {
  const terms = { metric: 'netReturn', side, grid: [...grid], nullMean, stress, interval };
  return canonicalJson(simulated ? { ...terms, paper: true } : terms);
}

export function findRun(rollout: Rollout, row: RowIx, terms: string): EvidenceRun | undefined {
  return rollout.evidence.find((running) => running.row === row && running.terms === terms);
}

/** K of the process now. */
export function valueOf({ state }: EvidenceRun): number {
  let sum = 0;
  for (let j = 0; j < state.wealth.length; j++) sum += state.weights[j] * state.wealth[j];
  return sum;
}
