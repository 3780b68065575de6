import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { CancelRequest, SendResult, StatementRequest, VenuePort } from '../../ports/venue.ts';
import { blank } from './faulty-venue.ts';
import type { VenueLine } from './venue-line.ts';

/** No answer within it: a timeout is reported, a query is asked again (microseconds). */
export const answerMicros = 500_000;

interface Asked {
  readonly clOrdID: ClOrdID;
  readonly origClOrdID: ClOrdID;
  readonly listing: ListingIx;
  readonly query: boolean;
  readonly until: number;
}

export interface SessionOptions {
  readonly venue: VenueIx;
  readonly capabilities: VenueCapabilities;
  readonly term: number;
  readonly line: VenueLine;
  readonly now: () => Micros;
  readonly sink: (report: Report) => void;
  /** Hears what really leaves. */
  readonly onWire: (kind: 'send' | 'replace' | 'cancel', order: Readonly<Order> | CancelRequest) => void;
  readonly listingOf: (clOrdID: ClOrdID) => { readonly listing: ListingIx; readonly term: number } | undefined;
}

/** The adapter of a venue: hands requests over, minds the time of their answers, and asks again after a break. */
export class VenueSession implements VenuePort {
  readonly capabilities: VenueCapabilities;
  readonly #options: SessionOptions;
  readonly #asked = new Map<ClOrdID, Asked>();
  /** Orders that were handed over and have no end yet, with their listings. */
  readonly #open = new Map<ClOrdID, { readonly listing: ListingIx; readonly term: number }>();

  constructor(options: SessionOptions) {
    this.capabilities = options.capabilities;
    this.#options = options;
  }

  /** Nothing is asked that has no answer yet. */
  get quiet(): boolean {
    return this.#asked.size === 0;
  }

  send(order: RiskChecked<Readonly<Order>>): SendResult {
    this.#options.onWire('send', order);
    this.#open.set(order.clOrdID, { listing: order.listing, term: order.term });
    return this.#hand(order.clOrdID, 0, order.listing, () => this.#options.line.ask({ kind: 'new', order }));
  }

  replace(order: RiskChecked<Readonly<Order>>): SendResult {
    this.#options.onWire('replace', order);
    this.#open.set(order.clOrdID, { listing: order.listing, term: order.term });
    return this.#hand(order.clOrdID, order.origClOrdID, order.listing, () => this.#options.line.ask({ kind: 'replace', order }));
  }

  cancel(request: CancelRequest): SendResult {
    this.#options.onWire('cancel', request);
    const { clOrdID, target, listing } = request;
    // an order of an earlier desk: its answer is about no order here, nor is its silence
    if (request.term !== undefined && request.term !== 0 && request.term !== this.#options.term)
      return this.#options.line.ask({ kind: 'cancel', clOrdID, target, term: request.term, listing });
    const term = this.#termOf(target);
    return this.#hand(clOrdID, target, listing, () => this.#options.line.ask({ kind: 'cancel', clOrdID, target, term, listing }));
  }

  cancelAll(): SendResult {
    return this.#options.line.ask({ kind: 'cancelAll' });
  }

  query(clOrdID: ClOrdID): SendResult {
    const known = this.#options.listingOf(clOrdID);
    if (known === undefined) return 'refused';
    const until = this.#options.now() + answerMicros;
    this.#asked.set(clOrdID, { clOrdID, origClOrdID: 0, listing: known.listing, query: true, until });
    this.#open.set(clOrdID, known);
    return this.#options.line.ask({ kind: 'query', clOrdID, term: known.term, listing: known.listing });
  }

  statement(request: StatementRequest): SendResult {
    return this.#options.line.ask({ kind: 'statement', request });
  }

  #termOf(clOrdID: ClOrdID): number {
    return this.#open.get(clOrdID)?.term ?? this.#options.listingOf(clOrdID)?.term ?? this.#options.term;
  }

  #hand(clOrdID: ClOrdID, origClOrdID: ClOrdID, listing: ListingIx, ask: () => SendResult): SendResult {
    const result = ask();
    if (result === 'sent') {
      const until = this.#options.now() + answerMicros;
      this.#asked.set(clOrdID, { clOrdID, origClOrdID, listing, query: false, until });
    }
    return result;
  }

  hear(report: Report): void {
    this.#asked.delete(report.clOrdID);
    if (report.leavesQty === 0 || report.execType === 'rejected' || report.execType === 'unknownOrder') {
      this.#open.delete(report.clOrdID);
      if (report.execType === 'canceled') this.#open.delete(report.origClOrdID);
    }
    this.#options.sink(report);
  }

  /** Requests whose time is over: questions are asked again, everything else is a timeout. */
  watch(): void {
    const now = this.#options.now();
    for (const asked of [...this.#asked.values()]) {
      if (asked.until > now) continue;
      this.#asked.delete(asked.clOrdID);
      if (asked.query) this.query(asked.clOrdID);
      else this.#options.sink(this.#timeout(asked));
    }
  }

  /** After a break nobody knows what was lost: every order without an end is asked for. */
  reconnected(): void {
    for (const clOrdID of [...this.#open.keys()]) this.query(clOrdID);
  }

  #timeout({ clOrdID, origClOrdID, listing }: Asked): Report {
    const at = this.#options.now();
    return { ...blank(this.#options.venue, listing, clOrdID, at), origClOrdID, execType: 'timeout', transactTime: microsUnchecked(at) };
  }
}
