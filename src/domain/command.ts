import type { Micros } from '../base/units.ts';
import type { Actor } from './actor.ts';
import type { AlgorithmID, DeploymentID, SliceID, VersionID } from './ids.ts';
import type { KillTarget } from './kill.ts';
import type { LimitKey } from './limit.ts';
import type { DeploymentSpec, FlattenMode } from './spec.ts';

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
      readonly verb: 'pause' | 'resume' | 'abort' | 'retry' | 'rollback' | 'undo';
      readonly deploymentID: DeploymentID;
      readonly reason: string;
    }
  /** One rung up. Every gate is judged on one number now; `waives` names those that two people let pass as they are. */
  | { readonly verb: 'promote'; readonly deploymentID: DeploymentID; readonly reason: string; readonly waives?: readonly string[] }
  | { readonly verb: 'approve'; readonly deploymentID: DeploymentID; readonly stage: number; readonly specHash: string }
  | {
      readonly verb: 'waive';
      readonly deploymentID: DeploymentID;
      /** The stage before which the gate is asked: it is asked again before the next one. */
      readonly stage: number;
      readonly gate: string;
      readonly reason: string;
    }
  /** A person's no: approvals of the stage are gone and the climb stands. */
  | { readonly verb: 'deny'; readonly deploymentID: DeploymentID; readonly reason: string }
  | { readonly verb: 'halt' | 'unhalt'; readonly sliceID: SliceID; readonly version: VersionID; readonly reason: string }
  /** Takes authority away if it is there, then works off the lots that the slice's custodian holds. */
  | {
      readonly verb: 'flatten';
      readonly sliceID: SliceID;
      readonly version: VersionID;
      readonly mode: Exclude<FlattenMode, 'none'>;
      /** bps that a limit may give away. */
      readonly slippageBps: number;
      readonly reason: string;
    }
  /** A version's share of its slice, in 0.0001 of the capital: down by one person, back up to what its stage was granted by two. */
  | {
      readonly verb: 'allocate';
      readonly sliceID: SliceID;
      readonly version: VersionID;
      readonly allocation: number;
      readonly reason: string;
    }
  | { readonly verb: 'startStrategy' | 'stopStrategy' | 'pauseStrategy'; readonly algorithmID: AlgorithmID; readonly reason: string }
  /** Left out: the firm. */
  | { readonly verb: 'kill' | 'release'; readonly reason: string; readonly target?: KillTarget }
  | { readonly verb: 'setLimit'; readonly key: LimitKey; /** null removes it */ readonly value: number | null; readonly reason?: string }
  /** How often an algorithm was tried, and the head of the registry of trials that it was counted in: two people say so, whoever deploys it does not. */
  | {
      readonly verb: 'acceptTrials';
      readonly algorithmID: AlgorithmID;
      readonly trials: number;
      /** Of their annualized Sharpe ratios. */
      readonly trialVariance: number;
      /** SHA-256, hex, of the first `bytes` bytes of the registry's file of the algorithm. */
      readonly head: string;
      readonly bytes: number;
    }
  /** A level of an index that is not traded here (VIX, in points) and when it was so; null = now. One that cuts sizes takes one person, any other two. */
  | { readonly verb: 'tellSignal'; readonly name: string; readonly value: number; readonly knownAt: Micros | null; readonly reason: string }
  /** Compare the desk with its venues now. */
  | { readonly verb: 'reconcile'; readonly reason: string }
  /** Live with an open break: its rows work again as long as its figures stay what they are. */
  | { readonly verb: 'acceptBreak'; readonly breakID: string; readonly reason: string }
  /** Who has which roles from now on; said by the desk itself. What somebody else approved or proposed ends where it takes a role that they lost. */
  | { readonly verb: 'knowPeople'; readonly people: readonly Actor[] }
  | { readonly verb: 'restrict' | 'unrestrict'; readonly instrumentID: string; readonly reason: string }
  /** Done at once where one person suffices; else it waits for a second one. */
  | { readonly verb: 'propose'; readonly command: Proposable }
  /** The second person: yes to exactly what the digest stands for, or no (whoever proposed may take it back). */
  | { readonly verb: 'agree'; readonly proposalID: string; readonly digest: string }
  | { readonly verb: 'disagree'; readonly proposalID: string; readonly reason: string };

/** What may be proposed: everything but the words about proposals themselves. */
export type Proposable = Exclude<Command, { readonly verb: 'propose' | 'agree' | 'disagree' | 'knowPeople' }>;

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
  'KEY_USED_FOR_ANOTHER_COMMAND',
  'GATES_NOT_PASSED',
  'PAUSED_BY_A_PERSON',
  'PAST_ITS_STAGE',
  'NO_EARLIER_VERSION',
  'PROPOSER_CANNOT_APPROVE',
  'UNKNOWN_PROPOSAL',
  'PROPOSAL_DIFFERS',
  'PROPOSAL_EXPIRED',
  'UNKNOWN_ALGORITHM',
  'EXPECTATION_NOT_KNOWN',
  'BLUE_NOT_ACTIVE',
  'UNKNOWN_BREAK',
  'GATE_NOT_JUDGED',
  'LIMIT_NEVER_BINDS',
  'NO_BASELINE',
  'TRIALS_NOT_ACCEPTED',
  'SIGNAL_NOT_TAKEN',
  'FREEZE_WINDOW',
] as const;
export type CommandRefusal = (typeof commandRefusals)[number];
