import type { ByteWriter } from '../base/canonical.ts';
import type { Core } from './core.ts';
import { hashOrders } from './orders/hash-orders.ts';
import { hashLedger } from './positions/hash.ts';
import { hashReconciliation } from './reconcile/reconciliation.ts';
import { hashRisk } from './risk/hash.ts';
import { hashRollout } from './rollout/hash-rollout.ts';

/** Of the bytes that a state is hashed by: another layout is another hash, also of an equal state. */
const layout = 'plimsoll-state/4';

/**
 * Feeds every part of the state that a decision can hang on, in a fixed order: every list behind its length or with a word before each item, nothing that is
 * written only at times, so that two different states never give the same bytes. L2 books are no part of it; marks are.
 */
export function hashCore(writer: ByteWriter, core: Core): void {
  const { registry, marks } = core;
  writer.str(layout);
  writer.u32(core.term);
  writer.safeInt(core.dayEndsAt);
  for (const list of [registry.currencies, registry.instruments, registry.venues, registry.accounts, registry.listings, registry.feeds])
    writer.u32(list.length);
  for (const { listing, moneyPerTickLot, baseUnitsPerLot } of registry.listings) {
    writer.str(listing.listingID);
    writer.safeInt(moneyPerTickLot);
    writer.safeInt(baseUnitsPerLot);
  }
  for (let listing = 0; listing < registry.listings.length; listing++) {
    for (const column of [marks.bid, marks.bidQty, marks.ask, marks.askQty, marks.last, marks.known, marks.at]) writer.f64(column[listing]);
    writer.u8(marks.valid[listing]);
  }
  hashLedger(writer, core.ledger);
  hashOrders(writer, core.orders);
  hashRisk(writer, core.risk);
  hashRollout(writer, core.rollout);
  writer.u32(core.waiting.length);
  for (const { intent, until, waits } of core.waiting) {
    for (const n of [intent.row, intent.tag, until, waits.length, ...waits]) writer.safeInt(n);
  }
  for (let row = 0; row < core.gate.rows.length; row++) writer.safeInt(core.lastTag[row] ?? 0);
  writer.bool(core.starting);
  hashRows(writer, core.starting ? core.startRows : []);
  hashRows(writer, core.staleRows);
  hashReconciliation(writer, core.reconciliation);
}

function hashRows(writer: ByteWriter, rows: Iterable<number>): void {
  const sorted = [...rows].sort((a, b) => a - b);
  writer.u32(sorted.length);
  for (const row of sorted) writer.u32(row);
}
