import { intMap, type IntMap } from '../../base/int-map.ts';
import { splitZero, type Split } from '../../base/split.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { blankRoute, type Route } from './route.ts';

/**
 * An open order as the limits count it. One object a place, all of one shape: a number of it is two or three instructions away, one in a column ten, and an order
 * is opened and closed once each (docs/decisions/0038). Slots name each other by place.
 */
export interface OpenSlot {
  /** Place among the slots, from 0. */
  readonly place: number;
  /** 0 = free. */
  clOrdID: ClOrdID;
  route: Route;
  sell: boolean;
  /** 0 = counts in full, 1 = in its route only (target of a bracket), 2 = not at all (stop of a bracket). */
  weight: number;
  leaves: number;
  /** Lots that it counts with now. */
  counted: number;
  /** Ticks at which it reserves capital; 0 = proven reducing when it was accepted. */
  px: number;
  /** What it reserves, currency of its row's slice. */
  readonly reserved: Split;
  /** Order that it is to replace, while the venue has not answered; -1 = none. */
  twin: number;
  /** Order that is to replace it; -1 = none. */
  heir: number;
  /** Its neighbors in the desk's own book (`own-book.ts`), -1 = none; its limit price there, 0 = stands in no book. */
  bookNext: number;
  bookPrev: number;
  bookPx: number;
}

/** Slots of all open orders, made when first needed. */
export interface OpenSlots {
  readonly capacity: number;
  readonly all: OpenSlot[];
  readonly byID: IntMap;
  /** Where orders were last found, by a few bits of their numbers: most are asked for again before another takes the place. A guess, checked against the slot. */
  readonly guess: Int32Array;
  readonly free: Int32Array;
  freeCount: number;
}

/** A power of two. */
const guesses = 1_024;

/** Starts as a double, which order numbers are soon: V8 then never changes the shape of the slots under running code. */
const wide = 4_294_967_296.5;

export function blankSlot(place: number): OpenSlot {
  return {
    place,
    clOrdID: wide,
    route: blankRoute(-1),
    sell: false,
    weight: 0,
    leaves: 0,
    counted: 0,
    px: 0,
    reserved: splitZero(),
    twin: -1,
    heir: -1,
    bookNext: -1,
    bookPrev: -1,
    bookPx: 0,
  };
}

export function createOpenSlots(capacity: number): OpenSlots {
  // the first place is there from the start, so that no guess is ever past the end
  const all = [blankSlot(0)];
  const free = Int32Array.from({ length: capacity }, (_, n) => capacity - 1 - n);
  return { capacity, all, byID: intMap(capacity), guess: new Int32Array(guesses), free, freeCount: capacity };
}

function guessOf(clOrdID: ClOrdID): number {
  return Math.imul(clOrdID | 0, 0x9e3779b1) >>> 22;
}

/** Slot of an open order, undefined = it is not open. */
export function findSlot(slots: OpenSlots, clOrdID: ClOrdID): OpenSlot | undefined {
  const guessed = slots.all[slots.guess[guessOf(clOrdID)]];
  if (guessed.clOrdID === clOrdID) return guessed;
  const place = slots.byID.get(clOrdID);
  return place === undefined ? undefined : slots.all[place];
}

/** Gives an order a free slot. @returns undefined when it has one already. */
export function takeSlot(slots: OpenSlots, clOrdID: ClOrdID): OpenSlot | undefined {
  const { all, byID } = slots;
  const place = slots.free[slots.freeCount - 1];
  if (!byID.add(clOrdID, place)) return undefined;
  slots.freeCount -= 1;
  if (place === all.length) all.push(blankSlot(place));
  const slot = all[place];
  slot.clOrdID = clOrdID;
  slots.guess[guessOf(clOrdID)] = place;
  return slot;
}

export function giveSlot(slots: OpenSlots, slot: OpenSlot): void {
  slots.byID.delete(slot.clOrdID);
  slot.clOrdID = 0;
  slots.free[slots.freeCount++] = slot.place;
}
