import { columnGet, isZero, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { capitalChanged } from '../risk/monitors.ts';
import { rowID, setPaperCap } from '../risk/order-gate.ts';
import type { Deployment } from './deployment.ts';
import { setLifecycle, setPhase, swapInFlight } from './rollout.ts';
import { answerWithin, createSwap, maxSwaps } from './swap.ts';
import { askHosts } from './swap-abort.ts';

const cap = splitZero();

/** '' or why the old version of a spec cannot be replaced now. */
export function refuseBlue(core: Core, spec: DeploymentSpec): string {
  const { gate, rollout } = core;
  const plan = spec.blueGreen;
  if (plan === null) return 'a blue/green deployment names its versions';
  if (plan.greenVersion !== spec.version) return `greenVersion: expected ${spec.version}, was ${plan.greenVersion}`;
  const from = gate.rowIx.get(rowID(spec.sliceID, plan.blueVersion));
  if (from === undefined) return `${spec.algorithmID} ${plan.blueVersion} has never traded in ${spec.sliceID}`;
  const lifecycle = rollout.lifecycle[from];
  if (lifecycle !== 'Active' && lifecycle !== 'Canary')
    return `${spec.algorithmID} ${plan.blueVersion} is ${lifecycle}: expected it to be Active or Canary`;
  columnGet(cap, gate.cap, from);
  if (isZero(cap)) return `${spec.algorithmID} ${plan.blueVersion} has no capital to hand over`;
  return '';
}

/** '' or why lots and orders of the old version would not fit where the new one trades. */
export function refusePlaces(core: Core, from: RowIx, to: RowIx): string {
  const { rows } = core.gate;
  const { universe, accounts, version } = rows[from];
  for (let listing = 0; listing < universe.length; listing++) {
    if (universe[listing] === 1 && rows[to].universe[listing] !== 1)
      return `${core.registry.listings[listing].listing.listingID} of ${version} is not in the universe of the new version`;
  }
  for (const [venue, account] of accounts) {
    if (rows[to].accounts.get(venue) !== account) return `${version} trades at ${core.registry.venues[venue].venueID} by another account`;
  }
  return '';
}

/** 0: the new version is loaded and warm. It gets the old one's state and trades with the simulator. */
export function proposeSwap(core: Core, deployment: Deployment, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  const { spec, row: to } = deployment;
  const from = gate.rowIx.get(rowID(spec.sliceID, spec.blueGreen?.blueVersion ?? '')) ?? -1;
  const { slice } = gate.rows[to];
  const busy = swapInFlight(rollout, slice) !== undefined || rollout.open.some((ix) => rollout.rollbacks[ix].slice === slice);
  const refusal =
    refuseBlue(core, spec) || (busy ? 'another swap or a rollback is under way in the slice' : '') || refusePlaces(core, from, to);
  if (refusal !== '' || rollout.swaps.length >= maxSwaps) {
    setPhase(deployment, 'Paused', refusal === '' ? `expected at most ${maxSwaps} swaps` : refusal, outcome);
    return;
  }
  const swap = createSwap({
    ix: rollout.swaps.length,
    slice,
    deployment: deployment.ix,
    from,
    to,
    fromEpoch: gate.epoch[from],
    toEpoch: gate.epoch[to],
    specHash: spec.specHash,
    positions: spec.handover.positions,
    openOrders: spec.handover.openOrders,
  });
  swap.deadline = microsUnchecked(at + answerWithin);
  rollout.swaps.push(swap);
  rollout.openSwaps.push(swap.ix);
  const { ix, fromEpoch, toEpoch, specHash, positions, openOrders } = swap;
  const { sliceID, version: toVersion } = gate.rows[to];
  const names = { sliceID, fromVersion: gate.rows[from].version, toVersion };
  outcome.decisions.push({
    kind: 'swapProposed',
    swap: ix,
    deployment: deployment.ix,
    from,
    to,
    fromEpoch,
    toEpoch,
    ...names,
    positions,
    openOrders,
    specHash,
  });
  columnGet(cap, gate.cap, from);
  setPaperCap(gate, to, cap);
  capitalChanged(core.risk, to, true);
  setLifecycle(rollout, gate, to, 'Shadow', `in the shadow of ${names.fromVersion}`, outcome);
  askHosts(core, swap, 'sync', outcome);
}
