/** How cancels of others ahead of a resting order are taken: in proportion to what lies ahead, or not at all. */
export const queueModels = ['proRata', 'riskAverse'] as const;
export type QueueModel = (typeof queueModels)[number];

/** An order of ours that rests in a recorded queue. Lots. */
export interface QueuePlace {
  readonly id: number;
  readonly price: number;
  qty: number;
  /** Lots of others that come before it. */
  ahead: number;
  /** Joined while the book was not to be believed: `ahead` is not known yet. */
  blind: boolean;
  /**
   * The last decrease of the level that no trade had explained, how far it moved this order, and when it happened: a trade that is told after its depth
   * change (its time is not later) explains it then.
   */
  unexplained: number;
  credited: number;
  changedAt: number;
  /** Trades at the level that no decrease has shown yet. */
  traded: number;
}

export function joinQueue(id: number, price: number, qty: number, ahead: number, blind: boolean): QueuePlace {
  return { id, price, qty, ahead, blind, unexplained: 0, credited: 0, changedAt: 0, traded: 0 };
}

/**
 * A trade at the order's price takes from the front of its queue; `at` is its time at the venue. `qty`: lots of the trade that reach this queue (not those taken by our own orders
 * before it). @returns the lots that reach the order itself.
 */
export function tradeReaches(place: QueuePlace, qty: number, at: number): number {
  const late = at <= place.changedAt ? Math.min(qty, place.unexplained) : 0;
  const counted = late === 0 ? 0 : Math.floor((place.credited * late) / place.unexplained);
  place.unexplained -= late;
  place.credited -= counted;
  place.traded += qty - late;
  const moves = qty - counted;
  const before = Math.min(place.ahead, moves);
  place.ahead -= before;
  return moves - before;
}

/** The level's visible quantity went from `old` to `now` at `at` (venue time): what trades do not explain were cancels. */
export function levelChanged(place: QueuePlace, old: number, now: number, at: number, model: QueueModel): void {
  const decrease = old - now;
  const explained = Math.min(Math.max(0, decrease), place.traded);
  const canceled = Math.max(0, decrease - explained);
  place.traded -= explained;
  place.unexplained = canceled;
  place.credited = 0;
  place.changedAt = at;
  const standing = old - explained;
  if (canceled > 0 && model === 'proRata' && standing > 0)
    place.credited = Math.floor(canceled * (Math.min(place.ahead, standing) / standing));
  const ahead = Math.min(place.ahead - place.credited, now);
  place.credited = place.ahead - ahead;
  place.ahead = ahead;
}
