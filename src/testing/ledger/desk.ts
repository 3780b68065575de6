import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { createMarks, type Marks } from '../../core/market/marks.ts';
import { averageCostInto } from '../../core/positions/average.ts';
import { bookFill, createBooking, type Booking } from '../../core/positions/booking.ts';
import { leafLink, leafOf, positionOfLeaf } from '../../core/positions/leaf.ts';
import { FIRST_LOT, LEAF_CURRENCY, addRow, createLedger, type LeafIx, type Ledger, type LedgerRoom } from '../../core/positions/ledger.ts';
import { LOT_COST, LOT_FILL, LOT_NEXT, LOT_QTY, lotStride, noLot } from '../../core/positions/lot-pool.ts';
import { sums, type SumName } from '../../core/positions/money-rows.ts';
import { readPair } from '../../core/positions/pair.ts';
import { leafSumInto } from '../../core/positions/valuation.ts';
import { ledgerWorld, rowAlgorithms } from './world.ts';

/** A ledger with the rows of the test world, and words to fill and read it. */
export interface LedgerDesk {
  readonly ledger: Ledger;
  readonly marks: Marks;
  readonly booking: Booking;
  leaf(row: number, listing?: number, simulated?: boolean): LeafIx;
  /** `+10@100` bought, `-4@110` sold; fee 0. @returns number of the last fill. */
  trade(leaf: LeafIx, script: string): number;
  mark(listing: number, bid: number, ask: number): void;
  sum(leaf: LeafIx, name: SumName): bigint;
  /** `position | FIFO lots as quantity:cost | average quantity:cost` */
  held(leaf: LeafIx): string;
  fillsOf(leaf: LeafIx): number[];
}

/** Account that trades a listing in the test world. */
const accounts = [0, 2, 0, 1, 2];

export function ledgerDesk(room: Partial<LedgerRoom> = {}): LedgerDesk {
  const registry = ledgerWorld();
  const ledger = createLedger(registry, room);
  rowAlgorithms.forEach((algorithm, row) => addRow(ledger, row, algorithm));
  const marks = createMarks(registry.listings.length);
  const booking = createBooking();
  const money = splitZero();
  function lotsOf(leaf: LeafIx, read: (at: number) => string): string[] {
    const { cells } = ledger.lots;
    const found: string[] = [];
    for (let lot = leafLink(ledger, leaf, FIRST_LOT); lot !== noLot; lot = cells[lot * lotStride + LOT_NEXT])
      found.push(read(lot * lotStride));
    return found;
  }
  return {
    ledger,
    marks,
    booking,
    leaf: (row, listing = 2, simulated = false) => leafOf(ledger, row, accounts[listing], listing, simulated),
    trade(leaf, script) {
      for (const word of script.split(' ')) {
        const [qty, px] = word.split('@').map(Number);
        const side = qty > 0 ? 'buy' : 'sell';
        const refusal = bookFill(ledger, leaf, side, lots(Math.abs(qty)), ticks(px), 0, 0, 0, 7, micros(5), booking);
        if (refusal !== undefined) throw new Error(refusal.code);
      }
      return booking.fill;
    },
    mark(listing, bid, ask) {
      marks.bid[listing] = bid;
      marks.ask[listing] = ask;
      marks.middle[listing] = bid + ask;
      marks.known[listing] = bid + ask;
      marks.bidQty[listing] = 1;
      marks.askQty[listing] = 1;
      marks.valid[listing] = 1;
    },
    sum(leaf, name) {
      leafSumInto(money, ledger, leaf, leafLink(ledger, leaf, LEAF_CURRENCY), sums[name]);
      return toBigInt(money);
    },
    held(leaf) {
      const queue = lotsOf(leaf, (at) => {
        readPair(money, ledger.lots.cells, at + LOT_COST);
        return `${ledger.lots.cells[at + LOT_QTY]}:${toBigInt(money)}`;
      });
      const qty = averageCostInto(money, ledger, leaf);
      return `${positionOfLeaf(ledger, leaf)} | ${queue.join(' ')} | ${qty}:${toBigInt(money)}`;
    },
    fillsOf: (leaf) => lotsOf(leaf, (at) => String(ledger.lots.cells[at + LOT_FILL])).map(Number),
  };
}
