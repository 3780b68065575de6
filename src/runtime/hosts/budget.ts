/** What one strategy may cost its host. */
export interface Budget {
  /** Longest callback (ms, wall clock). */
  readonly callMillis: number;
  /** Most that the heap of a host may hold (MiB); what makes it grow past three quarters of this is ended. */
  readonly heapMebibytes: number;
  /** Most proposals of one strategy in one second of the desk's clock. */
  readonly proposalsPerSecond: number;
}

/** On a live desk. */
export const liveBudget: Budget = { callMillis: 50, heapMebibytes: 256, proposalsPerSecond: 2_000 };

/** On recordings nobody waits: only what never ends is ended. */
export const recordedBudget: Budget = { callMillis: 5_000, heapMebibytes: 1_024, proposalsPerSecond: 1_000_000 };
