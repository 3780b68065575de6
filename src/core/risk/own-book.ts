import type { ListingIx } from '../../domain/ids.ts';
import type { Exposure } from './exposure.ts';
import type { OpenSlot } from './open-slot.ts';

/**
 * The desk's own resting orders of each listing, by price, best first (highest bid, lowest ask): what a new order could trade with. Orders that wait
 * for a trigger do not rest; orders of rows on paper rest nowhere.
 */
export function enterBook(exposure: Exposure, slot: OpenSlot, listing: ListingIx, price: number): void {
  const { all } = exposure.slots;
  const { sell } = slot;
  const place = listing * 2 + (sell ? 1 : 0);
  let before = -1;
  let at = exposure.bookHead[place];
  while (at >= 0 && (sell ? all[at].bookPx <= price : all[at].bookPx >= price)) {
    before = at;
    at = all[at].bookNext;
  }
  slot.bookPx = price;
  slot.bookPrev = before;
  slot.bookNext = at;
  if (before < 0) exposure.bookHead[place] = slot.place;
  else all[before].bookNext = slot.place;
  if (at >= 0) all[at].bookPrev = slot.place;
}

export function leaveBook(exposure: Exposure, slot: OpenSlot, listing: ListingIx): void {
  if (slot.bookPx === 0) return;
  const { all } = exposure.slots;
  const { bookPrev: before, bookNext: next } = slot;
  if (before < 0) exposure.bookHead[listing * 2 + (slot.sell ? 1 : 0)] = next;
  else all[before].bookNext = next;
  if (next >= 0) all[next].bookPrev = before;
  slot.bookPx = 0;
}

/** Best own order on the side opposite to `sell` that an order trading as far as `boundPx` would meet; undefined = none. */
export function meets(exposure: Exposure, listing: ListingIx, sell: boolean, boundPx: number): OpenSlot | undefined {
  const place = exposure.bookHead[listing * 2 + (sell ? 0 : 1)];
  if (place < 0) return undefined;
  const slot = exposure.slots.all[place];
  return crosses(slot, sell, boundPx) ? slot : undefined;
}

/** Whether a resting order crosses an order on the other side that trades as far as `boundPx`. */
export function crosses(slot: OpenSlot, sell: boolean, boundPx: number): boolean {
  return sell ? slot.bookPx >= boundPx : slot.bookPx <= boundPx;
}
