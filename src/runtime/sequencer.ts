import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import { step } from '../core/engine.ts';
import { clearOutcome, createOutcome, type Outcome } from '../core/outcome.ts';
import type { Decision } from '../domain/decision.ts';
import type { Effect } from '../domain/effect.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { JournalPort } from '../ports/journal.ts';
import { thrownText } from './thrown-text.ts';
import { createOutbox, type Outbox } from './outbox.ts';

export interface SequencerOptions {
  readonly core: Core;
  readonly journal: JournalPort;
  /** Where effects go when they may leave. */
  readonly leave: (effect: Effect) => void;
  readonly beforeStep?: () => void;
  /** Hears every input with its decisions, before effects leave (projections, own reports, measurements). */
  readonly observe: (seq: Seq, at: Micros, input: Input, decisions: readonly Decision[]) => void;
}

/** Gives numbers: an input takes the next one, its decisions the following ones, and only then comes the next input. */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #outbox: Outbox;
  readonly #outcome: Outcome = createOutcome();
  #stepping = false;
  /** Set when something was thrown in the middle of an input: the core is between two states and steps nothing any more. */
  #broken: Error | undefined;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#outbox = createOutbox(options.leave);
  }

  /** Steps one input. Reducing effects have left when it returns. @returns the seq given. @throws what its parts throw; after that, where the input had its number, always */
  submit(at: Micros, input: Input): Seq {
    assert(!this.#stepping, 'one input at a time: an effect may not submit');
    if (this.#broken !== undefined) throw this.#broken;
    this.#stepping = true;
    const seq = this.#options.journal.nextSeq;
    try {
      this.#number(seq, at, input);
      return seq;
    } catch (error) {
      if (this.#options.journal.nextSeq !== seq)
        this.#broken = new Error(`the core stopped in the middle of input ${seq}: ${thrownText(error)}`);
      throw error;
    } finally {
      this.#stepping = false;
    }
  }

  #number(seq: Seq, at: Micros, input: Input): void {
    const { core, journal, observe } = this.#options;
    clearOutcome(this.#outcome);
    this.#options.beforeStep?.();
    journal.appendInput(seq, at, input);
    step(core, seq, at, input, this.#outcome);
    const { decisions, effects } = this.#outcome;
    for (let n = 0; n < decisions.length; n++) journal.appendDecision(seq + 1 + n, at, seq, decisions[n]);
    observe(seq, at, input, decisions);
    this.#outbox.accept(seq + decisions.length, effects);
  }

  /** Expanding effects wait for the disk. */
  get holding(): boolean {
    return this.#outbox.held > 0;
  }

  /** Lets go what has become durable; for journals whose durability needs no waiting. */
  release(): void {
    this.#outbox.release(this.#options.journal.durableSeq);
  }

  /** Writes, syncs and lets go. @returns undefined, or why the journal can take no more. */
  async flush(): Promise<string | undefined> {
    const flushed = await this.#options.journal.flush();
    this.#outbox.release(flushed.durableSeq);
    return flushed.ok ? undefined : flushed.message;
  }
}
