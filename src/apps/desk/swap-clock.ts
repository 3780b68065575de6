import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';

/** Wall-clock measurement of the last swap; it goes to output and metrics, never into a record. */
export class SwapClock {
  #stepStartedAt = performance.now();
  #frozenAt: number | undefined;
  /** Microseconds from the beginning of the step that stopped the old version until the new one was let go, the commit's record on disk. 0 = no swap was committed. */
  freezeUs = 0;

  /** Called when an input is about to be stepped. */
  stepStarts(): void {
    this.#stepStartedAt = performance.now();
  }

  observe(decisions: readonly Decision[]): void {
    for (const { kind } of decisions) {
      if (kind === 'swapFrozen') this.#frozenAt = this.#stepStartedAt;
      if (kind === 'swapAborted') this.#frozenAt = undefined;
    }
  }

  /** Called when an effect leaves the outbox. */
  onEffect(effect: Effect): void {
    if (effect.kind !== 'handover' || effect.verb !== 'commit' || this.#frozenAt === undefined) return;
    this.freezeUs = (performance.now() - this.#frozenAt) * 1_000;
    this.#frozenAt = undefined;
  }
}
