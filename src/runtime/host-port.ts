import type { Lots, Micros, Ticks } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { EventSeq, ListingIx, RowIx } from '../domain/ids.ts';
import type { Intent } from '../domain/input.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { ExportedState, OwnFill, OwnHolding, OwnOrderUpdate, ParameterValues, StrategyDefinition } from '../ports/strategy.ts';
import type { HandoverNotice } from '../domain/swap.ts';
import type { Effect } from '../domain/effect.ts';
import type { BarBatch } from './bar-tape.ts';
import type { FillMoney, MoneyTerms } from './own-money.ts';
import type { Carried } from './strategy-context.ts';

/** What comes back to one strategy from its own orders. */
export type OwnEvent =
  | {
      readonly kind: 'ownFill';
      readonly row: RowIx;
      /** Of an order that went to the simulator. */ readonly simulated: boolean;
      readonly fill: OwnFill;
      readonly money: FillMoney;
    }
  | {
      readonly kind: 'ownUpdate';
      readonly row: RowIx;
      readonly simulated: boolean;
      readonly update: OwnOrderUpdate;
      readonly leavesQty: Lots;
      readonly cumQty: Lots;
      readonly price: Ticks;
      readonly orderQty: Lots;
    }
  | {
      readonly kind: 'ownHolding';
      readonly row: RowIx;
      readonly simulated: boolean;
      readonly holding: OwnHolding;
    };

/** One thing delivered to hosts. Everything that a strategy hears has its eventSeq. */
export type Delivery =
  | { readonly kind: 'market'; readonly eventSeq: EventSeq; readonly at: Micros; readonly event: MarketEvent }
  | { readonly kind: 'own'; readonly eventSeq: EventSeq; readonly at: Micros; readonly event: OwnEvent }
  | { readonly kind: 'timer'; readonly eventSeq: EventSeq; readonly at: Micros; readonly row: RowIx; readonly name: string }
  | { readonly kind: 'group'; readonly eventSeq: EventSeq; readonly at: Micros }
  | { readonly kind: 'start'; readonly eventSeq: EventSeq; readonly at: Micros; readonly row: RowIx };

export const hostFaultEvents = ['exception', 'overBudget', 'ended'] as const;

/** What went wrong in a callback; the sequencer makes a HostNotice of it. `ended`: the row's host had to be ended for another's fault, it goes on elsewhere. */
export interface HostFault {
  readonly row: RowIx;
  readonly event: (typeof hostFaultEvents)[number];
  readonly text: string;
}

/**
 * Answer to a delivery: intents in the order of rows and of asking, the faults, and the watermark = the eventSeq answered. It is read before the next
 * delivery: one that says nothing is used again.
 */
export interface HostAnswer {
  readonly intents: readonly Intent[];
  readonly faults: readonly HostFault[];
  readonly watermark: EventSeq;
}

export interface LoadRequest {
  readonly row: RowIx;
  readonly definition: StrategyDefinition;
  readonly parameters: ParameterValues;
  readonly universe: readonly ListingIx[];
  /** Seed text of the instance's random stream. */
  readonly seed: string;
  /** What the row has already when its desk starts again on a journal. */
  readonly held?: Carried;
  /** Where its universe has other currencies than its slice. */
  readonly money?: MoneyTerms;
}

/** A step of a hand-over. `paper`: lots that the simulator has of the row that goes on in shadow, by listing. */
export interface HandoverRequest extends Omit<Extract<Effect, { kind: 'handover' }>, 'kind' | 'reducing'> {
  readonly paper: readonly (readonly [ListingIx, Lots])[];
}

export interface HandoverReply {
  /** null = nothing to be said: the step has no answer. */
  readonly notice: HandoverNotice | null;
  readonly answers: readonly HostAnswer[];
}

/**
 * The only meeting point of sequencer and strategies: events with their eventSeq go in, intents and the answered watermark come out. In one thread it is
 * an object; over rings the same calls are messages.
 */
export interface HostPort {
  /** Creates the instance; the text says why not. */
  load(request: LoadRequest): { readonly ok: true } | { readonly ok: false; readonly text: string };
  unload(row: RowIx): void;
  /** The row's epoch and capital from now on; trading false = callbacks run, proposals are dropped. */
  authority(row: RowIx, epoch: number, capital: number, trading: boolean): void;
  /** True when every listing of the row's universe has a valid book, quote or bar. */
  warm(row: RowIx): boolean;
  deliver(delivery: Delivery): HostAnswer;
  /**
   * `deliver` of the bars of a batch, one after another, until one of them is answered with an intent or a fault: what came of that one. The batch says how far
   * it got. Left out = they are delivered one by one.
   */
  deliverBars?(batch: BarBatch): HostAnswer;
  /** Earliest timer of any strategy. */
  nextTimerAt(): Micros | undefined;
  /** Timers due at `at`, in order of (time, row, name); each is delivered by the sequencer with its eventSeq. */
  dueTimers(at: Micros): readonly { readonly row: RowIx; readonly name: string }[];
  exportState(row: RowIx): ExportedState | undefined;
  /** Does a step of a hand-over. `answers`: what came of the events that were queued meanwhile. */
  handover(request: HandoverRequest): HandoverReply;
  /** What hosts have said of hand-overs since the last call without being asked: a queue is full, a host was ended. */
  unasked(): readonly HandoverNotice[];
}

/** Decisions that a strategy hears of. */
export type HeardDecision = Extract<Decision, { kind: 'orderSent' | 'orderDenied' | 'orderStateChanged' | 'fillBooked' | 'replaceSent' }>;
