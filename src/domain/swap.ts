import type { ClOrdID, DeploymentIx, EventSeq, RowIx, SliceID, VersionID } from './ids.ts';
import type { Micros } from '../base/units.ts';
import type { MoneyField } from './decision.ts';

/** Where a swap of two versions stands (rollout.md 3). */
export const swapSteps = [
  'preparing',
  'shadowing',
  'trying',
  'waiting',
  'frozen',
  'settling',
  'adopting',
  'monitoring',
  'finalized',
  'rolledBack',
  'aborted',
] as const;
export type SwapStep = (typeof swapSteps)[number];

/** What becomes of the old version's lots: it works them off itself, they change hands, or the custodian flattens them. */
export const positionModes = ['drain', 'transfer', 'flatten'] as const;
export type PositionMode = (typeof positionModes)[number];

/** What becomes of its open orders. */
export const orderModes = ['cancel', 'adopt'] as const;
export type OrderMode = (typeof orderModes)[number];

/**
 * What a host is asked for: `sync` loads the state of one row into the instance of the other, `try` is a dry run of `adopt`, `stop` feeds neither of them
 * any more, `adopt` makes the instance that will go on, `commit` hands it the row and what was queued, `abort` gives everything back to the old one. `wake` is for a
 * version that stands by, alone: it is not fed any more, and the instance that would trade is made of its own state, without lots and orders.
 */
export const handoverVerbs = ['sync', 'try', 'stop', 'adopt', 'wake', 'commit', 'abort'] as const;
export type HandoverVerb = (typeof handoverVerbs)[number];

/** What a host answers. `overflow`: the queue between the two versions is full. */
export const handoverEvents = ['synced', 'accepted', 'stopped', 'adopted', 'refused', 'overflow'] as const;
export type HandoverEvent = (typeof handoverEvents)[number];

/** A host's word on a hand-over. */
export interface HandoverNotice {
  readonly kind: 'handover';
  readonly swap: number;
  /** Row whose state it is about: the taker's, for `stopped` the giver's. */
  readonly row: RowIx;
  readonly event: HandoverEvent;
  /** Last event that the state has seen. */
  readonly eventSeq: EventSeq;
  /** SHA-256 of the state as it was exported, and as it was taken, hex. */
  readonly exported: string;
  readonly taken: string;
  readonly text: string;
}

/** 0: a swap begins to be prepared. Epochs are those that it expects to find at its commit. */
export interface SwapProposed {
  readonly kind: 'swapProposed';
  readonly swap: number;
  readonly deployment: DeploymentIx;
  readonly from: RowIx;
  readonly to: RowIx;
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly sliceID: SliceID;
  readonly fromVersion: VersionID;
  readonly toVersion: VersionID;
  readonly positions: PositionMode;
  readonly openOrders: OrderMode;
  readonly specHash: string;
}

/** 1: the new version has the old one's state at `eventSeq` and trades with the simulator. */
export interface SwapPrepared {
  readonly kind: 'swapPrepared';
  readonly swap: number;
  readonly eventSeq: EventSeq;
  readonly stateHash: string;
}

/** 2: warm, and its adoption was tried. Orders that both proposed in shadow, and how many each did. */
export interface GreenReady {
  readonly kind: 'greenReady';
  readonly swap: number;
  readonly fromOrders: number;
  readonly toOrders: number;
  readonly matched: number;
  readonly text: string;
}

/** 4: the old version is not fed any more. */
export interface SwapFrozen {
  readonly kind: 'swapFrozen';
  readonly swap: number;
  readonly deadline: Micros;
}

/** 6: the one commit record: from here on the new version owns capital, lots and orders. */
export interface SwapCommitted {
  readonly kind: 'swapCommitted';
  readonly swap: number;
  readonly from: RowIx;
  readonly to: RowIx;
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly cap: MoneyField;
  /** Listings whose lots and orders that change hands. */
  readonly lots: number;
  readonly orders: number;
  readonly watermark: EventSeq;
  readonly stateHash: string;
  /** What the numbers of adopted orders move up by. */
  readonly tagShift: number;
  /** Desk time since the old version was stopped. */
  readonly frozenMicros: number;
}

/** An open order that belongs to another version from here on, under another tag of that version. */
export interface OrderAdopted {
  readonly kind: 'orderAdopted';
  readonly swap: number;
  readonly clOrdID: ClOrdID;
  readonly fromRow: RowIx;
  readonly toRow: RowIx;
  readonly tag: number;
}

/** 8: the watched time is over. */
export interface SwapFinalized {
  readonly kind: 'swapFinalized';
  readonly swap: number;
  readonly text: string;
}

/** Presumed abort: nothing of the swap counts, the old version goes on. */
export interface SwapAborted {
  readonly kind: 'swapAborted';
  readonly swap: number;
  readonly step: SwapStep;
  readonly text: string;
}

export type SwapDecision =
  SwapProposed | SwapPrepared | GreenReady | SwapFrozen | SwapCommitted | OrderAdopted | SwapFinalized | SwapAborted;
