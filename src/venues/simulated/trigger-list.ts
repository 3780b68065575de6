import { ticksUnchecked } from '../../base/units.ts';
import { noPrice } from '../../domain/order.ts';
import { askSide, bidSide } from './matching-book.ts';
import type { VenueOrder } from './venue-order.ts';

/** Most stops of one listing that wait for their trigger. */
export const maxArmed = 65_536;

/**
 * Stop, stop-limit and trailing orders that wait for a print at or beyond their trigger price. The trigger is the last trade, as on most order books;
 * those elected by one print leave in the order in which they were armed.
 */
export class TriggerList {
  readonly #armed: VenueOrder[] = [];

  get size(): number {
    return this.#armed.length;
  }

  /** False when the list is full. */
  arm(order: VenueOrder): boolean {
    if (this.#armed.length >= maxArmed) return false;
    this.#armed.push(order);
    return true;
  }

  disarm(order: VenueOrder): void {
    const place = this.#armed.indexOf(order);
    if (place >= 0) this.#armed.splice(place, 1);
  }

  /** Moves trailing triggers along with a print, then takes out what it elects, into `elected`. */
  print(price: number, elected: VenueOrder[]): void {
    if (this.#armed.length === 0) return;
    let kept = 0;
    for (const order of this.#armed) {
      trail(order, price);
      if (isTriggered(order, price)) elected.push(order);
      else this.#armed[kept++] = order;
    }
    this.#armed.length = kept;
  }
}

/** A trailing stop follows a price in its favor and never goes back: a seller's below the highest, a buyer's above the lowest. */
export function trail(order: VenueOrder, price: number): void {
  if (order.ordType !== 'trailingStop') return;
  const trigger = order.side === askSide ? price - order.trailOffset : price + order.trailOffset;
  const better = order.side === askSide ? trigger > order.stopPx : trigger < order.stopPx;
  if (order.stopPx === noPrice || better) order.stopPx = ticksUnchecked(trigger);
}

export function isTriggered(order: VenueOrder, price: number): boolean {
  if (order.ordType === 'trailingStop' && order.stopPx === noPrice) return false;
  return order.side === bidSide ? price >= order.stopPx : price <= order.stopPx;
}
