import type { Core } from '../../core/core.ts';
import { firstOpen, nextOpen } from '../../core/orders/order-store.ts';
import { positionOf } from '../../core/positions/scopes.ts';
import { isOpenBreak, isSettled } from '../../core/reconcile/reconciliation.ts';

/** What a comparison leaves, as a check reads it; plain values, so that it can be told by another process. */
export interface ComparedState {
  readonly openBreaks: readonly string[];
  readonly mode: string;
  /** Orders that work here, as `number executed/left at price`, in order. */
  readonly working: readonly string[];
  readonly positions: readonly number[];
  readonly settled: boolean;
  /** When the comparison goes on by itself, microseconds; 0 = it does not. */
  readonly dueAt: number;
}

export function comparedState(core: Core, row: number): ComparedState {
  const { reconciliation, orders, gate, ledger } = core;
  const working: string[] = [];
  for (let order = firstOpen(orders); order !== undefined; order = nextOpen(orders, order))
    working.push(`${order.clOrdID} ${order.cumQty}/${order.leavesQty} at ${order.price}`);
  return {
    openBreaks: [...reconciliation.breaks.values()].filter(isOpenBreak).map(({ breakID }) => breakID),
    mode: ['ACTIVE', 'REDUCING', 'CANCEL_ONLY', 'SIMULATED', 'HALTED'][gate.mode[row]],
    working: working.sort(),
    positions: [0, 1].map((instrument) => positionOf(ledger, 'account', 0, instrument)),
    settled: isSettled(reconciliation),
    dueAt: reconciliation.dueAt,
  };
}
