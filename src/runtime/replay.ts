import { createCore, type Core, type CoreCapacities } from '../core/core.ts';
import { stateHash, step } from '../core/engine.ts';
import { clearOutcome, createOutcome, type Outcome } from '../core/outcome.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { DecisionComparer } from '../journal/diff.ts';
import type { RecordedBytes } from '../journal/record.ts';
import { PayloadError } from '../domain/schema/wire.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';

/** One record as replay needs it. */
export type ReplayRecord = { readonly seq: Seq; readonly at: Micros; readonly term: number; readonly recorded?: RecordedBytes } & (
  { readonly of: 'input'; readonly input: Input } | { readonly of: 'decision'; readonly causeSeq: Seq; readonly decision: Decision }
);

/** First place where what was recorded and what is derived part ways. `null`: one of them has nothing there. */
export interface ReplayDifference {
  readonly seq: Seq;
  readonly recorded: Decision | null;
  readonly derived: Decision | null;
}

/** Most differences that are kept; one is enough to refuse to trade. */
export const maxDifferences = 16;

/**
 * Derives every decision again from the inputs through `core.step` and compares it with the record. `same` says whether two decisions are one (by their
 * record bytes).
 */
export class Replay {
  core: Core | undefined;
  /** Time of the last record. */
  at: Micros = microsUnchecked(0);
  inputs = 0;
  decisions = 0;
  readonly differences: ReplayDifference[] = [];
  /** Hears what each input gave, its effects too. */
  onStep: (record: ReplayRecord, outcome: Outcome) => void = () => undefined;
  readonly #capacities: CoreCapacities;
  readonly #same: DecisionComparer;
  readonly #outcome = createOutcome();
  /** Decisions of the last step; the outcome's own list. */
  readonly #expected: readonly Decision[] = this.#outcome.decisions;
  #next = 0;
  #causeSeq: Seq = 0;

  /** @param core goes on from there; absent: from an empty desk. */
  constructor(capacities: CoreCapacities, same: DecisionComparer, core?: Core) {
    this.core = core;
    this.#capacities = capacities;
    this.#same = same;
  }

  /** After the last record: decisions that were derived but never recorded differ too. */
  settle(): void {
    this.#finishStep();
  }

  take(record: ReplayRecord): void {
    this.core ??= createCore(record.term, this.#capacities);
    this.at = record.at;
    if (record.of === 'input') {
      this.#finishStep();
      this.inputs++;
      this.#causeSeq = record.seq;
      this.#next = 0;
      clearOutcome(this.#outcome);
      step(this.core, record.seq, record.at, record.input, this.#outcome);
      this.onStep(record, this.#outcome);
      return;
    }
    this.decisions++;
    const derived = this.#next < this.#expected.length ? this.#expected[this.#next] : null;
    this.#next += 1;
    const { recorded } = record;
    const isSame =
      derived !== null &&
      record.causeSeq === this.#causeSeq &&
      (recorded === undefined ? this.#same(record.decision, derived) : this.#same.ofBytes(recorded, derived));
    if (!isSame) this.#differ(record.seq, decisionOf(record), derived);
  }

  /** Every decision that was derived has been compared: the state is one between two inputs. */
  get settled(): boolean {
    return this.#next === this.#expected.length;
  }

  finish(): { readonly equal: boolean; readonly stateHash: string } {
    this.settle();
    return { equal: this.differences.length === 0 && this.inputs > 0, stateHash: this.core === undefined ? '' : stateHash(this.core) };
  }

  #finishStep(): void {
    for (let n = this.#next; n < this.#expected.length; n++) this.#differ(this.#causeSeq + 1 + n, null, this.#expected[n]);
    this.#next = this.#expected.length;
  }

  #differ(seq: Seq, recorded: Decision | null, derived: Decision | null): void {
    if (this.differences.length < maxDifferences) this.differences.push({ seq, recorded, derived });
  }
}

/** null: its payload is none of its kind, though its checksum is right. */
function decisionOf(record: { readonly decision: Decision }): Decision | null {
  try {
    return record.decision;
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}
