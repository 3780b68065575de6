import type { ListingIx } from '../../domain/ids.ts';
import type { Exposure } from './exposure.ts';
import { slotBookNext, slotBookPrev, slotBookPx, slotSell, slotShift } from './open-slot.ts';

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const shift = slotShift;
const pxAt = slotBookPx;
const sellAt = slotSell;
const nextAt = slotBookNext;
const prevAt = slotBookPrev;

/**
 * The desk's own resting orders of each listing, by price, best first (highest bid, lowest ask): what a new order could trade with. Orders that wait
 * for a trigger do not rest; orders of rows on paper rest nowhere.
 */
export function enterBook(exposure: Exposure, slot: number, listing: ListingIx, price: number): void {
  const { numbers, words } = exposure.slots;
  const own = slot << shift;
  const sell = words[own | sellAt] === 1;
  const place = listing * 2 + (sell ? 1 : 0);
  let before = -1;
  let at = exposure.bookHead[place];
  while (at >= 0 && (sell ? numbers[(at << shift) | pxAt] <= price : numbers[(at << shift) | pxAt] >= price)) {
    before = at;
    at = words[(at << shift) | nextAt];
  }
  numbers[own | pxAt] = price;
  words[own | prevAt] = before;
  words[own | nextAt] = at;
  if (before < 0) {
    exposure.bookHead[place] = slot;
    exposure.bookBest[place] = price;
  } else {
    words[(before << shift) | nextAt] = slot;
  }
  if (at >= 0) words[(at << shift) | prevAt] = slot;
}

export function leaveBook(exposure: Exposure, slot: number, listing: ListingIx): void {
  const { numbers, words } = exposure.slots;
  const own = slot << shift;
  if (numbers[own | pxAt] === 0) return;
  const before = words[own | prevAt];
  const next = words[own | nextAt];
  if (before < 0) {
    const place = listing * 2 + words[own | sellAt];
    exposure.bookHead[place] = next;
    exposure.bookBest[place] = next < 0 ? 0 : numbers[(next << shift) | pxAt];
  } else {
    words[(before << shift) | nextAt] = next;
  }
  if (next >= 0) words[(next << shift) | prevAt] = before;
  numbers[own | pxAt] = 0;
}

/** Whether an order that trades as far as `boundPx` would meet an own one on the side opposite to `sell`. */
export function meetsOwn({ bookBest }: Exposure, listing: ListingIx, sell: boolean, boundPx: number): boolean {
  const best = bookBest[listing * 2 + (sell ? 0 : 1)];
  return best !== 0 && (sell ? best >= boundPx : best <= boundPx);
}

/** The best of those that it would meet; -1 = none. */
export function meets(exposure: Exposure, listing: ListingIx, sell: boolean, boundPx: number): number {
  const slot = exposure.bookHead[listing * 2 + (sell ? 0 : 1)];
  return slot >= 0 && crosses(exposure, slot, sell, boundPx) ? slot : -1;
}

/** Whether the resting order in `slot` crosses an order on the other side that trades as far as `boundPx`. */
export function crosses({ slots }: Exposure, slot: number, sell: boolean, boundPx: number): boolean {
  const px = slots.numbers[(slot << shift) | pxAt];
  return sell ? px >= boundPx : px <= boundPx;
}
