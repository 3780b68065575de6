import type { ClOrdID, VenueIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';

/** A venue that has been asked for something and says nothing for this long is compared with; an order without a word for this long is unknown (microseconds). */
export const answerWithin = 5_000_000;
/** Most orders that an answer is waited for. */
const maxAwaited = 65_536;

/** An order that was handed to a venue, or a replacement. */
export interface Awaited {
  readonly order: Readonly<Order>;
  readonly replacing: boolean;
  /** When it was handed over (microseconds of the shared clock). */
  readonly at: number;
}

/**
 * What venues owe the gateway: a connection may live and carry nothing. Times are of the shared clock. An order is told of once, a venue once until it says something. No
 * answer is no failure: an order that has none is unknown, and the core asks for it.
 */
export class AnswerWatch {
  readonly #within: number;
  /** In the order of handing over. */
  readonly #awaited = new Map<ClOrdID, Awaited>();
  /** When a venue was first asked for something since its last word; Infinity = it has been told of. */
  readonly #askedAt = new Map<VenueIx, number>();

  constructor(within = answerWithin) {
    this.#within = within;
  }

  ordered(order: Readonly<Order>, replacing: boolean, at: number): void {
    if (this.#awaited.size < maxAwaited) this.#awaited.set(order.clOrdID, { order, replacing, at });
  }

  /** The first word about an order. @returns when it was handed over; undefined = nobody waits for it. */
  answered(clOrdID: ClOrdID): number | undefined {
    const awaited = this.#awaited.get(clOrdID);
    if (awaited !== undefined) this.#awaited.delete(clOrdID);
    return awaited?.at;
  }

  /** Anything was handed to the venue that it answers. */
  asked(venue: VenueIx, at: number): void {
    if (!this.#askedAt.has(venue)) this.#askedAt.set(venue, at);
  }

  /** Anything came from it. */
  heard(venue: VenueIx): void {
    this.#askedAt.delete(venue);
  }

  /** Tells whose time is over. */
  expire(now: number, unanswered: (awaited: Awaited) => void, silent: (venue: VenueIx) => void): void {
    const before = now - this.#within;
    for (const [clOrdID, awaited] of this.#awaited) {
      if (awaited.at > before) break;
      this.#awaited.delete(clOrdID);
      unanswered(awaited);
    }
    for (const [venue, at] of this.#askedAt) {
      if (at > before) continue;
      this.#askedAt.set(venue, Infinity);
      silent(venue);
    }
  }
}
