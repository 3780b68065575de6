import { intMap } from '../../base/int-map.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { blankOrder, isLive } from './venue-order.ts';
import type { VenueOrder, VenueOrderState } from './venue-order.ts';

/** Most live orders of one venue. */
export const maxLiveOrders = 262_144;
/** Client ids that no longer work, kept to answer queries and to find duplicates. */
export const maxRetained = 16_384;

/** Room for slots in the beginning; it doubles as needed. */
const firstIds = 128;

/** Most orders that are over and kept to be used again. */
const maxSpare = 1_024;

/** Orders that have just ended stay as they are until as many others have: a turn of the venue may still look at them. A power of two. */
export const restingOrders = 64;

/** Numbers kept of an order that is over, by slot. */
const keptStride = 8;
const numberAt = 0;
const listingAt = 1;
const holderAt = 2;
const stateAt = 3;
const cumQtyAt = 4;
const leavesQtyAt = 5;
const orderQtyAt = 6;
const priceAt = 7;

const states: readonly VenueOrderState[] = ['held', 'armed', 'working', 'filled', 'canceled', 'rejected', 'expired'];

/**
 * The venue's orders by client id: all live ones and the last `retained` ids that ended or were replaced. Of an order that is over a few numbers are kept, so that
 * the next order takes its object while that is still near the processor.
 */
export class OrderTable {
  readonly #slots = intMap(maxLiveOrders + maxRetained);
  /** By slot; 0 stays free. Undefined = free, or over: then `#kept` has its numbers. */
  readonly #orders: (VenueOrder | undefined)[] = [undefined];
  /** The id that each slot's order goes by. */
  #ids: Float64Array = new Float64Array(firstIds);
  #kept: Float64Array = new Float64Array(firstIds * keptStride);
  /** What `get` answers for an order that is over: one object, valid until the next search. */
  readonly #view = blankOrder();
  readonly #resting: (VenueOrder | undefined)[] = Array.from({ length: restingOrders }, () => undefined);
  #rested = 0;
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
    return slot === undefined ? undefined : (this.#orders[slot] ?? this.#viewOf(slot));
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
      this.#ids = widened(this.#ids);
      this.#kept = widened(this.#kept);
    }
    this.#ids[slot] = order.clOrdID;
    this.#slots.set(order.clOrdID, slot);
    if (isLive(order)) {
      this.#live += 1;
      return;
    }
    this.#retain(order);
    this.#rest(order);
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
    this.#rest(order);
  }

  /** The object of an order that ended a while ago, to be used again; undefined = none. */
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
    this.#orders[slot] = undefined;
    this.#free.push(slot);
  }

  /** Lets an order that is over rest, and takes the object of the one whose rest has ended. The other orders of a bracket may look at theirs for long. */
  #rest(order: VenueOrder): void {
    if (order.bracket !== undefined) return;
    const place = this.#rested++ & (restingOrders - 1);
    const rested = this.#resting[place];
    this.#resting[place] = order;
    if (rested === undefined) return;
    if (this.#orders[rested.slot] === rested) {
      this.#keep(rested);
      this.#orders[rested.slot] = undefined;
    }
    if (this.#spare.length < maxSpare) this.#spare.push(rested);
  }

  #keep(order: VenueOrder): void {
    const kept = this.#kept;
    const at = order.slot * keptStride;
    kept[at + numberAt] = order.number;
    kept[at + listingAt] = order.listing;
    kept[at + holderAt] = order.holder;
    kept[at + stateAt] = stateCode(order.state);
    kept[at + cumQtyAt] = order.cumQty;
    kept[at + leavesQtyAt] = order.leavesQty;
    kept[at + orderQtyAt] = order.orderQty;
    kept[at + priceAt] = order.price;
  }

  #viewOf(slot: number): VenueOrder {
    const kept = this.#kept;
    const view = this.#view;
    const at = slot * keptStride;
    view.clOrdID = this.#ids[slot];
    view.number = kept[at + numberAt];
    view.orderID = '';
    view.slot = slot;
    view.listing = kept[at + listingAt];
    view.holder = kept[at + holderAt];
    view.state = states[kept[at + stateAt]];
    view.cumQty = lotsUnchecked(kept[at + cumQtyAt]);
    view.leavesQty = lotsUnchecked(kept[at + leavesQtyAt]);
    view.orderQty = lotsUnchecked(kept[at + orderQtyAt]);
    view.price = ticksUnchecked(kept[at + priceAt]);
    return view;
  }
}

/** Place of a state in `states`; a switch finds it faster than a search. */
function stateCode(state: VenueOrderState): number {
  switch (state) {
    case 'filled':
      return 3;
    case 'canceled':
      return 4;
    case 'held':
      return 0;
    case 'armed':
      return 1;
    case 'working':
      return 2;
    case 'rejected':
      return 5;
    case 'expired':
      return 6;
  }
}

function widened(old: Float64Array): Float64Array {
  const wider = new Float64Array(2 * old.length);
  wider.set(old);
  return wider;
}
