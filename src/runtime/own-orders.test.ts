import { describe, expect, it } from 'vitest';
import { prng } from '../base/prng.ts';
import { lots, ticks } from '../base/units.ts';
import type { OrdStatus } from '../domain/order.ts';
import type { OwnOrder, OwnOrderUpdate } from '../ports/strategy.ts';
import type { OwnEvent } from './host-port.ts';
import { maxOwnOrders, OwnOrders } from './own-orders.ts';

const proposal = { listing: 0, side: 'buy', ordType: 'limit', orderQty: lots(10), price: ticks(5) } as const;

function update(tag: number, ordStatus: OwnOrderUpdate['ordStatus'], leavesQty = 10, cumQty = 0): Extract<OwnEvent, { kind: 'ownUpdate' }> {
  const facts = { leavesQty: lots(leavesQty), cumQty: lots(cumQty), price: ticks(7), orderQty: lots(leavesQty + cumQty) };
  return { kind: 'ownUpdate', row: 0, simulated: true, update: { tag, ordStatus, code: '' }, ...facts };
}

const tagsOf = (orders: readonly OwnOrder[]): number[] => orders.map(({ tag }) => tag);

describe('the own orders of a strategy', () => {
  it('are listed as a plain map would have them, and a list that was handed out keeps its members', () => {
    const ends: readonly OrdStatus[] = ['filled', 'canceled', 'rejected', 'expired'];
    let ended = 0;
    let replaced = 0;
    for (let seed = 0; seed < 200; seed++) {
      const luck = prng(`own orders/${seed}`);
      const orders = new OwnOrders();
      const plain = new Map<number, number>();
      const handedOut: { readonly list: readonly OwnOrder[]; readonly count: number }[] = [];
      for (let tag = 1; tag <= 60; tag++) {
        const known = [...plain.keys()];
        const one = known[luck.int(Math.max(1, known.length))] ?? 0;
        if (known.length === 0 || luck.int(3) === 0) {
          orders.add(tag, proposal);
          plain.set(tag, 10);
        } else if (luck.int(2) === 0) {
          orders.apply(update(one, ends[luck.int(4)], 0, 10));
          plain.delete(one);
          ended++;
        } else {
          orders.replacing(tag, one);
          orders.apply(update(tag, 'replaced', 4, 1));
          plain.delete(one);
          plain.set(tag, 4);
          replaced++;
        }
        const list = orders.list();
        expect(tagsOf(list)).toEqual([...plain.keys()]);
        expect(list.map(({ leavesQty }) => leavesQty)).toEqual([...plain.values()]);
        expect(orders.list()).toBe(list);
        handedOut.push({ list, count: plain.size });
      }
      for (const { list, count } of handedOut) expect(list.length).toBe(count);
    }
    expect(Math.min(ended, replaced)).toBeGreaterThan(1_000);
  });

  it('stay listed whatever is done to a list that was handed out', () => {
    const orders = new OwnOrders();
    for (const tag of [1, 2, 3]) orders.add(tag, proposal);
    // a strategy in plain JavaScript may try
    const list = orders.list() as OwnOrder[];
    expect(() => list.pop()).toThrow(TypeError);
    expect(() => list.reverse()).toThrow(TypeError);
    expect(tagsOf(orders.list())).toEqual([1, 2, 3]);
  });

  it('are as new in the list as one by one', () => {
    const orders = new OwnOrders();
    orders.add(1, proposal);
    const [order] = orders.list();
    orders.progress({ ...fillOf(1), leavesQty: lots(4), lastQty: lots(6) });
    expect([order.leavesQty, order.cumQty, orders.get(1)]).toEqual([4, 6, order]);
    orders.apply(update(1, 'cancelRejected', 4, 6));
    expect(tagsOf(orders.list())).toEqual([1]);
    orders.apply(update(1, 'cancelRejected', 0, 10));
    expect(orders.list()).toEqual([]);
  });

  it('are those that another thread left, in its order', () => {
    const [one, other] = [new OwnOrders(), new OwnOrders()];
    for (const tag of [3, 1, 2]) one.add(tag, proposal);
    one.replacing(9, 1);
    expect(other.list()).toEqual([]);
    other.restore(one.list(), one.replaces());
    other.apply(update(9, 'replaced', 5, 0));
    expect([tagsOf(one.list()), tagsOf(other.list())]).toEqual([
      [3, 1, 2],
      [3, 2, 9],
    ]);
    other.clear();
    expect([other.list(), other.replaces()]).toEqual([[], []]);
  });

  it('are no more than can be followed', () => {
    const orders = new OwnOrders();
    for (let tag = 1; tag <= maxOwnOrders; tag++) orders.add(tag, proposal);
    expect(() => orders.add(maxOwnOrders + 1, proposal)).toThrow(`own orders: expected at most ${maxOwnOrders} open at one time`);
  });
});

function fillOf(tag: number): Parameters<OwnOrders['progress']>[0] {
  const money = { fee: { hi: 0, lo: 0 }, feeCurrency: 0, transactTime: 0 } as const;
  return { tag, listing: 0, side: 'buy', lastQty: lots(0), lastPx: ticks(5), leavesQty: lots(0), position: lots(0), ...money } as never;
}
