import type { Micros } from '../base/units.ts';
import type { Effect } from '../domain/effect.ts';
import type { ClOrdID, VenueIx } from '../domain/ids.ts';
import type { Report } from '../domain/report.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { PulledVenue } from './desk-options.ts';
import type { HostPort } from './host-port.ts';

export interface PastWorldParts {
  readonly feeds: readonly RecordedFeed[];
  readonly venues: ReadonlyMap<VenueIx, PulledVenue>;
  readonly simulators: ReadonlyMap<VenueIx, PulledVenue>;
  readonly host: HostPort;
  /** Orders that the gateway refused by itself: no venue ever heard of them. */
  readonly neverSent: ReadonlySet<ClOrdID>;
}

/**
 * A simulated venue lives in the process of its desk and dies with it. So that it is found as a real one would be, it is led through the desk's past: the same
 * market, and every request of the journal at its time. What it says on the way is in the journal; what it had not said yet when the desk died is still to come.
 */
export class PastWorld {
  readonly #parts: PastWorldParts;
  readonly #venues: readonly PulledVenue[];
  #eventSeq = 0;

  constructor(parts: PastWorldParts) {
    this.#parts = parts;
    this.#venues = [...parts.venues.values(), ...parts.simulators.values()];
  }

  /** Everything that happened up to `at`. */
  pass(at: Micros): void {
    for (let next = this.#nextAt(); next !== undefined && next <= at; next = this.#nextAt()) {
      for (const venue of this.#venues) if ((venue.nextEventAt() ?? Infinity) <= next) venue.advance(next, ignore);
      for (const feed of this.#parts.feeds) this.#pull(feed, next);
    }
  }

  /** What the desk asked for at `at`. */
  leave(effect: Effect, at: Micros): void {
    switch (effect.kind) {
      case 'send':
        if (!this.#parts.neverSent.has(effect.order.clOrdID)) this.#port(effect.venue, effect.order.simulated)?.send(effect.order, at);
        return;
      case 'replace':
        if (!this.#parts.neverSent.has(effect.order.clOrdID)) this.#port(effect.venue, effect.order.simulated)?.replace(effect.order, at);
        return;
      case 'cancel':
        this.#port(effect.venue, effect.simulated)?.cancel({ clOrdID: effect.clOrdID, target: effect.target, listing: effect.listing }, at);
        return;
      case 'query':
        this.#port(effect.venue, effect.simulated)?.query(effect.clOrdID, at);
        return;
      case 'massCancel':
        this.#port(effect.venue, false)?.cancelAll(at);
        return;
      case 'statement':
        this.#port(effect.venue, false)?.statement?.({ account: effect.account, ask: effect.ask, since: effect.since }, at);
        return;
      // those sessions ended with their desk
      case 'dropSession':
      case 'deadMan':
      case 'kill':
      case 'dropSession':
      case 'deadMan':
      case 'fence':
      case 'load':
      case 'unload':
      case 'authority':
      case 'handover':
      case 'answer':
      case 'alert':
        return;
    }
  }

  #pull(feed: RecordedFeed, at: Micros): void {
    for (let due = feed.peek(); due !== undefined && due <= at; due = feed.peek()) {
      const event = feed.next();
      if (event === undefined) continue;
      event.eventSeq = ++this.#eventSeq;
      for (const venue of this.#venues) venue.onMarket?.(event);
      this.#parts.host.deliver({ kind: 'market', eventSeq: event.eventSeq, at, event });
    }
  }

  #nextAt(): Micros | undefined {
    let next: Micros | undefined;
    const consider = (at: Micros | undefined): void => {
      if (at !== undefined && (next === undefined || at < next)) next = at;
    };
    for (const feed of this.#parts.feeds) consider(feed.peek());
    for (const venue of this.#venues) consider(venue.nextEventAt());
    return next;
  }

  #port(venue: VenueIx, simulated: boolean): PulledVenue | undefined {
    return (simulated ? this.#parts.simulators : this.#parts.venues).get(venue);
  }
}

function ignore(report: Report): void {
  void report;
}
