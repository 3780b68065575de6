import { clOrdIDText, type ClOrdID, type VenueIx } from '../../domain/ids.ts';
import type { StatedFill } from '../../domain/statement.ts';
import type { Core } from '../core.ts';
import {
  liveFill,
  orderOfExec,
  probeExec,
  readFill,
  rememberedSince,
  unreadable,
  visitFills,
  type FillMemory,
} from '../orders/exec-log.ts';
import { findOrder, lastOfChain } from '../orders/order-store.ts';
import type { StoredOrder } from '../orders/stored-order.ts';
import { createReportOutcome } from '../orders/report-outcome.ts';
import {
  breakIDOf,
  execIDOf,
  moved,
  noMovements,
  reportOfFill,
  type Difference,
  type Movements,
  type WholeStatement,
} from './difference.ts';
import type { AskedAccount } from './reconciliation.ts';

/** An execution this old would have come as a report on any session that keeps its order (microseconds). */
export const inFlight = 1_000_000;

const { original: memory } = createReportOutcome();

/** The real order that a stated number means. A number that was given twice (the journal's tail was lost) is told apart by its term. */
export function orderMeant(core: Core, clOrdID: ClOrdID, term: number): StoredOrder | undefined {
  if (clOrdID === 0) return undefined;
  const order = findOrder(core.orders, clOrdID);
  if (order === undefined || order.simulated) return undefined;
  return order.clOrdID === clOrdID && order.term !== term ? undefined : order;
}

/** Executions that are booked here and happened behind the cut. */
export function afterCut(core: Core, asked: AskedAccount, { venue, account, asOf }: WholeStatement): Movements {
  const after = noMovements();
  visitFills(core.orders.execs, asked.execsAt, venue, (clOrdID, lots, transactTime, bought) => {
    if (transactTime <= asOf) return;
    const order = findOrder(core.orders, clOrdID);
    if (order?.account === account) moved(core, after, order.clOrdID, order.listing, lots, bought);
  });
  return after;
}

/** Whether an execution of that name is booked here. */
export function isBooked({ orders }: Core, venue: VenueIx, fill: StatedFill): boolean {
  const position = probeExec(orders.execs, reportOfFill(venue, fill, execIDOf(fill, 0)));
  return position >= 0 && orderOfExec(orders.execs, position) !== 0;
}

/** Executions that differ; those that are not booked here go into `unbooked`. */
export function fillDifferences(core: Core, statement: WholeStatement, unbooked: Movements): Difference[] {
  const found: Difference[] = [];
  const seen = new Map<string, number>();
  for (const fill of statement.fills) {
    const unnamed = fill.execID === '' ? execIDOf(fill, 0) : '';
    const nth = unnamed === '' ? 0 : (seen.get(unnamed) ?? 0);
    if (unnamed !== '') seen.set(unnamed, nth + 1);
    const execID = execIDOf(fill, nth);
    const times = unnamed === '' ? (seen.get(execID) ?? 0) : 0;
    if (unnamed === '') seen.set(execID, times + 1);
    if (times > 0) {
      if (times === 1) found.push(repeated(core, statement, fill, execID));
      continue;
    }
    const one = differenceOf(core, statement, fill, execID, unbooked);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function repeated(core: Core, { venue, account }: WholeStatement, fill: StatedFill, execID: string): Difference {
  const text = `execution ${execID} is stated more than once: it counts once`;
  return { ...plain(core, 'duplicateFill', venue, account, fill, execID), here: 1, there: 2, sure: true, text };
}

function differenceOf(
  core: Core,
  statement: WholeStatement,
  fill: StatedFill,
  execID: string,
  unbooked: Movements,
): Difference | undefined {
  const { venue, account } = statement;
  const { execs, closed } = core.orders;
  const position = probeExec(execs, reportOfFill(venue, fill, execID));
  const order = orderMeant(core, fill.clOrdID, fill.term);
  const what = wordsOf(fill, execID);
  if (position === unreadable) return conflicting(core, statement, fill, execID, 0, `${what}: its execID cannot be remembered`);
  if (position >= 0 && orderOfExec(execs, position) !== 0) return standing(core, statement, fill, execID, position);
  const outside = breakIDOf(core, 'unownedFill', venue, account, execID);
  if (core.reconciliation.outside.has(outside)) return undefined;
  const bought = fill.side === 'buy';
  if (order === undefined) {
    if (fill.clOrdID > 0 && fill.clOrdID <= closed.forgottenUpTo)
      return late(core, statement, fill, execID, `${what}: its order is forgotten`);
    moved(core, unbooked, 0, fill.listing, fill.lastQty, bought);
    const text = `${what} belongs to no order of this desk`;
    return { ...plain(core, 'unownedFill', venue, account, fill, execID), here: 0, there: fill.lastQty, sure: false, text };
  }
  if (position >= 0) return conflicting(core, statement, fill, execID, 0, `${what}: a report of it was refused here`);
  if (fill.transactTime < rememberedSince(execs)) {
    // a venue that lists more than was asked for says nothing that could be told from what is booked
    if (fill.transactTime < core.reconciliation.accounts[account].since) return undefined;
    return late(core, statement, fill, execID, `${what} is older than what is remembered here: it may be booked already`);
  }
  moved(core, unbooked, order.clOrdID, fill.listing, fill.lastQty, bought);
  const sure = fill.transactTime <= statement.asOf - inFlight;
  const text = `${what} was not reported here`;
  return { ...plain(core, 'missedFill', venue, account, fill, execID), here: 0, there: fill.lastQty, sure, text };
}

/** An execution that is booked here: as it is stated, or not. */
function standing(core: Core, statement: WholeStatement, fill: StatedFill, execID: string, position: number): Difference | undefined {
  const { execs } = core.orders;
  const live = liveFill(execs, position);
  const what = wordsOf(fill, execID);
  if (live === -1) return conflicting(core, statement, fill, execID, 0, `${what} was taken back here`);
  readFill(execs, live, memory);
  if (isSame(core, fill, memory)) return undefined;
  const text = `${what} is booked here as ${memory.side} ${memory.lastQty} at ${memory.lastPx} of order ${memory.clOrdID}`;
  return conflicting(core, statement, fill, execID, memory.lastQty, text);
}

function isSame(core: Core, fill: StatedFill, booked: FillMemory): boolean {
  const { clOrdID, lastQty, lastPx, commissionHi, commissionLo, side } = booked;
  return (
    lastOfChain(core.orders, fill.clOrdID) === lastOfChain(core.orders, clOrdID) &&
    fill.side === side &&
    fill.lastQty === lastQty &&
    fill.lastPx === lastPx &&
    fill.commissionHi === commissionHi &&
    fill.commissionLo === commissionLo
  );
}

function conflicting(
  core: Core,
  { venue, account }: WholeStatement,
  fill: StatedFill,
  execID: string,
  here: number,
  text: string,
): Difference {
  return { ...plain(core, 'conflictingFill', venue, account, fill, execID), here, there: fill.lastQty, sure: true, text };
}

function late(core: Core, { venue, account }: WholeStatement, fill: StatedFill, execID: string, text: string): Difference {
  return { ...plain(core, 'lateFill', venue, account, fill, execID), here: 0, there: fill.lastQty, sure: true, text };
}

type Plain = Pick<Difference, 'breakID' | 'class' | 'listing' | 'clOrdID' | 'fill' | 'execID'>;

function plain(core: Core, kind: Difference['class'], venue: number, account: number, fill: StatedFill, execID: string): Plain {
  return {
    breakID: breakIDOf(core, kind, venue, account, execID),
    class: kind,
    listing: fill.listing,
    clOrdID: fill.clOrdID,
    fill,
    execID,
  };
}

function wordsOf({ side, lastQty, lastPx, clOrdID, term }: StatedFill, execID: string): string {
  const order = clOrdID === 0 ? 'no order of ours' : `order ${clOrdIDText(term, clOrdID)}`;
  return `execution ${execID}, ${side} ${lastQty} lots at ${lastPx} ticks of ${order},`;
}
