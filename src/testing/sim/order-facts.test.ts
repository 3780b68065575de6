import { expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Order } from '../../domain/order.ts';
import { execTypes, type ExecType, type Report } from '../../domain/report.ts';
import { OrderFacts } from '../../sim/faulty/checks/orders.ts';
import { plainDraft, plainReport } from '../orders/order-samples.ts';

const [first, second, third] = [65_536, 131_072, 196_608];

function order(clOrdID: number, origClOrdID: number, qty: number, px: number): Order {
  const orderQty = lots(qty);
  return {
    ...plainDraft,
    clOrdID,
    origClOrdID,
    orderQty,
    price: ticks(px),
    ordStatus: 'pendingNew',
    cumQty: lots(0),
    leavesQty: orderQty,
  };
}

/** A clerk who has seen 10 lots at 100 ticks accepted, and a replace of them by 4 lots at 90 ticks sent; the venue's word on that is lost. */
function asked(): OrderFacts {
  const facts = new OrderFacts();
  hear(facts, {}, [{ kind: 'orderSent', order: order(first, 0, 10, 100) }]);
  hear(facts, { execType: 'new' }, []);
  hear(facts, { clOrdID: 1 }, [{ kind: 'replaceSent', order: order(second, first, 4, 90) }]);
  expect(used(facts)).toBe(1_000);
  return facts;
}

function hear(facts: OrderFacts, said: Partial<Report>, decisions: readonly Decision[]): void {
  const input = { ...plainReport, ...said };
  const turn = { seq: 1, lastSeq: 1 + decisions.length, term: 1, at: micros(1), input, decisions };
  facts.take(turn, undefined, (property, text) => {
    throw new Error(`${property} ${text}`);
  });
}

function ended(clOrdID: number, to: 'canceled' | 'expired'): Decision {
  return { kind: 'orderStateChanged', clOrdID, row: 0, from: 'pendingCancel', to, by: to, cumQty: lots(0), leavesQty: lots(0) };
}

const used = (facts: OrderFacts): number => facts.used(0, 0);

it('an order whose replacement the venue ends is over, also where the word on the replace was lost', () => {
  const facts = asked();
  hear(facts, { execType: 'canceled', clOrdID: third, origClOrdID: second }, [ended(second, 'canceled')]);
  expect([used(facts), facts.open.size]).toEqual([0, 0]);
  const unasked = asked();
  hear(unasked, { execType: 'expired', clOrdID: second }, [ended(second, 'expired')]);
  expect([used(unasked), unasked.open.size]).toEqual([0, 0]);
});

it('a word on the life of a replacement puts it in the place of the order before it, less what that one traded', () => {
  for (const execType of ['new', 'orderStatus'] as const) {
    const facts = asked();
    hear(facts, { execType, clOrdID: second }, []);
    expect(used(facts)).toBe(360);
  }
  const traded = asked();
  const trade = { execType: 'trade', lastQty: lots(1), lastPx: ticks(100) } as const;
  hear(traded, trade, [
    {
      kind: 'fillBooked',
      booking: 'fill',
      clOrdID: first,
      execID: 'E1',
      row: 0,
      account: 0,
      listing: 0,
      side: 'buy',
      lastQty: lots(1),
      lastPx: ticks(100),
      realized: { hi: 0, lo: 0 },
      fee: { hi: 0, lo: 0 },
      position: lots(1),
    },
  ]);
  hear(traded, { execType: 'orderStatus', clOrdID: second }, []);
  expect(used(traded)).toBe(100 + 3 * 90);
});

it('no other word on a replacement frees the order before it, and none on one that was refused', () => {
  const proving: readonly ExecType[] = ['new', 'orderStatus', 'canceled', 'expired'];
  for (const execType of execTypes.filter((one) => !proving.includes(one))) {
    const facts = asked();
    hear(facts, { execType, clOrdID: second, origClOrdID: first }, []);
    expect([execType, used(facts)]).toEqual([execType, 1_000]);
  }
  for (const execType of proving) {
    const facts = asked();
    hear(facts, { execType: 'replaceRejected', clOrdID: second, origClOrdID: first }, []);
    hear(facts, { execType, clOrdID: second }, []);
    expect([execType, used(facts)]).toEqual([execType, 1_000]);
  }
  const canceled = asked();
  hear(canceled, { execType: 'canceled', clOrdID: second, origClOrdID: first }, []);
  expect(used(canceled)).toBe(1_000);
});
