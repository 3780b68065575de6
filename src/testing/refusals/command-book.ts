import type { Core } from '../../core/core.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';
import { capInto, usedInto } from '../../core/risk/order-gate.ts';
import { rowDayInto, rowTotalInto } from '../../core/risk/pnl.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import type { Actor, Role } from '../../domain/actor.ts';
import type { Command, CommandRefusal, Proposable, Verb } from '../../domain/command.ts';

/** A command as it is given, without its key. */
export interface Given {
  readonly actor: Actor;
  readonly approvedBy: Actor | null;
  readonly expectedRevision: number | null;
  readonly command: Command;
}

/** What is kept beside the desk: proposals by the records of them, keys by what was said under them. */
export interface CommandBook {
  readonly proposals: Map<
    string,
    {
      readonly command: Proposable;
      readonly actor: Actor;
      readonly digest: string;
      readonly expiresAt: number;
      readonly revision: number | null;
    }
  >;
  readonly keys: Map<string, { readonly words: string; readonly code: string }>;
}

/** What a command is due to be refused with, and what it may be refused with besides: where the rule needs numbers that are not counted again here. */
export interface Refusals {
  readonly due: Set<CommandRefusal>;
  readonly may: Set<CommandRefusal>;
}

export const none = (): Refusals => ({ due: new Set(), may: new Set() });

const everybody: readonly Role[] = ['Trader', 'RiskManager', 'SeniorManagement', 'Admin', 'AlgorithmServer', 'Auditor'];
const desk: readonly Role[] = ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'];
const seniors: readonly Role[] = ['RiskManager', 'SeniorManagement'];
const limits: readonly Role[] = ['Admin', 'RiskManager'];

/** Who may ask for what, by docs/reference/verbs.md; commands of the desk itself by who runs it. */
const allowed: Readonly<Record<Exclude<Verb, 'propose' | 'agree' | 'disagree'>, readonly Role[]>> = {
  promote: ['RiskManager'],
  pause: desk,
  resume: seniors,
  abort: desk,
  retry: ['RiskManager'],
  rollback: ['Trader', ...seniors],
  undo: ['Trader', ...seniors],
  approve: ['Admin', ...seniors],
  deny: ['Admin', ...seniors],
  waive: seniors,
  halt: desk,
  unhalt: seniors,
  flatten: seniors,
  allocate: limits,
  startStrategy: seniors,
  stopStrategy: desk,
  pauseStrategy: desk,
  acceptBreak: seniors,
  acceptTrials: seniors,
  setLimit: limits,
  tellSignal: limits,
  restrict: limits,
  unrestrict: limits,
  kill: desk,
  release: ['SeniorManagement'],
  registerVersion: ['Trader', 'Admin'],
  setSlice: ['Admin'],
  deploy: ['Trader', 'RiskManager', 'Admin'],
  reconcile: desk,
  knowPeople: ['Admin'],
};

const expanding: readonly Verb[] = [
  'promote',
  'retry',
  'waive',
  'unhalt',
  'startStrategy',
  'release',
  'unrestrict',
  'acceptBreak',
  'acceptTrials',
];

export function rolesOf(command: Command): readonly Role[] {
  if (command.verb === 'propose') return rolesOf(command.command);
  return command.verb === 'agree' || command.verb === 'disagree' ? everybody : allowed[command.verb];
}

export const hasRole = (actor: Actor, roles: readonly Role[]): boolean => actor.roles.some((role) => roles.includes(role));

/** Four eyes: expanding takes two different people who both have a role for it. */
export function twoPeople({ actor, approvedBy, command }: Given): readonly CommandRefusal[] {
  if (approvedBy === null || approvedBy.personID === actor.personID) return ['SECOND_PERSON_REQUIRED'];
  return hasRole(approvedBy, rolesOf(command)) ? [] : ['ROLE_REQUIRED'];
}

/** Roles, and the second person of what always expands. */
export function peopleOf(given: Given): readonly CommandRefusal[] {
  if (!hasRole(given.actor, rolesOf(given.command))) return ['ROLE_REQUIRED'];
  return expanding.includes(given.command.verb) ? twoPeople(given) : [];
}

/** The revision that a command may expect; `none`: it has none to expect; `gone`: what it is about is not there, which has a name of its own. */
export function revisionOf(core: Core, command: Command): number | 'none' | 'gone' {
  const { gate, rollout, registry, risk, reconciliation } = core;
  const ofRow = (sliceID: string, version: string): number | 'gone' => {
    const row = gate.rowIx.get(`${sliceID}/${version}`);
    return row === undefined ? 'gone' : gate.epoch[row];
  };
  switch (command.verb) {
    case 'promote':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'retry':
    case 'rollback':
    case 'undo':
    case 'approve':
    case 'deny':
    case 'waive':
      return deploymentOf(core, command.deploymentID)?.revision ?? 'gone';
    case 'halt':
    case 'unhalt':
    case 'flatten':
      return ofRow(command.sliceID, command.version);
    case 'setSlice':
    case 'allocate':
      return gate.slices.find(({ sliceID }) => sliceID === command.sliceID)?.revision ?? 'gone';
    case 'startStrategy':
      if (!rollout.algorithms.includes(command.algorithmID)) return 'gone';
      return rollout.deployments
        .filter(({ row }) => gate.rows[row].algorithmID === command.algorithmID)
        .reduce((sum, { revision }) => sum + revision, 0);
    case 'unrestrict': {
      const instrument = registry.instrumentIx.get(command.instrumentID);
      return instrument === undefined ? 'gone' : risk.sessions.restrictions[instrument];
    }
    case 'acceptTrials':
      return rollout.trialHeads.get(command.algorithmID)?.trials ?? 0;
    case 'acceptBreak': {
      const one = reconciliation.breaks.get(command.breakID);
      return one === undefined || one.state === 'resolved' ? 'gone' : one.there - one.here;
    }
    case 'setLimit': {
      const { scope, scopeID, limit } = command.key;
      const set = risk.limits.entries.find(({ key }) => key.scope === scope && key.scopeID === scopeID && key.limit === limit);
      return set?.revision ?? 0;
    }
    case 'release': {
      const { scope, id } = command.target ?? { scope: 'firm', id: '' };
      return rollout.kills.find(({ target }) => target.scope === scope && target.id === id)?.generation ?? 'none';
    }
    case 'propose':
      return revisionOf(core, command.command);
    default:
      return 'none';
  }
}

export function expectationOf(core: Core, { command, expectedRevision }: Given): readonly CommandRefusal[] {
  if (expectedRevision === null) return [];
  const present = revisionOf(core, command);
  if (present === 'none') return ['EXPECTATION_NOT_KNOWN'];
  return present === 'gone' || present === expectedRevision ? [] : ['REVISION_CHANGED'];
}

export function deploymentOf({ rollout }: Core, deploymentID: string): Deployment | undefined {
  return rollout.deployments.find(({ spec }) => spec.deploymentID === deploymentID);
}

/** Whether a latch of the kill switch stands in the way of more risk for an algorithm with these accounts by venue. */
export function isKilled(core: Core, algorithmID: string, accounts: ReadonlyMap<number, number>): boolean {
  const { registry, rollout } = core;
  return rollout.kills.some(({ target: { scope, id } }) => {
    if (scope === 'firm') return true;
    if (scope === 'strategy') return id === algorithmID;
    if (scope === 'venue') return accounts.has(registry.venueIx.get(id) ?? -1);
    return [...accounts.values()].includes(registry.accountIx.get(id) ?? -1);
  });
}

export const isRowKilled = (core: Core, row: number): boolean =>
  isKilled(core, core.gate.rows[row].algorithmID, core.gate.rows[row].accounts);

export const rollsBackIn = ({ rollout }: Core, slice: number): boolean =>
  rollout.rollbacks.some((one) => one.slice === slice && one.next !== '');

/** A swap that is proposed and neither over nor aborted: until its watch ends. */
export const swapsIn = ({ rollout }: Core, slice: number): boolean =>
  rollout.openSwaps.some(
    (ix) => rollout.swaps[ix].slice === slice && !['finalized', 'rolledBack', 'aborted'].includes(rollout.swaps[ix].step),
  );

/** The version is stopped for its successor, which is not committed. */
export const isStopped = ({ rollout }: Core, row: number): boolean =>
  rollout.openSwaps.some((ix) => {
    const { from, step } = rollout.swaps[ix];
    return from === row && (step === 'settling' || step === 'adopting');
  });

export const isReplaced = ({ rollout }: Core, row: number): boolean =>
  rollout.lifecycle[row] === 'Standby' || rollout.lifecycle[row] === 'Draining';

const money = splitZero();

export function capOf({ gate }: Core, row: number): bigint {
  capInto(money, gate, row);
  return toBigInt(money);
}

export function usedOf({ gate }: Core, row: number): bigint {
  usedInto(money, gate, row);
  return toBigInt(money);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What is left of a slice for a row beside everybody else: total - reserve - sum over the others of max(cap, used), what their stages have claimed counted as theirs. */
export function roomOf(core: Core, row: number): bigint {
  const { gate } = core;
  const slice = gate.slices[gate.rows[row].slice];
  const weight = (one: number): bigint => larger(capOf(core, one), usedOf(core, one));
  let others = slice.rows.filter((one) => one !== row).reduce((sum, one) => sum + weight(one), 0n);
  for (const { claim, phase, row: claims } of core.rollout.deployments) {
    if (claim === null || phase !== 'Progressing' || claims === row || gate.rows[claims].slice !== slice.ix) continue;
    for (const one of claim.beside < 0 ? [claims] : [claims, claim.beside]) others += larger(0n, toBigInt(claim.cap) - weight(one));
  }
  return toBigInt(slice.total) - toBigInt(slice.reserve) - others;
}

/** What an increase is a share of: the capital of the slice, or less where its versions had lost before the session day began (decision 26 of the specification). */
export function increaseOf({ gate, risk }: Core, slice: number): bigint {
  const { total, rows } = gate.slices[slice];
  let equity = toBigInt(total);
  for (const row of rows) {
    rowTotalInto(money, risk.pnl, row, false);
    equity += toBigInt(money);
    rowDayInto(money, risk.pnl, row, false);
    equity -= toBigInt(money);
  }
  return equity < 0n ? 0n : equity < toBigInt(total) ? equity : toBigInt(total);
}
