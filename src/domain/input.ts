import type { BaseQty, Lots, Micros, Ticks } from '../base/units.ts';
import type { CommandEnvelope } from './command.ts';
import type { Currency } from './currency.ts';
import type { AccountIx, ClOrdID, CurrencyIx, EventSeq, FeedIx, InstrumentIx, ListingIx, RowIx, VenueIx } from './ids.ts';
import type { Account, Instrument, Listing } from './instrument.ts';
import type { FeedCondition } from './market.ts';
import type { OrderTags, OrderTerms, Side } from './order.ts';
import type { Report } from './report.ts';
import type { HandoverNotice } from './swap.ts';
import type { Reconcile, VenueStatement } from './statement.ts';
import type { Venue } from './venue.ts';

/** The firm: its reporting currency, its capital (decimal string) and what everything starts with; first input of every journal. */
export interface Genesis {
  readonly kind: 'genesis';
  readonly firm: string;
  readonly currency: string;
  readonly firmCapital: string;
  readonly durability: 'sync' | 'group' | 'os';
  /** Virtual or wall: how `at` of the inputs came about. */
  readonly clock: 'virtual' | 'wall';
  /** Digest of what produced the run (core build, configuration), hex. */
  readonly coreDigest: string;
  /** '' on a live desk; else the seed that repeats the run. */
  readonly seed: string;
}

/** Definitions take the next index of their kind in order of arrival. */
export type Registration =
  | { readonly kind: 'register'; readonly what: 'currency'; readonly currency: Currency }
  | { readonly kind: 'register'; readonly what: 'instrument'; readonly instrument: Instrument }
  | { readonly kind: 'register'; readonly what: 'venue'; readonly venue: Venue }
  | { readonly kind: 'register'; readonly what: 'account'; readonly account: Account }
  | { readonly kind: 'register'; readonly what: 'listing'; readonly listing: Listing }
  | {
      readonly kind: 'register';
      readonly what: 'feed';
      readonly feedID: string;
      /** microseconds of silence after which it is stale for PnL and for drawdown */ readonly staleAfterPnl: Micros;
      readonly staleAfterDrawdown: Micros;
    };

export const intentActions = ['new', 'replace', 'cancel', 'cancelAll'] as const;
export type IntentAction = (typeof intentActions)[number];

/** What a strategy wants, stamped with the event that it answers. replace carries the whole new terms; cancel and cancelAll only a target. */
export interface Intent extends OrderTerms, OrderTags {
  readonly kind: 'intent';
  readonly action: IntentAction;
  readonly row: RowIx;
  /** Strictly growing within a row over all its instances. */
  readonly tag: number;
  /** replace, cancel: tag of the order meant; 0 = none. */
  readonly targetTag: number;
  readonly eventSeq: EventSeq;
  /** Epoch that the host was told; the gate refuses a stale one. */
  readonly epoch: number;
}

/** Conflated top of book that the core sees: at most 10 per second and listing, and always before an intent that met a newer quote. */
export interface Mark {
  readonly kind: 'mark';
  readonly listing: ListingIx;
  readonly feed: FeedIx;
  readonly feedSeq: number;
  readonly bid: Ticks;
  readonly bidQty: Lots;
  readonly ask: Ticks;
  readonly askQty: Lots;
  /** Last trade or close; noPrice = none yet. */
  readonly last: Ticks;
  readonly eventTime: Micros;
  readonly eventSeq: EventSeq;
}

/** What a feed says about itself, as far as a decision can hang on it (gap and stale invalidate the mark until live or resync). */
export interface FeedNotice {
  readonly kind: 'feed';
  readonly feed: FeedIx;
  /** -1 = the whole feed. */
  readonly listing: ListingIx;
  readonly condition: FeedCondition;
  readonly value: number;
  readonly text: string;
}

/** A deadline of the core that is due; injected by the sequencer only then. */
export interface Timer {
  readonly kind: 'timer';
  readonly deadline: Micros;
}

export const hostEvents = ['loaded', 'warmed', 'exception', 'overBudget', 'ended'] as const;
export type HostEvent = (typeof hostEvents)[number];

/** What a strategy host says about one row. `tagBase`: tags of this instance are above it. */
export interface HostNotice {
  readonly kind: 'host';
  readonly row: RowIx;
  readonly event: HostEvent;
  readonly eventSeq: EventSeq;
  readonly text: string;
}

export const cashFlowKinds = ['fee', 'funding', 'dividend', 'borrow', 'settlement', 'deposit', 'transfer'] as const;
export type CashFlowKind = (typeof cashFlowKinds)[number];

/** Money that comes or goes without a fill. Positive = into the account. Booked to the row when given (-1 = the account itself). */
export interface CashFlow {
  readonly kind: 'cashFlow';
  readonly flow: CashFlowKind;
  readonly account: AccountIx;
  readonly row: RowIx;
  readonly instrument: InstrumentIx;
  readonly currency: CurrencyIx;
  readonly hi: number;
  readonly lo: number;
  readonly reference: string;
}

/** split: `numerator` new base units for each `denominator` old ones; dividend cash comes as a CashFlow, tickerChange is a record only. */
export interface CorporateAction {
  readonly kind: 'corporateAction';
  readonly action: 'split' | 'dividend' | 'tickerChange';
  readonly instrument: InstrumentIx;
  readonly numerator: number;
  readonly denominator: number;
  readonly exDate: Micros;
  readonly text: string;
}

export const sessionPhases = ['closed', 'preOpen', 'open', 'postClose'] as const;
export type SessionPhase = (typeof sessionPhases)[number];

/** Phase of a calendar; `sessionDay` counts sessions (days of P&L begin with it); until = the next known change, noTime = unknown. */
export interface Session {
  readonly kind: 'session';
  readonly calendar: string;
  readonly phase: SessionPhase;
  readonly sessionDay: number;
  readonly until: Micros;
}

export interface HaltStatus {
  readonly kind: 'haltStatus';
  readonly listing: ListingIx;
  readonly halted: boolean;
  readonly text: string;
}

/** A research or news value with the time it was known and where it came from. */
export interface Signal {
  readonly kind: 'signal';
  readonly name: string;
  readonly source: string;
  readonly instrument: InstrumentIx;
  readonly value: number;
  readonly knownAt: Micros;
}

/** A fill that no order of ours explains (manual trade, give-up): booked to the custodian of the account's first slice. */
export interface ExternalFill {
  readonly kind: 'externalFill';
  readonly account: AccountIx;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly lastQty: Lots;
  readonly lastPx: Ticks;
  readonly execID: string;
  readonly transactTime: Micros;
}

/** A lease on firm-wide limit: after `until` it restricts to 0. */
export interface LimitGrant {
  readonly kind: 'limitGrant';
  /** micro-money */
  readonly limit: number;
  readonly until: Micros;
}

export interface ClockStatus {
  readonly kind: 'clockStatus';
  readonly source: string;
  readonly offsetNanos: number;
  readonly errorNanos: number;
  readonly synchronized: boolean;
}

/** A chunk of the captured market data is on disk: its root vouches for the capture up to there. */
export interface CaptureChunk {
  readonly kind: 'captureChunk';
  /** File of the capture's directory, and the chunk's number in it, from 0. */
  readonly file: string;
  readonly chunk: number;
  readonly events: number;
  /** Receive times of its first and last event. */
  readonly firstAt: Micros;
  readonly lastAt: Micros;
  /** Hexadecimal SHA-256, see docs/reference/capture-format.md. */
  readonly root: string;
}

/** What a venue says the account holds, for reconciliation. */
export interface VenuePosition {
  readonly kind: 'venuePosition';
  readonly account: AccountIx;
  readonly venue: VenueIx;
  readonly instrument: InstrumentIx;
  readonly position: BaseQty;
  readonly openOrders: number;
  readonly asOfClOrdID: ClOrdID;
}

/** A desk goes on with a journal whose writer is gone: the term grows, and everything is restricted until the venues have been compared. */
export interface Start {
  readonly kind: 'start';
  readonly term: number;
  /** Build that decides from here on, hex. */
  readonly coreDigest: string;
  readonly text: string;
}

/** The word of desks before there was reconciliation: the venues were compared; with no break open, what the start has restricted works again. */
export interface VenuesCompared {
  readonly kind: 'venuesCompared';
  /** Breaks that are open. */
  readonly breaks: number;
  readonly text: string;
}

/** A number agreed upon for comparing states: the core answers with its state hash, as whoever folds the journal does. */
export interface StateCheck {
  readonly kind: 'stateCheck';
  readonly reason: string;
}

/** The desk ends here in good order: the core answers with its state hash, the journal with a checkpoint. */
export interface Close {
  readonly kind: 'close';
  readonly reason: string;
}

/** Everything that can change a decision. */
export type Input =
  | Genesis
  | Registration
  | CorporateAction
  | Session
  | HaltStatus
  | CashFlow
  | LimitGrant
  | ClockStatus
  | CaptureChunk
  | Signal
  | Report
  | ExternalFill
  | VenuePosition
  | CommandInput
  | Mark
  | FeedNotice
  | Timer
  | HostNotice
  | HandoverNotice
  | Intent
  | Start
  | VenuesCompared
  | VenueStatement
  | Reconcile
  | StateCheck
  | Close;

export interface CommandInput extends CommandEnvelope {
  readonly kind: 'command';
}

export type InputKind = Input['kind'];
