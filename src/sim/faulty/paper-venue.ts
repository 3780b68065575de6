import { lotsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, ListingIx, VenueIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { CancelRequest, SendResult, VenuePort } from '../../ports/venue.ts';
import type { Agenda } from './agenda.ts';
import { blank } from './faulty-venue.ts';

/** Where orders of rows on paper go: fills at once what is marketable, dies with its desk. */
export class PaperVenue implements VenuePort {
  readonly capabilities: VenueCapabilities;
  readonly #agenda: Agenda;
  readonly #venue: VenueIx;
  readonly #sink: (report: Report) => void;
  readonly #listingOf: (clOrdID: ClOrdID) => ListingIx;
  readonly #open = new Map<ClOrdID, Readonly<Order>>();
  #execs = 0;

  constructor(
    agenda: Agenda,
    capabilities: VenueCapabilities,
    venue: VenueIx,
    sink: (report: Report) => void,
    listingOf: (clOrdID: ClOrdID) => ListingIx,
  ) {
    this.#listingOf = listingOf;
    this.#agenda = agenda;
    this.capabilities = { ...capabilities, throttlePerSecond: 0 };
    this.#venue = venue;
    this.#sink = sink;
  }

  send(order: RiskChecked<Readonly<Order>>, _at: Micros): SendResult {
    this.#open.set(order.clOrdID, order);
    this.#say(order.clOrdID, order.listing, { execType: 'new', cumQty: 0, leavesQty: order.orderQty });
    if (order.ordType === 'market' || order.timeInForce === 'ioc') this.#fill(order);
    return 'sent';
  }

  replace(order: RiskChecked<Readonly<Order>>, _at: Micros): SendResult {
    this.#say(order.clOrdID, order.listing, { execType: 'replaceRejected', origClOrdID: order.origClOrdID });
    return 'sent';
  }

  cancel({ clOrdID, target, listing }: CancelRequest): SendResult {
    if (this.#open.delete(target)) this.#say(clOrdID, listing, { execType: 'canceled', origClOrdID: target, leavesQty: 0 });
    else this.#say(clOrdID, listing, { execType: 'cancelRejected', origClOrdID: target });
    return 'sent';
  }

  cancelAll(): SendResult {
    return 'refused';
  }

  query(clOrdID: ClOrdID): SendResult {
    const order = this.#open.get(clOrdID);
    if (order === undefined) this.#say(clOrdID, this.#listingOf(clOrdID), { execType: 'unknownOrder' });
    else this.#say(clOrdID, order.listing, { execType: 'orderStatus', cumQty: 0, leavesQty: order.orderQty });
    return 'sent';
  }

  #fill(order: Readonly<Order>): void {
    this.#open.delete(order.clOrdID);
    const lastPx = ticksUnchecked(order.price === 0 ? order.arrivalAsk : order.price);
    const { orderQty } = order;
    this.#say(order.clOrdID, order.listing, {
      execType: 'trade',
      lastQty: lotsUnchecked(orderQty),
      lastPx,
      cumQty: orderQty,
      leavesQty: 0,
    });
  }

  #say(clOrdID: ClOrdID, listing: ListingIx, more: Partial<Report>): void {
    const execID = `p${this.#venue}x${++this.#execs}t${this.#agenda.now}`;
    const report: Report = { ...blank(this.#venue, listing, clOrdID, this.#agenda.now), execID, simulated: true, ...more };
    this.#agenda.after(2_000, () => this.#sink(report));
  }
}
