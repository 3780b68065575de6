import type { ListingIx } from '../../domain/ids.ts';
import type { Liquidity } from '../../domain/report.ts';
import type { AccountPositions } from './account-positions.ts';
import type { BookSide, MatchingBook } from './matching-book.ts';
import type { VenueOrder } from './venue-order.ts';

/** What the engine matches against: an order-level book, or recorded depth behind the same calls. */
export type RestingBook = Pick<MatchingBook, 'add' | 'cancel' | 'reduce' | 'match' | 'available' | 'qtyOf' | 'bestPx'>;

/** What the engine says to the owners of orders. */
export interface EngineVoice {
  accepted(order: VenueOrder): void;
  traded(order: VenueOrder, qty: number, price: number, liquidity: Liquidity): void;
  /** The order is in its final state; `state` is it. */
  ended(order: VenueOrder, state: 'filled' | 'canceled' | 'expired', text: string): void;
  restated(order: VenueOrder, text: string): void;
}

/** What the engine says to everybody. */
export interface Tape {
  print(price: number, qty: number, aggressor: BookSide): void;
  /** The lots at a price changed. */
  touch(side: BookSide, price: number): void;
}

export type SelfMatchPolicy = 'allow' | 'cancelResting' | 'cancelIncoming';

export interface EngineOptions {
  readonly listing: ListingIx;
  readonly book: RestingBook;
  /** The order whose id in the book is `slot`; undefined: it is not of the desk. */
  readonly orderAt: (slot: number) => VenueOrder | undefined;
  /** Live orders of the desk; asked for seldom. */
  readonly live: () => readonly VenueOrder[];
  readonly positions: AccountPositions;
  readonly voice: EngineVoice;
  readonly tape?: Tape;
  readonly selfMatch: SelfMatchPolicy;
  /** The market is only watched: our own executions are not on its tape and trigger nothing. */
  readonly watchOnly?: boolean;
  /** Hears of executions of resting orders that are not the desk's: how many lots, and how many are left of it. */
  readonly onForeign?: (makerID: number, qty: number, leavesQty: number) => void;
}
