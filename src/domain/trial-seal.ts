import { canonicalJson } from '../base/canonical.ts';
import { hex, sha256 } from '../base/sha256.ts';
import { utf8Encode } from '../base/utf8.ts';

/** How often an algorithm was tried, by the registry of trials, and how widely the annualized Sharpe ratios of the trials vary. */
export interface CountedTrials {
  readonly trials: number;
  readonly trialVariance: number;
}

/** What a count of trials is declared for. A version never changes its code: the desk holds its artifact to the digest that it was registered with. */
export interface TriedVersion {
  readonly algorithmID: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** Binds a count of trials to a version and its parameters: SHA-256 over the canonical JSON of both, hex. */
export function sealTrials({ algorithmID, version, parameters }: TriedVersion, { trials, trialVariance }: CountedTrials): string {
  return hex(sha256(utf8Encode(canonicalJson({ algorithmID, version, parameters: { ...parameters }, trials, trialVariance }))));
}
