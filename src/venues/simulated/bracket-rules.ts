import { askSide, bidSide } from './matching-book.ts';
import { isChild, isLive, unprotectedQty } from './venue-order.ts';
import type { Bracket, VenueOrder } from './venue-order.ts';

/** What the rules of a bracket ask of the engine. */
export interface BracketActions {
  /** A held child is acknowledged for `orderQty` and begins to work or to wait for its trigger. */
  release(child: VenueOrder, orderQty: number): void;
  /** A child that works or waits gets another quantity, cumQty kept; reported as restated. */
  resize(child: VenueOrder, orderQty: number): void;
  cancel(order: VenueOrder, text: string): void;
}

/** A child fits when it goes the other way, in the same listing and account, for the same quantity, and its place is still free. */
export function childFits(child: VenueOrder, bracket: Bracket): boolean {
  const { entry } = bracket;
  const free = child.leg === 'stop' ? bracket.stop === undefined : bracket.target === undefined;
  const stops = child.ordType === 'stop' || child.ordType === 'stopLimit' || child.ordType === 'trailingStop';
  const against = child.side === (entry.side === bidSide ? askSide : bidSide);
  const fitting = child.leg === 'stop' ? stops : child.ordType === 'limit';
  return free && fitting && against && child.holder === entry.holder && child.listing === entry.listing;
}

/** Brings a bracket in line with what its entry has filled and what its children have traded. */
export function settleBracket(bracket: Bracket, actions: BracketActions): void {
  const { entry, stop, target } = bracket;
  const exiting = (stop?.cumQty ?? 0) + (target?.cumQty ?? 0) > 0;
  if (exiting && isLive(entry)) actions.cancel(entry, 'BRACKET_EXIT');
  const unprotected = unprotectedQty(bracket);
  for (const child of [stop, target]) {
    if (child === undefined || !isLive(child)) continue;
    if (unprotected > 0) size(child, unprotected, actions);
    else if (!isLive(entry)) actions.cancel(child, entry.cumQty === 0 ? 'BRACKET_ENTRY_ENDED' : 'BRACKET_DONE');
  }
}

function size(child: VenueOrder, qty: number, actions: BracketActions): void {
  if (child.state === 'held') actions.release(child, qty);
  else if (child.leavesQty !== qty) actions.resize(child, child.cumQty + qty);
}

/** What goes with an order that its owner takes back or that expires: a child takes the other child and the entry's rest with it. */
export function tiedTo(order: VenueOrder): readonly VenueOrder[] {
  const { bracket } = order;
  if (bracket === undefined || !isChild(order)) return [];
  const sibling = order.leg === 'stop' ? bracket.target : bracket.stop;
  return sibling === undefined ? [bracket.entry].filter(isLive) : [bracket.entry, sibling].filter(isLive);
}
