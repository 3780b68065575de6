import { microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { AccountIx, ClOrdID, ListingIx, RowIx, Seq, SliceIx } from '../../domain/ids.ts';
import type { Side } from '../../domain/order.ts';
import type { DeploymentSpec, FlattenMode } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import { hasCertainEnd, placeReducing, queryOrder } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { knownTwice } from '../market/marks.ts';
import { firstOfRow, nextOfRow } from '../orders/order-store.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, leafOf, nextLeafOf, positionOfLeaf } from '../positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_LISTING, LEAF_ROW, noLeaf } from '../positions/ledger.ts';
import { createTransfer, transferLots } from '../positions/transfer.ts';
import { positionChanged } from '../bookings.ts';
import { holdsOrder } from './latches.ts';
import type { Flattening, Rollback } from './rollout.ts';
import { isCommitted } from './swap.ts';

/** How often the custodian looks again at what is left, and the length of a twap (microseconds). */
export const flattenEvery = 1_000_000;
/** So many looks at an order without an end, or at which none could leave, and people hear of it. */
export const blockedLooks = 3;
export const twapLength = 600_000_000;
export const twapEvery = 30_000_000;

const transfer = createTransfer();

/** What RB4 could do: listings whose lots moved, and lots of those that the ledger would not move. */
export interface Custody {
  readonly moved: number;
  readonly left: number;
}

/** RB4: every lot of the row goes to the slice's custodian at its entry cost; one that cannot keeps no other from it. */
export function takeIntoCustody(core: Core, rollback: Rollback, at: Micros, outcome: Outcome): Custody {
  const { ledger, gate, rollout } = core;
  const { row } = rollback;
  const toRow = gate.slices[rollback.slice].custodian;
  rollout.custodyEpoch[row] = gate.epoch[row];
  let moved = 0;
  let left = 0;
  for (let leaf = firstLeafOf(ledger, row); leaf >= 0; leaf = nextLeafOf(ledger, leaf)) {
    const position = positionOfLeaf(ledger, leaf);
    if (position === 0 || isSimulatedLeaf(ledger, leaf)) continue;
    const account = leafLink(ledger, leaf, LEAF_ACCOUNT);
    const listing = leafLink(ledger, leaf, LEAF_LISTING);
    if (!moveLeaf(core, leaf, toRow, account, listing, outcome)) {
      left += Math.abs(position);
      continue;
    }
    positionChanged(core, row, account, listing, false, 'handover', outcome);
    positionChanged(core, toRow, account, listing, false, 'handover', outcome);
    planFlattening(core, rollback, account, listing, at);
    moved++;
  }
  return { moved, left };
}

function moveLeaf(core: Core, leaf: number, toRow: RowIx, account: AccountIx, listing: ListingIx, outcome: Outcome): boolean {
  const { ledger, marks } = core;
  const position = positionOfLeaf(ledger, leaf);
  const to = leafOf(ledger, toRow, account, listing, false);
  if (to === noLeaf) return false;
  const refusal = transferLots(ledger, leaf, to, Math.abs(position), knownTwice(marks, listing), transfer);
  if (refusal !== undefined) return false;
  outcome.decisions.push({
    kind: 'lotsTransferred',
    fromRow: leafLink(ledger, leaf, LEAF_ROW),
    toRow,
    account,
    listing,
    position,
    cost: { hi: transfer.cost.hi, lo: transfer.cost.lo },
    mark: ticksUnchecked(Math.trunc(knownTwice(marks, listing) / 2)),
  });
  return true;
}

/** Lots of a fenced version's order came to the custodian after RB4, or after it was swapped away: they are worked off as the others. */
export function flattenLate(core: Core, row: RowIx, account: AccountIx, listing: ListingIx, at: Micros): void {
  const { rollbacks, swaps, deployments } = core.rollout;
  const rollback = rollbacks.findLast((one) => one.row === row);
  const swap = swaps.findLast((one) => one.from === row && isCommitted(one));
  if (swap !== undefined && swap.frozenAt > (rollback?.startedAt ?? -1))
    planHandedOver(core, swap.slice, account, listing, deployments[swap.deployment].spec.rollback, at);
  else if (rollback !== undefined) planFlattening(core, rollback, account, listing, at);
}

/**
 * A custodian's own order brought lots back (its venue took the fill back, or corrected it) or took too many (another fill was first), and nothing is planned for them any more: they are
 * worked off as the others of the slice were.
 */
export function flattenAgain(core: Core, slice: SliceIx, account: AccountIx, listing: ListingIx, at: Micros): void {
  const { flattening, rollbacks, swaps, deployments } = core.rollout;
  if (flattening.some((one) => one.slice === slice && one.account === account && one.listing === listing)) return;
  if (custodianPosition(core, slice, account, listing) === 0) return;
  const rollback = rollbacks.findLast((one) => one.slice === slice && flatteningOf(core, one).mode !== 'none');
  const swap = swaps.findLast((one) => one.slice === slice && one.positions === 'flatten' && isCommitted(one));
  if (swap !== undefined && swap.frozenAt > (rollback?.startedAt ?? -1))
    planHandedOver(core, slice, account, listing, deployments[swap.deployment].spec.rollback, at);
  else if (rollback !== undefined) planFlattening(core, rollback, account, listing, at);
}

/** A split of an instrument: what the custodian began with, and its line to nothing, is in new lots from now on. */
export function splitFlattening({ rollout, registry }: Core, instrument: number, numerator: number, denominator: number): void {
  rollout.flattening.forEach((one, i) => {
    if (registry.listings[one.listing].instrument !== instrument) return;
    rollout.flattening[i] = { ...one, from: Math.trunc((one.from * numerator) / denominator) };
  });
}

/** Lots that no version trades on are worked off in any case: at a limit where the spec leaves it open. */
export function planHandedOver(
  core: Core,
  slice: SliceIx,
  account: AccountIx,
  listing: ListingIx,
  { flatten, flattenSlippageBps }: DeploymentSpec['rollback'],
  at: Micros,
): void {
  plan(core, slice, account, listing, flatten === 'none' ? 'limit' : flatten, flattenSlippageBps, at);
}

function planFlattening(core: Core, rollback: Rollback, account: AccountIx, listing: ListingIx, at: Micros): void {
  const { mode, slippageBps } = flatteningOf(core, rollback);
  if (mode !== 'none') plan(core, rollback.slice, account, listing, mode, slippageBps, at);
}

/** What a person who flattens asked for, else what the spec says. */
function flatteningOf(core: Core, rollback: Rollback): { readonly mode: FlattenMode; readonly slippageBps: number } {
  const spec = rollback.deployment < 0 ? undefined : core.rollout.deployments[rollback.deployment].spec;
  const mode = rollback.flatten?.mode ?? spec?.rollback.flatten ?? 'none';
  const slippageBps = rollback.flatten?.slippageBps ?? spec?.rollback.flattenSlippageBps ?? 0;
  return { mode, slippageBps };
}

/** Works off every lot that the custodian of a slice holds. @returns the number of listings. */
export function flattenCustody(
  core: Core,
  slice: SliceIx,
  mode: FlattenMode,
  slippageBps: number,
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): number {
  const { ledger, gate } = core;
  let listings = 0;
  for (let leaf = firstLeafOf(ledger, gate.slices[slice].custodian); leaf >= 0; leaf = nextLeafOf(ledger, leaf)) {
    if (positionOfLeaf(ledger, leaf) === 0 || isSimulatedLeaf(ledger, leaf)) continue;
    plan(core, slice, leafLink(ledger, leaf, LEAF_ACCOUNT), leafLink(ledger, leaf, LEAF_LISTING), mode, slippageBps, at);
    listings++;
  }
  work(core, seq, at, outcome);
  return listings;
}

/** The custodian of a slice works off what it holds there; a plan for the same lots is replaced. */
export function plan(
  core: Core,
  slice: SliceIx,
  account: AccountIx,
  listing: ListingIx,
  mode: FlattenMode,
  slippageBps: number,
  at: Micros,
): void {
  const from = custodianPosition(core, slice, account, listing);
  const { flattening } = core.rollout;
  const known = flattening.findIndex((one) => one.slice === slice && one.account === account && one.listing === listing);
  const planned: Flattening = {
    slice,
    listing,
    account,
    mode,
    slippageBps,
    startedAt: at,
    from,
    nextAt: at,
    working: known < 0 ? 0 : flattening[known].working,
    blocked: 0,
  };
  if (known < 0) flattening.push(planned);
  else flattening[known] = planned;
}

function custodianPosition(core: Core, slice: number, account: AccountIx, listing: ListingIx): number {
  return positionOfLeaf(core.ledger, leafOf(core.ledger, core.gate.slices[slice].custodian, account, listing, false));
}

/** Where the position should be by now, lots: 0, or on the straight line of a twap. Never past zero, never away from it. */
function targetOf(plan: Flattening, at: Micros): number {
  if (plan.mode !== 'twap') return 0;
  const left = Math.max(0, 1 - (at - plan.startedAt) / twapLength);
  return Math.trunc(plan.from * left);
}

/** Lots that uncertain orders of fenced versions may still trade on that side into the custodian's position. */
function racing(core: Core, plan: Flattening, side: Side): number {
  const { orders, gate, rollout } = core;
  let lots = 0;
  for (const row of gate.slices[plan.slice].rows) {
    for (let order = firstOfRow(orders, row); order !== undefined; order = nextOfRow(orders, order)) {
      const { listing, account, simulated, epoch } = order;
      if (simulated || listing !== plan.listing || account !== plan.account || order.side !== side) continue;
      if (epoch < (rollout.custodyEpoch[row] ?? 0)) lots += order.leavesQty;
    }
  }
  return lots;
}

/** Works off what is due. One order at a time for each listing, immediate or canceled, so that racing fills cannot flip the sign (ROL3). */
export function work(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  const { flattening } = core.rollout;
  for (let i = flattening.length - 1; i >= 0; i--) {
    const plan = flattening[i];
    if (plan.nextAt > at) continue;
    const position = custodianPosition(core, plan.slice, plan.account, plan.listing);
    if (position === 0) {
      flattening.splice(i, 1);
      continue;
    }
    plan.nextAt = microsUnchecked(at + (plan.mode === 'twap' ? twapEvery : flattenEvery));
    const custodian: RowIx = core.gate.slices[plan.slice].custodian;
    // one that had waited for an older opposite order left without a word to the plan
    if (plan.working === 0 || hasCertainEnd(core, plan.working)) plan.working = openOrderOf(core, custodian, plan);
    if (plan.working !== 0) {
      askForOrder(core, plan, outcome);
      continue;
    }
    const wanted = targetOf(plan, at) - position;
    const lots = wanted === 0 || wanted > 0 === position > 0 ? 0 : lotsToTrade(core, plan, wanted, position);
    if (lots <= 0 || holdsOrder(core, custodian, plan.account, plan.listing)) {
      plan.blocked = 0;
      continue;
    }
    const from = outcome.decisions.length;
    plan.working = placeReducing(
      core,
      custodian,
      plan.account,
      plan.listing,
      wanted > 0 ? lots : -lots,
      plan.mode === 'market' ? 'market' : 'limit',
      plan.slippageBps,
      seq,
      at,
      outcome,
    );
    if (plan.working !== 0) plan.blocked = 0;
    else sayRefused(core, plan, outcome.decisions.slice(from), outcome);
  }
}

/** The custodian's open order there; 0 = none. */
function openOrderOf({ orders }: Core, custodian: RowIx, { account, listing }: Flattening): ClOrdID {
  for (let order = firstOfRow(orders, custodian); order !== undefined; order = nextOfRow(orders, order))
    if (!order.simulated && order.account === account && order.listing === listing) return order.clOrdID;
  return 0;
}

/** Towards the target, and never more than is left when what races it has filled. */
function lotsToTrade(core: Core, plan: Flattening, wanted: number, position: number): number {
  return Math.min(Math.abs(wanted), Math.abs(position) - racing(core, plan, wanted > 0 ? 'buy' : 'sell'));
}

/** An order without an end holds the flattening up: its venue is asked from the second look on, and after some people hear of it. */
function askForOrder(core: Core, plan: Flattening, outcome: Outcome): void {
  plan.blocked += 1;
  // at the first look it may still be under way
  if (plan.blocked > 1) queryOrder(core, plan.working, outcome);
  if (plan.blocked !== blockedLooks) return;
  sayBlocked(core, plan, `order ${plan.working}, whose end the venue has not told at ${blockedLooks} looks`, 'critical', outcome);
}

/** Nothing left, as at the looks before: people hear of it once. One that waits for an older opposite order has a clock of its own. */
function sayRefused(core: Core, plan: Flattening, decisions: readonly Decision[], outcome: Outcome): void {
  const denied = decisions.find((one) => one.kind === 'orderDenied');
  if (denied === undefined && decisions.length > 0) return;
  plan.blocked += 1;
  if (plan.blocked !== blockedLooks) return;
  const why =
    denied === undefined ? 'no fresh, valid mark, from which the slippage would be counted' : `its order is denied, ${denied.code}`;
  sayBlocked(core, plan, `${blockedLooks} looks: ${why}`, 'high', outcome);
}

function sayBlocked(
  { gate, registry }: Core,
  { slice, listing, blocked }: Flattening,
  what: string,
  severity: 'high' | 'critical',
  outcome: Outcome,
): void {
  const text = `${gate.slices[slice].sliceID}: flattening of ${registry.listings[listing].listing.listingID} waits for ${what}`;
  outcome.decisions.push({ kind: 'alertRaised', severity, subject: 'CUSTODY_BLOCKED', value: blocked, limit: blockedLooks, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity, subject: 'CUSTODY_BLOCKED', text });
}

/** Earliest time at which the custodian looks again. */
export function nextFlattenAt(core: Core): Micros | undefined {
  let next: Micros | undefined;
  for (const { nextAt } of core.rollout.flattening) if (next === undefined || nextAt < next) next = nextAt;
  return next;
}
