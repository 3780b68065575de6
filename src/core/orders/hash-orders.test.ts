import { describe, expect, it } from 'vitest';
import { byteWriter } from '../../base/canonical.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Report } from '../../domain/report.ts';
import { plainDraft, plainReport } from '../../testing/orders/order-samples.ts';
import { applyReport } from './apply-report.ts';
import { hashOrders } from './hash-orders.ts';
import { addOrder, createOrderStore, firstOpen, type OrderStore } from './order-store.ts';
import { requestReplace } from './own-requests.ts';
import { createReportOutcome } from './report-outcome.ts';
import type { StoredOrder } from './stored-order.ts';

function hashed(store: OrderStore): string {
  const writer = byteWriter();
  hashOrders(writer, store);
  return writer.view().join();
}

function say(store: OrderStore, report: Partial<Report>): void {
  applyReport(store, { ...plainReport, ...report }, micros(1_700_000_000_000_000), createReportOutcome());
}

function sample(): OrderStore {
  const store = createOrderStore({ openOrders: 8, closedOrders: 16, execIDs: 64, rows: 2, listings: 2 });
  addOrder(store, plainDraft);
  say(store, { execType: 'trade', execID: 'F', lastQty: lots(4), lastPx: ticks(100) });
  return store;
}

/** Places in the pool are not part of the state, nor is a place in the lists, which the order of writing shows. */
const unhashed = new Set(['slot', 'replacement', 'replaces', 'successor']);

function changed(value: unknown, key: string): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  const other: Record<string, string> = {
    side: 'sell',
    ordType: 'stop',
    timeInForce: 'ioc',
    leg: 'stop',
    ordStatus: 'unknown',
    paused: 'suspended',
    ended: 'expired',
  };
  return other[key] ?? 'other';
}

describe('the hash of the orders', () => {
  it('is the same for the same history, and not touched by a repetition', () => {
    const store = sample();
    expect(hashed(store)).toBe(hashed(sample()));
    const before = hashed(store);
    say(store, { execType: 'trade', execID: 'F', lastQty: lots(4), lastPx: ticks(100) });
    expect(store.duplicates).toBe(1);
    expect(hashed(store)).toBe(before);
  });

  it('sees every field of an open order', () => {
    const plain = hashed(sample());
    let fields = 0;
    for (const key of Object.keys(firstOpen(sample()) ?? {})) {
      if (unhashed.has(key)) continue;
      const store = sample();
      const order = firstOpen(store);
      if (order === undefined) throw new Error('no order');
      Object.assign(order, { [key]: changed(order[key as keyof StoredOrder], key) });
      expect(hashed(store), key).not.toBe(plain);
      fields += 1;
    }
    console.log(`hash of the orders: ${fields} fields changed one by one`);
    expect(fields).toBe(45);
  });

  it('sees pending replacements, closed orders, what happens to them, and executions', () => {
    const seen = new Set<string>();
    const store = sample();
    const order = firstOpen(store);
    if (order === undefined) throw new Error('no order');
    const look = (): void => {
      const hash = hashed(store);
      expect(seen.has(hash)).toBe(false);
      seen.add(hash);
    };
    look();
    requestReplace(store, order, { ...plainDraft, clOrdID: 131_072, origClOrdID: plainDraft.clOrdID, tag: 2 });
    look();
    say(store, { execType: 'canceled', execID: 'G' });
    look();
    say(store, { execType: 'trade', execID: 'H', lastQty: lots(1), lastPx: ticks(100) });
    look();
    say(store, { execType: 'tradeCancel', execID: 'I', execRefID: 'F' });
    look();
    say(store, { execType: 'new', execID: 'J' });
    look();
  });
});
