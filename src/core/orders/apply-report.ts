import { assert } from '../../base/assert.ts';
import type { Micros } from '../../base/units.ts';
import type { OrdStatus } from '../../domain/order.ts';
import type { ExecType, Report } from '../../domain/report.ts';
import { takeClosed, rewriteClosed } from './closed-orders.ts';
import { findReferred, isRemembered, orderOfExec, probeExec, rememberExec, sameContent, unreadable } from './exec-log.ts';
import { maxExecIDLength } from './exec-texts.ts';
import { act, end, promote } from './order-actions.ts';
import { findOrder, hasPlace, isKnown, reopenOrder, replacementOf, retireOrder, type OrderStore } from './order-store.ts';
import { cell, type Next } from './order-table.ts';
import { clearReportOutcome, flagReport, refuseReport, type ReportOutcome } from './report-outcome.ts';
import { isOver, leavesOf, statusOf, type StoredOrder } from './stored-order.ts';

/**
 * Takes one report of a venue: known already or not, the order that it means, the cell of the order table, the facts, the state. `out` says what the
 * engine must do. Refused reports change nothing but the memory of their execID.
 */
export function applyReport(store: OrderStore, report: Report, at: Micros, out: ReportOutcome): void {
  clearReportOutcome(out);
  const remembered = isRemembered(report);
  if (remembered && isRepeated(store, report, out)) return;
  const order = orderMeant(store, report);
  if (order === undefined) refuseUnknown(store, report, out);
  else take(store, order, report, at, out);
  if (remembered && out.exec === -1) rememberExec(store.execs, report, at);
}

/** A report that came before, or cannot be told from others. */
function isRepeated(store: OrderStore, report: Report, out: ReportOutcome): boolean {
  const position = probeExec(store.execs, report);
  if (position === -1) return false;
  if (position === unreadable) {
    refuseReport(
      out,
      'illegalReport',
      `execID: expected at most ${maxExecIDLength} letters up to U+00FF, was ${report.execID.slice(0, maxExecIDLength)}`,
    );
  } else if (sameContent(store.execs, position, report)) {
    out.outcome = 'duplicate';
    store.duplicates += 1;
  } else {
    refuseReport(out, 'illegalReport', `execID ${report.execID} came before with other content`);
  }
  return true;
}

/** On answers to requests the order comes first, elsewhere the number that the report carries; a bust may name its execution alone. */
function orderMeant(store: OrderStore, report: Report): StoredOrder | undefined {
  const { clOrdID, origClOrdID, execType } = report;
  const byOrig = origClOrdID !== 0 && answersRequest(execType);
  const order = findOrder(store, byOrig ? origClOrdID : clOrdID);
  if (order !== undefined) return order;
  const other = byOrig ? clOrdID : origClOrdID;
  const second = other === 0 ? undefined : findOrder(store, other);
  if (second !== undefined || (execType !== 'tradeCancel' && execType !== 'tradeCorrect')) return second;
  const position = findReferred(store.execs, report);
  return position === -1 ? undefined : findOrder(store, orderOfExec(store.execs, position));
}

function answersRequest(execType: ExecType): boolean {
  switch (execType) {
    case 'pendingCancel':
    case 'canceled':
    case 'cancelRejected':
    case 'pendingReplace':
    case 'replaced':
    case 'replaceRejected':
    case 'timeout':
      return true;
    default:
      return false;
  }
}

function refuseUnknown(store: OrderStore, report: Report, out: ReportOutcome): void {
  const number = report.origClOrdID === 0 ? report.clOrdID : report.origClOrdID;
  if (number > 0 && number <= store.closed.forgottenUpTo)
    refuseReport(out, 'lateReport', `${report.execType} on order ${number}, which is forgotten`);
  else refuseReport(out, 'unknownOrder', `${report.execType} on order ${number}, which is not ours`);
}

function take(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  const from = order.ordStatus;
  out.order = order;
  out.from = from;
  out.to = from;
  if (report.simulated !== order.simulated) return refuseReport(out, 'illegalReport', 'a simulator and a venue speak of one order');
  // who does not know an order cannot say where it would be
  if (report.listing !== order.listing && report.execType !== 'unknownOrder') {
    return refuseReport(out, 'illegalReport', `expected listing ${order.listing} of the order, was ${report.listing}`);
  }
  // where no request is under way, a report means what it says
  if (order.replacement === -1 && report.clOrdID === order.clOrdID) {
    if (report.execType !== 'pendingReplace') applyCell(store, order, report.execType, report, at, out);
    return;
  }
  const execType = meaning(store, order, report);
  if (isLate(store, order, report, execType)) return;
  if (execType === 'replaced' && report.execType !== 'replaced') {
    const promoted = promote(store, order, at, out);
    readState(promoted);
    applyCell(store, promoted, report.execType, report, at, out);
  } else {
    applyCell(store, order, execType, report, at, out);
  }
}

function applyCell(store: OrderStore, order: StoredOrder, execType: ExecType, report: Report, at: Micros, out: ReportOutcome): void {
  const before = order.ordStatus;
  const { next, apply } = cell(before, execType);
  if (next === 'refused') {
    refuseReport(out, 'illegalReport', `${report.execType} on order that is ${before}`);
  } else {
    act(apply, store, order, report, at, out);
    if (report.orderID !== order.orderID && report.orderID !== '' && out.outcome !== 'break') order.orderID = report.orderID;
  }
  const after = out.order ?? order;
  if (after.endsAt >= 0 && after.cumQty >= after.endsAt && !after.replaceAsked) end(store, after, 'canceled', at, out);
  readState(after);
  const agreed = next === 'refused' || out.outcome === 'break' || agrees(next, before, after);
  if (!agreed) throw new Error(`assertion failed: order table: ${before} x ${execType} gave ${after.ordStatus}`);
  out.to = after.ordStatus;
  settle(store, after, at, out);
}

/** State and leavesQty by the facts. */
function readState(order: StoredOrder): void {
  order.leavesQty = leavesOf(order);
  order.ordStatus = statusOf(order);
  assert(order.cumQty >= 0 && order.leavesQty >= 0, 'quantities of an order are never negative');
  assert(
    order.ended !== 'none' || order.cumQty > order.orderQty || order.cumQty + order.leavesQty === order.orderQty,
    'while an order works, cumQty + leavesQty = orderQty',
  );
}

/** The order goes where it belongs by its state. */
function settle(store: OrderStore, order: StoredOrder, at: Micros, out: ReportOutcome): void {
  if (order.slot === -1) {
    if (isOver(order)) rewriteClosed(store.closed, store.viewed, order);
    else reopen(store, order, at, out);
  } else if (isOver(order)) {
    const replacement = replacementOf(store, order);
    if (replacement !== undefined) out.dropped = replacement.clOrdID;
    retireOrder(store, order, at);
  }
}

/** A closed order works again: a bust or a restatement brought it back. */
function reopen(store: OrderStore, order: StoredOrder, at: Micros, out: ReportOutcome): void {
  if (hasPlace(store)) {
    takeClosed(store.closed, store.viewed);
    out.order = reopenOrder(store);
    return;
  }
  flagReport(out, 'position', `order ${order.clOrdID} works again and no place is left for it`);
  end(store, order, 'canceled', at, out);
  readState(order);
  out.to = order.ordStatus;
  rewriteClosed(store.closed, store.viewed, order);
}

/**
 * What a report on a pending replacement says about the order: `replaced` where it proves that the replacement was accepted, which then comes first.
 */
function meaning(store: OrderStore, order: StoredOrder, report: Report): ExecType {
  const { execType, clOrdID, origClOrdID } = report;
  if (order.replacement === -1) return execType;
  const number = replacementOf(store, order)?.clOrdID;
  if ((answersRequest(execType) && origClOrdID !== 0 ? origClOrdID : clOrdID) !== number) return execType;
  switch (execType) {
    case 'pendingNew':
    case 'pendingReplace':
      return 'pendingReplace';
    case 'rejected':
    case 'unknownOrder':
      return 'replaceRejected';
    case 'replaceRejected':
    case 'cancelRejected':
    case 'timeout':
      return execType;
    default:
      return 'replaced';
  }
}

/** An answer to a request that is not the unanswered one. */
function isLate(store: OrderStore, order: StoredOrder, report: Report, execType: ExecType): boolean {
  const { clOrdID } = report;
  if (clOrdID === order.clOrdID) return execType === 'pendingReplace' && order.replacement === -1;
  const replacement = replacementOf(store, order)?.clOrdID;
  switch (execType) {
    case 'cancelRejected':
      return order.cancelID > 0 && clOrdID !== order.cancelID;
    case 'replaceRejected':
      return replacement !== undefined && clOrdID !== replacement;
    case 'pendingReplace':
      return clOrdID !== replacement && isKnown(store, clOrdID);
    case 'timeout':
      return order.cancelID >= 0 && clOrdID !== order.cancelID && clOrdID !== replacement;
    default:
      return false;
  }
}

/**
 * Whether the state that the facts gave is the one that the cell names; with nothing left an order is filled, whatever ended it, and with fills outstanding
 * that the venue counts it is unknown.
 */
function agrees(next: Next, from: OrdStatus, { ordStatus: to, cumQty, endsAt }: StoredOrder): boolean {
  switch (next) {
    case 'byFacts':
      return true;
    case 'keep':
      return to === from;
    case 'canceled':
    case 'expired':
      return to === next || to === 'filled' || (to === 'unknown' && cumQty < endsAt);
    case 'rejected':
    case 'unknown':
      return to === next || to === 'filled';
    default:
      return to === next;
  }
}
