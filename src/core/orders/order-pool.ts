import { assert } from '../../base/assert.ts';
import { blankOrder, type StoredOrder } from './stored-order.ts';

/** Places for live orders, made when first needed and used again in the order in which they were given back. */
export interface OrderPool {
  readonly orders: StoredOrder[];
  readonly capacity: number;
  readonly free: Int32Array;
  freeFirst: number;
  freeCount: number;
}

/**
 * A place rests for so many closings before it is used again (as long as the pool has not reached its capacity): what still refers to a closed order,
 * an effect on its way or a record being written, reads that order and not the next one.
 */
export const restingPlaces = 256;

export function createOrderPool(capacity: number): OrderPool {
  return { orders: [], capacity, free: new Int32Array(capacity), freeFirst: 0, freeCount: 0 };
}

/** Places in use. */
export function inUse(pool: OrderPool): number {
  return pool.orders.length - pool.freeCount;
}

export function takePlace(pool: OrderPool): StoredOrder {
  const grown = pool.orders.length === pool.capacity;
  if (pool.freeCount > restingPlaces || (grown && pool.freeCount > 0)) {
    const slot = pool.free[pool.freeFirst];
    pool.freeFirst = pool.freeFirst + 1 === pool.capacity ? 0 : pool.freeFirst + 1;
    pool.freeCount -= 1;
    return pool.orders[slot];
  }
  assert(!grown, 'a place of the order pool is asked for only while there is room');
  const order = blankOrder(pool.orders.length);
  pool.orders.push(order);
  return order;
}

export function givePlace(pool: OrderPool, slot: number): void {
  const last = pool.freeFirst + pool.freeCount;
  pool.free[last < pool.capacity ? last : last - pool.capacity] = slot;
  pool.freeCount += 1;
}
