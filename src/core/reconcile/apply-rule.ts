import { lotsUnchecked, type Micros } from '../../base/units.ts';
import { never } from '../../base/assert.ts';
import type { Seq } from '../../domain/ids.ts';
import type { StatedOrder } from '../../domain/statement.ts';
import { bookExternalFill } from '../book-inputs.ts';
import type { Core } from '../core.ts';
import { cancelOrder, nextID, queryOrder } from '../order-flow.ts';
import { findOrder } from '../orders/order-store.ts';
import type { Outcome } from '../outcome.ts';
import { takeReport } from '../report-flow.ts';
import { alertBreak, changeBreak } from './break-records.ts';
import { reportOfFill, reportOfTerms, type Difference } from './difference.ts';
import { orderMeant } from './fill-differences.ts';
import type { BreakRecord } from './reconciliation.ts';
import { breakRules, escalateAfterAttempts } from './rules.ts';

/** Does what the rule of a break says, once more. Nothing is invented: what is booked was stated, and only orders that the venue states are taken back. */
export function applyRule(core: Core, one: BreakRecord, difference: Difference, seq: Seq, at: Micros, outcome: Outcome): void {
  const { act } = breakRules[one.class];
  if (act === 'tell') return;
  one.attempts += 1;
  if (one.attempts === escalateAfterAttempts) alertBreak(one, 'BREAK_NOT_CORRECTED', outcome);
  switch (act) {
    case 'ignore':
      return changeBreak(one, 'resolved', 'core', outcome);
    case 'book':
      if (book(core, one, difference, seq, at, outcome)) changeBreak(one, 'resolved', 'core', outcome);
      return;
    case 'bookOutside':
      if (bookOutside(core, one, difference, at, outcome)) changeBreak(one, 'resolved', 'core', outcome);
      return;
    case 'cancel':
      takeBack(core, one, difference.order?.term ?? core.term, seq, outcome);
      break;
    case 'adopt':
      if (difference.order !== undefined) adopt(core, one, difference.order, seq, at, outcome);
      break;
    case 'ask':
      ask(core, one, difference, seq, outcome);
      break;
    default:
      never(act, 'act of a break');
  }
  changeBreak(one, 'correcting', 'core', outcome);
}

/** The report that did not come, through the same door as those that do. */
function book(core: Core, { venue }: BreakRecord, { fill, execID }: Difference, seq: Seq, at: Micros, outcome: Outcome): boolean {
  if (fill === undefined || execID === undefined) return false;
  takeReport(core, reportOfFill(venue, fill, execID), seq, at, outcome);
  return core.reportOutcome.outcome !== 'break';
}

function bookOutside(core: Core, one: BreakRecord, { fill, execID }: Difference, at: Micros, outcome: Outcome): boolean {
  if (fill === undefined || execID === undefined) return false;
  const { listing, side, lastQty, lastPx, transactTime } = fill;
  const external = { kind: 'externalFill', account: one.account, listing, side, lastQty, lastPx, execID, transactTime } as const;
  if (!bookExternalFill(core, external, at, outcome)) return false;
  core.reconciliation.outside.set(one.breakID, transactTime);
  return true;
}

/** An order that works there and must not: open here, it goes the way of every cancel; else by its number and the term that it has there. */
function takeBack(core: Core, one: BreakRecord, term: number, seq: Seq, outcome: Outcome): void {
  const { clOrdID: target, listing, venue, class: kind } = one;
  // a number that was given twice is told apart by its term: the order of another term is none of ours to touch
  const order = orderMeant(core, target, term);
  if (order !== undefined && order.slot >= 0 && kind === 'orphan')
    return cancelOrder(core, order.clOrdID, seq, `reconciled: ${kind}`, outcome);
  const clOrdID = nextID(core, seq);
  const row = kind === 'orphan' ? (order?.row ?? -1) : -1;
  outcome.decisions.push({ kind: 'cancelSent', clOrdID, target, row, listing, reason: `reconciled: ${kind}` });
  outcome.effects.push({ kind: 'cancel', reducing: true, venue, simulated: false, listing, clOrdID, target, row, term });
}

/** The order is what works at the venue; where that is more than was checked here, it is counted so and taken back. */
function adopt(core: Core, { venue }: BreakRecord, stated: StatedOrder, seq: Seq, at: Micros, outcome: Outcome): void {
  const order = findOrder(core.orders, stated.clOrdID);
  if (order === undefined || order.slot < 0) return;
  const orderQty = lotsUnchecked(stated.cumQty + stated.leavesQty);
  const dearer =
    order.price !== 0 && (order.side === 'buy' ? stated.price > order.price : stated.price < order.price && stated.price !== 0);
  const wider = orderQty > order.orderQty || dearer;
  takeReport(core, reportOfTerms(venue, stated, orderQty, at), seq, at, outcome);
  if (wider) cancelOrder(core, stated.clOrdID, seq, 'reconciled: wider than what was checked', outcome);
}

/** What became of it: the order itself, a replacement that has no answer, and a cancel that the venue does not know of goes out again. */
function ask(core: Core, { clOrdID }: BreakRecord, { order: stated }: Difference, seq: Seq, outcome: Outcome): void {
  const order = findOrder(core.orders, clOrdID);
  if (order === undefined || order.slot < 0) return;
  if (order.ordStatus === 'pendingCancel' && stated !== undefined) {
    cancelOrder(core, order.clOrdID, seq, 'reconciled: sent again', outcome);
    return;
  }
  queryOrder(core, order.clOrdID, outcome);
}
