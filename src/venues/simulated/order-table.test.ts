import { describe, expect, test } from 'vitest';
import { lots } from '../../base/units.ts';
import { plainOrder } from '../../testing/venue/plain-order.ts';
import { OrderTable, restingOrders } from './order-table.ts';
import { venueOrderOf } from './venue-order.ts';
import type { VenueOrder } from './venue-order.ts';

const orderOf = (clOrdID: number): VenueOrder => venueOrderOf(plainOrder({ clOrdID }), clOrdID);

function end(table: OrderTable, order: VenueOrder): void {
  order.state = 'canceled';
  table.ended(order);
}

describe('an order that is over', () => {
  test('is found until as many others are over, and its slot is used again then', () => {
    const table = new OrderTable(2);
    const [a, b, c, d] = [1, 2, 3, 4].map(orderOf);
    for (const order of [a, b, c]) table.add(order);
    end(table, a);
    end(table, b);
    expect(table.get(1)).toBe(a);
    end(table, c);
    expect([table.get(1), table.get(2), table.live]).toEqual([undefined, b, 0]);
    table.add(d);
    expect([d.slot, table.at(d.slot)]).toEqual([1, d]);
  });

  test('leaves with its last number, not with an older one', () => {
    const table = new OrderTable(2);
    const order = orderOf(1);
    table.add(order);
    table.rename(order, 2);
    expect([table.get(1), table.get(2), order.clOrdID]).toEqual([order, order, 2]);
    const other = orderOf(3);
    table.add(other);
    end(table, other);
    const third = orderOf(4);
    table.add(third);
    end(table, third);
    expect([table.get(1), table.get(2), table.at(order.slot)]).toEqual([undefined, order, order]);
  });

  test('is used again once it has rested, and only when no bracket looks at it', () => {
    const table = new OrderTable(1);
    const plain = orderOf(1);
    const entry = orderOf(2);
    entry.bracket = { entry, stop: undefined, target: undefined };
    const others = Array.from({ length: restingOrders }, (_none, n) => orderOf(3 + n));
    for (const order of [plain, entry, ...others]) {
      expect(table.spare()).toBeUndefined();
      table.add(order);
      end(table, order);
    }
    expect([table.spare(), table.spare()]).toEqual([plain, undefined]);
  });

  test('is found with its numbers after its object was used again', () => {
    const table = new OrderTable(1_000);
    const order = orderOf(1);
    order.cumQty = lots(2);
    order.leavesQty = lots(0);
    table.add(order);
    end(table, order);
    const was = { ...order };
    for (let n = 2; n < 2 + restingOrders; n++) {
      const other = orderOf(n);
      table.add(other);
      end(table, other);
    }
    const used = table.spare();
    expect(used).toBe(order);
    table.add(venueOrderOf(plainOrder({ clOrdID: 9_999, listing: 3 }), 9_999, used));
    const { clOrdID, number, listing, holder, state, cumQty, leavesQty, orderQty, price, slot } = was;
    expect(table.get(1)).toMatchObject({ clOrdID, number, listing, holder, state, cumQty, leavesQty, orderQty, price, slot });
    expect(table.get(9_999)).toBe(order);
    expect(table.liveOrders()).toEqual([order]);
  });
});

test('live orders come in the order of their numbers', () => {
  const table = new OrderTable(4);
  const orders = [5, 3, 9].map(orderOf);
  orders.forEach((order) => table.add(order));
  end(table, orders[2]);
  expect(table.liveOrders().map((order) => order.clOrdID)).toEqual([3, 5]);
});
