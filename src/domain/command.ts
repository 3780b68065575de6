import type { Actor } from './actor.ts';
import type { AlgorithmID, DeploymentID, SliceID, VersionID } from './ids.ts';
import type { LimitKey } from './limit.ts';
import type { DeploymentSpec } from './spec.ts';

/** What a person or a program may ask of the desk. Restricting ones take one person, expanding ones two (`approvedBy` differs from the actor). */
export type Command =
  | { readonly verb: 'registerVersion'; readonly algorithmID: AlgorithmID; readonly version: VersionID; readonly artifactDigest: string }
  | {
      readonly verb: 'setSlice';
      readonly sliceID: SliceID;
      readonly algorithmID: AlgorithmID;
      readonly accountGroup: string;
      readonly currency: string;
      /** decimal strings */ readonly totalCapital: string;
      readonly reserve: string;
    }
  | { readonly verb: 'deploy'; readonly spec: DeploymentSpec }
  | {
      readonly verb: 'promote' | 'pause' | 'resume' | 'abort' | 'retry' | 'rollback';
      readonly deploymentID: DeploymentID;
      readonly reason: string;
    }
  | { readonly verb: 'approve'; readonly deploymentID: DeploymentID; readonly stage: number; readonly specHash: string }
  | {
      readonly verb: 'waive';
      readonly deploymentID: DeploymentID;
      /** The stage before which the gate is asked: it is asked again before the next one. */
      readonly stage: number;
      readonly gate: string;
      readonly reason: string;
    }
  | { readonly verb: 'halt' | 'unhalt'; readonly sliceID: SliceID; readonly version: VersionID; readonly reason: string }
  | { readonly verb: 'kill'; readonly reason: string }
  | { readonly verb: 'release'; readonly reason: string }
  | { readonly verb: 'setLimit'; readonly key: LimitKey; /** null removes it */ readonly value: number | null }
  | { readonly verb: 'restrict' | 'unrestrict'; readonly instrumentID: string; readonly reason: string };

export type Verb = Command['verb'];

/** A command with who asks, who agrees, which state it expects and the key under which a repetition is the same command. */
export interface CommandEnvelope {
  readonly commandID: string;
  readonly actor: Actor;
  /** The second person of an expanding command; null = one person. */
  readonly approvedBy: Actor | null;
  /** Refused when the limit's, deployment's or row's revision (epoch) is another one; null = no expectation. */
  readonly expectedRevision: number | null;
  readonly command: Command;
}

export const commandRefusals = [
  'UNKNOWN_DEPLOYMENT',
  'UNKNOWN_VERSION',
  'UNKNOWN_SLICE',
  'UNKNOWN_GATE',
  'UNKNOWN_SCOPE',
  'UNKNOWN_INSTRUMENT',
  'UNKNOWN_VENUE',
  'ALREADY_DEPLOYED',
  'REVISION_CHANGED',
  'ROLE_REQUIRED',
  'SECOND_PERSON_REQUIRED',
  'SWAP_OR_ROLLBACK_IN_FLIGHT',
  'KILL_SWITCH_ENGAGED',
  'VERSION_HALTED',
  'CAPITAL_DIFFERS_FROM_SLICE',
  'NOT_ENOUGH_FREE_CAPITAL',
  'NOT_IN_THIS_PHASE',
  'SPEC_HASH_DIFFERS',
  'LIMIT_NOT_A_SAFE_INTEGER',
  'CAPACITY_REACHED',
  'NOT_BUILT',
  'BETS_NOT_BOUNDED',
] as const;
export type CommandRefusal = (typeof commandRefusals)[number];
