import type { Micros } from '../../../base/units.ts';
import type { Core } from '../../../core/core.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { Seq } from '../../../domain/ids.ts';
import type { Input } from '../../../domain/input.ts';

/** One input with what the desk decided on it: all that a checker hears of the desk's inside. */
export interface Turn {
  readonly seq: Seq;
  /** Number of its last decision; its own when there is none. */
  readonly lastSeq: Seq;
  readonly term: number;
  readonly at: Micros;
  readonly input: Input;
  readonly decisions: readonly Decision[];
}

/** A checker's sentence: the name of the property, and what was seen. */
export type Say = (property: string, text: string) => void;

/** There was something to check. */
export type Count = (what: string) => void;

/** Facts that are read off the turns of a journal. Folded anew when a desk goes on with what its disk kept; only then `core` is absent. */
export interface Fold {
  take(turn: Turn, core: Core | undefined, say: Say): void;
}
