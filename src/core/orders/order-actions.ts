import { assert, never } from '../../base/assert.ts';
import { lots, type Micros } from '../../base/units.ts';
import type { TimeInForce } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import {
  findReferred,
  findTwin,
  isOlderCorrection,
  liveFill,
  markBusted,
  markCorrected,
  noteLeaf,
  orderOfExec,
  readFill,
  rememberFill,
} from './exec-log.ts';
import { dropReplacement, lastOfChain, promoteReplacement, replacementOf, type OrderStore } from './order-store.ts';
import type { Action } from './order-table.ts';
import { flagReport, refuseReport, type ReportOutcome } from './report-outcome.ts';
import { cancelIsOurs, givenUp, notSaid, venuesOwn, type Ended, type StoredOrder } from './stored-order.ts';

/**
 * Does to the facts of `order` what a cell says; `out` gets the order (its replacement, once accepted), what is to be booked, and breaks. The state and
 * `leavesQty` follow from the facts afterwards. When it refuses, nothing has changed.
 */
export function act(action: Action, store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  switch (action) {
    case 'none':
      return;
    case 'seen':
      order.lost = false;
      return;
    case 'ack':
      return acknowledge(order, report);
    case 'terms':
      return takeTerms(order, report);
    case 'fill':
      return fill(store, order, report, at, out);
    case 'revive':
      return revive(store, order, report, at, out);
    case 'correct':
    case 'bust':
      return amend(action, store, order, report, at, out);
    case 'askCancel':
      order.lost = false;
      if (order.cancelID === 0) order.cancelID = report.clOrdID === order.clOrdID ? venuesOwn : report.clOrdID;
      return;
    case 'dropCancel':
      return dropCancel(store, order, report, at, out);
    case 'askReplace':
      order.lost = false;
      order.replaceAsked = true;
      return;
    case 'dropReplace':
      drop(store, order, 'rejected', at, out);
      // nothing is left that could happen
      if (order.cumQty >= order.orderQty) order.lost = false;
      return;
    case 'accept':
      return accept(store, order, report, at, out);
    case 'end':
      return endBy(store, order, report, at, out);
    case 'pause':
      return pause(order, report);
    case 'status':
      return takeStatus(store, order, report, at, out);
    case 'compare':
      return compare(order, report, out);
    case 'gone':
      return end(store, order, order.acknowledged || order.cumQty > 0 ? 'canceled' : 'rejected', at, out);
    case 'lose':
      giveUp(store, order, report);
      return lose(order);
    case 'giveUp':
      return giveUp(store, order, report);
    default:
      never(action, 'order action');
  }
}

/** Nobody knows what became of it; where nothing is left that could happen, only the cancel is forgotten. */
export function lose(order: StoredOrder): void {
  if (order.cumQty >= order.orderQty && !order.replaceAsked) order.cancelID = 0;
  else order.lost = true;
}

/** No answer to the request came in time, and none is waited for. */
function giveUp(store: OrderStore, order: StoredOrder, report: Report): void {
  if (report.clOrdID === order.cancelID) order.cancelID = givenUp;
  else if (report.clOrdID === replacementOf(store, order)?.clOrdID) order.replaceGivenUp = true;
}

/** Ends an order: both requests fall away. */
export function end(store: OrderStore, order: StoredOrder, as: Ended, at: Micros, out: ReportOutcome): void {
  drop(store, order, 'canceled', at, out);
  order.cancelID = 0;
  order.cancelWanted = false;
  order.paused = 'none';
  order.lost = false;
  order.endsAt = notSaid;
  order.ended = as;
}

/** Over by the venue's word: at once, or when the fills have come that it counts and that were not reported here. */
function endBy(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  const as = endOf(report);
  const missing = as !== 'rejected' && report.cumQty > order.cumQty && order.cumQty < order.orderQty && order.ended === 'none';
  end(store, order, missing ? 'none' : as, at, out);
  if (missing) order.endsAt = report.cumQty;
}

/** Makes the pending replacement the order, with its own terms. */
export function promote(store: OrderStore, order: StoredOrder, at: Micros, out: ReportOutcome): StoredOrder {
  out.replaced = order.clOrdID;
  const promoted = promoteReplacement(store, order, at);
  promoted.acknowledged = true;
  promoted.lost = false;
  promoted.endsAt = notSaid;
  if (promoted.orderQty < promoted.cumQty) promoted.orderQty = promoted.cumQty;
  out.order = promoted;
  return promoted;
}

function drop(store: OrderStore, order: StoredOrder, as: 'rejected' | 'canceled', at: Micros, out: ReportOutcome): void {
  const replacement = replacementOf(store, order);
  if (replacement !== undefined) out.dropped = replacement.clOrdID;
  dropReplacement(store, order, as, at);
}

function endOf(report: Report): Ended {
  return report.execType === 'expired' || report.execType === 'rejected' ? report.execType : 'canceled';
}

function acknowledge(order: StoredOrder, report: Report): void {
  takeTerms(order, report);
  order.paused = 'none';
  if (order.ended === 'doneForDay') order.ended = 'none';
}

function takeTerms(order: StoredOrder, report: Report): void {
  order.acknowledged = true;
  order.lost = false;
  if (!isOlderThanEnd(order, report)) order.endsAt = notSaid;
  if (report.orderQty > 0) order.orderQty = report.orderQty < order.cumQty ? order.cumQty : report.orderQty;
  if (report.price !== 0) order.price = report.price;
}

/** A word that counts fewer executed than the end which the venue told of: it was said before that end and takes nothing of it back. */
function isOlderThanEnd(order: StoredOrder, report: Report): boolean {
  return Math.max(report.cumQty, order.cumQty) < order.endsAt;
}

function fill(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  if (report.execID === '') return refuseReport(out, 'illegalReport', 'trade without execID');
  if (report.lastQty <= 0) return refuseReport(out, 'illegalReport', `trade: expected lastQty above 0, was ${report.lastQty}`);
  const cumQty = lots(order.cumQty + report.lastQty);
  // also when it says more than is booked with it: an earlier fill may still be on its way
  if (report.cumQty >= 0 && findTwin(store.execs, order.lastFill, report) !== -1) {
    return refuseReport(out, 'illegalReport', `trade ${report.execID} is an execution that came under another execID`);
  }
  order.cumQty = cumQty;
  order.acknowledged = true;
  order.lost = false;
  order.lastFill = rememberFill(store.execs, report, at, order);
  out.booking = 'fill';
  out.exec = order.lastFill;
  if (cumQty > order.orderQty) flagReport(out, 'overfill', `cumQty ${cumQty} of orderQty ${order.orderQty}`);
}

function revive(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  fill(store, order, report, at, out);
  if (out.outcome === 'break') return;
  order.ended = 'none';
  order.lost = order.cumQty < order.orderQty;
  if (out.breakKind === 'none') flagReport(out, 'illegalReport', 'trade on rejected order');
}

/** A bust or a correction of the fill that execRefID names. */
function amend(what: 'bust' | 'correct', store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  const named = findReferred(store.execs, report);
  const position = named === -1 ? -1 : liveFill(store.execs, named);
  if (position === -1) return refuseReport(out, 'unknownExecRef', `${report.execType}: no standing fill ${report.execRefID}`);
  if (lastOfChain(store, orderOfExec(store.execs, position)) !== order.clOrdID) {
    return refuseReport(out, 'unknownExecRef', `${report.execType}: fill ${report.execRefID} belongs to another order`);
  }
  if (report.execID === '') return refuseReport(out, 'illegalReport', `${report.execType} without execID`);
  // overtaken by the correction that stands: it changes nothing
  if (what === 'correct' && isOlderCorrection(store.execs, named, position, report)) return;
  readFill(store.execs, position, out.original);
  const right = what === 'bust' ? 0 : report.lastQty;
  if (right < 0) return refuseReport(out, 'illegalReport', `tradeCorrect: expected lastQty of at least 0, was ${right}`);
  const cumQty = order.cumQty - out.original.lastQty + right;
  assert(cumQty >= 0, 'a standing fill is part of cumQty');
  order.cumQty = lots(cumQty);
  if (what === 'bust') {
    markBusted(store.execs, position);
  } else {
    order.lastFill = rememberFill(store.execs, report, at, order);
    markCorrected(store.execs, position, order.lastFill);
    noteLeaf(store.execs, order.lastFill, out.original.leaf);
    out.exec = order.lastFill;
    if (cumQty > order.orderQty) flagReport(out, 'overfill', `cumQty ${cumQty} of orderQty ${order.orderQty}`);
  }
  out.booking = what;
  if (report.leavesQty === 0 && order.ended === 'none' && cumQty < order.orderQty) endBy(store, order, report, at, out);
}

function accept(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  const { clOrdID, origClOrdID } = report;
  const replacement = replacementOf(store, order);
  const own = clOrdID === order.clOrdID;
  const keepsNumber = own && (origClOrdID === 0 || origClOrdID === clOrdID);
  if (replacement !== undefined && (clOrdID === replacement.clOrdID || keepsNumber)) {
    takeTerms(promote(store, order, at, out), report);
  } else if (own && replacement === undefined) {
    takeTerms(order, report);
    order.replaceAsked = false;
    order.replaceGivenUp = false;
  } else if (lastOfChain(store, clOrdID) !== order.clOrdID) {
    refuseReport(out, 'illegalReport', `replaced under number ${clOrdID}, which is not of this order`);
  }
}

function pause(order: StoredOrder, report: Report): void {
  order.acknowledged = true;
  order.lost = false;
  if (report.execType !== 'doneForDay') {
    order.paused = 'suspended';
    return;
  }
  order.paused = 'doneForDay';
  const over = report.leavesQty === 0 || (report.leavesQty < 0 && !lastsDays(order.timeInForce));
  if (over && order.cumQty < order.orderQty) order.ended = 'doneForDay';
}

function lastsDays(timeInForce: TimeInForce): boolean {
  return timeInForce === 'gtc' || timeInForce === 'gtd';
}

/** The answer to a query; docs/reference/order-states.md, "The answer to a query". */
function takeStatus(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  const cumQty = report.cumQty < 0 ? order.cumQty : report.cumQty;
  if (cumQty < order.cumQty) return;
  const open = order.orderQty - cumQty;
  const leavesQty = report.leavesQty < 0 ? Math.max(0, open) : report.leavesQty;
  if (leavesQty > 0 && isOlderThanEnd(order, report)) return;
  order.acknowledged = true;
  order.lost = false;
  if (leavesQty > 0) {
    order.endsAt = notSaid;
    order.orderQty = lots(cumQty + leavesQty);
  } else {
    nothingLeft(store, order, cumQty, at, out);
  }
}

/** A cancel was refused. A refusal that says that nothing is left tells of an end, too. */
function dropCancel(store: OrderStore, order: StoredOrder, report: Report, at: Micros, out: ReportOutcome): void {
  order.cancelWanted = order.replaceAsked && cancelIsOurs(order);
  order.cancelID = 0;
  if (report.leavesQty !== 0 || report.cumQty < order.cumQty) return;
  order.acknowledged = true;
  order.lost = false;
  nothingLeft(store, order, report.cumQty, at, out);
}

/**
 * By the venue's word no lot works any more and `cumQty` (at least what is booked) were executed: over now, or when those fills have come, or when a replace has its answer,
 * which may have brought the order back under another number.
 */
function nothingLeft(store: OrderStore, order: StoredOrder, cumQty: number, at: Micros, out: ReportOutcome): void {
  if (cumQty > order.cumQty || order.replaceAsked) order.endsAt = cumQty;
  else end(store, order, 'canceled', at, out);
}

function compare(order: StoredOrder, report: Report, out: ReportOutcome): void {
  if (report.leavesQty > 0)
    refuseReport(out, 'illegalReport', `orderStatus: ${report.leavesQty} lots at work of an order that is ${order.ordStatus}`);
  else if (report.cumQty > order.cumQty) refuseReport(out, 'position', `orderStatus: cumQty ${report.cumQty}, booked ${order.cumQty}`);
}
