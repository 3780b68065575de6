import type { VenueIx } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';

/** What an order can still trade at its venue. */
export interface WorkingOrder {
  readonly order: Readonly<Order>;
  readonly clOrdID: number;
  readonly qty: number;
  readonly cum: number;
}

/** The venues' own books and the wire before them: what was really traded and what can still trade. The desk never sees it. */
export class VenueTruth {
  /** Lots by listing; and lots that busts and corrections have moved. */
  readonly net: number[];
  readonly revised: number[];
  readonly #working = new Map<string, WorkingOrder>();
  readonly #sent = new Set<string>();
  /** Lots that an order has traded, in the direction of its side. */
  readonly #tradedBy = new Map<string, number>();

  /** Lots by account and listing. */
  readonly #held = new Map<string, number>();

  constructor(listings: number) {
    this.net = Array.from({ length: listings }, () => 0);
    this.revised = Array.from({ length: listings }, () => 0);
  }

  /** An order is on its way; a replacement counts when it is taken. */
  sent(venue: VenueIx, order: Readonly<Order>): void {
    this.#sent.add(keyOf(order));
    if (order.origClOrdID === 0) this.opened(venue, { order, clOrdID: order.clOrdID, qty: order.orderQty, cum: 0 });
  }

  /** It was handed over before. */
  isKnown(order: Readonly<Order>): boolean {
    return this.#sent.has(keyOf(order));
  }

  opened(venue: VenueIx, held: WorkingOrder): void {
    this.#working.set(`${venue}-${held.order.term}-${held.clOrdID}`, held);
  }

  closed(venue: VenueIx, { term, clOrdID }: { readonly term: number; readonly clOrdID: number }): void {
    this.#working.delete(`${venue}-${term}-${clOrdID}`);
  }

  traded(order: Readonly<Order>, qty: number, revised: boolean): void {
    const signed = order.side === 'buy' ? qty : -qty;
    const place = `${order.account} ${order.listing}`;
    this.net[order.listing] += signed;
    this.#held.set(place, this.heldAt(order.account, order.listing) + signed);
    this.#tradedBy.set(keyOf(order), (this.#tradedBy.get(keyOf(order)) ?? 0) + qty);
    if (revised) this.revised[order.listing] += Math.abs(qty);
  }

  /** Lots that nobody could foresee: a venue contradicts itself. */
  excuse(order: Readonly<Order>, lots: number): void {
    this.revised[order.listing] += lots;
  }

  /** Lots that an account holds of a listing. */
  heldAt(account: number, listing: number): number {
    return this.#held.get(`${account} ${listing}`) ?? 0;
  }

  /** Lots of an order's side that it has traded and can still trade, under its first number. */
  reachOf(venue: VenueIx, order: Readonly<Order>): number {
    const working = this.#working.get(`${venue}-${keyOf(order)}`);
    return (this.#tradedBy.get(keyOf(order)) ?? 0) + (working === undefined ? 0 : working.qty - working.cum);
  }

  /** Lots that the orders of a side can still trade in a listing. */
  potential(listing: number, side: 'buy' | 'sell'): number {
    let sum = 0;
    for (const { order, qty, cum } of this.#working.values()) if (order.listing === listing && order.side === side) sum += qty - cum;
    return sum;
  }
}

function keyOf(order: Readonly<Order>): string {
  return `${order.term}-${order.clOrdID}`;
}
