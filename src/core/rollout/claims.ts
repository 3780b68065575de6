import { addInto, cmp, columnGet, fromSafe, isNeg, setInto, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { RowIx, SliceIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { allocationSteps, capOf, heldInto } from '../risk/capital.ts';
import { modeOf, usedInto, type OrderGate } from '../risk/order-gate.ts';
import type { Claim } from './claim.ts';
import { judgeNext, type Deployment } from './deployment.ts';
import { capOfIncrease } from './equity-at-open.ts';
import { boundGrowth } from './growth-bound.ts';
import { coreActor, rollbackInFlight, servedBy, swapInFlight } from './rollout.ts';
import { changeRow } from './rows.ts';
import { workingMode } from './working-mode.ts';

/** How long a stage waits for the old version to work off what it uses past its new cap (microseconds). */
export const claimPatience = 86_400_000_000;

const held = splitZero();
const used = splitZero();
const cap = splitZero();
const left = splitZero();

/** The larger of a row's cap and what it uses, into `out`. */
function weightInto(out: Split, gate: OrderGate, row: RowIx): void {
  columnGet(out, gate.cap, row);
  usedInto(used, gate, row);
  if (cmp(used, out) > 0) setInto(out, used);
}

/** Adds what the claims of a slice ask for beyond what their rows weigh already; `without` = a row whose claim does not count. */
function addClaims(out: Split, core: Core, slice: SliceIx, without: RowIx): void {
  for (const { phase, claim, row } of core.rollout.deployments) {
    if (phase !== 'Progressing' || claim === null || row === without || core.gate.rows[row].slice !== slice) continue;
    for (const one of claim.beside < 0 ? [row] : [row, claim.beside]) {
      weightInto(cap, core.gate, one);
      if (cmp(claim.cap, cap) <= 0) continue;
      addInto(out, out, claim.cap);
      subInto(out, out, cap);
    }
  }
}

/** What is left of a slice for one row beside everybody else's weight and claims, into `out`; negative = less than nothing. `without` = other rows left out, -1 = none. */
function roomInto(out: Split, core: Core, row: RowIx, ...without: readonly RowIx[]): void {
  const { gate } = core;
  const { ix, total, reserve } = gate.slices[gate.rows[row].slice];
  heldInto(held, gate, ix, row);
  for (const one of without) {
    if (one < 0) continue;
    weightInto(cap, gate, one);
    subInto(held, held, cap);
  }
  addClaims(held, core, ix, row);
  subInto(out, total, reserve);
  subInto(out, out, held);
}

/** The largest cap that the row may get, into `out`; negative = less than nothing. */
export function roomFor(out: Split, core: Core, row: RowIx): void {
  roomInto(out, core, row);
}

const needed = splitZero();
const larger = splitZero();

/** What rows take of a slice that get this cap each: the sum of max(cap, used), into `out`. */
function neededInto(out: Split, { gate }: Core, wanted: Split, ...rows: readonly RowIx[]): void {
  fromSafe(out, 0);
  for (const row of rows) {
    if (row < 0) continue;
    usedInto(larger, gate, row);
    addInto(out, out, cmp(wanted, larger) > 0 ? wanted : larger);
  }
}

/**
 * Whether the row, and the one that gets as much with it (-1 = none), may get this cap: cap <= total - reserve - sum over the others of max(cap, used), what others have
 * claimed counted as theirs.
 */
export function fits(core: Core, row: RowIx, wanted: Split, beside: RowIx = -1): boolean {
  roomInto(left, core, row, beside);
  neededInto(needed, core, wanted, row, beside);
  return cmp(needed, left) <= 0;
}

const remaining = splitZero();

/**
 * Phase one: the version that completed the ladder gives way, down to what is left beside the stage, in whole steps, and works off what it uses past that. The
 * stage is granted later, on fresh gates, by what is really free. @returns false where nobody can make that much room.
 */
export function makeRoom(
  core: Core,
  deployment: Deployment,
  stage: number,
  wanted: Split,
  beside: RowIx,
  at: Micros,
  outcome: Outcome,
): boolean {
  const { gate, rollout } = core;
  const { row, spec } = deployment;
  const { slice } = gate.rows[row];
  if (spec.strategy !== 'Canary' || rollbackInFlight(rollout, slice) || swapInFlight(rollout, slice) !== undefined) return false;
  const from = olderOf(core, row);
  if (from === undefined) return false;
  roomInto(remaining, core, row, from, beside);
  neededInto(needed, core, wanted, row, beside);
  subInto(remaining, remaining, needed);
  if (isNeg(remaining)) return false;
  const claimed = splitZero();
  setInto(claimed, wanted);
  deployment.claim = { stage, cap: claimed, beside, from, at };
  deployment.revision++;
  const allocation = stepsWithin(remaining, gate.slices[slice].total);
  const lower = splitZero();
  capOf(allocation, gate.slices[slice].total, lower);
  columnGet(cap, gate.cap, from);
  if (deployment.took?.row !== from) {
    const before = splitZero();
    setInto(before, cap);
    deployment.took = { row: from, cap: before };
  }
  if (cmp(lower, cap) < 0)
    decrease(core, from, lower, allocation, `makes room for ${spec.stages[stage].name} of ${spec.deploymentID}`, outcome);
  judgeNext(deployment, at);
  return true;
}

function decrease(core: Core, from: RowIx, lower: Split, allocation: number, reason: string, outcome: Outcome): void {
  const { gate, rollout } = core;
  changeRow(core, from, { cap: lower, mode: workingMode(core, from, false, lower) }, coreActor, reason, outcome);
  boundGrowth(core, from, lower);
  gate.slices[gate.rows[from].slice].revision++;
  const older = servedBy(rollout, from);
  if (older !== undefined) {
    older.allocation = allocation;
    older.revision++;
  }
  const mode = modeOf(gate, from);
  const trading = mode === 'ACTIVE' || mode === 'REDUCING';
  outcome.effects.push({ kind: 'authority', reducing: true, row: from, epoch: gate.epoch[from], capital: core.capitalOf(from), trading });
}

/** The version of the slice that completed its ladder and holds most; undefined = there is none that works. */
export function olderOf({ gate, rollout }: Core, row: RowIx): RowIx | undefined {
  let found: RowIx | undefined;
  const most = splitZero();
  for (const other of gate.slices[gate.rows[row].slice].rows) {
    const mode = modeOf(gate, other);
    if (other === row || rollout.lifecycle[other] !== 'Active' || (mode !== 'ACTIVE' && mode !== 'REDUCING')) continue;
    columnGet(cap, gate.cap, other);
    if (found !== undefined && cmp(cap, most) <= 0) continue;
    found = other;
    setInto(most, cap);
  }
  return found;
}

/** CAP3: the largest whole step that is no more than `room`. */
function stepsWithin(room: Split, total: Split): number {
  const guess = Math.min(allocationSteps, Math.floor((toNumber(room) / toNumber(total)) * allocationSteps) + 1);
  const step = splitZero();
  for (let allocation = guess; allocation > 0; allocation--) {
    capOf(allocation, total, step);
    if (cmp(step, room) <= 0) return allocation;
  }
  return 0;
}

/** The stage is granted, or it is not asked for any more: what was reserved is free for anybody. What was decreased stays decreased. */
export function endClaim(deployment: Deployment): void {
  deployment.claim = null;
}

/** The slice has another capital: what its stages have reserved is a share of what is left of it, as what they will be granted is. */
export function resizeClaims(core: Core, slice: SliceIx): void {
  const { gate, rollout } = core;
  for (const { claim, row, spec } of rollout.deployments) {
    if (claim === null || gate.rows[row].slice !== slice) continue;
    capOfIncrease(claim.cap, core, slice, spec.stages[claim.stage].allocation);
  }
}

/** Something was freed: claims that now fit are judged at once. */
export function continueClaims(core: Core, at: Micros): void {
  for (const deployment of core.rollout.deployments) {
    const { claim, phase, row, activeSince } = deployment;
    if (claim === null || phase !== 'Progressing' || (activeSince < 0 && claim.stage > 0)) continue;
    if (fits(core, row, claim.cap, claim.beside)) judgeNext(deployment, at);
  }
}

/** Why a claim still waits, in words. */
export function claimText({ gate }: Core, { from }: Claim): string {
  return `${gate.rows[from].version} uses more than it was left and works it off`;
}
