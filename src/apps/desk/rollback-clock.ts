import type { Decision } from '../../domain/decision.ts';

/** Wall-clock measurements of the last rollback; they go to output and metrics, never into a record. */
export class RollbackClock {
  #stepStartedAt = performance.now();
  #triggeredAt = 0;
  #targets = new Set<number>();
  /** Microseconds from the beginning of the step that saw the trigger to the fence, and to the last cancel handed to a venue in RB2. */
  fenceUs = 0;
  cancelsOnWireUs = 0;

  /** Called when an input is about to be stepped. */
  stepStarts(): void {
    this.#stepStartedAt = performance.now();
  }

  observe(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'triggerFired') {
        this.#triggeredAt = this.#stepStartedAt;
        this.fenceUs = (performance.now() - this.#triggeredAt) * 1_000;
        this.cancelsOnWireUs = 0;
        this.#targets = new Set();
      }
      if (decision.kind === 'cancelSent' && decision.reason === 'rollback') this.#targets.add(decision.target);
    }
  }

  cancelSent(target: number): void {
    if (this.#targets.has(target)) this.cancelsOnWireUs = (performance.now() - this.#triggeredAt) * 1_000;
  }
}
