import type { RowIx } from '../../domain/ids.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { Delivery } from '../host-port.ts';

/** Most deliveries that wait for the end of one swap; at it the swap is aborted and the old version gets them all. */
export const maxQueuedDeliveries = 16_384;

/** Hears once of each queue that is full. */
export type HearFull = (swap: number, from: RowIx) => void;

/** Copies of what a version that is not fed would have heard, in their order. */
export class HeldQueue {
  readonly deliveries: Delivery[] = [];
  readonly #swap: number;
  readonly #from: RowIx;
  readonly #full: HearFull;

  constructor(swap: number, from: RowIx, full: HearFull) {
    this.#swap = swap;
    this.#from = from;
    this.#full = full;
  }

  /** @throws RangeError when nobody ended the swap although it was said to be full. */
  push(delivery: Delivery): void {
    this.deliveries.push(copyOf(delivery));
    const { length } = this.deliveries;
    if (length === maxQueuedDeliveries) this.#full(this.#swap, this.#from);
    if (length > 2 * maxQueuedDeliveries)
      throw new RangeError(`swap ${this.#swap}: expected its end before ${2 * maxQueuedDeliveries} deliveries wait`);
  }
}

/** Feeds write the next event over the last one. */
function copyOf(delivery: Delivery): Delivery {
  return delivery.kind === 'market' ? { ...delivery, event: copyOfEvent(delivery.event) } : delivery;
}

function copyOfEvent(event: MarketEvent): MarketEvent {
  if (event.kind !== 'book') return { ...event };
  const { count, sides, prices, qtys } = event;
  return { ...event, sides: sides.slice(0, count), prices: prices.slice(0, count), qtys: qtys.slice(0, count) };
}
