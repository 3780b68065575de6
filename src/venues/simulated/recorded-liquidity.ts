import { ticksUnchecked } from '../../base/units.ts';
import type { Lots, Ticks } from '../../base/units.ts';
import { createL2Book } from '../../core/market/book.ts';
import type { L2Book } from '../../core/market/book.ts';
import type { BookUpdate } from '../../domain/market.ts';
import type { RestingBook } from './engine-options.ts';
import { bidSide, noOrder, opposite } from './matching-book.ts';
import type { BookRefusal, BookSide, Executions } from './matching-book.ts';
import { joinQueue, levelChanged } from './queue-place.ts';
import type { QueueModel, QueuePlace } from './queue-place.ts';

/** Most orders of ours that rest in one listing. */
export const maxRestingPerListing = 65_536;

/** What we took of a level that has not changed since. */
interface Taken {
  readonly side: BookSide;
  readonly price: number;
  lots: number;
}

/**
 * Recorded depth behind the calls of a book. Takers walk what is visible, less what they took from a level that has not changed since; resting orders
 * wait in recorded queues. Our orders never meet each other, and the recorded market does not see them.
 */
export class RecordedLiquidity implements RestingBook {
  /** What the feed's depth has built up. */
  readonly depth: L2Book = createL2Book();
  /** In its place until there was any: the last quote. */
  readonly #top: L2Book = createL2Book();
  #isDeep = false;
  readonly #model: QueueModel;
  /** Bids and asks of ours, the best price first, then the oldest. */
  readonly #queues: readonly [QueuePlace[], QueuePlace[]] = [[], []];
  readonly #byID = new Map<number, { readonly side: BookSide; readonly place: QueuePlace }>();
  readonly #taken: Taken[] = [];
  /** Used again for each change of the book. */
  readonly #before: number[] = [];

  constructor(model: QueueModel) {
    this.#model = model;
  }

  get isDeep(): boolean {
    return this.#isDeep;
  }

  get book(): L2Book {
    return this.#isDeep ? this.depth : this.#top;
  }

  /** Whether anything may fill: the book is whole and not crossed. */
  get usable(): boolean {
    return this.book.valid && !this.book.crossed;
  }

  resting(side: BookSide): readonly QueuePlace[] {
    return this.#queues[side];
  }

  add(id: number, side: BookSide, price: Ticks, qty: Lots): 'resting' | BookRefusal {
    if (!(qty > 0)) return 'QTY_NOT_POSITIVE';
    if (this.#byID.has(id)) return 'DUPLICATE_ID';
    if (this.#byID.size >= maxRestingPerListing) return 'BOOK_FULL';
    const place = joinQueue(id, price, qty, this.usable ? this.book.qtyAt(side, price) : 0, !this.usable);
    const queue = this.#queues[side];
    const before = queue.findIndex((other) => (side === bidSide ? other.price < price : other.price > price));
    queue.splice(before === -1 ? queue.length : before, 0, place);
    this.#byID.set(id, { side, place });
    return 'resting';
  }

  cancel(id: number): number {
    const found = this.#byID.get(id);
    if (found === undefined) return -1;
    const queue = this.#queues[found.side];
    queue.splice(queue.indexOf(found.place), 1);
    this.#byID.delete(id);
    return found.place.qty;
  }

  reduce(id: number, qty: Lots): boolean {
    const place = this.#byID.get(id)?.place;
    if (place === undefined || !(qty >= 1 && qty <= place.qty)) return false;
    place.qty = qty;
    return true;
  }

  qtyOf(id: number): number {
    return this.#byID.get(id)?.place.qty ?? -1;
  }

  bestPx(side: BookSide): number {
    if (!this.usable) return side === bidSide ? -Infinity : Infinity;
    if (side === bidSide) return this.book.bidLevels > 0 ? this.book.bidPx(0) : -Infinity;
    return this.book.askLevels > 0 ? this.book.askPx(0) : Infinity;
  }

  match(side: BookSide, limit: number, qty: Lots, _owner: number, _passGuard: number, out: Executions): number {
    let left: number = qty;
    out.count = 0;
    out.stop = 'done';
    out.stopID = noOrder;
    if (!this.usable) return left;
    const makers = opposite(side);
    const levels = makers === bidSide ? this.book.bidLevels : this.book.askLevels;
    for (let level = 0; level < levels && left > 0; level++) {
      const price = makers === bidSide ? this.book.bidPx(level) : this.book.askPx(level);
      if (side === bidSide ? price > limit : price < limit) break;
      const taken = Math.min(left, this.#offered(makers, price));
      if (taken <= 0) continue;
      if (out.count === out.capacity) {
        out.stop = 'full';
        break;
      }
      this.#take(makers, price, taken);
      left -= taken;
      out.makerID[out.count] = noOrder;
      out.price[out.count] = price;
      out.qty[out.count] = taken;
      out.makerLeaves[out.count] = 0;
      out.count += 1;
    }
    return left;
  }

  available(side: BookSide, limit: number, enough: number): number {
    if (!this.usable) return 0;
    const makers = opposite(side);
    const levels = makers === bidSide ? this.book.bidLevels : this.book.askLevels;
    let sum = 0;
    for (let level = 0; level < levels && sum < enough; level++) {
      const price = makers === bidSide ? this.book.bidPx(level) : this.book.askPx(level);
      if (side === bidSide ? price > limit : price < limit) break;
      sum += this.#offered(makers, price);
    }
    return Math.min(sum, enough);
  }

  /**
   * Takes in a change of the recorded book (`top`: a quote, while there is nothing better): queues move, and levels that changed are offered in full again.
   */
  apply(update: BookUpdate, of: 'depth' | 'top' = 'depth'): void {
    const isIdle = this.#byID.size === 0 && this.#taken.length === 0;
    if (!isIdle) this.#remember();
    this.#isDeep ||= of === 'depth';
    this.book.apply(update);
    if (isIdle) return;
    if (!this.book.valid) return;
    let n = 0;
    for (const { side, place } of this.#byID.values()) this.#moveQueue(side, place, this.#before[n++], update.eventTime);
    let kept = 0;
    for (const taken of this.#taken) {
      if (this.book.qtyAt(taken.side, ticksUnchecked(taken.price)) === this.#before[n++]) this.#taken[kept++] = taken;
    }
    this.#taken.length = kept;
  }

  /** Quantities at the prices of our orders, then of what we took, as they are now. */
  #remember(): void {
    const before = this.#before;
    before.length = 0;
    for (const { side, place } of this.#byID.values()) before.push(this.book.qtyAt(side, ticksUnchecked(place.price)));
    for (const { side, price } of this.#taken) before.push(this.book.qtyAt(side, ticksUnchecked(price)));
  }

  /** After a gap nothing is believed until the next snapshot. */
  invalidate(): void {
    this.depth.invalidate();
    this.#top.invalidate();
    this.#taken.length = 0;
  }

  #moveQueue(side: BookSide, place: QueuePlace, before: number, at: number): void {
    const now = this.book.qtyAt(side, ticksUnchecked(place.price));
    if (place.blind) {
      place.blind = false;
      place.ahead = now;
    } else if (now !== before) levelChanged(place, before, now, at, this.#model);
  }

  #offered(side: BookSide, price: Ticks): number {
    const taken = this.#taken.find((one) => one.price === price && one.side === side);
    return Math.max(0, this.book.qtyAt(side, price) - (taken?.lots ?? 0));
  }

  #take(side: BookSide, price: number, lots: number): void {
    const taken = this.#taken.find((one) => one.price === price && one.side === side);
    if (taken === undefined) this.#taken.push({ side, price, lots });
    else taken.lots += lots;
  }
}
