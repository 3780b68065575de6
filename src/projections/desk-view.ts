import { killTargetText } from '../domain/kill.ts';
import { formatSplit } from '../base/decimal.ts';
import type { Micros } from '../base/units.ts';
import type { Currency } from '../domain/currency.ts';
import type {
  Decision,
  EvidenceTaken,
  FillBooked,
  GateJudged,
  LimitChanged,
  MoneyField,
  OrderDenied,
  ProposalChanged,
  RollbackCompleted,
  RowChanged,
  StageGranted,
  TriggerFired,
} from '../domain/decision.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { GateMode, Lifecycle, Phase } from '../domain/rollout.ts';
import type { DeploymentSpec } from '../domain/spec.ts';
import { foldCompared as foldComparedOrder, type ComparedOrders } from './compared-orders.ts';
import { foldCompared, type ComparedView } from './compared-view.ts';
import { foldAgreed, foldLimit, type LimitView } from './limit-view.ts';
import { keep } from './view-lines.ts';

export interface StageView {
  readonly stage: number;
  readonly name: string;
  /** 0.0001 of the slice's capital. */
  readonly allocation: number;
  readonly cap: string;
  readonly at: Micros;
  readonly seq: Seq;
  readonly reasons: readonly string[];
}

export interface GateView {
  readonly gate: string;
  readonly verdict: string;
  readonly value: number;
  readonly limit: number;
  readonly text: string;
  readonly atSeq: Seq;
}

export interface DeploymentView {
  readonly deploymentID: string;
  readonly spec: DeploymentSpec;
  readonly deployedAt: Micros;
  phase: Phase;
  reason: string;
  stages: StageView[];
  /** Last judgment of each gate, by stage asked for and gate. */
  gates: Map<string, GateView>;
  row: RowIx;
}

export interface RowView {
  readonly row: RowIx;
  sliceID: string;
  version: string;
  lifecycle: Lifecycle;
  mode: GateMode;
  epoch: number;
  cap: string;
  orders: number;
  fills: number;
  denials: number;
  /** Positions in lots by listing index. */
  positions: Map<number, number>;
  /** Last datum of each running e-process, by what it declared. */
  evidence: Map<string, EvidenceTaken>;
}

/** What waits for a second person. */
export interface ProposalView extends ProposalChanged {
  readonly seq: Seq;
}

export interface DenialView extends OrderDenied {
  readonly at: Micros;
  readonly seq: Seq;
}

export interface RollbackView {
  readonly row: RowIx;
  readonly trigger: TriggerFired;
  readonly at: Micros;
  readonly seq: Seq;
  steps: { step: string; virtualMicros: number; count: number; text: string }[];
  completed: RollbackCompleted | null;
}

/** What a person sees of a desk: a fold of its journal and nothing else. */
export interface DeskView extends ComparedView {
  seq: Seq;
  at: Micros | 0;
  simulatedOnly: boolean;
  killed: boolean;
  killReason: string;
  /** Why each venue, account and strategy is killed, by `venue:XNAS`. */
  readonly kills: Map<string, string>;
  currencies: Currency[];
  listings: string[];
  venues: string[];
  accounts: string[];
  deployments: Map<string, DeploymentView>;
  rows: Map<RowIx, RowView>;
  proposals: Map<string, ProposalView>;
  /** Every limit that was ever set, by its name and scope in words. */
  readonly limits: Map<string, LimitView>;
  denials: DenialView[];
  denialCount: number;
  orderCount: number;
  fillCount: number;
  rollbacks: RollbackView[];
  /** Orders of live versions beside those of others, by `row/row beside`. */
  readonly compared: Map<string, ComparedOrders>;
  alerts: { at: Micros; severity: string; text: string }[];
  stateHash: string;
}

export function createDeskView(): DeskView {
  return {
    seq: 0,
    at: 0,
    simulatedOnly: true,
    killed: false,
    killReason: '',
    kills: new Map(),
    currencies: [],
    listings: [],
    venues: [],
    accounts: [],
    deployments: new Map(),
    rows: new Map(),
    proposals: new Map(),
    limits: new Map(),
    denials: [],
    denialCount: 0,
    orderCount: 0,
    fillCount: 0,
    rollbacks: [],
    compared: new Map(),
    alerts: [],
    breaks: [],
    positionsCompared: [],
    openBreaks: new Map(),
    statements: new Map(),
    stateHash: '',
  };
}

/** Takes one input. */
export function foldInput(view: DeskView, seq: Seq, at: Micros, input: Input): void {
  view.seq = seq;
  view.at = at;
  if (input.kind !== 'register') return;
  if (input.what === 'currency') view.currencies.push(input.currency);
  if (input.what === 'listing') view.listings.push(input.listing.listingID);
  if (input.what === 'account') view.accounts.push(input.account.accountID);
  if (input.what === 'venue') view.venues.push(input.venue.venueID);
  if (input.what === 'venue' && !input.venue.simulated) view.simulatedOnly = false;
}

type Told =
  | 'orderSent'
  | 'orderDenied'
  | 'fillBooked'
  | 'lifecycleChanged'
  | 'rowChanged'
  | 'deploymentProposed'
  | 'phaseChanged'
  | 'stageGranted'
  | 'gateJudged';
type Incident = Exclude<Decision, { kind: Told }>;

/** Takes one decision. */
export function foldDecision(view: DeskView, seq: Seq, at: Micros, decision: Decision): void {
  view.seq = seq;
  view.at = at;
  switch (decision.kind) {
    case 'orderSent':
      view.orderCount++;
      rowOf(view, decision.order.row).orders++;
      return;
    case 'orderDenied':
      view.denialCount++;
      rowOf(view, decision.row).denials++;
      keep(view.denials, { ...decision, at, seq });
      return;
    case 'fillBooked':
      foldFill(view, decision);
      return;
    case 'lifecycleChanged': {
      const row = rowOf(view, decision.row);
      row.sliceID = decision.sliceID;
      row.version = decision.version;
      row.lifecycle = decision.to;
      return;
    }
    case 'rowChanged':
      foldRow(view, decision);
      return;
    case 'deploymentProposed':
      view.deployments.set(decision.deploymentID, {
        deploymentID: decision.deploymentID,
        spec: decision.spec,
        deployedAt: at,
        phase: 'Proposed',
        reason: '',
        stages: [],
        gates: new Map(),
        row: decision.row,
      });
      return;
    case 'phaseChanged': {
      const deployment = view.deployments.get(decision.deploymentID);
      if (deployment === undefined) return;
      deployment.phase = decision.to;
      deployment.reason = decision.reason;
      return;
    }
    case 'stageGranted':
      foldStage(view, seq, at, decision);
      return;
    case 'gateJudged':
      foldGate(view, decision);
      return;
    default:
      foldIncident(view, seq, at, decision);
  }
}

/** What goes wrong, and what proves that nothing did. */
function foldIncident(view: DeskView, seq: Seq, at: Micros, decision: Incident): void {
  switch (decision.kind) {
    case 'triggerFired':
      keep(view.rollbacks, { row: decision.row, trigger: decision, at, seq, steps: [], completed: null });
      return;
    case 'rollbackStepDone': {
      const rollback = lastRollback(view, decision.row);
      rollback?.steps.push({ step: decision.step, virtualMicros: decision.virtualMicros, count: decision.count, text: decision.text });
      return;
    }
    case 'rollbackCompleted': {
      const rollback = lastRollback(view, decision.row);
      if (rollback !== undefined) rollback.completed = decision;
      return;
    }
    case 'lotsTransferred': {
      const from = rowOf(view, decision.fromRow).positions;
      const to = rowOf(view, decision.toRow).positions;
      from.set(decision.listing, (from.get(decision.listing) ?? 0) - decision.position);
      to.set(decision.listing, (to.get(decision.listing) ?? 0) + decision.position);
      return;
    }
    case 'holdingChanged':
      if (decision.listing >= 0) rowOf(view, decision.row).positions.set(decision.listing, decision.position);
      return;
    case 'evidenceTaken':
      rowOf(view, decision.row).evidence.set(decision.terms, decision);
      return;
    case 'orderCompared':
      foldComparedOrder(view.compared, seq, at, decision);
      return;
    case 'limitChanged':
    case 'proposalChanged':
      foldAsked(view, seq, at, decision);
      return;
    case 'killLatched':
      view.killed = decision.engaged;
      view.killReason = decision.reason;
      return;
    case 'scopeKilled':
      if (decision.engaged) view.kills.set(killTargetText(decision), decision.reason);
      else view.kills.delete(killTargetText(decision));
      return;
    case 'alertRaised':
      keep(view.alerts, { at, severity: decision.severity, text: decision.text });
      return;
    case 'breakFound':
    case 'positionCompared':
    case 'breakChanged':
    case 'statementJudged':
      foldCompared(view, at, decision);
      return;
    case 'stateHashed':
      view.stateHash = decision.stateHash;
      return;
    default:
      // orders, answers and swaps are no incidents
      return;
  }
}

/** What people have set, and what waits for a second one. */
function foldAsked(view: DeskView, seq: Seq, at: Micros, decision: LimitChanged | ProposalChanged): void {
  if (decision.kind === 'limitChanged') {
    foldLimit(view.limits, seq, at, decision);
    return;
  }
  foldAgreed(view.limits, decision);
  if (decision.state === 'open') view.proposals.set(decision.proposalID, { ...decision, seq });
  else view.proposals.delete(decision.proposalID);
}

function foldFill(view: DeskView, fill: FillBooked): void {
  const row = rowOf(view, fill.row);
  view.fillCount++;
  row.fills++;
  row.positions.set(fill.listing, fill.position);
}

function foldRow(view: DeskView, change: RowChanged): void {
  const row = rowOf(view, change.row);
  row.mode = change.mode;
  row.epoch = change.epoch;
  row.cap = moneyText(view, change.cap);
}

function foldStage(view: DeskView, seq: Seq, at: Micros, granted: StageGranted): void {
  const deployment = view.deployments.get(granted.deploymentID);
  if (deployment === undefined) return;
  deployment.stages.push({
    stage: granted.stage,
    name: granted.name,
    allocation: granted.allocation,
    cap: moneyText(view, granted.cap),
    at,
    seq,
    reasons: granted.reasons,
  });
}

function foldGate(view: DeskView, judged: GateJudged): void {
  let deployment: DeploymentView | undefined;
  let ix = 0;
  for (const one of view.deployments.values()) if (ix++ === judged.deployment) deployment = one;
  deployment?.gates.set(`${judged.stage}/${judged.gate}`, {
    gate: judged.gate,
    verdict: judged.verdict,
    value: judged.value,
    limit: judged.limit,
    text: judged.text,
    atSeq: judged.atSeq,
  });
}

function lastRollback(view: DeskView, row: RowIx): RollbackView | undefined {
  return view.rollbacks.findLast((rollback) => rollback.row === row);
}

/** Money of a record in the first currency registered (the firm's). */
function moneyText(view: DeskView, money: MoneyField): string {
  const currency = view.currencies[0];
  return currency === undefined ? '' : formatSplit(money, currency.exponent);
}

export function rowOf(view: DeskView, row: RowIx): RowView {
  const known = view.rows.get(row);
  if (known !== undefined) return known;
  const fresh: RowView = {
    row,
    sliceID: '',
    version: '',
    lifecycle: 'Registered',
    mode: 'SIMULATED',
    epoch: 0,
    cap: '0',
    orders: 0,
    fills: 0,
    denials: 0,
    positions: new Map(),
    evidence: new Map(),
  };
  view.rows.set(row, fresh);
  return fresh;
}
