import { isTrial, type TrialOutcome } from './trial.ts';
import type { TrialCount, TrialEntry, TrialRegistry, TrialScope } from './trial-registry.ts';

/** Outcomes that wait for one append, and how long at most (ms). */
const waitingMost = 5_000;
const patience = 1_000;

/** Counts the trials of one search as they come in: in batches, each run once. */
export class TrialTally {
  readonly #registry: TrialRegistry;
  readonly #terms: Pick<TrialEntry, 'algorithm' | 'version' | 'kind' | 'scope'>;
  readonly #known: Set<string>;
  #waiting: TrialEntry[] = [];
  #flushedAt = performance.now();

  constructor(registry: TrialRegistry, terms: { algorithm: string; version: string; kind: TrialEntry['kind']; scope: TrialScope }) {
    this.#registry = registry;
    this.#terms = terms;
    this.#known = new Set(registry.read(terms.algorithm).entries.map(({ runId }) => runId));
  }

  add(outcomes: readonly TrialOutcome[]): void {
    this.addRuns(outcomes.filter(isTrial));
    if (this.#waiting.length >= waitingMost || performance.now() - this.#flushedAt > patience) this.flush();
  }

  addRuns(runs: readonly { readonly runId: string; readonly sharpe: number | null }[]): void {
    for (const { runId, sharpe } of runs) {
      if (this.#known.has(runId)) continue;
      this.#known.add(runId);
      this.#waiting.push({ ...this.#terms, runId, sharpe });
    }
  }

  flush(): void {
    this.#registry.count(this.#waiting);
    this.#waiting = [];
    this.#flushedAt = performance.now();
  }

  /** All trials of the algorithm on this data, from whatever process and time. */
  total(): TrialCount {
    this.flush();
    return this.#registry.trialsOn(this.#terms.algorithm, this.#terms.scope);
  }
}
