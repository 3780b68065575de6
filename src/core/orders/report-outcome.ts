import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { BreakFound } from '../../domain/decision.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import type { OrdStatus } from '../../domain/order.ts';
import type { FillMemory } from './exec-log.ts';
import type { StoredOrder } from './stored-order.ts';

export type BreakKind = BreakFound['break'];

/**
 * What one report did: filled in by `applyReport`, reused for the next report.
 * `applied` may come with a break too: an overfill, or a fill of a rejected order, is booked *and* reported.
 */
export interface ReportOutcome {
  outcome: 'applied' | 'duplicate' | 'break';
  /** The order as it is now; of a closed one a view that is valid until the next search. */
  order: StoredOrder | undefined;
  from: OrdStatus;
  to: OrdStatus;
  /** What the ledger must do: book `lastQty` at `lastPx` of the report, or put them in the place of `original`, or take `original` back. */
  booking: 'none' | 'fill' | 'correct' | 'bust';
  /** Place of the booked fill or correction in the log of executions, for `noteLeaf`; -1 = none. */
  exec: number;
  readonly original: FillMemory;
  /** A replacement was accepted: number of the order whose place it took; 0 = none. */
  replaced: ClOrdID;
  /** A pending replacement died: its number; 0 = none. */
  dropped: ClOrdID;
  breakKind: BreakKind | 'none';
  text: string;
}

export function createReportOutcome(): ReportOutcome {
  return {
    outcome: 'applied',
    order: undefined,
    from: 'pendingNew',
    to: 'pendingNew',
    booking: 'none',
    exec: -1,
    original: {
      clOrdID: 0,
      leaf: -1,
      side: 'buy',
      lastQty: lotsUnchecked(0),
      lastPx: ticksUnchecked(0),
      commissionHi: 0,
      commissionLo: 0,
      commissionCurrency: -1,
    },
    replaced: 0,
    dropped: 0,
    breakKind: 'none',
    text: '',
  };
}

export function clearReportOutcome(out: ReportOutcome): void {
  out.outcome = 'applied';
  out.order = undefined;
  out.booking = 'none';
  out.exec = -1;
  out.replaced = 0;
  out.dropped = 0;
  out.breakKind = 'none';
  out.text = '';
}

/** A break with nothing applied. */
export function refuseReport(out: ReportOutcome, kind: BreakKind, text: string): void {
  out.outcome = 'break';
  out.breakKind = kind;
  out.text = text;
}

/** A break beside what is applied. */
export function flagReport(out: ReportOutcome, kind: BreakKind, text: string): void {
  out.breakKind = kind;
  out.text = text;
}
