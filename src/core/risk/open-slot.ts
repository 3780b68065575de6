import { intMap, type IntMap } from '../../base/int-map.ts';
import type { ClOrdID } from '../../domain/ids.ts';

/**
 * Open orders as the limits count them, in two columns: a slot is `slotStride` numbers and as many words, side by side (docs/decisions/0048). Places within one are
 * joined to where it begins by `|`, which needs no test for an overflow: `numbers[(slot << slotShift) | slotLeaves]`.
 */
export interface OpenSlots {
  readonly capacity: number;
  readonly numbers: Float64Array;
  readonly words: Int32Array;
  readonly byID: IntMap;
  /** Where orders were last found, by a few bits of their numbers: most are asked for again before another takes the place. A guess, checked against the slot. */
  readonly guess: Int32Array;
  readonly free: Int32Array;
  freeCount: number;
}

const slotStride = 8;
export const slotShift = 3;

/** Places among the numbers of a slot. The order's number, 0 = free. */
export const slotOrder = 0;
/** Lots that may still execute, and lots that it counts with now. */
export const slotLeaves = 1;
export const slotCounted = 2;
/** Ticks at which it reserves capital; 0 = proven reducing when it was accepted. */
export const slotPx = 3;
/** What it reserves, currency of its row's slice: a pair. */
export const slotReserved = 4;
/** Its limit price in the desk's own book (`own-book.ts`), 0 = stands in none. */
export const slotBookPx = 6;

/** Places among its words: number of its route. */
export const slotRoute = 0;
/** 1 = it sells. */
export const slotSell = 1;
/** 0 = counts in full, 1 = in its route only (target of a bracket), 2 = not at all (stop of a bracket). */
export const slotWeight = 2;
/** Order that it is to replace, while the venue has not answered; -1 = none. And the order that is to replace it. */
export const slotTwin = 3;
export const slotHeir = 4;
/** Its neighbors in the own book, -1 = none. */
export const slotBookNext = 5;
export const slotBookPrev = 6;

// constants of its own file V8 knows, exported ones it fetches and tests at every use (docs/decisions/0010)
const shift = slotShift;
const orderAt = slotOrder;

/** A power of two. */
const guesses = 1_024;

export function createOpenSlots(capacity: number): OpenSlots {
  return {
    capacity,
    numbers: new Float64Array(capacity * slotStride),
    words: new Int32Array(capacity * slotStride),
    byID: intMap(capacity),
    guess: new Int32Array(guesses),
    free: Int32Array.from({ length: capacity }, (_, n) => capacity - 1 - n),
    freeCount: capacity,
  };
}

function guessOf(clOrdID: ClOrdID): number {
  return Math.imul(clOrdID | 0, 0x9e3779b1) >>> 22;
}

/** Slot of an open order, -1 = it is not open. */
export function findSlot(slots: OpenSlots, clOrdID: ClOrdID): number {
  const guessed = slots.guess[guessOf(clOrdID)];
  // a free slot has the number 0, which no order has
  if (slots.numbers[(guessed << shift) | orderAt] === clOrdID && clOrdID !== 0) return guessed;
  return slots.byID.get(clOrdID) ?? -1;
}

/** Gives an order a free slot. @returns -1 when it has one already. */
export function takeSlot(slots: OpenSlots, clOrdID: ClOrdID): number {
  const slot = slots.free[slots.freeCount - 1];
  if (!slots.byID.add(clOrdID, slot)) return -1;
  slots.freeCount -= 1;
  slots.numbers[(slot << shift) | orderAt] = clOrdID;
  slots.guess[guessOf(clOrdID)] = slot;
  return slot;
}

export function giveSlot(slots: OpenSlots, slot: number): void {
  const at = (slot << shift) | orderAt;
  slots.byID.delete(slots.numbers[at]);
  slots.numbers[at] = 0;
  slots.free[slots.freeCount++] = slot;
}
