/** How often an algorithm was tried, as two people have accepted it from the registry of trials, and the head of what they looked at. */
export interface TrialHead {
  readonly algorithmID: string;
  readonly trials: number;
  readonly trialVariance: number;
  /** SHA-256, hex, of the registry's first `bytes` bytes about the algorithm. */
  readonly head: string;
  readonly bytes: number;
}
