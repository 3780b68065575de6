import type { Micros } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import type { L2Book } from '../core/market/book.ts';
import type { Decision } from '../domain/decision.ts';
import type { Effect } from '../domain/effect.ts';
import type { EventSeq, ListingIx, Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import type { MarketEvent } from '../domain/market.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { BookView, StrategyDefinition } from '../ports/strategy.ts';
import type { NoticeSink, ReportSink, VenuePort } from '../ports/venue.ts';
import type { HostPort } from './host-port.ts';

/** A venue that lives on the desk's virtual clock and is pulled along. */
export interface PulledVenue extends VenuePort {
  /** When it next has something to do; undefined = nothing. */
  nextEventAt(): Micros | undefined;
  /** Does everything due up to `to`; reports and notices come out in order. */
  advance(to: Micros, sink: ReportSink, notices?: NoticeSink): void;
  /** Market data that it fills against (recorded and paper venues). */
  onMarket?(event: MarketEvent): void;
  /** The book of depth that it keeps of a listing, from the events that it is shown alone; left out or undefined = none. */
  depthOf?(listing: ListingIx): L2Book | undefined;
  /** Whether a bar of the listing would make a difference to it now; left out = always. */
  hears?(listing: ListingIx): boolean;
}

export interface VirtualDeskOptions {
  readonly core: Core;
  readonly journal: JournalPort;
  readonly host: HostPort;
  readonly bookOf: (listing: ListingIx) => BookView;
  readonly term: number;
  readonly startAt: Micros;
  /** Last eventSeq given before; 0 when left out. */
  readonly eventSeq?: EventSeq;
  readonly seed: string;
  readonly strategyOf: (algorithmID: string, version: string) => StrategyDefinition | undefined;
  /**
   * Which listings' marks the core gets as they come: of all (left out), of those it holds a position or an open order in, or of none; an intent always
   * brings the newest mark of its listing along. `held` and `asked` are for one currency and feeds that are never stale, where nothing else hangs on a mark;
   * `asked` where no limit of value or loss is watched either.
   */
  readonly marks?: 'all' | 'held' | 'asked';
  /** Called when an input is about to be stepped (wall-clock measurements). */
  readonly beforeStep?: () => void;
  readonly observe?: (seq: Seq, at: Micros, input: Input, decisions: readonly Decision[]) => void;
  readonly onEffect?: (effect: Effect, at: Micros) => void;
  /** Hears market events once they have their number, in the order in which they are delivered; what it gives back is stepped behind what the event led to. */
  readonly onMarket?: (event: MarketEvent) => Input | undefined;
  readonly onCancelSent?: (target: number) => void;
}

/** What one call of `advance` ended with. */
export type DeskState = 'running' | 'feedsEnded' | 'journalFailed';
