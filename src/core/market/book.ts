import { lotsUnchecked, ticksUnchecked, type Lots, type Ticks } from '../../base/units.ts';
import type { BookUpdate } from '../../domain/market.ts';
import { BookSide } from './book-side.ts';

/** An aggregated (L2) book for feeds, hosts and simulators. No part of the hashed state. */
export interface L2Book {
  /** False before the first snapshot or change and after a gap. */
  readonly valid: boolean;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** Level 0 is the best; beyond the book price 0 and quantity 0. */
  bidPx(level: number): Ticks;
  bidQty(level: number): Lots;
  askPx(level: number): Ticks;
  askQty(level: number): Lots;
  /** Quantity at a price of one side (0 = bid, 1 = ask). */
  qtyAt(side: 0 | 1, price: Ticks): Lots;
  /** Best bid at or above best ask. */
  readonly crossed: boolean;
  /** Levels that were beyond the most that a side keeps, since the beginning. */
  readonly forgotten: number;
  /** A snapshot replaces everything and makes the book valid; changes of an invalid book that had a gap are ignored until the next snapshot. */
  apply(update: BookUpdate): void;
  /** After a gap: nothing is believed until the next snapshot. */
  invalidate(): void;
}

/** A book starts empty and takes changes at once (a feed without snapshots builds up); after `invalidate` only a snapshot helps. */
export function createL2Book(): L2Book {
  const bids = new BookSide(1);
  const asks = new BookSide(-1);
  let valid = false;
  let gap = false;
  return {
    get valid() {
      return valid;
    },
    get bidLevels() {
      return bids.count;
    },
    get askLevels() {
      return asks.count;
    },
    bidPx: (level) => ticksUnchecked(bids.px(level)),
    bidQty: (level) => lotsUnchecked(bids.qty(level)),
    askPx: (level) => ticksUnchecked(asks.px(level)),
    askQty: (level) => lotsUnchecked(asks.qty(level)),
    qtyAt: (side, price) => lotsUnchecked((side === 0 ? bids : asks).qtyAt(price)),
    get crossed() {
      return bids.count > 0 && asks.count > 0 && bids.px(0) >= asks.px(0);
    },
    get forgotten() {
      return bids.forgotten + asks.forgotten;
    },
    apply(update) {
      if (update.snapshot) {
        bids.clear();
        asks.clear();
        gap = false;
      } else if (gap) return;
      const { count, sides, prices, qtys } = update;
      for (let i = 0; i < count; i++) (sides[i] === 0 ? bids : asks).set(prices[i], qtys[i]);
      valid = true;
    },
    invalidate() {
      valid = false;
      gap = true;
    },
  };
}
