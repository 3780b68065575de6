import { describe, expect, it } from 'vitest';
import { lots, micros, ticks, type Micros } from '../../base/units.ts';
import type { Report } from '../../domain/report.ts';
import { plainDraft, plainReport } from '../../testing/orders/order-samples.ts';
import { applyReport } from './apply-report.ts';
import { recomputeDigest } from './closed-orders.ts';
import { restingPlaces } from './order-pool.ts';
import {
  addOrder,
  createOrderStore,
  expireBefore,
  findByTag,
  findOrder,
  firstOfRow,
  firstOpen,
  maxTag,
  nextOfRow,
  nextOpen,
  openCount,
  replacementOf,
  roomFor,
  type OrderStore,
} from './order-store.ts';
import { markUncertain, replaceRefusal, requestCancel, requestReplace } from './own-requests.ts';
import { createReportOutcome, type ReportOutcome } from './report-outcome.ts';
import { blankOrder, type OrderDraft, type StoredOrder } from './stored-order.ts';

const start = 1_700_000_000_000_000;
const capacities = { openOrders: 8, closedOrders: 16, execIDs: 64, rows: 4, listings: 4 };

function draft(n: number, change: Partial<OrderDraft> = {}): OrderDraft {
  return { ...plainDraft, clOrdID: n * 65_536, tag: n, ...change };
}

function say(store: OrderStore, n: number, report: Partial<Report>, at: Micros = micros(start)): ReportOutcome {
  const out = createReportOutcome();
  const listing = findOrder(store, n * 65_536)?.listing ?? 0;
  applyReport(store, { ...plainReport, clOrdID: n * 65_536, listing, execID: `${n}-${report.execType ?? 'new'}`, ...report }, at, out);
  return out;
}

function numbers(first: StoredOrder | undefined, next: (order: StoredOrder) => StoredOrder | undefined): number[] {
  const found: number[] = [];
  for (let order = first; order !== undefined; order = next(order)) found.push(order.clOrdID / 65_536);
  return found;
}

describe('the order store', () => {
  it('lists open orders in order of entry: all, of a row', () => {
    const store = createOrderStore(capacities);
    addOrder(store, draft(1, { row: 1, listing: 2 }));
    addOrder(store, draft(2, { row: 2, listing: 2 }));
    addOrder(store, draft(3, { row: 1, listing: 3 }));
    addOrder(store, draft(4, { row: 1, listing: 2 }));
    say(store, 3, { execType: 'canceled' });
    expect(numbers(firstOpen(store), (order) => nextOpen(store, order))).toEqual([1, 2, 4]);
    expect(numbers(firstOfRow(store, 1), (order) => nextOfRow(store, order))).toEqual([1, 4]);
    say(store, 1, { execType: 'canceled' });
    say(store, 4, { execType: 'canceled' });
    expect(numbers(firstOfRow(store, 1), (order) => nextOfRow(store, order))).toEqual([]);
    expect(numbers(firstOpen(store), (order) => nextOpen(store, order))).toEqual([2]);
  });

  it('denies an order past its capacity with the numbers, and takes one at it', () => {
    const store = createOrderStore(capacities);
    for (let n = 1; n <= 7; n++) addOrder(store, draft(n));
    expect(roomFor(store, 1)).toBeNull();
    expect(roomFor(store, 3)).toEqual({ code: 'ORDER_CAPACITY_REACHED', value: 10, limit: 8, scope: '' });
    const last = addOrder(store, draft(8));
    expect(roomFor(store, 1)).toEqual({ code: 'ORDER_CAPACITY_REACHED', value: 9, limit: 8, scope: '' });
    expect(replaceRefusal(store, last)).toBe('ORDER_CAPACITY_REACHED');
    say(store, 3, { execType: 'rejected' });
    expect(roomFor(store, 1)).toBeNull();
  });

  it('brings a busted order back even when it is full', () => {
    const store = createOrderStore(capacities);
    addOrder(store, draft(1, { row: 2 }));
    say(store, 1, { execType: 'trade', lastQty: lots(10), lastPx: ticks(100) });
    for (let n = 2; n <= 9; n++) addOrder(store, draft(n));
    const out = say(store, 1, { execType: 'tradeCancel', execRefID: '1-trade' });
    expect([out.from, out.to, out.booking, out.original.lastQty]).toEqual(['filled', 'new', 'bust', 10]);
    expect(numbers(firstOfRow(store, 2), (order) => nextOfRow(store, order))).toEqual([1]);
    expect(openCount(store)).toBe(9);
    expect(findByTag(store, 2, 1)?.leavesQty).toBe(10);
  });

  it('keeps what it knew of an order when it closes, and when it comes back', () => {
    const store = createOrderStore(capacities);
    const full: OrderDraft = {
      ...draft(1),
      origClOrdID: 0,
      row: 3,
      deployment: 9,
      stage: 4,
      account: 5,
      term: 6,
      epoch: 7,
      eventSeq: 9_007_199_254_740_991,
      leg: 'stop',
      bracketOf: 131_072,
      simulated: true,
      listing: 2,
      side: 'sell',
      ordType: 'stopLimit',
      timeInForce: 'gtd',
      orderQty: lots(5_000_000_000),
      price: ticks(-3),
      stopPx: ticks(5_000_000_001),
      targetPx: ticks(8),
      trailOffset: 11,
      expireTime: micros(start + 7),
      postOnly: true,
      reduceOnly: true,
      parentOrderID: 65_537,
      arrivalBid: ticks(12),
      arrivalAsk: ticks(13),
      reason: 'why',
      compliance: '{"a":1}',
    };
    addOrder(store, full);
    say(store, 1, { execType: 'trade', lastQty: full.orderQty, lastPx: ticks(-3), simulated: true });
    expect(findOrder(store, 65_536)).toMatchObject({ ...full, ordStatus: 'filled', cumQty: 5_000_000_000, leavesQty: 0, slot: -1 });
    say(store, 1, { execType: 'tradeCancel', execRefID: '1-trade', simulated: true });
    expect(findOrder(store, 65_536)).toMatchObject({ ...full, ordStatus: 'new', cumQty: 0, leavesQty: 5_000_000_000 });
    for (const stage of [-1, 0, 254]) {
      const other = createOrderStore(capacities);
      addOrder(other, { ...full, stage });
      say(other, 1, { execType: 'rejected', simulated: true });
      expect(findOrder(other, 65_536)?.stage).toBe(stage);
    }
  });

  it('forgets the oldest closed order when the ring is full: a late report is a break and never a fill', () => {
    const store = createOrderStore(capacities);
    for (let n = 1; n <= 20; n++) {
      addOrder(store, draft(n));
      say(store, n, { execType: 'canceled' });
    }
    expect(findOrder(store, 4 * 65_536)).toBeUndefined();
    expect(findByTag(store, 0, 4)).toBeUndefined();
    expect(findByTag(store, 0, 5)?.ordStatus).toBe('canceled');
    const late = say(store, 4, { execType: 'trade', lastQty: lots(1), lastPx: ticks(1) });
    expect([late.outcome, late.breakKind, late.booking]).toEqual(['break', 'lateReport', 'none']);
    expect(say(store, 21, { execType: 'trade', lastQty: lots(1) }).breakKind).toBe('unknownOrder');
    expect(say(store, 5, { execType: 'trade', lastQty: lots(1), lastPx: ticks(1) }).booking).toBe('fill');
  });

  it('forgets what closed before a time', () => {
    const store = createOrderStore(capacities);
    for (let n = 1; n <= 3; n++) {
      addOrder(store, draft(n));
      say(store, n, { execType: 'canceled' }, micros(start + n * 5_000_000));
    }
    expireBefore(store, micros(start + 10_000_000));
    expect([1, 2, 3].map((n) => findOrder(store, n * 65_536)?.ordStatus)).toEqual([undefined, 'canceled', 'canceled']);
    expect(say(store, 1, { execType: 'trade', lastQty: lots(1), execID: 'x' }).breakKind).toBe('lateReport');
    expireBefore(store, micros(start + 60_000_000));
    expect(store.closed.digest).toBe(0);
    expect(store.execs.digest).toBe(0);
  });

  it('finds an order under every number and tag of its chain', () => {
    const store = createOrderStore(capacities);
    let order = addOrder(store, draft(1));
    say(store, 1, {});
    for (let n = 2; n <= 6; n++) {
      const asked = requestReplace(store, order, draft(n, { origClOrdID: order.clOrdID, orderQty: lots(10 + n) }));
      expect(replacementOf(store, order)).toBe(asked);
      expect(findOrder(store, n * 65_536)?.clOrdID).toBe((n - 1) * 65_536);
      expect(findByTag(store, 0, n)?.clOrdID).toBe((n - 1) * 65_536);
      const out = say(store, n, { origClOrdID: (n - 1) * 65_536, execType: 'replaced' });
      expect([out.replaced, out.order?.clOrdID]).toEqual([(n - 1) * 65_536, n * 65_536]);
      order = asked;
    }
    for (let n = 1; n <= 6; n++) {
      expect(findOrder(store, n * 65_536)).toBe(order);
      expect(findByTag(store, 0, n)).toBe(order);
    }
    expect(numbers(firstOpen(store), (each) => nextOpen(store, each))).toEqual([6]);
    expect(openCount(store)).toBe(1);
    const late = say(store, 1, { execType: 'trade', lastQty: lots(3), lastPx: ticks(100) });
    expect([late.order?.clOrdID, late.order?.cumQty, late.order?.leavesQty]).toEqual([6 * 65_536, 3, 13]);
  });

  it('closes a pending replacement with its order', () => {
    const store = createOrderStore(capacities);
    const order = addOrder(store, draft(1));
    requestReplace(store, order, draft(2, { origClOrdID: order.clOrdID }));
    const out = say(store, 1, { execType: 'canceled' });
    expect(out.dropped).toBe(2 * 65_536);
    expect(openCount(store)).toBe(0);
    expect(findOrder(store, 2 * 65_536)?.ordStatus).toBe('canceled');
  });

  it('refuses our own requests about orders that are over, also by an old reference', () => {
    const store = createOrderStore(capacities);
    const order = addOrder(store, draft(1));
    say(store, 1, { execType: 'rejected' });
    const view = findOrder(store, 65_536);
    for (const reference of [order, view]) {
      if (reference === undefined) throw new Error('the order is gone');
      expect(requestCancel(reference, 99)).toBe('TARGET_NOT_WORKING');
      expect(replaceRefusal(store, reference)).toBe('TARGET_NOT_WORKING');
      markUncertain(reference);
      expect(reference.ordStatus).toBe('rejected');
    }
  });

  it('throws where only our own code can be wrong: a number used twice, a tag past the limit, a row outside', () => {
    const store = createOrderStore(capacities);
    addOrder(store, draft(1));
    expect(() => addOrder(store, draft(1, { tag: 2 }))).toThrow('an order number is used once');
    expect(() => addOrder(store, draft(2, { tag: maxTag + 1 }))).toThrow('maxTag');
    expect(() => addOrder(store, draft(3, { row: 4 }))).toThrow('capacities');
  });

  it('does not mix venues and simulators, or listings', () => {
    const store = createOrderStore(capacities);
    addOrder(store, draft(1));
    expect(say(store, 1, { simulated: true }).breakKind).toBe('illegalReport');
    expect(say(store, 1, { listing: 3 }).breakKind).toBe('illegalReport');
    expect(findOrder(store, 65_536)?.ordStatus).toBe('pendingNew');
  });

  it('uses the places of closed orders again after a rest, and grows no further', () => {
    const store = createOrderStore(capacities);
    const first = addOrder(store, draft(1));
    say(store, 1, { execType: 'canceled' });
    for (let n = 2; n < 2_000; n++) {
      addOrder(store, draft(n));
      if (n < restingPlaces) expect(first.clOrdID).toBe(65_536);
      say(store, n, { execType: 'canceled' });
    }
    expect(store.pool.orders.length).toBeLessThanOrEqual(restingPlaces + 2);
    expect(store.byID.size()).toBe(0);
    expect(store.byTag.size()).toBe(0);
    expect(store.closed.digest).toBe(recomputeDigest(store.closed));
  });

  it('gives every place of the pool the same shape', () => {
    expect(Object.keys(blankOrder(0))).toEqual(Object.keys(blankOrder(1)));
  });
});
