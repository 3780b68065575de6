import { splitZero, type Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { DeploymentIx, PersonID, RowIx } from '../../domain/ids.ts';
import type { Phase, Verdict } from '../../domain/rollout.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Claim } from './claim.ts';
import type { Judgment } from './judgment.ts';

/** Most deployments of one desk's life, and most gates of one promotion. */
export const maxDeployments = 65_536;

/** Stage index of a run on paper. */
export const paperStage = -1;

/** An approval holds this long (microseconds), as security.md says. */
export const approvalMicros = 900_000_000;

export interface Approval {
  readonly personID: PersonID;
  readonly expiresAt: number;
  /** What the stage would have got, or the cutover handed over, when it was given: a yes is for that and nothing else. */
  readonly capital: Readonly<Split>;
}

/** One run of a spec, as the controller keeps it. */
export interface Deployment {
  readonly ix: DeploymentIx;
  readonly spec: DeploymentSpec;
  readonly row: RowIx;
  readonly proposedBy: PersonID;
  phase: Phase;
  /** Rung held now: -1 = none yet, or paper. */
  stage: number;
  /** What is granted of the stage's allocation, 0.0001 of the slice's capital: less only while confidence lies below the rung's threshold. */
  allocation: number;
  /** Capital that the next rung waits for; null = it waits for none. */
  claim: Claim | null;
  /** Older version that made room for it, and the capital that that one had before; null = none did. */
  took: { readonly row: RowIx; readonly cap: Readonly<Split> } | null;
  /** Progressive: its confidence on paper sufficed, and it is loaded afresh for its first rung. */
  leftShadow: boolean;
  /** Progressive: its real results have reached the first threshold once. Before, the first rung stands on those on paper. */
  earned: boolean;
  stageGrantedAt: Micros;
  /** Counted time in the stage: all of it on a wall clock, open and fresh time on a market clock. */
  activeMicros: number;
  /** Since when time counts; -1 = it stands. */
  activeSince: number;
  /** Sessions completed in the stage (P…D on a market clock). */
  sessions: number;
  /** Counted time when the session under way began. */
  activeAtOpen: number;
  /** PnL and trades of the row when the stage was granted. */
  pnlAtGrant: Split;
  tradesAtGrant: number;
  winsAtGrant: number;
  lossesAtGrant: number;
  /** Why it is paused, rolled back or degraded; '' = it is not. */
  reason: string;
  /** A hard gate failed: no promotion until a retry, which never resets evidence (PRO4). */
  failedGate: string;
  /** When gates are next judged by deadline; 0 = no deadline. Set by `judgeNext` alone. */
  readonly judgeAt: Micros;
  readonly agenda: Agenda;
  /** Who approved the entry of a stage and until when that holds, by stage. All of them are for this deployment's spec, which never changes. */
  readonly approvals: Map<number, Approval[]>;
  /** Gates that two people have waived, each for one stage (`waiverKey`). */
  readonly waivers: Set<string>;
  /** Who paused it; '' = no person did. A pause by a person comes before any promotion. */
  pausedBy: string;
  /** Words of tests that are looked at once, by gate. */
  readonly spoken: Map<string, Judgment>;
  /** Last verdict of each gate, so that only changes are recorded. */
  readonly lastVerdicts: Map<string, Verdict>;
  /** Raised by every change; commands may expect it. */
  revision: number;
  /** It was Healthy with capital once. */
  completed: boolean;
  /** The rollback that took it away; -1 = none. */
  rollback: number;
  /** The deployment that runs beside it as its baseline, and the one that it is the baseline of; -1 = none. */
  baseline: DeploymentIx;
  baselineOf: DeploymentIx;
}

/** The earliest `judgeAt` of all deployments, so that nobody has to ask every one of them at every input. */
export interface Agenda {
  /** Infinity = nothing is to be judged. */
  next: number;
  /** The deployment whose time `next` was has another one now: it is looked for when it is asked for. */
  stale: boolean;
}

export function createAgenda(): Agenda {
  return { next: Infinity, stale: false };
}

/** When a deployment is judged next; 0 = not by deadline. */
export function judgeNext(deployment: Deployment, at: number): void {
  const { agenda, judgeAt } = deployment;
  if (at === judgeAt) return;
  if (judgeAt === agenda.next) agenda.stale = true;
  (deployment as { judgeAt: Micros }).judgeAt = microsUnchecked(at);
  if (at > 0 && at < agenda.next) agenda.next = at;
}

/** The earliest time at which one of these, which share the agenda, is judged; Infinity = never. */
export function nextJudgment(agenda: Agenda, deployments: readonly Deployment[]): number {
  if (agenda.stale) {
    agenda.next = Infinity;
    agenda.stale = false;
    for (const { judgeAt } of deployments) if (judgeAt > 0 && judgeAt < agenda.next) agenda.next = judgeAt;
  }
  return agenda.next;
}

export function createDeployment(ix: DeploymentIx, spec: DeploymentSpec, row: RowIx, proposedBy: PersonID, agenda: Agenda): Deployment {
  return {
    ix,
    spec,
    row,
    proposedBy,
    phase: 'Proposed',
    stage: paperStage,
    allocation: 0,
    claim: null,
    took: null,
    leftShadow: false,
    earned: false,
    stageGrantedAt: microsUnchecked(0),
    activeMicros: 0,
    activeSince: -1,
    sessions: 0,
    activeAtOpen: 0,
    pnlAtGrant: splitZero(),
    tradesAtGrant: 0,
    winsAtGrant: 0,
    lossesAtGrant: 0,
    reason: '',
    failedGate: '',
    judgeAt: microsUnchecked(0),
    agenda,
    approvals: new Map(),
    waivers: new Set(),
    pausedBy: '',
    spoken: new Map(),
    lastVerdicts: new Map(),
    revision: 1,
    completed: false,
    rollback: -1,
    baseline: -1,
    baselineOf: -1,
  };
}

/** Counted microseconds in the stage so far. */
export function activeTime(deployment: Deployment, at: Micros): number {
  return deployment.activeMicros + (deployment.activeSince < 0 ? 0 : at - deployment.activeSince);
}

/** Starts or stops the stage's clock. */
export function countTime(deployment: Deployment, counts: boolean, at: Micros): void {
  if (counts && deployment.activeSince < 0) deployment.activeSince = at;
  if (!counts && deployment.activeSince >= 0) {
    deployment.activeMicros += at - deployment.activeSince;
    deployment.activeSince = -1;
  }
}
