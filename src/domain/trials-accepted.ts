import type { AlgorithmID } from './ids.ts';

/** The desk knows an algorithm's trials from here on: a deployment that declares another number is refused. */
export interface TrialsAccepted {
  readonly kind: 'trialsAccepted';
  readonly algorithmID: AlgorithmID;
  /** What it knew before, 0 = nothing. */
  readonly from: number;
  readonly trials: number;
  readonly trialVariance: number;
  readonly head: string;
  readonly bytes: number;
  readonly actor: string;
}
