import { intMap } from '../../base/int-map.ts';
import type { Lots, Ticks } from '../../base/units.ts';
import { bidSide, maxBookPrice, noOrder, noOwner, opposite } from './matching-book.ts';
import type { BookRefusal, BookSide, Depth, Executions, MatchingBook } from './matching-book.ts';
import { OrderPool, noSlot } from './order-pool.ts';
import type { Slot } from './order-pool.ts';
import { PriceLadder } from './price-ladder.ts';

const guardedFlag = 2;

/** The book for the hot path: pooled orders in flat arrays, directly indexed price ladders, nothing allocated per order. */
export class FastBook implements MatchingBook {
  readonly maxOrders: number;
  readonly #pool: OrderPool;
  readonly #slots;
  readonly #sides: readonly [PriceLadder, PriceLadder];

  constructor(maxOrders: number) {
    this.maxOrders = maxOrders;
    this.#pool = new OrderPool(maxOrders);
    this.#slots = intMap(maxOrders);
    this.#sides = [new PriceLadder(this.#pool, 1), new PriceLadder(this.#pool, -1)];
  }

  get size(): number {
    return this.#pool.size;
  }

  add(id: number, side: BookSide, price: Ticks, qty: Lots, owner: number, guarded: boolean): 'resting' | BookRefusal {
    if (!(qty > 0)) return 'QTY_NOT_POSITIVE';
    if (!(price >= -maxBookPrice && price <= maxBookPrice)) return 'PRICE_OUT_OF_RANGE';
    const slot = this.#pool.nextFree;
    if (slot === noSlot) return this.#slots.has(id) ? 'DUPLICATE_ID' : 'BOOK_FULL';
    if (!this.#slots.add(id, slot)) return 'DUPLICATE_ID';
    this.#pool.take(id, side === bidSide ? price : -price, qty, guarded ? side | guardedFlag : side, owner);
    this.#sides[side].insert(slot);
    return 'resting';
  }

  cancel(id: number): number {
    const slot = this.#slots.get(id);
    if (slot === undefined) return -1;
    const qty = this.#pool.numbers[slot * 4 + 2];
    this.#remove(slot, id);
    return qty;
  }

  reduce(id: number, qty: Lots): boolean {
    const slot = this.#slots.get(id);
    if (slot === undefined) return false;
    const now = this.#pool.numbers[slot * 4 + 2];
    if (!(qty >= 1 && qty <= now)) return false;
    this.#ladderOf(slot).shrink(slot, now - qty);
    return true;
  }

  match(side: BookSide, limit: number, qty: Lots, owner: number, passGuard: number, out: Executions): number {
    const makers = this.#sides[opposite(side)];
    const worstKey = side === bidSide ? -limit : limit;
    const { words, numbers } = this.#pool;
    let left: number = qty;
    let n = 0;
    out.stop = 'done';
    out.stopID = noOrder;
    while (left > 0 && makers.bestKey >= worstKey) {
      const slot = makers.first;
      if (slot === noSlot) break;
      const at = slot * 4;
      const id = numbers[at];
      const mine = owner !== noOwner && words[at + 3] === owner;
      if (mine || ((words[at + 2] & guardedFlag) !== 0 && id !== passGuard)) {
        out.stop = mine ? 'self' : 'guarded';
        out.stopID = id;
        break;
      }
      if (n === out.capacity) {
        out.stop = 'full';
        break;
      }
      const resting = numbers[at + 2];
      const taken = left < resting ? left : resting;
      left -= taken;
      out.makerID[n] = id;
      out.price[n] = side === bidSide ? 0 - numbers[at + 1] : numbers[at + 1];
      out.qty[n] = taken;
      out.makerLeaves[n] = resting - taken;
      n += 1;
      if (taken === resting) this.#remove(slot, id);
      else makers.shrink(slot, taken);
    }
    out.count = n;
    return left;
  }

  available(side: BookSide, limit: number, enough: number): number {
    return this.#sides[opposite(side)].available(side === bidSide ? -limit : limit, enough);
  }

  has(id: number): boolean {
    return this.#slots.has(id);
  }

  qtyOf(id: number): number {
    const slot = this.#slots.get(id);
    return slot === undefined ? -1 : this.#pool.numbers[slot * 4 + 2];
  }

  bestPx(side: BookSide): number {
    const key = this.#sides[side].bestKey;
    return side === bidSide ? key : 0 - key;
  }

  qtyAt(side: BookSide, price: Ticks): number {
    return this.#sides[side].qtyAt(side === bidSide ? price : -price);
  }

  depth(side: BookSide, out: Depth): number {
    return this.#sides[side].depth(out);
  }

  queueAt(side: BookSide, price: Ticks): number[] {
    return this.#sides[side].idsAt(side === bidSide ? price : -price);
  }

  #remove(slot: Slot, id: number): void {
    this.#ladderOf(slot).remove(slot);
    this.#slots.delete(id);
    this.#pool.give(slot);
  }

  #ladderOf(slot: Slot): PriceLadder {
    return this.#sides[this.#pool.words[slot * 4 + 2] & 1];
  }
}
