import { commandRefusals } from '../command.ts';
import { proposalStates, type Decision, type DecisionKind } from '../decision.ts';
import { denialCodes } from '../denial.ts';
import { intentActions } from '../input.ts';
import { killScopes } from '../kill.ts';
import { ordStatuses, sides } from '../order.ts';
import { execTypes } from '../report.ts';
import {
  escalationActions,
  gateModes,
  killSteps,
  lifecycles,
  phases,
  rollbackSteps,
  triggerClasses,
  triggerRules,
  verdicts,
} from '../rollout.ts';
import { bool, f64, group, i32, i64, json, split, str, u32, words } from './field.ts';
import type { Message } from './field.ts';
import { orderFields } from './order-fields.ts';

/** Every decision: id (256 and up, never given twice), version, fields in the order of the encoding. */
export const decisionTable: { readonly [K in DecisionKind]: Message<Extract<Decision, { readonly kind: K }>> } = {
  orderSent: { id: 256, version: 1, fields: { order: group(orderFields) } },
  replaceSent: { id: 257, version: 1, fields: { order: group(orderFields) } },
  cancelSent: { id: 258, version: 1, fields: { clOrdID: i64, target: i64, row: i32, listing: i32, reason: str } },
  orderDenied: {
    id: 259,
    version: 1,
    fields: {
      tag: i64,
      value: f64,
      limit: f64,
      row: i32,
      listing: i32,
      action: words(intentActions),
      code: words(denialCodes),
      scope: str,
    },
  },
  orderStateChanged: {
    id: 260,
    version: 1,
    fields: { clOrdID: i64, cumQty: i64, leavesQty: i64, row: i32, from: words(ordStatuses), to: words(ordStatuses), by: words(execTypes) },
  },
  fillBooked: {
    id: 261,
    version: 1,
    fields: {
      clOrdID: i64,
      lastQty: i64,
      lastPx: i64,
      realized: split,
      fee: split,
      position: i64,
      row: i32,
      account: i32,
      listing: i32,
      booking: words(['fill', 'correct', 'bust', 'external']),
      side: words(sides),
      execID: str,
    },
  },
  breakFound: {
    id: 262,
    version: 1,
    fields: {
      clOrdID: i64,
      break: words(['unknownOrder', 'illegalReport', 'unknownExecRef', 'overfill', 'lateReport', 'position', 'externalFill']),
      execID: str,
      text: str,
    },
  },
  lifecycleChanged: {
    id: 263,
    version: 1,
    fields: { row: i32, from: words(lifecycles), to: words(lifecycles), sliceID: str, version: str, reason: str },
  },
  phaseChanged: {
    id: 264,
    version: 1,
    fields: { deployment: i32, from: words(phases), to: words(phases), deploymentID: str, reason: str },
  },
  rowChanged: {
    id: 265,
    version: 1,
    fields: { cap: split, row: i32, epoch: u32, stage: i32, mode: words(gateModes), actor: str, reason: str },
  },
  gateJudged: {
    id: 266,
    version: 1,
    fields: {
      value: f64,
      limit: f64,
      atSeq: i64,
      deployment: i32,
      stage: i32,
      verdict: words(verdicts),
      gate: str,
      inputsHash: str,
      text: str,
    },
  },
  stageGranted: {
    id: 267,
    version: 1,
    fields: { cap: split, deployment: i32, stage: i32, allocation: u32, deploymentID: str, name: str, reasons: json },
  },
  triggerFired: {
    id: 268,
    version: 1,
    fields: { value: f64, limit: f64, row: i32, rule: words(triggerRules), class: words(triggerClasses), text: str },
  },
  rollbackStepDone: {
    id: 269,
    version: 1,
    fields: { virtualMicros: i64, count: i64, row: i32, rollback: u32, step: words(rollbackSteps), text: str },
  },
  rollbackCompleted: {
    id: 270,
    version: 1,
    fields: { fencedMicros: i64, canceledMicros: i64, completedMicros: i64, uncertain: i64, residual: i64, row: i32, rollback: u32 },
  },
  lotsTransferred: {
    id: 271,
    version: 1,
    fields: { position: i64, cost: split, mark: i64, fromRow: i32, toRow: i32, account: i32, listing: i32 },
  },
  capitalOverdraft: { id: 272, version: 1, fields: { beyond: split, row: i32 } },
  killLatched: { id: 273, version: 1, fields: { engaged: bool, actor: str, reason: str } },
  scopeKilled: {
    id: 290,
    version: 1,
    fields: { generation: u32, engaged: bool, scope: words(killScopes), id: str, actor: str, reason: str },
  },
  killStepDone: {
    id: 291,
    version: 1,
    fields: { virtualMicros: i64, count: i64, generation: u32, step: words(killSteps), text: str },
  },
  cancelsEscalated: {
    id: 292,
    version: 1,
    fields: { virtualMicros: i64, number: u32, venue: i32, open: u32, of: words(['rollback', 'kill']), action: words(escalationActions) },
  },
  limitChanged: { id: 274, version: 1, fields: { revision: i64, actor: str, key: json, from: json, to: json } },
  commandAnswered: {
    id: 275,
    version: 1,
    fields: {
      accepted: bool,
      verb: words([
        'registerVersion',
        'setSlice',
        'deploy',
        'promote',
        'pause',
        'resume',
        'abort',
        'retry',
        'rollback',
        'approve',
        'waive',
        'halt',
        'unhalt',
        'kill',
        'release',
        'setLimit',
        'restrict',
        'unrestrict',
        'register',
        'deny',
        'undo',
        'flatten',
        'allocate',
        'startStrategy',
        'stopStrategy',
        'pauseStrategy',
        'propose',
        'agree',
        'disagree',
      ]),
      code: words(['OK', 'REGISTRATION_REFUSED', ...commandRefusals]),
      commandID: str,
      text: str,
    },
  },
  proposalChanged: {
    id: 300,
    version: 1,
    fields: {
      expiresAt: i64,
      state: words(proposalStates),
      proposalID: str,
      commandID: str,
      verb: str,
      subject: str,
      digest: str,
      actor: str,
      text: str,
    },
  },
  alertRaised: {
    id: 276,
    version: 1,
    fields: { value: f64, limit: f64, severity: words(['low', 'medium', 'high', 'critical']), subject: str, text: str },
  },
  positionCompared: { id: 277, version: 1, fields: { ledger: i64, venue: i64, account: i32, instrument: i32, equal: bool } },
  stateHashed: { id: 278, version: 1, fields: { at: i64, stateHash: str } },
  evidenceTaken: {
    id: 280,
    version: 1,
    fields: { datum: f64, value: f64, row: i32, observations: u32, missing: u32, side: words(['edge', 'harm']), terms: str },
  },
  deploymentProposed: { id: 279, version: 1, fields: { deployment: i32, row: i32, deploymentID: str, actor: str, spec: json } },
};
