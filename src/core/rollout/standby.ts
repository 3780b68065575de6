import { durationMicros } from '../../base/duration.ts';
import type { ByteWriter } from '../../base/canonical.ts';
import { setInto, splitZero, type Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { DeploymentIx, EventSeq, RowIx, SliceIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { maxSwaps } from './swap.ts';

/** How often a standby takes its successor's state (microseconds). */
export const syncEvery = 60_000_000;
/** The first copy of one that has none: its host has to be ready. */
export const firstSync = 1_000_000;
/** A state older than this is none to go on from: two copies were missed. */
export const syncedFor = 2 * syncEvery;
/** Most standbys of one desk's life; one past it is not kept in sync and never woken. */
export const maxStandbys = 65_536;

/** `draining`: it works off what it holds first. `waking`: its host was asked to make the instance that would trade; nothing is decided yet. */
export type StandbyStep = 'draining' | 'standing' | 'waking' | 'over';

/** A version that another one took over from, kept warm with its successor's state (rollout.md 3, step 7). */
export interface Standby {
  readonly ix: number;
  readonly slice: SliceIx;
  readonly row: RowIx;
  readonly successor: RowIx;
  /** Deployment that took over. */
  readonly deployment: DeploymentIx;
  /** Its own last capital. */
  readonly cap: Split;
  /** A stage took its capital: nothing but this puts it away. Else its swap does. */
  byStage: boolean;
  /** When it is put away; 0 = not known yet, its successor is still climbing. */
  until: Micros | 0;
  step: StandbyStep;
  /** When its successor's state is asked for next; 0 = not any more. */
  nextAt: Micros | 0;
  /** When it was asked for and not yet answered; 0 = nothing is under way. */
  askedAt: Micros | 0;
  /** When the state that it has was asked for; 0 = it has none that it accepted. */
  takenAt: Micros | 0;
  /** Last event that that state has seen. */
  eventSeq: EventSeq;
  /** Why it has no state; '' = nothing went wrong. */
  why: string;
  /** What its host said to being woken: '' = nothing yet, `adopted`, or why not. */
  answer: string;
}

/** Hand-overs of standbys are numbered above those of swaps. */
export const handoverOf = ({ ix }: Pick<Standby, 'ix'>): number => maxSwaps + ix;

/** The standby that a host's word is about; undefined = it is about a swap, or about nobody. */
export function standbyOf({ rollout }: Core, handover: number): Standby | undefined {
  return rollout.standbys[handover - maxSwaps];
}

/**
 * A version stands by from now on. `takenAt`: when the state that it has was its successor's too, as at the watermark of a swap; 0 = its successor has another one, which is
 * asked for soon.
 */
export function addStandby(
  core: Core,
  terms: Pick<Standby, 'slice' | 'row' | 'successor' | 'deployment' | 'cap' | 'takenAt' | 'eventSeq'>,
): void {
  const { standbys, openStandbys } = core.rollout;
  if (standbys.length >= maxStandbys) return;
  const { cap, ...named } = terms;
  const own = splitZero();
  setInto(own, cap);
  const ix = standbys.length;
  standbys.push({
    ...named,
    ix,
    cap: own,
    byStage: false,
    until: microsUnchecked(0),
    step: 'standing',
    nextAt: microsUnchecked(core.at + (terms.takenAt === 0 ? firstSync : syncEvery)),
    askedAt: microsUnchecked(0),
    why: '',
    answer: '',
  });
  openStandbys.push(ix);
}

/** It is put away, halted, deployed again, or at work again. */
export function endStandby({ rollout }: Core, standby: Standby): void {
  const { openStandbys } = rollout;
  standby.step = 'over';
  standby.nextAt = microsUnchecked(0);
  standby.askedAt = microsUnchecked(0);
  const place = openStandbys.indexOf(standby.ix);
  if (place >= 0) openStandbys.splice(place, 1);
}

/** What it has of its successor's state counts no more. */
export function loseState(standby: Standby, why: string): void {
  standby.askedAt = microsUnchecked(0);
  standby.takenAt = microsUnchecked(0);
  standby.why = why;
}

/** The one that stands by for a row; undefined = there is none. */
export function standbyFor({ rollout }: Core, successor: RowIx): Standby | undefined {
  for (let n = rollout.openStandbys.length - 1; n >= 0; n--) {
    const standby = rollout.standbys[rollout.openStandbys[n]];
    if (standby.successor === successor) return standby;
  }
  return undefined;
}

/** Its successor is fenced: there is no further copy, and one that is on its way says nothing of what it was taken from. */
export function stopSyncs(core: Core, row: RowIx): void {
  const standby = standbyFor(core, row);
  if (standby === undefined) return;
  if (standby.askedAt !== 0) loseState(standby, 'a copy of the state was on its way when its successor was fenced');
  standby.nextAt = microsUnchecked(0);
  beginWindow(core, standby);
}

/** The rollback window of one whose capital a stage took begins when its successor is complete, or is fenced. */
export function beginWindow({ at, rollout }: Core, standby: Standby): void {
  if (!standby.byStage || standby.until !== 0) return;
  const { rollbackWindow } = rollout.deployments[standby.deployment].spec.rollback;
  standby.until = microsUnchecked(at + durationMicros(rollbackWindow));
}

export function hashStandby(writer: ByteWriter, standby: Standby): void {
  const { slice, row, successor, deployment, nextAt, askedAt, takenAt, eventSeq, until } = standby;
  for (const n of [slice, row, successor, deployment, nextAt, askedAt, takenAt, eventSeq, until]) writer.safeInt(n);
  writer.bool(standby.byStage);
  writer.split(standby.cap);
  for (const text of [standby.step, standby.why, standby.answer]) writer.str(text);
}
