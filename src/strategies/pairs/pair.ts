import { negLots, type Lots } from '../../base/units.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { OwnOrder, StrategyContext } from '../../ports/strategy.ts';
import type { Fit } from './spread.ts';

/** entering: market orders for one date are out · holding: both legs filled in full · leaving: until flat without working orders. */
export type PairPhase = 'idle' | 'entering' | 'holding' | 'leaving';

export interface Leg {
  readonly listing: ListingIx;
  /** Logarithms of its closes at the last group bars, oldest first, at most the formation. */
  readonly logs: number[];
  /** Ticks; 0 = no bar yet. */
  close: number;
  closeTime: number;
  /** Signed lots that were ordered with the last entry. */
  target: number;
  /** Its market order out of the position; 0 = none. */
  exitTag: number;
}

/** Two instruments and where the trade between them stands. Plain JSON. */
export interface Pair {
  readonly first: Leg;
  readonly second: Leg;
  /** Index of the last group bar; -1 = none yet. */
  index: number;
  fit: Fit | null;
  phase: PairPhase;
  /** Index of the group bar of the entry fills. */
  filledAt: number;
  /** Close at which the entry was ordered. */
  orderedAt: number;
  /** Why it is being left; '' = it is not. */
  reason: string;
}

export function createPair(first: ListingIx, second: ListingIx): Pair {
  return {
    first: createLeg(first),
    second: createLeg(second),
    index: -1,
    fit: null,
    phase: 'idle',
    filledAt: -1,
    orderedAt: 0,
    reason: '',
  };
}

function createLeg(listing: ListingIx): Leg {
  return { listing, logs: [], close: 0, closeTime: 0, target: 0, exitTag: 0 };
}

export function legsOf(pair: Pair): readonly [Leg, Leg] {
  return [pair.first, pair.second];
}

/** Takes the last closes of both legs as one group bar; `price` gives a close in currency. */
export function pushGroupBar(pair: Pair, formation: number, price: (leg: Leg) => number): void {
  pair.index += 1;
  for (const leg of legsOf(pair)) {
    leg.logs.push(Math.log(price(leg)));
    if (leg.logs.length > formation) leg.logs.shift();
  }
}

/** Own orders of a leg that may still trade. */
export function workingIn(context: StrategyContext, leg: Leg): readonly OwnOrder[] {
  return context.orders().filter((order) => order.listing === leg.listing && order.leavesQty > 0);
}

export function isFlat(context: StrategyContext, pair: Pair): boolean {
  return legsOf(pair).every((leg) => context.position(leg.listing) === 0 && workingIn(context, leg).length === 0);
}

/** Both legs hold what was ordered. */
export function isFilled(context: StrategyContext, pair: Pair): boolean {
  return legsOf(pair).every((leg) => context.position(leg.listing) === leg.target);
}

/** Takes a leg out of its position a step on: other orders go first, then what is held is closed at market. */
export function leaveLeg(context: StrategyContext, leg: Leg, reason: string, cancel: (order: OwnOrder) => void): void {
  const working = workingIn(context, leg);
  if (working.length > 0) {
    for (const order of working) if (order.tag !== leg.exitTag) cancel(order);
    return;
  }
  const position: Lots = context.position(leg.listing);
  if (position === 0) return;
  leg.exitTag = context.place({
    listing: leg.listing,
    side: position > 0 ? 'sell' : 'buy',
    ordType: 'market',
    orderQty: sizeOf(position),
    reduceOnly: true,
    reason,
  });
}

function sizeOf(position: Lots): Lots {
  return position < 0 ? negLots(position) : position;
}
