import { cmp, columnGet, fromSafe, isNeg, isZero, setInto, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../core.ts';
import { cancelOrdersOfRow } from '../order-flow.ts';
import type { Outcome } from '../outcome.ts';
import { allocationSteps, capOf } from '../risk/capital.ts';
import { modeOf, usedInto } from '../risk/order-gate.ts';
import { rehomeDuplicates } from '../risk/duplicates.ts';
import { fits } from './claims.ts';
import { planEvidence } from './declare-evidence.ts';
import { isFresh } from './evidence.ts';
import { killText } from './latches.ts';
import { changeRow } from './rows.ts';
import { coreActor, servedBy, setLifecycle, type Rollback } from './rollout.ts';
import { endStandby, standbyFor, syncedFor, type Standby } from './standby.ts';
import { askStandby } from './standby-sync.ts';
import { workingMode } from './working-mode.ts';

/** How long the host of a standby may take to make the instance that would trade (RB5, microseconds). */
export const wakeWithin = 500_000;

/** What RB5 came to. */
export interface Reactivated {
  /** Versions that got capital: 0 or 1. */
  readonly count: number;
  readonly text: string;
}

const nothing = (why: string): Reactivated => ({ count: 0, text: `nothing reactivated: ${why}` });

/**
 * RB5: the version that stands by gets its capital back where each condition is met (ROL4), and otherwise the capital stays in reserve. Its host is asked first to make
 * the instance that would trade, without lots and orders; before its record nothing has happened (presumed abort). @returns undefined while the host is waited for.
 */
export function reactivate(core: Core, rollback: Rollback, at: Micros, outcome: Outcome): Reactivated | undefined {
  const waking = core.rollout.standbys[rollback.waking];
  if (waking === undefined) {
    const standby = standbyFor(core, rollback.row);
    const why = whyNot(core, rollback, standby, at);
    if (why !== '' || standby === undefined) return nothing(why);
    begin(core, rollback, standby, at, outcome);
    return undefined;
  }
  if (waking.step === 'waking' && waking.answer === '' && at < rollback.wakeBy) return undefined;
  rollback.waking = -1;
  rollback.wakeBy = microsUnchecked(0);
  const why = (waking.step === 'waking' ? answered(waking) : 'it stands by no more') || whyNot(core, rollback, waking, at);
  if (why === '') return wake(core, rollback, waking, outcome);
  giveUp(core, waking, outcome);
  return nothing(why);
}

function begin(core: Core, rollback: Rollback, standby: Standby, at: Micros, outcome: Outcome): void {
  standby.step = 'waking';
  standby.answer = '';
  rollback.waking = standby.ix;
  rollback.wakeBy = microsUnchecked(at + wakeWithin);
  cancelOrdersOfRow(core, standby.row, core.seq, 'its time with the simulator may be over', outcome);
  askStandby(core, standby, 'wake', outcome);
}

/** '' = its host made the instance. */
function answered({ answer }: Standby): string {
  if (answer === 'adopted') return '';
  return answer === '' ? `its host did not answer within ${wakeWithin / 1_000} ms` : `its host refused: ${answer}`;
}

/** It stays in standby, with the simulator. */
function giveUp(core: Core, standby: Standby, outcome: Outcome): void {
  if (standby.step !== 'waking') return;
  standby.step = 'standing';
  standby.answer = '';
  askStandby(core, standby, 'abort', outcome);
}

/** '' or the first condition of a reactivation that is not met (rollout.md 4, RB5). */
function whyNot(core: Core, rollback: Rollback, standby: Standby | undefined, at: Micros): string {
  const { gate, rollout } = core;
  if (rollback.class !== 'versionFault') return `a ${rollback.class} trigger leaves the capital in reserve`;
  if (rollback.deployment >= 0 && rollout.deployments[rollback.deployment].spec.rollback.reactivatePrevious === 'never')
    return 'its spec says that nothing is';
  if (standby === undefined) return 'no version stands by for it';
  const { row } = standby;
  const { version } = gate.rows[row];
  const lifecycle = rollout.lifecycle[row];
  if (lifecycle !== 'Standby') return `${version} stands by no more, it is ${lifecycle}`;
  if (servedBy(rollout, row)?.completed !== true) return `${version} stands by and never completed a deployment`;
  if (rollback.failed.length > 0) return `${rollback.failed.join(', ')} failed: people look first`;
  const busy = rollout.open.some((ix) => ix !== rollback.ix && rollout.rollbacks[ix].slice === rollback.slice);
  if (busy) return 'another rollback is under way in the slice';
  return whyNotWarm(core, standby, at) || whyNoCapital(core, rollback, standby);
}

/** '' or why it could not trade now: stopped, without a market, or without a state of its successor that is young enough. */
function whyNotWarm(core: Core, standby: Standby, at: Micros): string {
  const { gate } = core;
  const { row, takenAt, why } = standby;
  const { version } = gate.rows[row];
  const killed = killText(core, row);
  if (killed !== '') return killed;
  if (modeOf(gate, row) !== 'SIMULATED') return `${version} stands by and is ${modeOf(gate, row)}`;
  if (!isFresh(core, row)) return `${version} stands by and is not warm: a listing has no fresh, valid mark`;
  if (takenAt === 0) return `${version} stands by without the state of its successor${why === '' ? '' : `: ${why}`}`;
  const age = at - takenAt;
  return age <= syncedFor
    ? ''
    : `the state of ${version} is ${(age / 1e6).toFixed(1)} s old, expected at most ${syncedFor / 1e6} s since its successor was asked for it`;
}

const most = splitZero();
const step = splitZero();

function whyNoCapital(core: Core, rollback: Rollback, standby: Standby): string {
  const { gate } = core;
  if (!isZero(gate.slices[rollback.slice].overdraft)) return 'the slice is overdrawn: nothing expands';
  grantInto(most, core, rollback, standby);
  if (isZero(most)) return 'nothing of the capital is free';
  const mode = workingMode(core, standby.row, false, most);
  return mode === 'ACTIVE' ? '' : `${gate.rows[standby.row].version} would be ${mode}`;
}

/** min(its own last, what the rollback freed) as far as it is free, in whole steps where that is less than its own last (CAP3). @returns its allocation. */
function grantInto(out: Split, core: Core, rollback: Rollback, standby: Standby): number {
  const { total } = core.gate.slices[rollback.slice];
  const wanted = cmp(standby.cap, rollback.freed) <= 0 ? standby.cap : rollback.freed;
  const steps = Math.min(allocationSteps, Math.floor((toNumber(wanted) / toNumber(total)) * allocationSteps + 1e-6));
  setInto(out, standby.cap);
  if (cmp(standby.cap, rollback.freed) <= 0 && fits(core, standby.row, out)) return steps;
  for (let allocation = steps; allocation > 0; allocation--) {
    capOf(allocation, total, step);
    if (cmp(step, wanted) > 0 || !fits(core, standby.row, step)) continue;
    setInto(out, step);
    return allocation;
  }
  fromSafe(out, 0);
  return 0;
}

/** What RB4 finds in use of the fenced capital stays in use, with the custodian or as an uncertain order; the rest is free. */
export function keepFreed(core: Core, rollback: Rollback): void {
  usedInto(step, core.gate, rollback.row);
  subInto(rollback.freed, rollback.freed, step);
  if (isNeg(rollback.freed)) fromSafe(rollback.freed, 0);
}

/** Decided and applied in the step that writes its record; what the version may do waits until that is durable (ROL6). */
function wake(core: Core, rollback: Rollback, standby: Standby, outcome: Outcome): Reactivated {
  const { gate, rollout } = core;
  const { row, successor } = standby;
  const cap = splitZero();
  const allocation = grantInto(cap, core, rollback, standby);
  const epoch = gate.epoch[row] + 1;
  const reason = `reactivated after the rollback of ${gate.rows[successor].version}`;
  const former = servedBy(rollout, row);
  const stage = Math.max(0, former?.stage ?? 0);
  changeRow(core, row, { epoch, mode: workingMode(core, row, false, cap), cap, stage }, coreActor, reason, outcome);
  outcome.effects.push({ kind: 'fence', reducing: true, row, epoch });
  setLifecycle(rollout, gate, row, 'Active', reason, outcome);
  if (former !== undefined) {
    former.allocation = allocation;
    former.revision++;
  }
  rehomeDuplicates(core.risk.duplicates, successor, row);
  askStandby(core, standby, 'commit', outcome);
  endStandby(core, standby);
  endWatch(core, standby);
  planEvidence(core);
  const share = `${(allocation / 100).toFixed(2)} %`;
  return {
    count: 1,
    text: `${gate.rows[row].version} is Active again with ${share} of the slice, from its state at event ${standby.eventSeq}`,
  };
}

/** Its swap is over: nothing puts it away any more. */
function endWatch({ rollout }: Core, { row, successor }: Standby): void {
  for (const ix of [...rollout.openSwaps]) {
    const swap = rollout.swaps[ix];
    if (swap.from !== row || swap.to !== successor || swap.step !== 'rolledBack') continue;
    swap.deadline = microsUnchecked(0);
    rollout.openSwaps.splice(rollout.openSwaps.indexOf(ix), 1);
  }
}

/** The capital of a version that is about to be fenced, into `out`. */
export function capBeforeFence(core: Core, row: number): Split {
  const out = splitZero();
  columnGet(out, core.gate.cap, row);
  return out;
}
