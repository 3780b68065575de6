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
  outcome.decisions.length = 0;
  outcome.effects.length = 0;
}
