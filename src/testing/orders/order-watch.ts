import { recomputeDigest } from '../../core/orders/closed-orders.ts';
import { recomputeExecDigest } from '../../core/orders/exec-log.ts';
import { findOrder, firstOfRow, firstOpen, nextOfRow, nextOpen, replacementOf, type OrderStore } from '../../core/orders/order-store.ts';
import type { ReportOutcome } from '../../core/orders/report-outcome.ts';
import type { StoredOrder } from '../../core/orders/stored-order.ts';
import type { Report } from '../../domain/report.ts';

/** An execution as a plain onlooker keeps it: every execID that it had, the lots that stand, an order number of its time. */
interface Execution {
  readonly execIDs: Set<string>;
  readonly clOrdID: number;
  lots: number;
}

export interface Watch {
  readonly executions: Execution[];
  /** What was wrong, in words. */
  readonly wrong: string[];
  readonly seen: { applied: number; duplicate: number; break: number; booked: number };
}

export function createWatch(): Watch {
  return { executions: [], wrong: [], seen: { applied: 0, duplicate: 0, break: 0, booked: 0 } };
}

/** Follows one outcome in its own books: no execID is booked twice, and only what stands is corrected or taken back. */
export function watch(onlooker: Watch, report: Report, out: ReportOutcome): void {
  const { executions, wrong, seen } = onlooker;
  seen[out.outcome] += 1;
  if (out.booking === 'none') return;
  seen.booked += 1;
  if (out.outcome !== 'applied') wrong.push(`${out.booking} of a report that is a ${out.outcome}`);
  if (executions.some((each) => each.execIDs.has(report.execID))) wrong.push(`execID ${report.execID} booked twice`);
  if (out.booking === 'fill') {
    executions.push({ execIDs: new Set([report.execID]), clOrdID: out.order?.clOrdID ?? 0, lots: report.lastQty });
    return;
  }
  const meant = executions.find((each) => each.execIDs.has(report.execRefID));
  if (meant?.lots !== out.original.lastQty)
    wrong.push(`${report.execRefID}: ${meant?.lots ?? 0} lots stand, the store says ${out.original.lastQty}`);
  if (meant === undefined) return;
  meant.lots = out.booking === 'bust' ? 0 : report.lastQty;
  if (out.booking === 'correct') meant.execIDs.add(report.execID);
}

/** Lots that stand of the order that has `clOrdID` now. */
export function standing(onlooker: Watch, store: OrderStore, clOrdID: number): number {
  let sum = 0;
  for (const each of onlooker.executions) if (findOrder(store, each.clOrdID)?.clOrdID === clOrdID) sum += each.lots;
  return sum;
}

/** What must hold of a store at every moment, beside the assertions that it makes itself. */
export function lookOver(onlooker: Watch, store: OrderStore): void {
  const { wrong } = onlooker;
  const open: number[] = [];
  for (let order = firstOpen(store); order !== undefined; order = nextOpen(store, order)) {
    open.push(order.clOrdID);
    lookAt(onlooker, store, order);
  }
  const rows: number[] = [];
  for (let row = 0; row < store.capacities.rows; row++) {
    for (let order = firstOfRow(store, row); order !== undefined; order = nextOfRow(store, order)) rows.push(order.clOrdID);
  }
  if (sorted(rows) !== sorted(open)) wrong.push(`the lists differ: ${sorted(open)}; ${sorted(rows)}`);
  for (const { clOrdID } of onlooker.executions) lookAtBooked(onlooker, store, clOrdID);
  if (recomputeDigest(store.closed) !== store.closed.digest) wrong.push('digest of closed orders');
  if (recomputeExecDigest(store.execs) !== store.execs.digest) wrong.push('digest of executions');
}

function lookAt(onlooker: Watch, store: OrderStore, order: StoredOrder): void {
  const { clOrdID, orderQty, cumQty, leavesQty } = order;
  const { wrong } = onlooker;
  if (order.ended === 'none' && leavesQty !== Math.max(0, orderQty - cumQty))
    wrong.push(`${clOrdID}: ${cumQty} and ${leavesQty} of ${orderQty}`);
  if (cumQty > 0) lookAtBooked(onlooker, store, clOrdID);
  const replacement = replacementOf(store, order);
  if (replacement !== undefined && (replacement.replaces !== order.slot || replacement.cumQty !== 0))
    wrong.push(`${clOrdID}: replacement ${replacement.clOrdID}`);
}

/** Open or closed: cumQty is what stands. */
function lookAtBooked(onlooker: Watch, store: OrderStore, clOrdID: number): void {
  const order = findOrder(store, clOrdID);
  if (order === undefined) return;
  const { cumQty, clOrdID: now } = order;
  const lots = standing(onlooker, store, now);
  if (cumQty !== lots) onlooker.wrong.push(`${now}: cumQty ${cumQty}, yet ${lots} lots stand`);
}

function sorted(numbers: number[]): string {
  return [...numbers].sort((a, b) => a - b).join(' ');
}
