import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { firstOpen, nextOpen } from '../../core/orders/order-store.ts';
import { isSettled } from '../../core/reconcile/reconciliation.ts';
import type { Input } from '../../domain/input.ts';
import type { ReconcileReason } from '../../domain/statement.ts';
import type { RestoredOrder } from '../../runtime/restored-order.ts';
import type { Session } from './session.ts';

/** Microseconds between comparisons of a desk with its venues. */
export const reconcileEvery = 300_000_000;

/** Virtual time that a desk waits at most, at its start and end, until nothing between it and its venues is unsettled. */
const longestSettling = 10_000_000;

/** Asks every venue now, and from now on every five minutes. */
export function reconcileInput(reason: ReconcileReason): Input {
  return { kind: 'reconcile', reason, venue: -1, every: reconcileEvery };
}

/** Compares the desk with its venues, with the market standing still; time passes only while something is not settled. */
export async function compareNow(session: Session, reason: ReconcileReason): Promise<void> {
  const { desk, core } = session;
  await session.submit(reconcileInput(reason));
  const until = desk.now + longestSettling;
  for (;;) {
    await desk.drain();
    const { reconciliation } = core;
    if (session.failure !== undefined || isSettled(reconciliation) || reconciliation.dueAt === 0 || reconciliation.dueAt > until) return;
    await desk.drain(microsUnchecked(reconciliation.dueAt));
  }
}

/** Orders that may still work, as the gateway has to know them. */
export function openForGateway(core: Core): readonly RestoredOrder[] {
  const open: RestoredOrder[] = [];
  for (let order = firstOpen(core.orders); order !== undefined; order = nextOpen(core.orders, order)) {
    const { clOrdID, account, listing, row, simulated } = order;
    open.push({ clOrdID, venue: core.registry.listings[listing].venue, account, listing, row, simulated });
  }
  return open;
}
