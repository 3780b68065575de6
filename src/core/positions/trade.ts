import { splitZero, subInto, type Split } from '../../base/split.ts';
import { addToBasis, takeFromBasis } from './average.ts';
import type { FillNo, LeafIx, Ledger } from './ledger.ts';
import { BASE_UNITS, CELLS, FIRST_CELL, FIRST_LOT, OWN_LINE, POSITION, TICK_VALUE, leafLinks, leafStride } from './ledger.ts';
import { addSize, pushLot, shareOf, takeFront, type TakenLots } from './lot-pool.ts';
import { AVERAGE_REALIZED, ENTRY_COST, REALIZED, addSignedHere, addSplitHere, post, subSplitHere } from './money-rows.ts';

/** Lots of one side on their way into a leaf. `px` 0 = no single price, parts take floor(cost x part / qty). `cost` is counted without the side. */
export interface Arrival {
  /** +1 bought, -1 sold. */
  side: number;
  qty: number;
  px: number;
  readonly cost: Split;
  /** What a lot that stays is remembered by. */
  fill: FillNo;
  clOrdID: number;
  openedAt: number;
}

export function createArrival(): Arrival {
  return { side: 1, qty: 0, px: 0, cost: splitZero(), fill: 0, clOrdID: 0, openedAt: 0 };
}

const taken: TakenLots = { cost: splitZero(), entryCost: splitZero() };
const closingCost = splitZero();
const rest = splitZero();
const gone = splitZero();

/** How many of qty lots on `side` close the signed `position`. */
export function closingOf(position: number, side: number, qty: number): number {
  return position * side < 0 ? Math.min(Math.abs(position), qty) : 0;
}

/**
 * FIFO: closes the oldest lots of the other side, what is left becomes a lot. Adds realized and entry cost to the ledger's delta;
 * `position` is the leaf's before, which the caller moves.
 */
export function intoLots(ledger: Ledger, leaf: LeafIx, position: number, a: Arrival): void {
  const { delta, lots } = ledger;
  const { links } = ledger.leaves;
  const ends = leaf * leafLinks + FIRST_LOT;
  const closing = closingOf(position, a.side, a.qty);
  if (closing === 0) {
    pushLot(lots, links, ends, a.qty, a.px, a.cost, a.fill, a.clOrdID, a.openedAt);
    addSizeHere(delta, ENTRY_COST, a.cost);
    return;
  }
  const tickValue = ledger.leaves.numbers[leaf * leafStride + TICK_VALUE];
  shareOf(closingCost, a.cost, closing, a.qty, a.px, tickValue);
  takeFront(lots, links, ends, closing, tickValue, taken);
  subSplitHere(delta, ENTRY_COST, taken.entryCost);
  subInto(gone, taken.cost, closingCost);
  addSignedHere(delta, REALIZED, gone, a.side);
  if (closing === a.qty) return;
  subInto(rest, a.cost, closingCost);
  pushLot(lots, links, ends, a.qty - closing, a.px, rest, a.fill, a.clOrdID, a.openedAt);
  addSizeHere(delta, ENTRY_COST, rest);
}

/** The same for the average book; `booking` numbers what happens now (for what is whole in the basis). */
export function intoAverage(ledger: Ledger, leaf: LeafIx, position: number, a: Arrival, booking: FillNo): void {
  const closing = closingOf(position, a.side, a.qty);
  if (closing === 0) {
    addToBasis(ledger, leaf, a.qty, a.cost, booking);
    return;
  }
  shareOf(closingCost, a.cost, closing, a.qty, a.px, ledger.leaves.numbers[leaf * leafStride + TICK_VALUE]);
  takeFromBasis(ledger, leaf, closing, gone);
  subInto(gone, gone, closingCost);
  addSignedHere(ledger.delta, AVERAGE_REALIZED, gone, a.side);
  if (closing === a.qty) return;
  subInto(rest, a.cost, closingCost);
  addToBasis(ledger, leaf, a.qty - closing, rest, booking);
}

/** Moves the leaf's position and those of its scopes by signed lots. */
export function movePosition(ledger: Ledger, leaf: LeafIx, lots: number): void {
  const { links, numbers } = ledger.leaves;
  const { units } = ledger.positions;
  const at = leaf * leafStride;
  numbers[at + POSITION] += lots;
  const base = lots * numbers[at + BASE_UNITS];
  const first = leaf * leafLinks + FIRST_CELL;
  const last = first + links[leaf * leafLinks + CELLS];
  for (let link = first; link < last; link++) units[links[link]] += base;
}

/** Whether position and scopes stay safe integers of base units when the leaf moves by signed lots. */
export function roomForMove(ledger: Ledger, leaf: LeafIx, lots: number): boolean {
  const { links, numbers } = ledger.leaves;
  const { units } = ledger.positions;
  const at = leaf * leafStride;
  const base = lots * numbers[at + BASE_UNITS];
  if (!Number.isSafeInteger(base) || !Number.isSafeInteger((numbers[at + POSITION] + lots) * numbers[at + BASE_UNITS])) return false;
  const first = leaf * leafLinks + FIRST_CELL;
  const last = first + links[leaf * leafLinks + CELLS];
  for (let link = first; link < last; link++) if (!Number.isSafeInteger(units[links[link]] + base)) return false;
  return true;
}

/** Posts the first `width` numbers of the delta to the leaf's own money row and its scopes. The delta stays, for the booking to be read from. */
export function postOwn(ledger: Ledger, leaf: LeafIx, width: number): void {
  post(ledger.money, ledger.leaves.links[leaf * leafLinks + OWN_LINE], ledger.delta, width);
}

const size = splitZero();

/** cells[at] += |x| */
export function addSizeHere(cells: Float64Array, at: number, x: Split): void {
  if (x.hi >= 0) {
    addSplitHere(cells, at, x);
    return;
  }
  size.hi = 0;
  size.lo = 0;
  addSize(size, x);
  addSplitHere(cells, at, size);
}
