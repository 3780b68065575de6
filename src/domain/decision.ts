import type { BaseQty, Lots, Micros, Ticks } from '../base/units.ts';
import type { BreakChanged, StatementJudged } from './break-changed.ts';
import type { CommandRefusal, Verb } from './command.ts';
import type { DenialCode } from './denial.ts';
import type { AccountIx, ClOrdID, DeploymentID, DeploymentIx, ListingIx, RowIx, Seq, SliceID, VenueIx, VersionID } from './ids.ts';
import type { HoldingChanged } from './holding-changed.ts';
import type { IntentAction } from './input.ts';
import type { KillScope } from './kill.ts';
import type { LimitKey } from './limit.ts';
import type { Order, OrdStatus, Side } from './order.ts';
import type { OrderCompared } from './order-compared.ts';
import type { ExecType } from './report.ts';
import type {
  EscalationAction,
  EscalationCause,
  GateMode,
  KillStep,
  Lifecycle,
  Phase,
  RollbackStep,
  TriggerClass,
  TriggerRule,
  Verdict,
} from './rollout.ts';
import type { DeploymentSpec } from './spec.ts';
import type { SwapDecision } from './swap.ts';
import type { TrialsAccepted } from './trials-accepted.ts';

/** Money in a record: split integer hi * 2^48 + lo, units of 10^-exponent of the currency that the record's context names. */
export interface MoneyField {
  readonly hi: number;
  readonly lo: number;
}

/** An order that passed every check; the order's record is the order. Bracket: entry, stop and target as three records of one step. */
export interface OrderSent {
  readonly kind: 'orderSent';
  readonly order: Readonly<Order>;
}

/** A replace that passed every check: `order` is the order as it will be, under its new clOrdID. */
export interface ReplaceSent {
  readonly kind: 'replaceSent';
  readonly order: Readonly<Order>;
}

export interface CancelSent {
  readonly kind: 'cancelSent';
  /** Number of the cancel request itself. */
  readonly clOrdID: ClOrdID;
  readonly target: ClOrdID;
  readonly row: RowIx;
  readonly listing: ListingIx;
  readonly reason: string;
}

export interface OrderDenied {
  readonly kind: 'orderDenied';
  readonly row: RowIx;
  readonly tag: number;
  readonly action: IntentAction;
  readonly listing: ListingIx;
  readonly code: DenialCode;
  readonly value: number;
  readonly limit: number;
  readonly scope: string;
}

export interface OrderStateChanged {
  readonly kind: 'orderStateChanged';
  readonly clOrdID: ClOrdID;
  readonly row: RowIx;
  readonly from: OrdStatus;
  readonly to: OrdStatus;
  readonly by: ExecType;
  readonly cumQty: Lots;
  readonly leavesQty: Lots;
}

/** A fill, correction or bust as the ledger took it. Quantities signed by what they did to the position of the owner. */
export interface FillBooked {
  readonly kind: 'fillBooked';
  readonly booking: 'fill' | 'correct' | 'bust' | 'external';
  readonly clOrdID: ClOrdID;
  readonly execID: string;
  /** Row that owns the lots now: the order's own, or the custodian's after a rollback. */
  readonly row: RowIx;
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly lastQty: Lots;
  readonly lastPx: Ticks;
  readonly realized: MoneyField;
  readonly fee: MoneyField;
  /** Position of the leaf after it, lots, signed. */
  readonly position: Lots;
}

/** A report that fits no order or no cell of the order table: recorded, never applied. */
export interface BreakFound {
  readonly kind: 'breakFound';
  readonly break: 'unknownOrder' | 'illegalReport' | 'unknownExecRef' | 'overfill' | 'lateReport' | 'position' | 'externalFill';
  readonly clOrdID: ClOrdID;
  readonly execID: string;
  readonly text: string;
}

export interface LifecycleChanged {
  readonly kind: 'lifecycleChanged';
  readonly row: RowIx;
  readonly sliceID: SliceID;
  readonly version: VersionID;
  readonly from: Lifecycle;
  readonly to: Lifecycle;
  readonly reason: string;
}

/** A spec became a deployment; from here on its index names it. */
export interface DeploymentProposed {
  readonly kind: 'deploymentProposed';
  readonly deployment: DeploymentIx;
  readonly deploymentID: DeploymentID;
  readonly row: RowIx;
  readonly actor: string;
  readonly spec: DeploymentSpec;
}

export interface PhaseChanged {
  readonly kind: 'phaseChanged';
  readonly deployment: DeploymentIx;
  readonly deploymentID: DeploymentID;
  readonly from: Phase;
  readonly to: Phase;
  readonly reason: string;
}

/** A row of the order gate as it is from now on (CAP5: every change has a record with actor and cause). */
export interface RowChanged {
  readonly kind: 'rowChanged';
  readonly row: RowIx;
  readonly epoch: number;
  readonly mode: GateMode;
  readonly cap: MoneyField;
  readonly stage: number;
  readonly actor: string;
  readonly reason: string;
}

export interface GateJudged {
  readonly kind: 'gateJudged';
  readonly deployment: DeploymentIx;
  /** Stage that asks to be entered. */
  readonly stage: number;
  readonly gate: string;
  readonly verdict: Verdict;
  readonly value: number;
  readonly limit: number;
  /** The seq that every gate of this promotion was judged on. */
  readonly atSeq: Seq;
  /** SHA-256 over the canonical bytes of the inputs of the judgment, hex. */
  readonly inputsHash: string;
  readonly text: string;
}

export interface StageGranted {
  readonly kind: 'stageGranted';
  readonly deployment: DeploymentIx;
  readonly deploymentID: DeploymentID;
  /** -1 = paper. */
  readonly stage: number;
  readonly name: string;
  /** 0.0001 of the slice's capital. */
  readonly allocation: number;
  readonly cap: MoneyField;
  readonly reasons: readonly string[];
}

/** One datum of a running e-process. */
export interface EvidenceTaken {
  readonly kind: 'evidenceTaken';
  readonly row: RowIx;
  readonly side: 'edge' | 'harm' | 'paired';
  /** Canonical text of what was declared before the first datum. */
  readonly terms: string;
  /** Net PnL over the interval by the capital that stood; paired: by how much better than the baseline's. */
  readonly datum: number;
  /** The e-value after it. */
  readonly value: number;
  readonly observations: number;
  /** Intervals so far whose number was missing. */
  readonly missing: number;
}

export interface TriggerFired {
  readonly kind: 'triggerFired';
  readonly row: RowIx;
  readonly rule: TriggerRule;
  readonly class: TriggerClass;
  readonly value: number;
  readonly limit: number;
  readonly text: string;
}

/** Done-record of one step of the saga. `virtualMicros` counts from RB0 on the desk's clock. */
export interface RollbackStepDone {
  readonly kind: 'rollbackStepDone';
  readonly row: RowIx;
  readonly rollback: number;
  readonly step: RollbackStep;
  readonly virtualMicros: number;
  readonly count: number;
  readonly text: string;
}

export interface RollbackCompleted {
  readonly kind: 'rollbackCompleted';
  readonly row: RowIx;
  readonly rollback: number;
  readonly fencedMicros: number;
  readonly canceledMicros: number;
  readonly completedMicros: number;
  /** Orders without a certain end, and lots that nobody holds: 0 unless something needs a person. */
  readonly uncertain: number;
  readonly residual: number;
}

/** Lots that change hands at their entry cost, the mark beside it. */
export interface LotsTransferred {
  readonly kind: 'lotsTransferred';
  readonly fromRow: RowIx;
  readonly toRow: RowIx;
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly position: Lots;
  readonly cost: MoneyField;
  readonly mark: Ticks;
}

export interface CapitalOverdraft {
  readonly kind: 'capitalOverdraft';
  readonly row: RowIx;
  readonly beyond: MoneyField;
}

export interface KillLatched {
  readonly kind: 'killLatched';
  readonly engaged: boolean;
  readonly actor: string;
  readonly reason: string;
}

/** The kill switch of a venue, an account or a strategy. The firm's is `killLatched`. */
export interface ScopeKilled {
  readonly kind: 'scopeKilled';
  readonly engaged: boolean;
  readonly scope: KillScope;
  readonly id: string;
  readonly generation: number;
  readonly actor: string;
  readonly reason: string;
}

/** Done-record of one step of a kill: its cancels decided, sent again, escalated, every order at its end. `virtualMicros` counts from the latch. */
export interface KillStepDone {
  readonly kind: 'killStepDone';
  readonly generation: number;
  readonly step: KillStep;
  readonly virtualMicros: number;
  readonly count: number;
  readonly text: string;
}

/** One rung of the ladder behind cancels that were not answered: of the rollback or the kill of that number. `none` = the venue knows nothing further. */
export interface CancelsEscalated {
  readonly kind: 'cancelsEscalated';
  readonly of: EscalationCause;
  /** Of the rollback or the kill; selfTrade: row of the order that waited. */
  readonly number: number;
  readonly venue: VenueIx;
  readonly action: EscalationAction;
  /** Orders at that venue without a certain end. */
  readonly open: number;
  readonly virtualMicros: number;
}

export interface LimitChanged {
  readonly kind: 'limitChanged';
  readonly key: LimitKey;
  readonly from: number | null;
  readonly to: number | null;
  readonly revision: number;
  readonly actor: string;
}

/** Registrations and commands are answered once; a repetition of the key gets the same answer. */
export interface CommandAnswered {
  readonly kind: 'commandAnswered';
  readonly commandID: string;
  readonly verb: Verb | 'register';
  readonly accepted: boolean;
  readonly code: CommandRefusal | 'REGISTRATION_REFUSED' | 'OK';
  readonly text: string;
}

export const proposalStates = ['open', 'done', 'refused', 'denied', 'expired', 'overtaken'] as const;
export type ProposalState = (typeof proposalStates)[number];

/** What waits for a second person, and what became of it. */
export interface ProposalChanged {
  readonly kind: 'proposalChanged';
  readonly proposalID: string;
  /** Key of the command that proposed it. */
  readonly commandID: string;
  readonly state: ProposalState;
  readonly verb: string;
  /** What it is about: a deployment, `slice/version`, a slice, an algorithm, a limit; '' = the desk. */
  readonly subject: string;
  readonly digest: string;
  /** Person of this change: the proposer while it is open. */
  readonly actor: string;
  readonly expiresAt: Micros;
  readonly text: string;
}

export interface AlertRaised {
  readonly kind: 'alertRaised';
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly subject: string;
  readonly value: number;
  readonly limit: number;
  readonly text: string;
}

/** Position of an account by the ledger beside the venue's word. */
export interface PositionCompared {
  readonly kind: 'positionCompared';
  readonly account: AccountIx;
  readonly instrument: number;
  readonly ledger: BaseQty;
  readonly venue: BaseQty;
  readonly equal: boolean;
}

/** State hash at a seq, so that a replay can be compared on the way. */
export interface StateHashed {
  readonly kind: 'stateHashed';
  readonly at: Micros;
  readonly stateHash: string;
}

export type Decision =
  | OrderSent
  | ReplaceSent
  | CancelSent
  | OrderDenied
  | OrderStateChanged
  | FillBooked
  | BreakFound
  | LifecycleChanged
  | DeploymentProposed
  | PhaseChanged
  | RowChanged
  | GateJudged
  | StageGranted
  | TriggerFired
  | EvidenceTaken
  | OrderCompared
  | RollbackStepDone
  | RollbackCompleted
  | LotsTransferred
  | CapitalOverdraft
  | HoldingChanged
  | KillLatched
  | ScopeKilled
  | KillStepDone
  | CancelsEscalated
  | LimitChanged
  | TrialsAccepted
  | CommandAnswered
  | ProposalChanged
  | AlertRaised
  | PositionCompared
  | BreakChanged
  | StatementJudged
  | StateHashed
  | SwapDecision;

export type DecisionKind = Decision['kind'];
