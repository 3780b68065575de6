import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { ordStatuses, type OrdStatus } from '../../domain/order.ts';
import { execTypes, type ExecType, type Report } from '../../domain/report.ts';
import { plainDraft, plainReport } from '../../testing/orders/order-samples.ts';
import { applyReport } from './apply-report.ts';
import { addOrder, createOrderStore, findOrder, type OrderStore } from './order-store.ts';
import { markUncertain, requestCancel, requestReplace } from './own-requests.ts';
import { createReportOutcome, type ReportOutcome } from './report-outcome.ts';
import type { StoredOrder } from './stored-order.ts';

const X = 65_536;
const Y = 2 * 65_536;
const C = 3 * 65_536;
const at = micros(1_700_000_000_000_000);
const capacities = { openOrders: 8, closedOrders: 8, execIDs: 16, rows: 1, listings: 1 };

/** The order X of the page in each state, reached by messages. */
function orderIn(state: OrdStatus): OrderStore {
  const store = createOrderStore(capacities);
  const order = addOrder(store, { ...plainDraft, clOrdID: X });
  const say = (report: Partial<Report>): void => applyReport(store, { ...plainReport, ...report }, at, createReportOutcome());
  const acknowledge = (): void => say({ execID: 'A' });
  const fillFour = (): void => say({ execType: 'trade', execID: 'E1', lastQty: lots(4), lastPx: ticks(100) });
  if (state === 'pendingNew') return store;
  if (state === 'rejected') {
    say({ execType: 'rejected', execID: 'R' });
    return store;
  }
  acknowledge();
  if (state === 'new') return store;
  fillFour();
  switch (state) {
    case 'partiallyFilled':
      break;
    case 'filled':
      say({ execType: 'trade', execID: 'E2', lastQty: lots(6), lastPx: ticks(100) });
      break;
    case 'pendingCancel':
      requestCancel(order, C);
      break;
    case 'pendingReplace':
      requestReplace(store, order, { ...plainDraft, clOrdID: Y, origClOrdID: X, tag: 2, orderQty: lots(12) });
      break;
    case 'unknown':
      markUncertain(order);
      break;
    case 'canceled':
    case 'expired':
    case 'doneForDay':
    case 'suspended':
      say({ execType: state, execID: 'S' });
      break;
  }
  return store;
}

/** The report of the page's second table. */
function reportOf(execType: ExecType, store: OrderStore, order: StoredOrder): Report {
  const pending = order.replacement === -1 ? X : Y;
  const base: Report = { ...plainReport, execID: 'T', execType };
  switch (execType) {
    case 'trade':
      return { ...base, lastQty: lots(3), lastPx: ticks(100) };
    case 'tradeCorrect':
      return { ...base, execRefID: 'E1', lastQty: lots(2), lastPx: ticks(100) };
    case 'tradeCancel':
      return { ...base, execRefID: 'E1' };
    case 'pendingCancel':
    case 'cancelRejected':
      return { ...base, clOrdID: C, origClOrdID: X };
    case 'pendingReplace':
    case 'replaceRejected':
      return { ...base, clOrdID: Y, origClOrdID: X };
    case 'replaced':
      return { ...base, clOrdID: pending, origClOrdID: X, orderQty: lots(12) };
    case 'restated':
      return { ...base, orderQty: lots(8) };
    case 'orderStatus':
      return { ...base, cumQty: order.cumQty, leavesQty: order.leavesQty };
    case 'timeout':
      return {
        ...base,
        execID: '',
        clOrdID: order.cancelID > 0 ? order.cancelID : pending,
        origClOrdID: order.cancelID > 0 || pending === Y ? X : 0,
      };
    default:
      return base;
  }
}

function outcomeText(out: ReportOutcome, before: string, after: string): string {
  if (out.outcome === 'break' && out.breakKind === 'illegalReport')
    return before === after ? 'refused' : `refused, yet ${before} became ${after}`;
  return out.breakKind === 'none' ? after : `${after} ${out.breakKind}`;
}

function stateText(order: StoredOrder): string {
  return `${order.ordStatus} ${order.cumQty}/${order.leavesQty}`;
}

/** What the code does in one cell, in the words of the page. */
function worked(state: OrdStatus, execType: ExecType): string {
  const store = orderIn(state);
  const order = findOrder(store, X);
  if (order?.ordStatus !== state) throw new Error(`expected an order that is ${state}, was ${order?.ordStatus ?? 'none'}`);
  const before = stateText(order);
  const out = createReportOutcome();
  applyReport(store, reportOf(execType, store, order), at, out);
  const after = findOrder(store, X);
  if (after === undefined) throw new Error('the order is gone');
  return outcomeText(out, before, stateText(after));
}

/** Rows of the page's second table: report -> state -> what it says. */
function pageTable(): Map<string, string[]> {
  const page = readFileSync(new URL('../../../docs/reference/order-states.md', import.meta.url), 'utf8');
  const lines = page.slice(page.indexOf('\n## The table worked through\n')).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| report |'));
  const rows = new Map<string, string[]>();
  for (let i = start + 2; lines[i]?.startsWith('|'); i++) {
    const [report, ...cells] = lines[i]
      .split('|')
      .slice(1, -1)
      .map((part) => part.trim());
    rows.set(report, cells);
  }
  return rows;
}

describe('every cell of the order table, worked through on the page', () => {
  const table = pageTable();
  let seen = 0;
  for (const execType of execTypes) {
    for (const [column, state] of ordStatuses.entries()) {
      const expected = table.get(execType)?.[column] ?? 'nothing on the page';
      it(`${execType} on an order that is ${state}: ${expected}`, () => {
        expect(worked(state, execType)).toBe(expected);
        seen += 1;
      });
    }
  }
  it('were all 228', () => {
    console.log(`order table: ${seen} cells worked through`);
    expect(seen).toBe(228);
  });
});

describe('corrections out of order', () => {
  it('keeps the one that the venue said last, and knows the other when it comes again', () => {
    const store = orderIn('partiallyFilled');
    const out = createReportOutcome();
    const correct = (execID: string, to: number, transactTime: number): void =>
      applyReport(
        store,
        {
          ...plainReport,
          execType: 'tradeCorrect',
          execID,
          execRefID: 'E1',
          lastQty: lots(to),
          lastPx: ticks(100),
          transactTime: micros(transactTime),
        },
        at,
        out,
      );
    correct('E3', 2, at + 20);
    expect([out.booking, findOrder(store, X)?.cumQty]).toEqual(['correct', 2]);
    correct('E2', 3, at + 10);
    expect([out.outcome, out.booking, out.breakKind, findOrder(store, X)?.cumQty]).toEqual(['applied', 'none', 'none', 2]);
    correct('E2', 3, at + 10);
    expect([out.outcome, findOrder(store, X)?.cumQty]).toEqual(['duplicate', 2]);
    correct('E4', 1, at + 30);
    expect([out.booking, findOrder(store, X)?.cumQty]).toEqual(['correct', 1]);
  });
});
