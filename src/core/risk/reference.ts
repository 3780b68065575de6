import type { ListingIx } from '../../domain/ids.ts';
import { knownTwice, midTwice, type Marks } from '../market/marks.ts';
import { maxTicks } from './capacities.ts';
import { productExceeds } from './split-more.ts';

/** Reservation bound of market orders where neither a collar nor a fat-finger limit is set. */
export const defaultCollarBps = 500;

export const bpsOne = 10_000;

/** Reference price of an order in half ticks: the middle of the book, else the last trade; 0 = the last mark names neither. */
export function referenceTwice(marks: Marks, listing: ListingIx): number {
  const mid = marks.at[listing] === 0 ? 0 : midTwice(marks, listing);
  return mid > 0 && mid <= 2 * maxTicks ? mid : 0;
}

/** Price that values what is held, half ticks: the last reference price there was; 0 = there has never been one. */
export function valueTwice(marks: Marks, listing: ListingIx): number {
  const mid = marks.at[listing] === 0 ? 0 : knownTwice(marks, listing);
  return mid > 0 && mid <= 2 * maxTicks ? mid : 0;
}

/** Whether `price` lies more than `bps` above (side +1) or below (side -1) the reference. Exact. */
export function beyondBps(price: number, refTwice: number, bps: number, side: number): boolean {
  return productExceeds(side * (2 * price - refTwice), bpsOne, bps, refTwice);
}

/** How far `price` lies above (+1) or below (-1) the reference, whole bps rounded up. */
export function bpsAway(price: number, refTwice: number, side: number): number {
  return Math.ceil((side * (2 * price - refTwice) * bpsOne) / refTwice);
}

/** Ticks, rounded up: reference x (1 + bps). */
export function upperBound(refTwice: number, bps: number): number {
  return Math.ceil((refTwice * (bpsOne + bps)) / (2 * bpsOne));
}

/** Ticks, rounded down, at least 0: reference x (1 - bps). */
export function lowerBound(refTwice: number, bps: number): number {
  return Math.max(0, Math.floor((refTwice * (bpsOne - bps)) / (2 * bpsOne)));
}
