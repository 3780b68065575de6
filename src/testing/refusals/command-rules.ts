import { judgeNow } from '../../core/rollout/promotion.ts';
import { microsUnchecked } from '../../base/units.ts';
import { firstOfRow } from '../../core/orders/order-store.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import type { Core } from '../../core/core.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';
import { parseSplit } from '../../base/decimal.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import type { Command, CommandRefusal, Verb } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { deployRefusals, isFrozen } from './deploy-rules.ts';
import {
  capOf,
  deploymentOf,
  expectationOf,
  hasRole,
  increaseOf,
  isReplaced,
  isRowKilled,
  isStopped,
  none,
  peopleOf,
  roomOf,
  rollsBackIn,
  rolesOf,
  twoPeople,
  usedOf,
  type CommandBook,
  type Given,
  type Refusals,
} from './command-book.ts';
import { setLimitRefusals, signalRefusals, trialRefusals } from './number-rules.ts';

type Of<V extends Verb> = Extract<Command, { readonly verb: V }>;

/** Every refusal that is due to a command in the state of the desk, by docs/reference/errors.md, verbs.md and the specification; said apart from the code that refuses. */
export function dueRefusals(core: Core, book: CommandBook, given: Given, at: number): Refusals {
  const people = peopleOf(given);
  const expected = given.command.verb === 'setLimit' ? [] : expectationOf(core, given);
  const { due, may } = ofVerb(core, book, given, at);
  return { due: new Set([...people, ...expected, ...due]), may };
}

const of = (...codes: readonly (CommandRefusal | false | undefined)[]): Refusals => ({
  due: new Set(codes.filter((code) => typeof code === 'string')),
  may: new Set(),
});

function ofVerb(core: Core, book: CommandBook, given: Given, at: number): Refusals {
  const { command } = given;
  switch (command.verb) {
    case 'registerVersion': {
      const known = core.rollout.versions.get(`${command.algorithmID}/${command.version}`);
      return of(known !== undefined && known !== command.artifactDigest && 'ALREADY_DEPLOYED');
    }
    case 'setSlice':
      return ofSlice(core, command, given, at);
    case 'allocate':
      return ofAllocation(core, command, given, at);
    case 'deploy':
      return deployRefusals(core, command.spec, at);
    case 'halt':
    case 'flatten':
    case 'unhalt':
      return ofVersion(core, command);
    case 'startStrategy':
    case 'stopStrategy':
    case 'pauseStrategy':
      return ofStrategy(core, command);
    case 'kill':
    case 'release': {
      const { scope, id } = command.target ?? { scope: 'firm', id: '' };
      const { registry, rollout } = core;
      const there =
        scope === 'firm' ||
        (scope === 'strategy' ? rollout.algorithms : [...(scope === 'venue' ? registry.venueIx : registry.accountIx).keys()]).includes(id);
      return of(!there && 'UNKNOWN_SCOPE');
    }
    case 'restrict':
    case 'unrestrict':
      return of(!core.registry.instrumentIx.has(command.instrumentID) && 'UNKNOWN_INSTRUMENT');
    case 'setLimit':
      return setLimitRefusals(core, command, given);
    case 'tellSignal':
      return signalRefusals(core, command, given, at);
    case 'acceptTrials':
      return trialRefusals(core, command);
    case 'acceptBreak': {
      const one = core.reconciliation.breaks.get(command.breakID);
      const there = one !== undefined && one.state !== 'resolved' && one.class !== 'venueSilent' && one.class !== 'contradiction';
      return of(!there && 'UNKNOWN_BREAK');
    }
    case 'knowPeople':
    case 'reconcile':
      return none();
    case 'propose':
      return ofProposal(core, book, command, given, at);
    case 'agree':
    case 'disagree':
      return ofAnswer(core, book, command, given, at);
    default: {
      const deployment = deploymentOf(core, command.deploymentID);
      return deployment === undefined ? of('UNKNOWN_DEPLOYMENT') : ofDeployment(core, deployment, command, given, at);
    }
  }
}

const money = splitZero();

function decimalOf(text: string, exponent: number): bigint | undefined {
  return parseSplit(text, exponent, money).ok ? toBigInt(money) : undefined;
}

function ofSlice(core: Core, command: Of<'setSlice'>, given: Given, at: number): Refusals {
  const { gate, registry } = core;
  const currency = registry.currencyIx.get(command.currency);
  if (currency === undefined) return of('UNKNOWN_SCOPE');
  const { exponent } = registry.currencies[currency];
  const [total, reserve] = [decimalOf(command.totalCapital, exponent), decimalOf(command.reserve, exponent)];
  if (total === undefined || reserve === undefined) return of('LIMIT_NOT_A_SAFE_INTEGER');
  const slice = gate.slices.find(({ sliceID }) => sliceID === command.sliceID);
  if (slice === undefined) {
    const full = gate.slices.length >= gate.sliceCapacity || gate.rows.length >= gate.rowCapacity;
    return of(full && 'CAPACITY_REACHED', reserve > total && 'LIMIT_NOT_A_SAFE_INTEGER', ...twoPeople(given));
  }
  const other = slice.algorithmID !== command.algorithmID || slice.accountGroup !== command.accountGroup || slice.currency !== currency;
  const raises = total > toBigInt(slice.total) || reserve < toBigInt(slice.reserve);
  const weights = slice.rows.reduce((sum, row) => sum + (capOf(core, row) > usedOf(core, row) ? capOf(core, row) : usedOf(core, row)), 0n);
  const full = weights + reserve > total;
  return of(
    reserve > total && 'LIMIT_NOT_A_SAFE_INTEGER',
    other && 'UNKNOWN_SLICE',
    raises && slice.rows.some((row) => isHeldByWindow(core, row, at)) && 'FREEZE_WINDOW',
    ...(raises ? twoPeople(given) : []),
    full && 'NOT_ENOUGH_FREE_CAPITAL',
  );
}

/** A deployment at work whose freeze window holds what its slice would get (docs/decisions/0047): one that goes on, or that has capital. */
function isHeldByWindow({ rollout }: Core, row: number, at: number): boolean {
  const served = rollout.deployments[rollout.serving[row] ?? -1] as Deployment | undefined;
  if (served === undefined || served.phase === 'Aborted' || !isFrozen(served.spec, at)) return false;
  return served.stage >= 0 || served.phase !== 'Healthy';
}

function ofAllocation(core: Core, command: Of<'allocate'>, given: Given, at: number): Refusals {
  const { gate, rollout } = core;
  const { sliceID, version, allocation } = command;
  const row = gate.rows.find((one) => one.sliceID === sliceID && one.version === version && !one.custodian)?.ix;
  if (row === undefined) return of('UNKNOWN_VERSION');
  const number = Number.isSafeInteger(allocation) && allocation >= 0 && allocation <= 10_000;
  const served = rollout.deployments[rollout.serving[row] ?? -1] as Deployment | undefined;
  if (served === undefined || !number) return of(!number && 'LIMIT_NOT_A_SAFE_INTEGER', served === undefined && 'NOT_IN_THIS_PHASE');
  const halted = modeOf(gate, row) === 'HALTED';
  const slice = gate.slices[gate.rows[row].slice];
  const stage = served.spec.stages.at(served.stage);
  const granted = served.stage < 0 ? undefined : stage;
  const share = (whole: bigint): bigint => (whole * BigInt(allocation)) / 10_000n;
  const more = share(toBigInt(slice.total)) > capOf(core, row);
  const wanted = share(more ? increaseOf(core, slice.ix) : toBigInt(slice.total));
  const raises = wanted > capOf(core, row);
  const noStage = granted === undefined && (raises || capOf(core, row) === 0n);
  const before = of(halted && 'VERSION_HALTED', isReplaced(core, row) && 'NOT_IN_THIS_PHASE', noStage && 'NOT_IN_THIS_PHASE');
  if (!raises || granted === undefined) return before;
  const { due } = of(
    ...before.due,
    isRowKilled(core, row) && 'KILL_SWITCH_ENGAGED',
    rollsBackIn(core, slice.ix) && 'SWAP_OR_ROLLBACK_IN_FLIGHT',
    isFrozen(served.spec, at) && 'FREEZE_WINDOW',
    allocation > granted.allocation && 'PAST_ITS_STAGE',
    ...twoPeople(given),
  );
  if (wanted > roomOf(core, row)) due.add('NOT_ENOUGH_FREE_CAPITAL');
  return { due, may: new Set() };
}

function ofVersion(core: Core, command: Of<'halt' | 'unhalt' | 'flatten'>): Refusals {
  const { gate, rollout, orders } = core;
  // a custodian is no version: it is the one that takes and flattens what others leave
  const row = gate.rows.find((one) => one.sliceID === command.sliceID && one.version === command.version && !one.custodian);
  if (row === undefined) return of('UNKNOWN_VERSION');
  if (command.verb === 'flatten') {
    const { slippageBps: bps } = command;
    return of(!(Number.isSafeInteger(bps) && bps >= 0 && bps <= 10_000) && 'LIMIT_NOT_A_SAFE_INTEGER');
  }
  if (command.verb === 'halt') return none();
  const open = firstOfRow(orders, row.ix) !== undefined;
  return of(
    (rollout.lifecycle[row.ix] !== 'Halted' || open) && 'NOT_IN_THIS_PHASE',
    isRowKilled(core, row.ix) && 'KILL_SWITCH_ENGAGED',
    rollsBackIn(core, row.slice) && 'SWAP_OR_ROLLBACK_IN_FLIGHT',
  );
}

function ofStrategy(core: Core, { verb, algorithmID }: Of<'startStrategy' | 'stopStrategy' | 'pauseStrategy'>): Refusals {
  const { gate, rollout } = core;
  if (!rollout.algorithms.includes(algorithmID)) return of('UNKNOWN_ALGORITHM');
  if (verb !== 'startStrategy') return none();
  const paused = gate.rows.filter(
    (row) =>
      row.algorithmID === algorithmID &&
      !row.custodian &&
      (rollout.serving[row.ix] ?? -1) >= 0 &&
      modeOf(gate, row.ix) === 'CANCEL_ONLY' &&
      !isStopped(core, row.ix),
  );
  return of(
    (rollout.killed || paused.some(({ ix }) => isRowKilled(core, ix))) && 'KILL_SWITCH_ENGAGED',
    (paused.length === 0 || paused.some(({ ix }) => rollout.deployments[rollout.serving[ix]].failedGate !== '')) && 'NOT_IN_THIS_PHASE',
    paused.some(({ slice }) => rollsBackIn(core, slice)) && 'SWAP_OR_ROLLBACK_IN_FLIGHT',
  );
}

/** What one person does alone is done; what takes two waits, once nothing else refuses it. */
function ofProposal(core: Core, book: CommandBook, { command }: Of<'propose'>, given: Given, at: number): Refusals {
  const { due, may } = dueRefusals(core, book, { ...given, approvedBy: null, command }, at);
  if (!due.has('SECOND_PERSON_REQUIRED')) return { due, may };
  due.delete('SECOND_PERSON_REQUIRED');
  if (command.verb === 'release') {
    const { scope, id } = command.target ?? { scope: 'firm', id: '' };
    if (!due.has('UNKNOWN_SCOPE') && !core.rollout.kills.some(({ target }) => target.scope === scope && target.id === id))
      due.add('NOT_IN_THIS_PHASE');
  }
  const waiting = [...core.rollout.proposals.values()].filter(({ expiresAt }) => at < expiresAt).length;
  if (waiting >= 1_024) due.add('CAPACITY_REACHED');
  return { due, may };
}

function ofAnswer(core: Core, book: CommandBook, command: Of<'agree' | 'disagree'>, { actor }: Given, at: number): Refusals {
  const proposal = book.proposals.get(command.proposalID);
  if (proposal === undefined) return of('UNKNOWN_PROPOSAL');
  if (command.verb === 'disagree')
    return of(actor.personID !== proposal.actor.personID && !hasRole(actor, rolesOf(proposal.command)) && 'ROLE_REQUIRED');
  const { due } = of(
    at >= proposal.expiresAt && 'PROPOSAL_EXPIRED',
    command.digest !== proposal.digest && 'PROPOSAL_DIFFERS',
    actor.personID === proposal.actor.personID && 'PROPOSER_CANNOT_APPROVE',
  );
  const inner = { actor: proposal.actor, approvedBy: actor, expectedRevision: proposal.revision, command: proposal.command };
  const { due: rest, may } = dueRefusals(core, book, inner, at);
  return { due: due.has('PROPOSER_CANNOT_APPROVE') ? due : new Set([...due, ...rest]), may };
}

function ofDeployment(
  core: Core,
  one: Deployment,
  command: Of<'promote' | 'approve' | 'waive' | 'deny' | 'pause' | 'resume' | 'abort' | 'retry' | 'rollback' | 'undo'>,
  given: Given,
  at: number,
): Refusals {
  const { gate, rollout } = core;
  const { phase, row, pausedBy, failedGate, stage } = one;
  const slice = gate.rows[row].slice;
  switch (command.verb) {
    case 'pause':
      return of(!(phase === 'Progressing' || (phase === 'Paused' && pausedBy === '')) && 'NOT_IN_THIS_PHASE');
    case 'deny':
      return of(phase !== 'Progressing' && phase !== 'Paused' && 'NOT_IN_THIS_PHASE');
    case 'abort':
    case 'rollback':
      return of(phase === 'Degraded' && rollsBackIn(core, slice) && 'NOT_IN_THIS_PHASE');
    case 'resume': {
      const takenBack = modeOf(gate, row) === 'CANCEL_ONLY' && !core.staleRows.has(row);
      const complete = phase === 'Healthy' && stage >= 0 && rollout.serving[row] === one.ix;
      const nothing = phase !== 'Paused' && !(complete && takenBack);
      return of(
        (nothing || failedGate !== '' || (isReplaced(core, row) && !takenBack)) && 'NOT_IN_THIS_PHASE',
        isRowKilled(core, row) && 'KILL_SWITCH_ENGAGED',
        isStopped(core, row) && 'SWAP_OR_ROLLBACK_IN_FLIGHT',
      );
    }
    case 'retry':
      return of(
        (phase !== 'Paused' || failedGate === '' || isReplaced(core, row)) && 'NOT_IN_THIS_PHASE',
        isRowKilled(core, row) && 'KILL_SWITCH_ENGAGED',
        isStopped(core, row) && 'SWAP_OR_ROLLBACK_IN_FLIGHT',
      );
    case 'undo': {
      const over = phase === 'RollingBack' || phase === 'Degraded' || phase === 'Aborted';
      const completed = rollout.deployments.some(
        (other) =>
          other.row !== row &&
          other.completed &&
          other.spec.sliceID === one.spec.sliceID &&
          other.spec.strategy !== 'BlueGreen' &&
          !['Halted', 'Failed', 'Draining'].includes(rollout.lifecycle[other.row]),
      );
      return of(over && 'NOT_IN_THIS_PHASE', !completed && 'NO_EARLIER_VERSION');
    }
    case 'approve':
      return ofApproval(one, command, given);
    case 'waive':
      return ofWaiver(one, command);
    case 'promote':
      return ofPromotion(core, one, command, at);
  }
}

function ofApproval(one: Deployment, { stage, specHash }: Of<'approve'>, { actor }: Given): Refusals {
  const { spec, phase, proposedBy } = one;
  const wanted = spec.blueGreen === null ? spec.stages.at(stage)?.entryApproval : stage === 0 ? spec.blueGreen.entryApproval : null;
  const climbing = phase === 'Proposed' || phase === 'Progressing' || phase === 'Paused';
  return of(
    specHash !== spec.specHash && 'SPEC_HASH_DIFFERS',
    actor.personID === proposedBy && 'PROPOSER_CANNOT_APPROVE',
    (wanted === null || wanted === undefined || stage < 0) && 'UNKNOWN_GATE',
    (stage <= one.stage || !climbing) && 'NOT_IN_THIS_PHASE',
    wanted !== null && wanted !== undefined && !hasRole(actor, wanted.roles) && 'ROLE_REQUIRED',
  );
}

/** Gates of a cutover that may be waived (rollout.md 3): what the version has shown, not what the cutover needs. */
const ofCutover: readonly string[] = ['paper', 'agreement'];

function ofWaiver({ spec, stage: present }: Deployment, { stage, gate }: Of<'waive'>): Refusals {
  if (spec.strategy === 'BlueGreen') {
    return of(present >= 0 && 'NOT_IN_THIS_PHASE', (stage !== 0 || !ofCutover.includes(gate)) && 'UNKNOWN_GATE');
  }
  const wanted = stage < 0 ? undefined : spec.stages.at(stage);
  return of(!(wanted?.entryGates ?? []).includes(gate) && 'UNKNOWN_GATE', wanted !== undefined && stage <= present && 'NOT_IN_THIS_PHASE');
}

/** Gates that nobody can waive: what keeps a promotion from being judged at all. */
const neverWaived: readonly string[] = ['fresh', 'portfolio', 'reconciled', 'freezeWindow'];

function ofPromotion(core: Core, one: Deployment, { waives = [] }: Of<'promote'>, at: number): Refusals {
  const { gate, rollout } = core;
  const { phase, row, spec, stage, pausedBy, baselineOf, baseline } = one;
  const beside = baseline < 0 ? undefined : rollout.deployments[baseline];
  const unloaded = beside !== undefined && ['Loading', 'Warming'].includes(rollout.lifecycle[beside.row]);
  const { due } = of(
    phase !== 'Progressing' && phase !== 'Paused' && 'NOT_IN_THIS_PHASE',
    (baselineOf >= 0 || unloaded || isReplaced(core, row)) && 'NOT_IN_THIS_PHASE',
    isRowKilled(core, row) && 'KILL_SWITCH_ENGAGED',
    isFrozen(spec, at) && 'FREEZE_WINDOW',
    pausedBy !== '' && 'PAUSED_BY_A_PERSON',
  );
  if (spec.strategy === 'BlueGreen') {
    const swap = rollout.swaps.findLast(({ deployment }) => deployment === one.ix);
    const warm = swap?.step === 'shadowing' && swap.deadline <= at && swap.warmupLeft === 0;
    if (waives.some((name) => !ofCutover.includes(name))) due.add('UNKNOWN_GATE');
    if (!warm) due.add('NOT_IN_THIS_PHASE');
    return { due, may: new Set() };
  }
  const next = spec.stages.at(stage + 1);
  const ladder = spec.strategy === 'Canary' || spec.strategy === 'Progressive';
  if (!ladder || stage + 1 >= spec.stages.length || next === undefined) due.add('NOT_IN_THIS_PHASE');
  if (due.has('NOT_IN_THIS_PHASE') || next === undefined) return { due, may: new Set() };
  // what each gate says has properties of its own; what follows from it is said here
  const judged = judgeNow(core, one, microsUnchecked(at));
  const names = judged.map(({ gate: name }) => name).filter((name) => !neverWaived.includes(name));
  if (waives.some((name) => !names.includes(name))) due.add('UNKNOWN_GATE');
  const since = one.activeMicros + (one.activeSince < 0 ? 0 : at - one.activeSince);
  // sessions of a market clock are counted where a life is led through them
  const timed = stage >= 0 && spec.progressive === null && spec.clock.kind === 'wall';
  const early = timed && since < spec.stages[stage].minDuration.micros + spec.stages[stage].minDuration.days * 86_400_000_000;
  // the time and the people are counted here
  const passes = ({ gate: name, verdict }: (typeof judged)[number]): boolean =>
    name === 'approval' ? isApproved(core, one, next, at) : name === 'minDuration' && timed ? !early : verdict === 'pass';
  const waivedTime = waives.includes('minDuration');
  if ((early && !waivedTime) || judged.some((gate) => !passes(gate) && !waives.includes(gate.gate))) due.add('GATES_NOT_PASSED');
  const slice = gate.rows[row].slice;
  const wanted = (increaseOf(core, slice) * BigInt(next.allocation)) / 10_000n;
  // a stage that its baseline gets as well takes twice as much
  const twice = spec.baseline !== undefined && next.allocation <= spec.baseline.upTo;
  if (wanted > roomOf(core, row)) due.add('NOT_ENOUGH_FREE_CAPITAL');
  return { due, may: twice ? new Set(['NOT_ENOUGH_FREE_CAPITAL']) : new Set() };
}

/** As many people as the stage asks for have said yes to what it would get now, and their words still hold. */
function isApproved(core: Core, { spec, row, stage, approvals }: Deployment, next: DeploymentSpec['stages'][number], at: number): boolean {
  const wanted = spec.stages[stage + 1].entryApproval;
  if (wanted === null) return true;
  const capital = (increaseOf(core, core.gate.rows[row].slice) * BigInt(next.allocation)) / 10_000n;
  const given = (approvals.get(stage + 1) ?? []).filter((one) => at < one.expiresAt && toBigInt(one.capital) === capital);
  return new Set(given.map(({ personID }) => personID)).size >= wanted.count;
}
