import type { ListingIx } from '../../domain/ids.ts';
import type { Exposure } from './exposure.ts';

/**
 * The desk's own resting orders of each listing, by price, best first (highest bid, lowest ask): what a new order could trade with. Orders that wait
 * for a trigger do not rest; orders of rows on paper rest nowhere.
 */
export function enterBook(exposure: Exposure, slot: number, listing: ListingIx, price: number): void {
  const sell = exposure.slotSell[slot] === 1;
  const place = listing * 2 + (sell ? 1 : 0);
  let before = -1;
  let at = exposure.bookHead[place];
  while (at >= 0 && (sell ? exposure.bookPx[at] <= price : exposure.bookPx[at] >= price)) {
    before = at;
    at = exposure.bookNext[at];
  }
  exposure.bookPx[slot] = price;
  exposure.bookPrev[slot] = before;
  exposure.bookNext[slot] = at;
  if (before < 0) exposure.bookHead[place] = slot;
  else exposure.bookNext[before] = slot;
  if (at >= 0) exposure.bookPrev[at] = slot;
}

export function leaveBook(exposure: Exposure, slot: number, listing: ListingIx): void {
  if (exposure.bookPx[slot] === 0) return;
  const before = exposure.bookPrev[slot];
  const next = exposure.bookNext[slot];
  if (before < 0) exposure.bookHead[listing * 2 + exposure.slotSell[slot]] = next;
  else exposure.bookNext[before] = next;
  if (next >= 0) exposure.bookPrev[next] = before;
  exposure.bookPx[slot] = 0;
}

/** Best own order on the side opposite to `sell` that an order trading as far as `boundPx` would meet; -1 = none. */
export function meets(exposure: Exposure, listing: ListingIx, sell: boolean, boundPx: number): number {
  const slot = exposure.bookHead[listing * 2 + (sell ? 0 : 1)];
  return slot >= 0 && crosses(exposure, slot, sell, boundPx) ? slot : -1;
}

/** Whether the resting order in `slot` crosses an order on the other side that trades as far as `boundPx`. */
export function crosses(exposure: Exposure, slot: number, sell: boolean, boundPx: number): boolean {
  return sell ? exposure.bookPx[slot] >= boundPx : exposure.bookPx[slot] <= boundPx;
}
