import { setInto, sign, splitZero } from '../base/split.ts';
import type { Micros } from '../base/units.ts';
import type { FillBooked } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Report } from '../domain/report.ts';
import { positionChanged, reservationChanged, settleFreed } from './bookings.ts';
import type { Core } from './core.ts';
import { cancelOrder, queryOrder } from './order-flow.ts';
import type { Outcome } from './outcome.ts';
import { applyReport } from './orders/apply-report.ts';
import { noteLeaf, type FillMemory } from './orders/exec-log.ts';
import type { ReportOutcome } from './orders/report-outcome.ts';
import { cancelIsOurs, isOver, type StoredOrder } from './orders/stored-order.ts';
import { bookFill, type BookingRefusal } from './positions/booking.ts';
import { bustFill, correctFill, type BookedFill } from './positions/correction.ts';
import { leafLink, leafOf } from './positions/leaf.ts';
import { LEAF_ROW, maxLeaves, noLeaf, type LeafIx } from './positions/ledger.ts';
import { lookSoon, venueHeard } from './reconcile/reconciliation.ts';
import { modeHalted, modeReducing } from './risk/order-gate.ts';
import { findSlot } from './risk/open-slot.ts';
import { orderChanged, orderClosed, orderOpened, orderRepriced } from './risk/open-orders.ts';
import { compareReport } from './rollout/compare-fills.ts';
import { flattenAgain, flattenLate } from './rollout/custodian.ts';
import { ownerOf } from './rollout/heirs.ts';
import { holdsOrder } from './rollout/latches.ts';
import { continueClaims } from './rollout/claims.ts';
import { continueGivingWay } from './rollout/give-way.ts';
import { continueSwaps } from './rollout/swap-flow.ts';
import { countShortfall } from './rollout/shortfalls.ts';
import { countTrade, uncountTrade } from './rollout/trades.ts';
import { observeReport } from './watch.ts';
import { retryWaiting } from './waiting-orders.ts';

const overdraftBefore = splitZero();

/** A venue's report: through the order table, into the ledger, into the limits; then whoever waits for it goes on. */
export function takeReport(core: Core, report: Report, seq: Seq, at: Micros, outcome: Outcome): void {
  const out = core.reportOutcome;
  // a timeout is our own word: the venue's silence
  if (!report.simulated && report.execType !== 'timeout' && report.venue >= 0) venueHeard(core.reconciliation, report.venue, seq);
  applyReport(core.orders, report, at, out);
  if (out.breakKind !== 'none') {
    outcome.decisions.push({ kind: 'breakFound', break: out.breakKind, clOrdID: report.clOrdID, execID: report.execID, text: out.text });
    outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: out.breakKind, text: out.text });
    if (!report.simulated) lookSoon(core.reconciliation, report.venue, at);
  }
  const { order } = out;
  if (out.outcome !== 'applied' || order === undefined) return;
  const { row, from, to } = { row: order.row, from: out.from, to: out.to };
  const reducing = core.gate.mode[row] === modeReducing;
  const { overdraft } = core.gate.slices[core.gate.rows[row].slice];
  setInto(overdraftBefore, overdraft);
  followExposure(core, order, out, report);
  if (!report.simulated) reservationChanged(core, row, overdraftBefore, isFigure(report) ? 'rate' : 'restatement', outcome);
  if (out.booking !== 'none') book(core, order, out, report, at, outcome);
  if (core.rollout.comparisons.length > 0) compareReport(core, order, out, report, at, outcome);
  settleFreed(core, row, overdraftBefore, outcome);
  if (reducing) continueClaims(core, at);
  if (from !== to || speaks(report)) {
    outcome.decisions.push({
      kind: 'orderStateChanged',
      clOrdID: order.clOrdID,
      row,
      from,
      to,
      by: report.execType,
      cumQty: order.cumQty,
      leavesQty: order.leavesQty,
    });
  }
  if (to === 'unknown' && from !== 'unknown') {
    queryOrder(core, order.clOrdID, outcome);
    if (!order.simulated) lookSoon(core.reconciliation, core.registry.listings[order.listing].venue, at);
  }
  if (out.replaced !== 0 || order.cancelWanted) cancelAgain(core, order, out, seq, outcome);
  observeReport(core, row, report, order, seq, at, outcome);
  if (core.waiting.length > 0) retryWaiting(core, seq, at, outcome);
  if (core.rollout.openStandbys.length > 0) continueGivingWay(core, at, outcome);
  if (core.rollout.openSwaps.length > 0) continueSwaps(core, seq, at, outcome);
}

/** A venue that replaced first refuses the cancel of the old number, one with a replace at work any cancel: what was to be taken back is asked for by its present number. */
function cancelAgain(core: Core, order: StoredOrder, { replaced }: ReportOutcome, seq: Seq, outcome: Outcome): void {
  const { row, account, listing, clOrdID } = order;
  if (replaced !== 0 && (holdsOrder(core, row, account, listing) || core.gate.mode[row] === modeHalted))
    cancelOrder(core, clOrdID, seq, 'replaced after its row was stopped', outcome);
  else if ((replaced !== 0 && cancelIsOurs(order)) || (order.cancelWanted && !order.replaceAsked))
    cancelOrder(core, clOrdID, seq, 'its replace was answered after its cancel', outcome);
}

/** Answers that strategies hear of although the state stays. */
function speaks(report: Report): boolean {
  return (
    report.execType === 'replaced' ||
    report.execType === 'cancelRejected' ||
    report.execType === 'replaceRejected' ||
    report.execType === 'restated'
  );
}

/** Reports of executions state no other terms of their order. */
function isFigure({ execType }: Report): boolean {
  return execType === 'trade' || execType === 'tradeCorrect' || execType === 'tradeCancel';
}

/** The limits see what is open now, before the fill is booked: a lot never counts as order and as position at once. */
function followExposure(core: Core, order: StoredOrder, out: ReportOutcome, report: Report): void {
  const { risk } = core;
  if (out.replaced !== 0) orderClosed(risk, out.replaced);
  if (out.dropped !== 0) orderClosed(risk, out.dropped);
  if (isOver(order)) {
    orderClosed(risk, order.clOrdID);
    return;
  }
  if (findSlot(risk.exposure.slots, order.clOrdID) < 0) orderOpened(risk, order, order.price > 0 ? order.price : order.stopPx, 0);
  if (report.execType === 'restated' && report.price > 0) orderRepriced(risk, order.clOrdID, report.price);
  orderChanged(risk, order.clOrdID, order.leavesQty);
}

function book(core: Core, order: StoredOrder, out: ReportOutcome, report: Report, at: Micros, outcome: Outcome): void {
  const { row: owner, version } = ownerOf(core, order);
  const { listing, account, simulated, side, clOrdID } = order;
  const leaf = leafOf(core.ledger, owner, account, listing, simulated);
  const refusal = leaf === noLeaf ? 'the ledger holds its maximum of leaves' : codeOf(bookTo(core, leaf, order, out, report, at));
  if (refusal !== undefined) {
    unbooked(report, refusal, outcome);
    return;
  }
  const { booking } = core;
  if (out.exec >= 0) noteLeaf(core.orders.execs, out.exec, booking.fill * maxLeaves + booking.leaf);
  const fill: FillBooked = {
    kind: 'fillBooked',
    booking: out.booking === 'correct' ? 'correct' : out.booking === 'bust' ? 'bust' : 'fill',
    clOrdID,
    execID: report.execID,
    row: owner,
    account,
    listing,
    side,
    lastQty: out.booking === 'bust' ? out.original.lastQty : report.lastQty,
    lastPx: out.booking === 'bust' ? out.original.lastPx : report.lastPx,
    realized: { hi: booking.realized.hi, lo: booking.realized.lo },
    fee: { hi: booking.fee.hi, lo: booking.fee.lo },
    position: core.lotsOf(leaf),
  };
  outcome.decisions.push(fill);
  if (out.booking === 'fill') {
    countTrade(core, owner, simulated, sign(booking.realized));
    countShortfall(core, order, report.lastPx);
  }
  const cause = out.booking === 'bust' ? 'bust' : out.booking === 'correct' ? 'correction' : 'fill';
  positionChanged(core, owner, account, listing, simulated, cause, outcome, out.booking === 'fill' ? booking : undefined);
  // its fee and volume stay with whom it was booked to, also where the lots are another's now
  const payer = leafLink(core.ledger, booking.leaf, LEAF_ROW);
  if (payer !== owner) positionChanged(core, payer, account, listing, simulated, cause, outcome);
  if (out.booking === 'bust') uncountTrade(core, payer, simulated);
  if (owner !== version) flattenLate(core, version, account, listing, at);
  else if (core.gate.rows[owner].custodian && !simulated) flattenAgain(core, core.gate.rows[owner].slice, account, listing, at);
}

function bookTo(core: Core, leaf: LeafIx, order: StoredOrder, out: ReportOutcome, report: Report, at: Micros): BookingRefusal | undefined {
  const { ledger, booking } = core;
  const { lastQty, lastPx, commissionHi, commissionLo, commissionCurrency } = report;
  switch (out.booking) {
    case 'none':
      return undefined;
    case 'fill':
      return bookFill(
        ledger,
        leaf,
        order.side,
        lastQty,
        lastPx,
        commissionHi,
        commissionLo,
        commissionCurrency,
        order.clOrdID,
        at,
        booking,
      );
    case 'correct':
      return correctFill(
        ledger,
        leaf,
        bookedFill(out.original),
        { lots: lastQty, px: lastPx, commissionHi, commissionLo, commissionCurrency },
        at,
        booking,
      );
    case 'bust':
      return bustFill(ledger, leaf, bookedFill(out.original), at, booking);
  }
}

/** The log of executions notes leaf and fill number of a booking in one number. */
function bookedFill(memory: FillMemory): BookedFill {
  const leaf = memory.leaf % maxLeaves;
  return {
    leaf,
    fill: (memory.leaf - leaf) / maxLeaves,
    clOrdID: memory.clOrdID,
    side: memory.side,
    lots: memory.lastQty,
    px: memory.lastPx,
    commissionHi: memory.commissionHi,
    commissionLo: memory.commissionLo,
    commissionCurrency: memory.commissionCurrency,
  };
}

function codeOf(refusal: BookingRefusal | undefined): string | undefined {
  return refusal?.code;
}

/** A fill that the ledger cannot hold: the desk's position is unknown to it, and a person must look at once. */
function unbooked(report: Report, why: string, outcome: Outcome): void {
  const text = `fill ${report.execID} of order ${report.clOrdID} is not in the ledger: ${why}`;
  outcome.decisions.push({ kind: 'breakFound', break: 'position', clOrdID: report.clOrdID, execID: report.execID, text });
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'FILL_NOT_BOOKED', value: report.lastQty, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'FILL_NOT_BOOKED', text });
}
