import { cmp, columnGet, fromSafe, isNeg, setInto, splitZero, toNumber } from '../../base/split.ts';
import { durationMicros } from '../../base/duration.ts';
import { microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import { positionChanged, recordOverdraft } from '../bookings.ts';
import type { Core } from '../core.ts';
import { knownTwice } from '../market/marks.ts';
import { firstOfRow, nextOfRow, rehomeOrder } from '../orders/order-store.ts';
import type { StoredOrder } from '../orders/stored-order.ts';
import type { Outcome } from '../outcome.ts';
import { watchPositions } from '../position-limit-watch.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, leafOf, nextLeafOf, positionOfLeaf } from '../positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_LISTING, noLeaf, type LeafIx } from '../positions/ledger.ts';
import { createTransfer, transferLots } from '../positions/transfer.ts';
import { allocationSteps, capOf } from '../risk/capital.ts';
import { rehomeDuplicates } from '../risk/duplicates.ts';
import { positionLimit } from '../risk/limits.ts';
import { orderRehomed } from '../risk/open-orders.ts';
import { modeOf, setPaperCap } from '../risk/order-gate.ts';
import { fits, roomFor } from './claims.ts';
import { judgeApproval } from './approvals.ts';
import { planHandedOver, work } from './custodian.ts';
import { planEvidence } from './declare-evidence.ts';
import { judgeNext } from './deployment.ts';
import { frozenUntil, windowText } from './freeze-window.ts';
import { killText } from './latches.ts';
import { changeRow } from './rows.ts';
import { rollbackInFlight, servedBy, setLifecycle, setPhase } from './rollout.ts';
import { addStandby } from './standby.ts';
import { isCommitted, moveSwap, type Swap } from './swap.ts';
import { askHosts } from './swap-abort.ts';
import { workingMode } from './working-mode.ts';

const transfer = createTransfer();
const none = splitZero();

/** Open orders of a row that trade capital, oldest first. */
export function openOrdersOf(core: Core, row: RowIx): readonly StoredOrder[] {
  const open: StoredOrder[] = [];
  for (let order = firstOfRow(core.orders, row); order !== undefined; order = nextOfRow(core.orders, order))
    if (!order.simulated) open.push(order);
  return open;
}

/** '' or why the row's open orders cannot change hands now. */
export function notAdoptable(core: Core, row: RowIx): string {
  for (const { ordStatus, leg, clOrdID, replacement } of openOrdersOf(core, row)) {
    if (leg !== 'none') return `order ${clOrdID} is the ${leg} of a bracket, which stays with the version that placed it`;
    if (replacement >= 0 || (ordStatus !== 'new' && ordStatus !== 'partiallyFilled')) return `order ${clOrdID} is ${ordStatus}`;
  }
  return '';
}

/** Leaves of a row that hold lots. */
function heldLeaves(core: Core, row: RowIx): readonly LeafIx[] {
  const { ledger } = core;
  const held: LeafIx[] = [];
  for (let leaf = firstLeafOf(ledger, row); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf))
    if (!isSimulatedLeaf(ledger, leaf) && positionOfLeaf(ledger, leaf) !== 0) held.push(leaf);
  return held;
}

/** '' or why the commit may not happen. Asked in the step that would commit. */
export function refuseCommit(core: Core, swap: Swap): string {
  const { gate, ledger, rollout } = core;
  const { from, to } = swap;
  const killed = killText(core, to);
  if (killed !== '') return killed;
  const frozen = windowText(rollout.deployments[swap.deployment].spec.freeze, core.at);
  if (frozen !== '') return `it came too late, into a freeze window: ${frozen}`;
  if (gate.epoch[from] !== swap.fromEpoch) return `expected epoch ${swap.fromEpoch} of the old version, is ${gate.epoch[from]}`;
  if (gate.epoch[to] !== swap.toEpoch) return `expected epoch ${swap.toEpoch} of the new version, is ${gate.epoch[to]}`;
  if (rollout.deployments[swap.deployment].spec.specHash !== swap.specHash) return 'the spec is another one';
  if (modeOf(gate, from) !== 'CANCEL_ONLY' || modeOf(gate, to) !== 'SIMULATED')
    return `the rows are ${modeOf(gate, from)} and ${modeOf(gate, to)}, expected CANCEL_ONLY and SIMULATED`;
  if (workingMode(core, to, false) === 'CANCEL_ONLY') return 'a feed of the universe is silent';
  const approval = judgeApproval(core, rollout.deployments[swap.deployment], 0);
  if (approval !== undefined && approval.verdict !== 'pass') return approval.text;
  const unfit = notAdoptable(core, from);
  if (unfit !== '') return unfit;
  if (swap.openOrders === 'cancel' && openOrdersOf(core, from).length > 0) return 'an order of the old version is open';
  const taker = takerOf(core, swap);
  for (const leaf of taker < 0 ? [] : heldLeaves(core, from)) {
    if (leafOf(ledger, taker, leafLink(ledger, leaf, LEAF_ACCOUNT), leafLink(ledger, leaf, LEAF_LISTING), false) === noLeaf)
      return 'the ledger holds its maximum of leaves';
  }
  return '';
}

/** Row that gets the lots; -1 = they stay. */
function takerOf(core: Core, { positions, to, slice }: Swap): RowIx {
  return positions === 'transfer' ? to : positions === 'flatten' ? core.gate.slices[slice].custodian : -1;
}

/**
 * SwapCommitted and everything that it says, in one step: epochs of both up, capital, lots and orders change hands. The old version can never act again
 * under its old epoch; what the new one may do leaves the outbox when the record is durable.
 */
export function commitSwap(core: Core, swap: Swap, at: Micros, outcome: Outcome): void {
  const { gate, rollout } = core;
  const { from, to } = swap;
  const [fromEpoch, toEpoch] = [gate.epoch[from] + 1, gate.epoch[to] + 1];
  const adopted = swap.openOrders === 'adopt' ? openOrdersOf(core, from) : [];
  const tagShift = shiftOf(core, swap, adopted);
  const reason = `swap ${swap.ix} to ${gate.rows[to].version}`;
  columnGet(swap.wanted, gate.cap, from);
  const leaves = heldLeaves(core, from);
  const taker = takerOf(core, swap);
  outcome.decisions.push({
    kind: 'swapCommitted',
    swap: swap.ix,
    from,
    to,
    fromEpoch,
    toEpoch,
    cap: { hi: swap.wanted.hi, lo: swap.wanted.lo },
    lots: taker < 0 ? 0 : leaves.length,
    orders: adopted.length,
    watermark: swap.watermark,
    stateHash: swap.stateHash,
    tagShift,
    frozenMicros: at - swap.frozenAt,
  });
  fromSafe(none, 0);
  changeRow(core, from, { epoch: fromEpoch, cap: none, mode: 'CANCEL_ONLY' }, 'core', reason, outcome);
  for (const order of adopted) adopt(core, swap, order, toEpoch, tagShift, outcome);
  if (taker >= 0) for (const leaf of leaves) handLots(core, swap, leaf, taker, at, outcome);
  if (taker === to) rollout.heirs.set(from, { to, epoch: fromEpoch, toEpoch, tagShift });
  if (swap.positions === 'flatten') rollout.custodyEpoch[from] = fromEpoch;
  rehomeDuplicates(core.risk.duplicates, from, to);
  core.lastTag[to] = Math.max(core.lastTag[to] ?? 0, (core.lastTag[from] ?? 0) + tagShift);
  giveAuthority(core, swap, toEpoch, at, reason, outcome);
  outcome.effects.push({ kind: 'fence', reducing: true, row: from, epoch: fromEpoch });
  outcome.effects.push({ kind: 'fence', reducing: true, row: to, epoch: toEpoch });
  askHosts(core, swap, 'commit', outcome, tagShift);
  if (swap.positions === 'flatten') work(core, core.seq, at, outcome);
  if (taker === to && core.risk.limits.active[positionLimit] > 0) watchTaken(core, to, outcome);
}

/** What the new version took over is looked at as a fill is: it may have less room at a venue than the old one. */
function watchTaken(core: Core, to: RowIx, outcome: Outcome): void {
  for (const leaf of heldLeaves(core, to)) {
    const { ledger } = core;
    watchPositions(core, to, leafLink(ledger, leaf, LEAF_ACCOUNT), leafLink(ledger, leaf, LEAF_LISTING), core.seq, outcome);
  }
}

/** Adopted orders get numbers above all that the new version's own have: both wrote theirs beside each other. */
function shiftOf(core: Core, swap: Swap, adopted: readonly StoredOrder[]): number {
  const lowest = adopted.reduce((least, { tag }) => Math.min(least, tag), (core.lastTag[swap.from] ?? 0) + 1);
  return Math.max(0, (core.lastTag[swap.to] ?? 0) + 1 - lowest);
}

const overdraftBefore = splitZero();

function adopt(core: Core, swap: Swap, order: StoredOrder, epoch: number, tagShift: number, outcome: Outcome): void {
  const { to, from } = swap;
  const tag = order.tag + tagShift;
  rehomeOrder(core.orders, order, { row: to, tag, epoch, deployment: swap.deployment, stage: 0 });
  const { overdraft } = core.gate.slices[swap.slice];
  setInto(overdraftBefore, overdraft);
  orderRehomed(core.risk, order);
  recordOverdraft(core, to, overdraftBefore, outcome);
  outcome.decisions.push({ kind: 'orderAdopted', swap: swap.ix, clOrdID: order.clOrdID, fromRow: from, toRow: to, tag });
}

function handLots(core: Core, swap: Swap, leaf: LeafIx, taker: RowIx, at: Micros, outcome: Outcome): void {
  const { ledger, marks } = core;
  const position = positionOfLeaf(ledger, leaf);
  const account = leafLink(ledger, leaf, LEAF_ACCOUNT);
  const listing = leafLink(ledger, leaf, LEAF_LISTING);
  // all lots of a leaf move without a new one: that cannot be refused
  transferLots(ledger, leaf, leafOf(ledger, taker, account, listing, false), Math.abs(position), knownTwice(marks, listing), transfer);
  outcome.decisions.push({
    kind: 'lotsTransferred',
    fromRow: swap.from,
    toRow: taker,
    account,
    listing,
    position,
    cost: { hi: transfer.cost.hi, lo: transfer.cost.lo },
    mark: ticksUnchecked(Math.trunc(knownTwice(marks, listing) / 2)),
  });
  positionChanged(core, swap.from, account, listing, false, 'handover', outcome);
  positionChanged(core, taker, account, listing, false, 'handover', outcome);
  if (swap.positions !== 'flatten') return;
  const { rollback } = core.rollout.deployments[swap.deployment].spec;
  planHandedOver(core, swap.slice, account, listing, rollback, at);
}

function giveAuthority(core: Core, swap: Swap, toEpoch: number, at: Micros, reason: string, outcome: Outcome): void {
  const { gate, rollout } = core;
  const { from, to } = swap;
  const deployment = rollout.deployments[swap.deployment];
  const cap = splitZero();
  const allocation = grantableInto(cap, core, swap);
  changeRow(core, to, { epoch: toEpoch, mode: workingMode(core, to, false, cap), cap, stage: 0 }, 'core', reason, outcome);
  deployment.stage = 0;
  deployment.stageGrantedAt = at;
  setLifecycle(rollout, gate, to, 'Active', reason, outcome);
  const { deploymentID, blueGreen } = deployment.spec;
  outcome.decisions.push({
    kind: 'stageGranted',
    deployment: deployment.ix,
    deploymentID,
    stage: 0,
    name: 'Green',
    allocation,
    cap: { hi: cap.hi, lo: cap.lo },
    reasons: [`took over from ${gate.rows[from].version}`],
  });
  const former = servedBy(rollout, from);
  if (former !== undefined) {
    former.allocation = 0;
    judgeNext(former, 0);
  }
  if (former?.phase === 'Progressing') {
    swap.formerPhase = 'Progressing';
    setPhase(former, 'Paused', `${deploymentID} took over: it stands by`, outcome);
  }
  if (swap.positions === 'drain' && heldLeaves(core, from).length > 0) {
    changeRow(core, from, { mode: 'REDUCING' }, 'core', `${reason}: works off what it holds`, outcome);
    setLifecycle(rollout, gate, from, 'Draining', reason, outcome);
  } else standBy(core, swap, outcome);
  const monitoring = blueGreen === null ? 0 : durationMicros(blueGreen.monitoring);
  swap.standbyUntil = microsUnchecked(at + Math.max(monitoring, durationMicros(deployment.spec.rollback.rollbackWindow)));
  moveSwap(swap, 'monitoring', at + monitoring);
  planEvidence(core);
}

/** The old version holds nothing any more: it goes on with the simulator, warm. Late fills of its orders are the custodian's, unless its lots went over. */
export function standBy(core: Core, swap: Swap, outcome: Outcome): void {
  const { from } = swap;
  const { gate, rollout } = core;
  const drained = rollout.lifecycle[from] === 'Draining';
  const epoch = gate.epoch[from] + (drained ? 1 : 0);
  if (rollout.heirs.get(from)?.epoch !== epoch) rollout.custodyEpoch[from] = epoch;
  changeRow(core, from, { mode: 'SIMULATED', ...(drained ? { epoch } : {}) }, 'core', `stands by after swap ${swap.ix}`, outcome);
  if (drained) outcome.effects.push({ kind: 'fence', reducing: true, row: from, epoch });
  setPaperCap(core.gate, from, swap.wanted);
  setLifecycle(core.rollout, core.gate, from, 'Standby', `swap ${swap.ix}`, outcome);
  const { slice, to: successor, deployment, wanted: cap, watermark: eventSeq } = swap;
  // what it had at the watermark is what its successor took; what it worked off since then is its own
  addStandby(core, { slice, row: from, successor, deployment, cap, takenAt: drained ? microsUnchecked(0) : core.at, eventSeq });
}

const free = splitZero();

/** The former capital as far as it is free now and claimed by nobody, in whole steps where not all of it is (CAP3). @returns its allocation. */
export function grantableInto(out: ReturnType<typeof splitZero>, core: Core, swap: Swap): number {
  const { gate } = core;
  const { total } = gate.slices[swap.slice];
  const steps = (of: ReturnType<typeof splitZero>): number => Math.floor((toNumber(of) / toNumber(total)) * allocationSteps + 1e-6);
  setInto(out, swap.wanted);
  if (fits(core, swap.to, out)) return steps(out);
  roomFor(free, core, swap.to);
  let allocation = isNeg(free) ? 0 : Math.min(steps(free), steps(swap.wanted));
  for (; allocation > 0; allocation--) {
    capOf(allocation, total, out);
    if (fits(core, swap.to, out)) return allocation;
  }
  fromSafe(out, 0);
  return 0;
}

const wider = splitZero();
const present = splitZero();

/** Whether the new version is still the one that the commit gave the capital to, at work and stopped by nobody. */
function mayGrow(core: Core, swap: Swap): boolean {
  const { rollout } = core;
  const deployment = rollout.deployments[swap.deployment];
  const replaced = rollout.swaps.some((later) => later.ix > swap.ix && later.from === swap.to && isCommitted(later));
  return (
    !replaced &&
    rollout.lifecycle[swap.to] === 'Active' &&
    servedBy(rollout, swap.to) === deployment &&
    (deployment.phase === 'Progressing' || deployment.phase === 'Healthy') &&
    killText(core, swap.to) === '' &&
    !rollbackInFlight(rollout, swap.slice)
  );
}

/** When a freeze window opens that holds back capital of the new version; 0 = none does. */
export function growsAt(core: Core, swap: Swap): Micros | 0 {
  const { freeze } = core.rollout.deployments[swap.deployment].spec;
  const until = freeze === undefined || !isCommitted(swap) ? 0 : frozenUntil(freeze, core.at);
  if (until === 0 || !mayGrow(core, swap)) return 0;
  columnGet(present, core.gate.cap, swap.to);
  return cmp(present, swap.wanted) < 0 ? until : 0;
}

/** More of its capital has become free: the new version gets it, unless it was stopped or replaced since. */
export function growShare(core: Core, swap: Swap, outcome: Outcome): void {
  const { gate } = core;
  if (!mayGrow(core, swap) || frozenUntil(core.rollout.deployments[swap.deployment].spec.freeze, core.at) > 0) return;
  columnGet(present, gate.cap, swap.to);
  if (cmp(present, swap.wanted) >= 0 || (modeOf(gate, swap.to) !== 'ACTIVE' && modeOf(gate, swap.to) !== 'REDUCING')) return;
  grantableInto(wider, core, swap);
  if (cmp(wider, present) <= 0) return;
  const cap = splitZero();
  setInto(cap, wider);
  changeRow(
    core,
    swap.to,
    { mode: workingMode(core, swap.to, false, cap), cap },
    'core',
    `capital of swap ${swap.ix} became free`,
    outcome,
  );
  outcome.effects.push({
    kind: 'authority',
    reducing: false,
    row: swap.to,
    epoch: gate.epoch[swap.to],
    capital: core.capitalOf(swap.to),
    trading: true,
  });
}
