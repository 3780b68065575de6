import type { Lots, Ticks } from '../../base/units.ts';
import { askSide, bidSide, maxBookPrice, noOrder, noOwner, opposite } from './matching-book.ts';
import type { BookRefusal, BookSide, Depth, Executions, MatchingBook } from './matching-book.ts';

interface Resting {
  readonly id: number;
  readonly side: BookSide;
  readonly price: number;
  readonly owner: number;
  readonly guarded: boolean;
  qty: number;
}

/** The book as a textbook has it: two arrays kept sorted by price, then arrival. The oracle that the fast one is held against. */
export function createObviousBook(maxOrders: number): MatchingBook {
  const sides: readonly [Resting[], Resting[]] = [[], []];
  const byID = new Map<number, Resting>();

  /** Whether a price of `side` is worse than another. */
  const worse = (side: BookSide, a: number, b: number): boolean => (side === bidSide ? a < b : a > b);

  function remove(order: Resting): void {
    const queue = sides[order.side];
    queue.splice(queue.indexOf(order), 1);
    byID.delete(order.id);
  }

  function add(id: number, side: BookSide, price: Ticks, qty: Lots, owner: number, guarded: boolean): 'resting' | BookRefusal {
    if (!(qty > 0)) return 'QTY_NOT_POSITIVE';
    if (!(price >= -maxBookPrice && price <= maxBookPrice)) return 'PRICE_OUT_OF_RANGE';
    if (byID.has(id)) return 'DUPLICATE_ID';
    if (byID.size >= maxOrders) return 'BOOK_FULL';
    const order: Resting = { id, side, price, owner, guarded, qty };
    const queue = sides[side];
    const place = queue.findIndex((other) => worse(side, other.price, price));
    queue.splice(place === -1 ? queue.length : place, 0, order);
    byID.set(id, order);
    return 'resting';
  }

  function match(side: BookSide, limit: number, qty: Lots, owner: number, passGuard: number, out: Executions): number {
    const makers = sides[opposite(side)];
    let left: number = qty;
    out.count = 0;
    out.stop = 'done';
    out.stopID = noOrder;
    while (left > 0 && makers.length > 0 && !worse(side, limit, makers[0].price)) {
      const maker = makers[0];
      if (owner !== noOwner && maker.owner === owner) return stopped(out, 'self', maker.id, left);
      if (maker.guarded && maker.id !== passGuard) return stopped(out, 'guarded', maker.id, left);
      if (out.count === out.capacity) return stopped(out, 'full', noOrder, left);
      const taken = Math.min(left, maker.qty);
      left -= taken;
      maker.qty -= taken;
      out.makerID[out.count] = maker.id;
      out.price[out.count] = maker.price;
      out.qty[out.count] = taken;
      out.makerLeaves[out.count] = maker.qty;
      out.count += 1;
      if (maker.qty === 0) remove(maker);
    }
    return left;
  }

  return {
    maxOrders,
    get size() {
      return byID.size;
    },
    add,
    cancel(id) {
      const order = byID.get(id);
      if (order === undefined) return -1;
      remove(order);
      return order.qty;
    },
    reduce(id, qty) {
      const order = byID.get(id);
      if (order === undefined || !(qty >= 1 && qty <= order.qty)) return false;
      order.qty = qty;
      return true;
    },
    match,
    available(side, limit, enough) {
      let sum = 0;
      for (const maker of sides[opposite(side)]) {
        if (worse(side, limit, maker.price)) break;
        sum += maker.qty;
        if (sum >= enough) return enough;
      }
      return sum;
    },
    has: (id) => byID.has(id),
    qtyOf: (id) => byID.get(id)?.qty ?? -1,
    bestPx: (side) => sides[side][0]?.price ?? (side === askSide ? Infinity : -Infinity),
    qtyAt: (side, price) => sides[side].reduce((sum, order) => (order.price === price ? sum + order.qty : sum), 0),
    depth: (side, out) => depthOf(sides[side], out),
    queueAt: (side, price) => sides[side].filter((order) => order.price === price).map((order) => order.id),
  };
}

function stopped(out: Executions, stop: Executions['stop'], id: number, left: number): number {
  out.stop = stop;
  out.stopID = id;
  return left;
}

function depthOf(queue: readonly Resting[], out: Depth): number {
  out.count = 0;
  for (const order of queue) {
    const last = out.count - 1;
    if (last >= 0 && out.price[last] === order.price) {
      out.qty[last] += order.qty;
      out.orders[last] += 1;
      continue;
    }
    if (out.count === out.capacity) break;
    out.price[out.count] = order.price;
    out.qty[out.count] = order.qty;
    out.orders[out.count] = 1;
    out.count += 1;
  }
  return out.count;
}
