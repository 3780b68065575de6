import type { Decision } from '../domain/decision.ts';
import type { Effect } from '../domain/effect.ts';

/** What one step decided and wants done, in order. The arrays are emptied by the next step. */
export interface Outcome {
  readonly decisions: Decision[];
  readonly effects: Effect[];
}

export function createOutcome(): Outcome {
  return { decisions: [], effects: [] };
}

export function clearOutcome(outcome: Outcome): void {
  // popped, not cut to 0: that would give up the arrays' memory at every step
  while (outcome.decisions.length > 0) outcome.decisions.pop();
  while (outcome.effects.length > 0) outcome.effects.pop();
}
