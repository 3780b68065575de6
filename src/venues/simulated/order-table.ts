import { intMap } from '../../base/int-map.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { isLive } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

/** Most live orders of one venue. */
export const maxLiveOrders = 262_144;
/** Client ids that no longer work, kept to answer queries and to find duplicates. */
export const maxRetained = 16_384;

/** Room for slots in the beginning; it doubles as needed. */
const firstIds = 1_024;

/** Most forgotten orders kept to be used again. */
const maxSpare = 1_024;

/** The venue's orders by client id: all live ones and the last `retained` ids that ended or were replaced. */
export class OrderTable {
  readonly #slots = intMap(maxLiveOrders + maxRetained);
  /** By slot; 0 stays free. */
  readonly #orders: (VenueOrder | undefined)[] = [undefined];
  /** The id that each slot's order goes by: an order that ended long ago is not touched again. */
  #ids = new Float64Array(firstIds);
  readonly #free: number[] = [];
  readonly #spare: VenueOrder[] = [];
  /** A ring of the ids that no longer work, once it has grown to `retained` of them. */
  readonly #retained: number;
  #ended: Float64Array;
  #endedSlot: Int32Array;
  #endedCount = 0;
  #live = 0;

  constructor(retained: number = maxRetained) {
    this.#retained = retained;
    this.#ended = new Float64Array(Math.min(retained, firstIds));
    this.#endedSlot = new Int32Array(this.#ended.length);
  }

  get live(): number {
    return this.#live;
  }

  get(clOrdID: ClOrdID): VenueOrder | undefined {
    const slot = this.#slots.get(clOrdID);
    return slot === undefined ? undefined : this.#orders[slot];
  }

  has(clOrdID: ClOrdID): boolean {
    return this.#slots.has(clOrdID);
  }

  /** The order in a slot: what an id of the book stands for. Ids of the market are negative. */
  at(slot: number): VenueOrder | undefined {
    return slot > 0 ? this.#orders[slot] : undefined;
  }

  /** Takes an order in, under its client id. */
  add(order: VenueOrder): void {
    const slot = this.#free.pop() ?? this.#orders.length;
    order.slot = slot;
    this.#orders[slot] = order;
    if (slot >= this.#ids.length) {
      const wider = new Float64Array(2 * slot);
      wider.set(this.#ids);
      this.#ids = wider;
    }
    this.#ids[slot] = order.clOrdID;
    this.#slots.set(order.clOrdID, slot);
    if (isLive(order)) this.#live += 1;
    else this.#retain(order);
  }

  /** The order goes by a new id; the old one still finds it for a while. */
  rename(order: VenueOrder, clOrdID: ClOrdID): void {
    this.#retain(order);
    order.clOrdID = clOrdID;
    this.#ids[order.slot] = clOrdID;
    this.#slots.set(clOrdID, order.slot);
  }

  ended(order: VenueOrder): void {
    this.#live -= 1;
    // made again if anybody asks: thousands of texts that live a little longer than the rest are what collections cost
    order.orderID = '';
    this.#retain(order);
  }

  /** An order that was forgotten and may be used again; undefined = none. */
  spare(): VenueOrder | undefined {
    return this.#spare.pop();
  }

  /** Live orders in the order in which the venue numbered them. */
  liveOrders(): VenueOrder[] {
    const live = this.#orders.filter((order): order is VenueOrder => order !== undefined && isLive(order));
    return live.sort((a, b) => a.number - b.number);
  }

  /** Keeps an id that no longer works in the place of the oldest such id; an order leaves with its last one. */
  #retain(order: VenueOrder): void {
    if (this.#endedCount === this.#ended.length && this.#ended.length < this.#retained) this.#growRing();
    const place = this.#endedCount++ % this.#ended.length;
    if (this.#endedCount > this.#ended.length) this.#forget(this.#ended[place], this.#endedSlot[place]);
    this.#ended[place] = order.clOrdID;
    this.#endedSlot[place] = order.slot;
  }

  /** Before it has gone round once. */
  #growRing(): void {
    const ended = new Float64Array(Math.min(this.#retained, 2 * this.#ended.length));
    const slots = new Int32Array(ended.length);
    ended.set(this.#ended);
    slots.set(this.#endedSlot);
    this.#ended = ended;
    this.#endedSlot = slots;
  }

  #forget(clOrdID: ClOrdID, slot: number): void {
    if (!this.#slots.delete(clOrdID)) return;
    if (this.#ids[slot] !== clOrdID) return;
    const order = this.#orders[slot];
    this.#orders[slot] = undefined;
    this.#free.push(slot);
    // the other orders of a bracket may still look at this one
    if (order !== undefined && order.bracket === undefined && this.#spare.length < maxSpare) this.#spare.push(order);
  }
}
