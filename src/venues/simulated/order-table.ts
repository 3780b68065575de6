import type { ClOrdID } from '../../domain/ids.ts';
import { isLive } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** Most live orders of one venue. */
export const maxLiveOrders = 262_144;
/** Client ids that no longer work, kept to answer queries and to find duplicates. */
export const maxRetained = 65_536;

/** The venue's orders by client id: all live ones and the last `retained` ids that ended or were replaced. */
export class OrderTable {
  readonly #byClOrdID = new Map<ClOrdID, VenueOrder>();
  readonly #ended: Float64Array;
  #endedCount = 0;
  #live = 0;

  constructor(retained: number = maxRetained) {
    this.#ended = new Float64Array(retained);
  }

  get live(): number {
    return this.#live;
  }

  get(clOrdID: ClOrdID): VenueOrder | undefined {
    return this.#byClOrdID.get(clOrdID);
  }

  has(clOrdID: ClOrdID): boolean {
    return this.#byClOrdID.has(clOrdID);
  }

  add(order: VenueOrder): void {
    this.#byClOrdID.set(order.clOrdID, order);
    if (isLive(order)) this.#live += 1;
    else this.#retain(order.clOrdID);
  }

  /** The order goes by a new id; the old one still finds it for a while. */
  rename(order: VenueOrder, clOrdID: ClOrdID): void {
    this.#retain(order.clOrdID);
    order.clOrdID = clOrdID;
    this.#byClOrdID.set(clOrdID, order);
  }

  ended(order: VenueOrder): void {
    this.#live -= 1;
    this.#retain(order.clOrdID);
  }

  /** Live orders in the order in which they came under their present id. */
  *liveOrders(): Generator<VenueOrder> {
    for (const [clOrdID, order] of this.#byClOrdID) if (order.clOrdID === clOrdID && isLive(order)) yield order;
  }

  #retain(clOrdID: ClOrdID): void {
    const place = this.#endedCount++ % this.#ended.length;
    if (this.#endedCount > this.#ended.length) this.#byClOrdID.delete(this.#ended[place]);
    this.#ended[place] = clOrdID;
  }
}
