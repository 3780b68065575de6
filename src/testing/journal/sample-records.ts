import fc from 'fast-check';
import type { Decision } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import { entries } from '../../domain/schema/table.ts';
import { micros } from '../../base/units.ts';
import type { JournalPort } from '../../ports/journal.ts';
import { arbitraryValue } from './arbitrary-value.ts';

/** One turn of a desk: an input and what came of it. */
export interface Turn {
  readonly at: number;
  readonly input: Input;
  readonly decisions: readonly Decision[];
}

const start = 1_723_075_200_000_000;
const inputs = entries.filter((entry) => entry.of === 'input').map(arbitraryValue);
const decisions = entries.filter((entry) => entry.of === 'decision').map(arbitraryValue);

/** Turns of every kind of record, the same ones for the same seed. */
export function sampleTurns(seed: number, count: number): readonly Turn[] {
  const turn = fc.tuple(fc.oneof(...inputs), fc.array(fc.oneof(...decisions), { maxLength: 3 }), fc.nat(5000));
  let at = start;
  return fc.sample(turn, { seed, numRuns: count }).map(([input, caused, passed]) => {
    at += passed;
    return { at, input: input as unknown as Input, decisions: caused as unknown as Decision[] };
  });
}

/** Appends a turn as the sequencer does; returns its last seq. */
export function appendTurn(journal: JournalPort, turn: Turn): number {
  const seq = journal.nextSeq;
  const at = micros(turn.at);
  journal.appendInput(seq, at, turn.input);
  turn.decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
  return seq + turn.decisions.length;
}
