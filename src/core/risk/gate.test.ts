import { describe, expect, it } from 'vitest';
import { byteWriter } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { splitZero, toNumber } from '../../base/split.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Order } from '../../domain/order.ts';
import {
  ask,
  close,
  createDesk,
  fill,
  moneyOf,
  orderOfDesk,
  plainOrder,
  quote,
  send,
  setFirmCapital,
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  type RiskDesk,
} from '../../testing/scenarios/risk-desk.ts';
import { createRiskWorld, timeOf } from '../../testing/scenarios/risk-world.ts';
import { mayCancel } from './checks/authority.ts';
import { acceptChild, acceptOrder } from './checked.ts';
import { hashRisk } from './hash.ts';
import { changeLimit } from './limit-command.ts';
import { cashMoved } from './moves.ts';
import { orderChanged, orderClosed, orderRepriced } from './open-orders.ts';
import { usedInto } from './order-gate.ts';
import { rowTotalInto } from './pnl.ts';
import { dayInto } from './scope-results.ts';
import { settle } from './settle.ts';
import { setRow } from './row-change.ts';
import { firmScope } from './scopes.ts';

const at = timeOf('10:00');
const maker = 3;
const order = { ...plainOrder, listing: 0, orderQty: lotsUnchecked(10), price: ticksUnchecked(10_000) };

function used(desk: RiskDesk, row = maker): number {
  const out = splitZero();
  usedInto(out, desk.risk.gate, row);
  return toNumber(out) / 1e12;
}

function hashOf(desk: RiskDesk): string {
  const writer = byteWriter();
  hashRisk(writer, desk.risk);
  return hex(sha256(writer.view()));
}

describe('what passed is counted', () => {
  it('once, whatever is said twice; and given back when the order is over', () => {
    const desk = createRiskWorld();
    const id = send(desk, maker, order, at);
    expect(used(desk)).toBe(1_000);
    orderChanged(desk.risk, id, 4);
    orderChanged(desk.risk, id, 4);
    expect(used(desk)).toBe(400);
    orderRepriced(desk.risk, id, 10_100);
    expect(used(desk)).toBe(404);
    orderClosed(desk.risk, id);
    orderClosed(desk.risk, id);
    orderChanged(desk.risk, id, 9);
    orderRepriced(desk.risk, id, 9_000);
    expect(used(desk)).toBe(0);
    expect(desk.risk.exposure.slots.freeCount).toBe(desk.risk.exposure.capacities.openOrders);
  });
  it('a fill moves its share from reserved to entry cost at the price of the fill', () => {
    const desk = createRiskWorld();
    const id = send(desk, maker, order, at);
    fill(desk, id, 4, 9_990, at);
    expect(used(desk)).toBe(600 + 399.6);
    close(desk, id);
    expect(used(desk)).toBe(399.6);
  });
  it('the lots of an order that fills for the custodian are the custodian’s', () => {
    const desk = createRiskWorld();
    const id = send(desk, maker, order, at);
    fill(desk, id, 10, 10_000, at, 0);
    expect([used(desk), used(desk, 0)]).toEqual([0, 1_000]);
  });
});

describe('the mint of checked orders', () => {
  it('takes only what the last check passed, once', () => {
    const desk = createRiskWorld();
    const id = send(desk, maker, order, at);
    const sent: Order = { ...orderOfDesk(desk, id), clOrdID: 7 };
    expect(() => acceptOrder(desk.risk, sent)).toThrow('accepted after it has passed every check');
    expect(ask(desk, maker, { ...order, orderQty: lotsUnchecked(100_000) }, at)).toBe('denied');
    expect(() => acceptOrder(desk.risk, sent)).toThrow('accepted after it has passed every check');
    for (const other of [
      { orderQty: lotsUnchecked(11) },
      { price: ticksUnchecked(9_999) },
      { listing: 1 },
      { side: 'sell' as const },
      { row: 4 },
      { simulated: true },
    ]) {
      expect(ask(desk, maker, order, at)).toBe('passed');
      expect(() => acceptOrder(desk.risk, { ...sent, ...other }), JSON.stringify(other)).toThrow('is the one that was checked');
    }
  });
  it('takes children of the bracket that was checked and no others', () => {
    const desk = createRiskWorld();
    const bracket = { ...order, ordType: 'bracket' as const, stopPx: ticksUnchecked(9_900), targetPx: ticksUnchecked(10_100) };
    const id = send(desk, maker, bracket, at);
    const entry = orderOfDesk(desk, id);
    const [stop, target] = [...desk.orders.values()].filter((o) => o.bracketOf === id);
    expect([stop.leg, target.leg, used(desk)]).toEqual(['stop', 'target', 1_000]);
    for (const other of [
      { bracketOf: 1 },
      { side: 'buy' as const },
      { orderQty: lotsUnchecked(1) },
      { stopPx: ticksUnchecked(1) },
      { row: 4 },
    ]) {
      expect(() => acceptChild(desk.risk, { ...stop, clOrdID: 9, ...other }, entry), JSON.stringify(other)).toThrow();
    }
  });
});

describe('capacities', () => {
  function tiny(capacities: Parameters<typeof createDesk>[0]): { desk: RiskDesk; row: number } {
    const desk = createDesk({ slices: 2, rows: 4, openOrders: 4, routes: 2, cells: 16, duplicates: 2, orderLog: 16, ...capacities });
    addCurrency(desk, 'USD');
    setFirmCapital(desk, 'USD', '1000000');
    addVenue(desk, 'V');
    addAccount(desk, 'A', 'V');
    for (const instrumentID of ['X', 'Y', 'Z']) quote(desk, addListing(desk, { instrumentID, venueID: 'V' }), 9_999, 10_001, 1);
    const row = addVersion(desk, addDeskSlice(desk, 'maker', 'USD', '100000', '0'), '1.0.0');
    setRow(desk.risk.gate, row, { mode: 'ACTIVE', cap: moneyOf(desk, '100000', 'USD') });
    return { desk, row };
  }
  it('open orders: an order is denied while a bracket would not fit', () => {
    const { desk, row } = tiny({});
    const ids = [send(desk, row, order, 2), send(desk, row, { ...order, orderQty: lotsUnchecked(1) }, 2)];
    expect(ask(desk, row, order, 2)).toBe('denied');
    expect(desk.risk.denial).toMatchObject({ code: 'ORDER_CAPACITY_REACHED', value: 2, limit: 4 });
    close(desk, ids[0]);
    expect(ask(desk, row, order, 2)).toBe('passed');
  });
  it('routes: a third listing finds no room', () => {
    const { desk, row } = tiny({ openOrders: 16 });
    expect([0, 1, 2].map((listing) => ask(desk, row, { ...order, listing }, 2))).toEqual(['passed', 'passed', 'denied']);
    expect(desk.risk.denial).toMatchObject({ code: 'ORDER_CAPACITY_REACHED', value: 2, limit: 2 });
  });
  it('duplicates: an order is denied rather than one inside the window forgotten', () => {
    const { desk, row } = tiny({ openOrders: 16, routes: 16 });
    changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: 'duplicateWindow' }, 100, null);
    for (const n of [1, 2]) expect(send(desk, row, { ...order, orderQty: lotsUnchecked(n) }, 10)).toBeGreaterThan(0);
    expect(ask(desk, row, order, 109)).toBe('denied');
    expect(desk.risk.denial).toMatchObject({ code: 'ORDER_CAPACITY_REACHED', value: 2, limit: 2 });
    expect(ask(desk, row, order, 110)).toBe('passed');
  });
});

describe('cancels', () => {
  it('are a row’s own matter in every mode, and the custodian’s in its slice', () => {
    const desk = createRiskWorld();
    setRow(desk.risk.gate, maker, { mode: 'HALTED', epoch: 9 });
    expect([
      mayCancel(desk.risk, maker, maker),
      mayCancel(desk.risk, 4, maker),
      mayCancel(desk.risk, 0, maker),
      mayCancel(desk.risk, 1, maker),
    ]).toEqual([true, false, true, false]);
  });
});

describe('cash that comes without a fill', () => {
  it('is a result of the row and of its day, converted where it has to be', () => {
    const desk = createRiskWorld();
    fill(desk, send(desk, maker, order, at), 10, 10_000, at);
    expect(cashMoved(desk.risk, maker, 0, 0, 0, moneyOf(desk, '-5', 'USD'), false)).toBe(true);
    expect(cashMoved(desk.risk, maker, 0, -1, 1, moneyOf(desk, '-10', 'EUR'), false)).toBe(true);
    const total = splitZero();
    rowTotalInto(total, desk.risk.pnl, maker, false);
    expect(toNumber(total) / 1e12).toBe(-16);
    settle(desk.risk);
    dayInto(total, desk.risk, firmScope, 0);
    expect(toNumber(total) / 1e12).toBe(-16);
    expect(cashMoved(desk.risk, 4, 0, 0, 0, moneyOf(desk, '-5', 'USD'), false)).toBe(false);
  });
});

describe('the hash of the risk room', () => {
  it('is the same for the same history and another one after anything that can decide', () => {
    const build = (): RiskDesk => {
      const desk = createRiskWorld();
      fill(desk, send(desk, maker, order, at), 4, 10_000, at);
      return desk;
    };
    const before = hashOf(build());
    expect(hashOf(build())).toBe(before);
    const changes: Record<string, (desk: RiskDesk) => void> = {
      kill: ({ risk }) => (risk.killed = true),
      limit: ({ risk }) => void changeLimit(risk, { scope: 'firm', scopeID: '', limit: 'maxOrderQty' }, 5, null),
      cap: (desk) => setRow(desk.risk.gate, maker, { cap: moneyOf(desk, '49999', 'USD') }),
      epoch: ({ risk }) => setRow(risk.gate, maker, { epoch: 2 }),
      mode: ({ risk }) => setRow(risk.gate, maker, { mode: 'REDUCING' }),
      order: (desk) => void send(desk, maker, { ...order, price: ticksUnchecked(9_000) }, at),
      mark: (desk) => quote(desk, 0, 9_000, 9_002, at),
      halt: ({ risk }) => (risk.sessions.halted[0] = 1),
      lease: ({ risk }) => (risk.lease.until = 5),
      feed: ({ risk }) => risk.feeds.heardAt.push(1),
    };
    const seen = new Set([before]);
    for (const [name, change] of Object.entries(changes)) {
      const desk = build();
      change(desk);
      const now = hashOf(desk);
      expect(seen.has(now), name).toBe(false);
      seen.add(now);
    }
    expect(seen.size).toBe(Object.keys(changes).length + 1);
  });
});
