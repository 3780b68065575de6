import { formatSplit, parseSplit } from '../../base/decimal.ts';
import { cmp, splitZero } from '../../base/split.ts';
import type { CommandRefusal } from '../../domain/command.ts';
import type { AccountIx, ListingIx, RowIx, Seq, VenueIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { watchHeld } from '../position-limit-watch.ts';
import { addRow as addLedgerRow } from '../positions/ledger.ts';
import { addRow, custodianVersion, rowID, rowText, setRowAccount, setUniverse } from '../risk/order-gate.ts';
import { watchRow } from '../risk/monitors.ts';
import { hasRoom, noRoom } from './declare-evidence.ts';
import { refuseBets } from './edge-gates.ts';
import { baselineOf, refuseBaseline } from './equal-baseline.ts';
import { createDeployment, maxDeployments, type Deployment } from './deployment.ts';
import { killTextOf } from './latches.ts';
import { refuseGates } from './gate-terms.ts';
import { isUnfinished } from './lifecycle.ts';
import { isReplaced, noRoomForRollbacks, rollbackInFlight, roomForRollbacks, servedBy, setLifecycle, swapInFlight } from './rollout.ts';
import { sharedSpec } from './shared-spec.ts';
import { refuseBlue } from './swap-propose.ts';
import { refuseIdleLimits, refuseVenueLimits, setVenueLimits } from './venue-limits.ts';
import { refuseFewerTrials, refuseUnacceptedTrials } from './trial-terms.ts';

export interface CommandOutcome {
  readonly code: CommandRefusal | 'OK';
  readonly text: string;
}

export const accepted = (text: string): CommandOutcome => ({ code: 'OK', text });
export const refused = (code: CommandRefusal, text: string): CommandOutcome => ({ code, text });

/** Where a deployment will trade: found before anything is changed. */
interface Places {
  readonly listings: readonly ListingIx[];
  readonly accounts: readonly (readonly [VenueIx, AccountIx])[];
}

/** Accepts a spec as a deployment, or says why not; nothing has changed when it refuses. */
export function deploy(core: Core, asked: DeploymentSpec, proposedBy: string, outcome: Outcome): CommandOutcome {
  const refusal = refuseSpec(asked) ?? refuseState(core, asked);
  if (refusal !== undefined) return refusal;
  const deployment = place(core, asked, proposedBy, outcome);
  if ('code' in deployment) return deployment;
  const answer = accepted(`${asked.deploymentID}: ${asked.algorithmID} ${asked.version} is loading${paperNote(asked)}`);
  const baseline = baselineOf(core, deployment);
  if (baseline === undefined) return answer;
  const beside = place(core, baseline, proposedBy, outcome);
  if ('code' in beside) return beside;
  deployment.baseline = beside.ix;
  beside.baselineOf = deployment.ix;
  return { ...answer, text: `${answer.text}, beside ${baseline.version} as its baseline` };
}

/** Gives a spec its row and lets its host load it. */
function place(core: Core, asked: DeploymentSpec, proposedBy: string, outcome: Outcome): Deployment | CommandOutcome {
  const places = findPlaces(core, asked);
  if ('code' in places) return places;
  const row = rowFor(core, asked);
  if (typeof row !== 'number') return row;
  const spec = sharedSpec(asked, core.rollout.deployments, row);
  setUniverse(core.gate, row, places.listings);
  for (const [venue, account] of places.accounts) setRowAccount(core.gate, row, venue, account);
  const { rollout } = core;
  const deployment = createDeployment(rollout.deployments.length, spec, row, proposedBy, rollout.agenda);
  rollout.deployments.push(deployment);
  rollout.byID.set(spec.deploymentID, deployment.ix);
  rollout.serving[row] = deployment.ix;
  watchRow(core.risk, row, spec);
  for (const key of setVenueLimits(core, spec, row, proposedBy, outcome))
    if (key.limit === 'maxPosition') watchHeld(core, key, core.seq, outcome);
  outcome.decisions.push({
    kind: 'deploymentProposed',
    deployment: deployment.ix,
    deploymentID: spec.deploymentID,
    row,
    actor: proposedBy,
    spec,
  });
  setLifecycle(rollout, core.gate, row, 'Loading', 'deployed', outcome);
  outcome.effects.push({ kind: 'load', reducing: false, row, deployment: deployment.ix, spec });
  return deployment;
}

/** What a passed paper run deploys next. Its refusal is an alert: nobody is there to hear it. */
export function deployNext(core: Core, spec: DeploymentSpec, proposedBy: string, _seq: Seq, outcome: Outcome): void {
  const answer = deploy(core, spec, proposedBy, outcome);
  if (answer.code === 'OK') return;
  const text = `${spec.deploymentID} was not deployed after paper: ${answer.text}`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'high', subject: answer.code, value: 0, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: answer.code, text });
}

function paperNote(spec: DeploymentSpec): string {
  const large = spec.stages.find((stage) => stage.allocation > 1_000);
  return large === undefined || spec.expect.stressLossPerInterval !== null
    ? ''
    : `; it will pause before ${large.name}: capital past 10 % asks for evidence of edge, and expect.stressLossPerInterval is not declared`;
}

/** What is named but not built, and what no desk could judge, is refused by its name: `lint` asks the same. */
export function refuseSpec(spec: DeploymentSpec): CommandOutcome | undefined {
  if (spec.strategy !== 'BlueGreen' && (spec.handover.positions !== 'drain' || spec.handover.openOrders !== 'cancel'))
    return refused(
      'NOT_BUILT',
      `handover ${spec.handover.positions}, ${spec.handover.openOrders} is for BlueGreen: a ladder drains and cancels`,
    );
  const gates = refuseGates(spec);
  if (gates !== undefined) return refused('GATE_NOT_JUDGED', gates);
  const bets = refuseBets(spec);
  if (bets !== undefined) return refused('BETS_NOT_BOUNDED', bets);
  if (spec.rollbackThresholds.harmE !== null && spec.expect.stressLossPerInterval === null)
    return refused('BETS_NOT_BOUNDED', 'rollbackThresholds.harmE asks for expect.stressLossPerInterval: the tail is unknown');
  const limits = refuseVenueLimits(spec);
  if (limits !== undefined) return refused('UNKNOWN_SCOPE', limits);
  if (spec.then !== null) {
    const next = refuseSpec(spec.then);
    if (next !== undefined) return { code: next.code, text: `then: ${next.text}` };
  }
  return undefined;
}

function refuseState(core: Core, spec: DeploymentSpec): CommandOutcome | undefined {
  const { rollout, gate } = core;
  const killed = killTextOf(core, spec.algorithmID, accountsOf(core, spec));
  if (killed !== '') return refused('KILL_SWITCH_ENGAGED', killed);
  if (!roomForRollbacks(core)) return refused('CAPACITY_REACHED', noRoomForRollbacks);
  if (rollout.deployments.length >= maxDeployments) return refused('CAPACITY_REACHED', `expected at most ${maxDeployments} deployments`);
  const baseline = refuseBaseline(core, spec) ?? roomForBaseline(core, spec);
  if (baseline !== undefined) return refused('NO_BASELINE', baseline);
  if (rollout.byID.has(spec.deploymentID)) return refused('ALREADY_DEPLOYED', `deployment ${spec.deploymentID} is there already`);
  if (spec.version === custodianVersion)
    return refused('UNKNOWN_VERSION', `${custodianVersion} is the desk's own row in every slice, and no version`);
  if (!rollout.versions.has(`${spec.algorithmID}/${spec.version}`))
    return refused('UNKNOWN_VERSION', `version ${spec.algorithmID} ${spec.version} is not registered`);
  const slice = gate.sliceIx.get(spec.sliceID);
  if (slice === undefined) return refused('UNKNOWN_SLICE', `slice ${spec.sliceID} is not there`);
  if ((spec.strategy === 'Canary' || spec.strategy === 'Progressive') && !equalsTotal(core, spec, slice))
    return refused(
      'CAPITAL_DIFFERS_FROM_SLICE',
      `totalCapital: expected the capital of ${spec.sliceID}, ${totalText(core, slice)}, was ${spec.totalCapital}`,
    );
  if (spec.strategy === 'BlueGreen') {
    const blue = refuseBlue(core, spec);
    if (blue !== '') return refused('BLUE_NOT_ACTIVE', blue);
    if (swapInFlight(rollout, slice) !== undefined) return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a swap is under way in ${spec.sliceID}`);
  }
  if (rollbackInFlight(rollout, slice)) return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a rollback is under way in ${spec.sliceID}`);
  const idle = refuseIdleLimits(core, spec);
  if (idle !== undefined) return refused('LIMIT_NEVER_BINDS', idle);
  const fewer = refuseFewerTrials(core, spec) ?? (spec.then === null ? undefined : refuseFewerTrials(core, spec.then));
  if (fewer !== undefined) return refused('GATE_NOT_JUDGED', fewer);
  const unknown = refuseUnacceptedTrials(core, spec) ?? (spec.then === null ? undefined : refuseUnacceptedTrials(core, spec.then));
  if (unknown !== undefined) return refused('TRIALS_NOT_ACCEPTED', unknown);
  const row = gate.rowIx.get(rowID(spec.sliceID, spec.version));
  if (!hasRoom(core, spec, row)) return refused('CAPACITY_REACHED', noRoom);
  if (row === undefined) return undefined;
  if (rollout.lifecycle[row] === 'Halted' || rollout.lifecycle[row] === 'Failed')
    return refused('VERSION_HALTED', `${spec.algorithmID} ${spec.version} is halted: only a person lifts that`);
  const served = servedBy(rollout, row);
  if (served !== undefined && (isUnfinished(served.phase) || served.stage >= 0)) {
    return refused('ALREADY_DEPLOYED', `${spec.algorithmID} ${spec.version} already runs as ${served.spec.deploymentID} (${served.phase})`);
  }
  return undefined;
}

/** A deployment with a baseline takes two places of everything, or none. */
function roomForBaseline({ rollout, gate }: Core, { baseline, deploymentID }: DeploymentSpec): string | undefined {
  if (baseline === undefined) return undefined;
  if (rollout.byID.has(`${deploymentID}-baseline`)) return `baseline: deployment ${deploymentID}-baseline is there already`;
  if (gate.rows.length + 2 > gate.rowCapacity || rollout.deployments.length + 2 > maxDeployments)
    return 'baseline: expected room for two versions and two deployments';
  return undefined;
}

/** Accounts by venue as far as they are registered; what is not is refused by name later. */
function accountsOf(core: Core, spec: DeploymentSpec): ReadonlyMap<VenueIx, AccountIx> {
  const { venueIx, accountIx } = core.registry;
  return new Map(spec.venues.map(({ venueID, accountID }) => [venueIx.get(venueID) ?? -1, accountIx.get(accountID) ?? -1]));
}

function equalsTotal(core: Core, spec: DeploymentSpec, slice: number): boolean {
  const wanted = splitZero();
  const { total, currency } = core.gate.slices[slice];
  const parsed = parseSplit(spec.totalCapital, core.registry.currencies[currency].exponent, wanted);
  return parsed.ok && cmp(wanted, total) === 0;
}

function totalText(core: Core, slice: number): string {
  const { total, currency } = core.gate.slices[slice];
  return formatSplit(total, core.registry.currencies[currency].exponent).replace(/\.0+$/, '');
}

function findPlaces(core: Core, spec: DeploymentSpec): Places | CommandOutcome {
  const { registry } = core;
  const listings: ListingIx[] = [];
  for (const id of spec.universe) {
    const listing = registry.listingIx.get(id);
    if (listing === undefined) return refused('UNKNOWN_INSTRUMENT', `listing ${id} is not registered`);
    listings.push(listing);
  }
  const accounts: [VenueIx, AccountIx][] = [];
  for (const use of spec.venues) {
    const venue = registry.venueIx.get(use.venueID);
    const account = registry.accountIx.get(use.accountID);
    if (venue === undefined) return refused('UNKNOWN_VENUE', `venue ${use.venueID} is not registered`);
    if (account === undefined || registry.accounts[account].venue !== venue)
      return refused('UNKNOWN_VENUE', `account ${use.accountID} is not one at ${use.venueID}`);
    accounts.push([venue, account]);
  }
  for (const listing of listings) {
    const { venue } = registry.listings[listing];
    if (!accounts.some(([at]) => at === venue))
      return refused(
        'UNKNOWN_VENUE',
        `no account is named for ${registry.venues[venue].venueID}, where ${registry.listings[listing].listing.listingID} trades`,
      );
  }
  return { listings, accounts };
}

function rowFor(core: Core, spec: DeploymentSpec): RowIx | CommandOutcome {
  const { gate } = core;
  const known = gate.rowIx.get(rowID(spec.sliceID, spec.version));
  if (known !== undefined) return known;
  const slice = gate.sliceIx.get(spec.sliceID);
  if (slice === undefined) return refused('UNKNOWN_SLICE', `slice ${spec.sliceID} is not there`);
  const added = addRow(gate, slice, spec.version);
  if (!added.ok) return refused('CAPACITY_REACHED', added.error);
  addLedgerRow(core.ledger, added.value, gate.slices[slice].algorithm);
  return added.value;
}

/** A version that was swapped away goes no way back to its capital but a new deployment; undefined = it was not. */
export function refuseReplaced(core: Core, row: RowIx, verb: string): CommandOutcome | undefined {
  if (!isReplaced(core.rollout, row)) return undefined;
  const text = `${verb}: another version took over from ${rowText(core.gate, row)}, which is ${core.rollout.lifecycle[row]}`;
  return refused('NOT_IN_THIS_PHASE', text);
}

/** A deployment by its id. */
export function findDeployment(core: Core, deploymentID: string): Deployment | undefined {
  const ix = core.rollout.byID.get(deploymentID);
  return ix === undefined ? undefined : core.rollout.deployments[ix];
}
