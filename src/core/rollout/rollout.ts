import { assert } from '../../base/assert.ts';
import type { Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, DeploymentID, DeploymentIx, ListingIx, RowIx, SliceIx } from '../../domain/ids.ts';
import type { Lifecycle, Phase, RollbackStep, TriggerClass, TriggerRule } from '../../domain/rollout.ts';
import type { DeploymentSpec, FlattenMode } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { rowText, type OrderGate } from '../risk/order-gate.ts';
import { createAgenda, type Agenda, type Deployment } from './deployment.ts';
import type { EvidenceRun } from './evidence-run.ts';
import type { Escalation } from './escalation.ts';
import type { KillLatch } from './latches.ts';
import type { Proposal } from './proposal.ts';
import { mayFollow, phaseMayFollow } from './lifecycle.ts';
import type { OrderComparison } from './order-comparison.ts';
import type { PairedRun } from './paired-evidence.ts';
import type { ReturnTrack } from './return-track.ts';
import type { TrialHead } from './trial-head.ts';
import type { Standby } from './standby.ts';
import { isUncommitted, type Heir, type Swap } from './swap.ts';
import type { SlippageRun } from './slippage-model.ts';
import type { ShortfallTally } from './shortfalls.ts';
import type { TradeCounts } from './trades.ts';

/** Most answers kept for repeated commands; the oldest go first. */
export const maxAnswers = 65_536;
/** Most rollbacks of one desk's life: what could need one more than that is not deployed. */
export const maxRollbacks = 65_536;

/** One rollback on its way: which step comes next, and what its clocks say. */
export interface Rollback {
  readonly ix: number;
  readonly row: RowIx;
  readonly slice: SliceIx;
  readonly deployment: DeploymentIx;
  readonly rule: TriggerRule;
  readonly class: TriggerClass;
  readonly startedAt: Micros;
  /** First step that has no done-record yet; '' = completed. */
  next: RollbackStep | '';
  /** Orders that RB2 takes back; none once the rollback is over. */
  readonly targets: ClOrdID[];
  /** So many of the targets have a cancel on its way (of the first sending, or of the second). */
  taken: number;
  /** When the cancels of the others go out; 0 = none is left. */
  cancelAt: Micros | 0;
  /** Targets before this place were over when it was last asked; no decision hangs on it. */
  over: number;
  resendAt: Micros | 0;
  escalateAt: Micros | 0;
  /** What a person who flattens asked for; null = what the spec says. */
  flatten: { readonly mode: FlattenMode; readonly slippageBps: number } | null;
  /** What is deployed when it has completed (undo); null = nothing. */
  then: DeploymentSpec | null;
  /** Who asked for that. */
  thenBy: string;
  /** Capital of the version when it was fenced, less what its lots and uncertain orders still take (RB4): what a reactivation may give. */
  readonly freed: Split;
  /** The standby whose host was asked to wake it (RB5); -1 = none is. */
  waking: number;
  /** Until when the host may answer; 0 = nobody is asked. */
  wakeBy: Micros | 0;
  fencedMicros: number;
  canceledMicros: number;
  uncertain: number;
  /** Steps that could not do their work: a person has to. */
  readonly failed: RollbackStep[];
}

/** Lots that the custodian works off, in target-position form. */
export interface Flattening {
  readonly slice: SliceIx;
  readonly listing: ListingIx;
  readonly account: number;
  readonly mode: FlattenMode;
  readonly slippageBps: number;
  readonly startedAt: Micros;
  /** Lots at the start, signed. */
  readonly from: number;
  nextAt: Micros;
  working: ClOrdID;
  /** Looks in a row at which nobody could say what became of `working`, or at which no order could leave. */
  blocked: number;
}

export interface UnprotectedPosition {
  readonly route: number;
  readonly until: Micros;
}

export interface Answered {
  /** Of the command that was answered: the same key with another one is refused. */
  readonly digest: string;
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

/** Everything the controller keeps. */
export interface Rollout {
  readonly agenda: Agenda;
  readonly deployments: Deployment[];
  readonly byID: Map<DeploymentID, DeploymentIx>;
  /** Artifact digest by `algorithm/version`, in order of registration. */
  readonly versions: Map<string, string>;
  readonly algorithms: string[];
  /** By algorithm: the trials that people have accepted. */
  readonly trialHeads: Map<string, TrialHead>;
  /** By row. */
  readonly lifecycle: Lifecycle[];
  /** Deployment that the row works for now; -1 = none. */
  readonly serving: DeploymentIx[];
  readonly rollbacks: Rollback[];
  /** Rollbacks that are not completed, oldest first. */
  readonly open: number[];
  /** By row: fills of its orders of an epoch below this are the custodian's. */
  readonly custodyEpoch: number[];
  readonly flattening: Flattening[];
  readonly swaps: Swap[];
  /** Swaps that still wait for something, oldest first; at most one of a slice is not committed. */
  readonly openSwaps: number[];
  readonly standbys: Standby[];
  /** Those that stand by, oldest first. */
  readonly openStandbys: number[];
  /** By row: who has its lots since its last hand-over. */
  readonly heirs: Map<RowIx, Heir>;
  /** By row * 2 + simulated. */
  readonly trades: (TradeCounts | undefined)[];
  readonly answers: Map<string, Answered>;
  readonly tracks: ReturnTrack[];
  /** What waits for a second person, by id. */
  readonly proposals: Map<string, Proposal>;
  /** Proposals of the desk's life. */
  proposed: number;
  readonly evidence: EvidenceRun[];
  readonly paired: PairedRun[];
  /** By row * 2 + simulated. */
  readonly shortfalls: (ShortfallTally | undefined)[];
  readonly comparisons: OrderComparison[];
  readonly slippage: SlippageRun[];
  /** When the oldest order that waits for its counterpart is settled, with the first mark, report or timer from then on; 0 = none waits. */
  compareAt: Micros;
  /** When the next datum of evidence falls due; 0 = none is awaited. */
  evidenceAt: Micros;
  /** The firm's latch; `kills` has it too, beside those of venues, accounts and strategies. */
  killed: boolean;
  killReason: string;
  killActor: string;
  readonly kills: KillLatch[];
  /** Kills so far. */
  killGeneration: number;
  readonly escalations: Escalation[];
  /** Orders whose cancel a reducing one waited for in vain: each climbs once. */
  inTheWay: ClOrdID[];
  /** Positions that lack the stop which their limits ask for, and until when they may. */
  readonly unprotected: UnprotectedPosition[];
}

export function createRollout(): Rollout {
  return {
    agenda: createAgenda(),
    deployments: [],
    byID: new Map(),
    versions: new Map(),
    algorithms: [],
    trialHeads: new Map(),
    lifecycle: [],
    serving: [],
    rollbacks: [],
    open: [],
    custodyEpoch: [],
    flattening: [],
    swaps: [],
    openSwaps: [],
    standbys: [],
    openStandbys: [],
    heirs: new Map(),
    trades: [],
    answers: new Map(),
    tracks: [],
    proposals: new Map(),
    proposed: 0,
    evidence: [],
    paired: [],
    shortfalls: [],
    comparisons: [],
    slippage: [],
    compareAt: microsUnchecked(0),
    evidenceAt: microsUnchecked(0),
    killed: false,
    killReason: '',
    killActor: '',
    kills: [],
    killGeneration: 0,
    escalations: [],
    inTheWay: [],
    unprotected: [],
  };
}

/** Moves a version along and records it. @throws when the table of lifecycles does not allow it: that is our bug. */
export function setLifecycle(rollout: Rollout, gate: OrderGate, row: RowIx, to: Lifecycle, reason: string, outcome: Outcome): void {
  const from = rollout.lifecycle[row] ?? 'Registered';
  if (from === to) return;
  assert(mayFollow(from, to), `lifecycle of ${rowText(gate, row)}: ${to} may not follow ${from}`);
  rollout.lifecycle[row] = to;
  const { sliceID, version } = gate.rows[row];
  outcome.decisions.push({ kind: 'lifecycleChanged', row, sliceID, version, from, to, reason });
}

/** Moves a deployment along and records it. */
export function setPhase(deployment: Deployment, to: Phase, reason: string, outcome: Outcome): void {
  const from = deployment.phase;
  if (from === to) return;
  assert(phaseMayFollow(from, to), `phase of ${deployment.spec.deploymentID}: ${to} may not follow ${from}`);
  deployment.phase = to;
  deployment.reason = to === 'Progressing' || to === 'Healthy' ? '' : reason;
  if (to !== 'Paused') deployment.pausedBy = '';
  deployment.revision++;
  outcome.decisions.push({ kind: 'phaseChanged', deployment: deployment.ix, deploymentID: deployment.spec.deploymentID, from, to, reason });
}

/** Deployment that a row serves; undefined = none. */
export function servedBy(rollout: Rollout, row: RowIx): Deployment | undefined {
  const ix = rollout.serving[row] ?? -1;
  return ix < 0 ? undefined : rollout.deployments[ix];
}

/** Whether a rollback is under way in a slice. */
export function rollbackInFlight(rollout: Rollout, slice: SliceIx): boolean {
  return rollout.open.some((ix) => rollout.rollbacks[ix].slice === slice);
}

/** Every row that works can be rolled back before another one may begin: a trigger always finds room. */
export function roomForRollbacks({ rollout, gate }: Pick<Core, 'rollout' | 'gate'>): boolean {
  return rollout.rollbacks.length + gate.rows.length < maxRollbacks;
}

export const noRoomForRollbacks = `expected at most ${maxRollbacks} rollbacks in a desk's life: a trigger would find no room`;

/** The swap of a slice that is being prepared, made or watched; undefined = none. */
export function swapInFlight(rollout: Rollout, slice: SliceIx): Swap | undefined {
  for (const ix of rollout.openSwaps) {
    const swap = rollout.swaps[ix];
    if (swap.slice === slice && (isUncommitted(swap) || swap.step === 'monitoring')) return swap;
  }
  return undefined;
}

/** The swap that has stopped a row and is not committed; undefined = nobody stopped it for its successor. */
export function stoppedBy(rollout: Rollout, row: RowIx): Swap | undefined {
  for (const ix of rollout.openSwaps) {
    const swap = rollout.swaps[ix];
    if (swap.from === row && (swap.step === 'settling' || swap.step === 'adopting')) return swap;
  }
  return undefined;
}

/** Lifecycles whose orders go to a simulator (rollout.md 1). */
export function isOnPaper(rollout: Rollout, row: RowIx): boolean {
  switch (rollout.lifecycle[row] ?? 'Registered') {
    case 'Registered':
    case 'Loading':
    case 'Warming':
    case 'Ready':
    case 'Shadow':
    case 'Standby':
    case 'Retired':
      return true;
    case 'Canary':
    case 'Active':
    case 'Draining':
    case 'Failed':
    case 'Halted':
      return false;
  }
}

/** Whether another version took over from the row: nothing gives it capital any more but a new deployment. */
export function isReplaced(rollout: Rollout, row: RowIx): boolean {
  const lifecycle = rollout.lifecycle[row];
  return lifecycle === 'Standby' || lifecycle === 'Draining';
}

/** Remembers an answer under its key; the oldest is forgotten past the limit. */
export function rememberAnswer(rollout: Rollout, commandID: string, answered: Answered): void {
  rollout.answers.set(commandID, answered);
  if (rollout.answers.size <= maxAnswers) return;
  for (const oldest of rollout.answers.keys()) {
    rollout.answers.delete(oldest);
    break;
  }
}

/** A decision that the controller itself took, as actor. */
export const coreActor = 'core';
