import type { Effect } from '../../domain/effect.ts';
import type { HandoverNotice } from '../../domain/swap.ts';

/** A version cannot be handed over between host threads yet: the swap ends with this sentence. null = the step needs no answer. */
export function refusedHandover({
  verb,
  swap,
  to: row,
}: Pick<Extract<Effect, { kind: 'handover' }>, 'verb' | 'swap' | 'to'>): HandoverNotice | null {
  if (verb === 'commit' || verb === 'abort') return null;
  const text = 'a hand-over between versions in host threads is not built: run the desk without hosts';
  return { kind: 'handover', swap, row, event: 'refused', eventSeq: 0, exported: '', taken: '', text };
}
