import { assert } from '../../base/assert.ts';
import type { ByteWriter } from '../../base/canonical.ts';
import { splitZero, type Split } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { DeploymentIx, EventSeq, RowIx, SliceIx } from '../../domain/ids.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { OrderMode, PositionMode, SwapStep } from '../../domain/swap.ts';
import type { ShadowComparison } from './shadow-comparison.ts';
import { createComparison, hashComparison } from './shadow-comparison.ts';

/** Stands among the waivers of a deployment that people sent to its cutover. */
export const promoted = 'promote';
/** How long a host may take to load or to try a state (microseconds). */
export const answerWithin = 30_000_000;
/** Most swaps of one desk's life. */
export const maxSwaps = 65_536;

/** Where a swap may go from each step; anything before its commit may be aborted. A rollback ends the watch of one that was committed. */
const stepsAfter: Readonly<Record<SwapStep, readonly SwapStep[]>> = {
  preparing: ['shadowing', 'aborted'],
  shadowing: ['trying', 'aborted'],
  trying: ['shadowing', 'waiting', 'frozen', 'aborted'],
  waiting: ['shadowing', 'frozen', 'aborted'],
  frozen: ['settling', 'aborted'],
  settling: ['adopting', 'aborted'],
  adopting: ['monitoring', 'aborted'],
  monitoring: ['finalized', 'rolledBack'],
  finalized: ['rolledBack'],
  rolledBack: [],
  aborted: [],
};

/** One version taking over from another: what it expects, where it stands, what it waits for. */
export interface Swap {
  readonly ix: number;
  readonly slice: SliceIx;
  readonly deployment: DeploymentIx;
  readonly from: RowIx;
  readonly to: RowIx;
  /** Epochs that both rows must have at the commit. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly specHash: string;
  readonly positions: PositionMode;
  readonly openOrders: OrderMode;
  readonly comparison: ShadowComparison;
  step: SwapStep;
  /** When the step ends by itself: the warm-up or the watch is over, or somebody did not answer in time. 0 = never. */
  deadline: Micros | 0;
  /** What was left of the warm-up when a person paused it (microseconds); 0 = nothing. */
  warmupLeft: number;
  frozenAt: Micros | 0;
  watermark: EventSeq;
  stateHash: string;
  /** Capital of the old version at the commit: what the new one grows to as it becomes free. */
  readonly wanted: Split;
  /** Phase of the old version's deployment before it was paused by the commit; '' = it had none or was left alone. */
  formerPhase: Phase | '';
  /** Until when the old version stays loaded after the watch. 0 = it is not kept. */
  standbyUntil: Micros | 0;
}

/** Whose an old version's lots are: fills of its orders of an epoch below `epoch` are booked to `to`. */
export interface Heir {
  readonly to: RowIx;
  /** Epoch of the giver from which on it trades for itself again, and of the taker when it took over. */
  readonly epoch: number;
  readonly toEpoch: number;
  readonly tagShift: number;
}

export function createSwap(
  terms: Pick<Swap, 'ix' | 'slice' | 'deployment' | 'from' | 'to' | 'fromEpoch' | 'toEpoch' | 'specHash' | 'positions' | 'openOrders'>,
): Swap {
  return {
    ...terms,
    comparison: createComparison(),
    step: 'preparing',
    deadline: microsUnchecked(0),
    warmupLeft: 0,
    frozenAt: microsUnchecked(0),
    watermark: 0,
    stateHash: '',
    wanted: splitZero(),
    formerPhase: '',
    standbyUntil: microsUnchecked(0),
  };
}

/** @throws when the table does not allow it: that is our bug. */
export function moveSwap(swap: Swap, to: SwapStep, deadline: number): void {
  assert(stepsAfter[swap.step].includes(to), `swap ${swap.ix}: ${to} may not follow ${swap.step}`);
  swap.step = to;
  swap.deadline = microsUnchecked(deadline);
}

/** Before the commit record: the old version owns everything, whatever happens. */
export function isUncommitted({ step }: Swap): boolean {
  switch (step) {
    case 'preparing':
    case 'shadowing':
    case 'trying':
    case 'waiting':
    case 'frozen':
    case 'settling':
    case 'adopting':
      return true;
    case 'monitoring':
    case 'finalized':
    case 'rolledBack':
    case 'aborted':
      return false;
  }
}

/** Lots and capital changed hands, whatever came after. */
export function isCommitted(swap: Swap): boolean {
  return swap.step !== 'aborted' && !isUncommitted(swap);
}

/** The old version is not fed any more, and nothing is decided yet. */
export function isFrozen({ step }: Swap): boolean {
  return step === 'frozen' || step === 'settling' || step === 'adopting';
}

export function hashSwap(writer: ByteWriter, swap: Swap): void {
  const { from, to, fromEpoch, toEpoch, deployment, deadline, warmupLeft, frozenAt, watermark, standbyUntil } = swap;
  for (const n of [from, to, fromEpoch, toEpoch, deployment, deadline, warmupLeft, frozenAt, watermark, standbyUntil]) writer.safeInt(n);
  writer.split(swap.wanted);
  for (const text of [swap.step, swap.positions, swap.openOrders, swap.formerPhase, swap.stateHash]) writer.str(text);
  hashComparison(writer, swap.comparison);
}
