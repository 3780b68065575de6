import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { ClOrdID, Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { cancelOrder, hasCertainEnd } from '../order-flow.ts';
import { findOrder } from '../orders/order-store.ts';
import type { Outcome } from '../outcome.ts';

/**
 * Cancels in the turn of a fence or of a kill, which waits for them, and in each turn after it (RB2, a kill's, and what is sent again). The next ones follow a microsecond
 * later, behind what has come in meanwhile. On a machine whose every turn is slow a long list must not take many: 500 orders take five.
 */
export const firstCancels = 32;
export const cancelsPerTurn = 128;

/** Orders that are taken back: how many of them have their cancel, and how many are over. */
export interface TakenBack {
  readonly targets: readonly ClOrdID[];
  /** Targets whose turn to be canceled has been, in this round. */
  taken: number;
  /** When the next cancels go out; 0 = all have. */
  cancelAt: Micros | 0;
  /** Targets before this place were over when it was last asked; only spares asking again. */
  over: number;
}

/** Orders at a venue before those on paper, which keep no money waiting; both otherwise as they stand. */
export function putMoneyFirst({ orders }: Core, targets: ClOrdID[]): void {
  const onPaper = targets.filter((clOrdID) => findOrder(orders, clOrdID)?.simulated === true);
  if (onPaper.length === 0 || onPaper.length === targets.length) return;
  const atVenues = targets.filter((clOrdID) => findOrder(orders, clOrdID)?.simulated !== true);
  atVenues.forEach((clOrdID, n) => (targets[n] = clOrdID));
  onPaper.forEach((clOrdID, n) => (targets[atVenues.length + n] = clOrdID));
}

/** Cancels of this turn. One that fails keeps no other from leaving. @returns what failed, in words */
export function takeBackMore(core: Core, of: TakenBack, reason: string, seq: Seq, at: Micros, outcome: Outcome): readonly string[] {
  const { targets, taken } = of;
  const until = Math.min(targets.length, taken + (taken === 0 ? firstCancels : cancelsPerTurn));
  const failed: string[] = [];
  for (let n = taken; n < until; n++) {
    try {
      if (!hasCertainEnd(core, targets[n])) cancelOrder(core, targets[n], seq, reason, outcome);
    } catch (error) {
      failed.push(`order ${targets[n]}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  of.taken = until;
  of.cancelAt = until < targets.length ? microsUnchecked(at + 1) : 0;
  return failed;
}

/**
 * Whether every target has a certain end. Asked after each report: it goes on where it stood, so that a list costs its length and not its square. An end may be taken back
 * (a fill of an order that was rejected), so that all of them are asked once more at the end.
 */
export function areAllOver(core: Core, of: TakenBack): boolean {
  const { targets } = of;
  while (of.over < targets.length && hasCertainEnd(core, targets[of.over])) of.over++;
  if (of.over < targets.length) return false;
  const open = targets.findIndex((clOrdID) => !hasCertainEnd(core, clOrdID));
  if (open < 0) return true;
  of.over = open;
  return false;
}
