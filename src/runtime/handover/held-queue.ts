import type { RowIx } from '../../domain/ids.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { Delivery } from '../host-port.ts';

/** Most deliveries that wait for the end of one swap; at it the swap is aborted and the old version gets them all. */
export const maxQueuedDeliveries = 16_384;

/** Hears once of each queue that is full. */
export type HearFull = (swap: number, from: RowIx) => void;

/** Copies of what a version that is not fed would have heard, in their order. When nobody ends the swap although it was said to be full, they are given up. */
export class HeldQueue {
  readonly deliveries: Delivery[] = [];
  #lost = false;
  readonly #swap: number;
  readonly #from: RowIx;
  readonly #full: HearFull;

  constructor(swap: number, from: RowIx, full: HearFull) {
    this.#swap = swap;
    this.#from = from;
    this.#full = full;
  }

  /** Why there is nothing to be told of it; '' = there is. */
  get lost(): string {
    return this.#lost ? `swap ${this.#swap}: more than ${2 * maxQueuedDeliveries} deliveries waited for its end: they are lost` : '';
  }

  push(delivery: Delivery): void {
    if (this.#lost) return;
    if (this.deliveries.length === 2 * maxQueuedDeliveries) {
      this.#lost = true;
      this.deliveries.length = 0;
      return;
    }
    this.deliveries.push(copyOf(delivery));
    if (this.deliveries.length === maxQueuedDeliveries) this.#full(this.#swap, this.#from);
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
